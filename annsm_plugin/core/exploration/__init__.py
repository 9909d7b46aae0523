"""Looking into a record: what belongs together, the series of a cell, its measures, figures and numbers. Needs no QGIS."""
