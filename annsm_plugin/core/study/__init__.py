"""What joins the results of all steps: the overview with the paper's figures beside ours, and the flow of data as a figure."""
