"""One module per product. Its ``read`` gives one file as ``Arrays`` on the product's own grid: physical units, missing values as NaN."""
