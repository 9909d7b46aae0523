raise ModuleNotFoundError("No module named 'netCDF4'", name="netCDF4")
