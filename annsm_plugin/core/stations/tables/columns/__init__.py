"""What columns say beside the values: ``headers`` reads depths and units in their names, ``depths`` the depth of each row."""
