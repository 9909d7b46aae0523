"""What every room stands on: errors, progress, libraries, the grid, local time, variables, reading and writing of gridded files."""
