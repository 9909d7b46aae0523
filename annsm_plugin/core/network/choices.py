"""The closed sets of words that the trainer's settings take. Imports nothing: QGIS reads them when it loads the plugin."""

from __future__ import annotations

#: Ways to divide a cell's days into training, validation and testing; see ``splits.roles``.
SPLITS = ("random", "blocks", "leave_one_year_out")

#: What the networks of a cell's restarts become.
COMBINE = ("best", "average", "best_half")

DEVICES = ("auto", "cpu", "cuda")

#: What is trained: a network per cell (the paper), one ensemble for all cells, or that with corrections of single cells.
METHODS = ("cell", "regional", "refined")
