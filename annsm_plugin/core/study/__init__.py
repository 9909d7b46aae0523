"""What joins the results of all steps: the report of a study, and the demo's overview with the paper's figures beside ours."""
