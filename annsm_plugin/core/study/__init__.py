"""What joins the results of all steps: the overview with the paper's figures beside ours."""
