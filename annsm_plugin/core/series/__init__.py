"""Daily series at the cells of a grid, from product folders, gridded files or stations; what was read once is remembered."""
