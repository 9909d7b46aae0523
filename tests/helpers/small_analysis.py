"""A small sensitivity analysis: its settings, and its numbers for comparing two."""

from __future__ import annotations

import numpy as np

SMALL = {"hidden": 3, "neurons": "2,4", "ratios": "60/20/20, 80/10/10", "thresholds": "none, 8.75, 12.5"}


def numbers(result):
    """(runs, measures, 3) all means and spreads."""
    return np.array([list(entry.means.values()) for entry in result.entries])
