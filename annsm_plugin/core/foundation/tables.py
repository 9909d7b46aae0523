"""Tables as CSV text."""

from __future__ import annotations

import csv
import io
from typing import Any

import numpy as np


def as_csv(header: Any, rows: Any) -> str:
    """Header and rows as CSV: six figures for a number, nothing for NaN."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([cell_text(value) for value in row])
    return text.getvalue()


def cell_text(value: Any) -> str:
    """One value."""
    if isinstance(value, (float, np.floating)):
        return f"{value:.6g}" if np.isfinite(value) else ""
    return str(value)
