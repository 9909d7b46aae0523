"""Running the whole chain from the window: what is asked, the run, and the list of runs."""
