"""A module per product: one file into arrays on its native grid, in physical units, missing values as NaN."""
