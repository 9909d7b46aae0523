raise ModuleNotFoundError("No module named 'xarray'", name="xarray")
