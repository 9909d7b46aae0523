"""The ANN-SM Explorer: click a cell or a station and see its story."""
