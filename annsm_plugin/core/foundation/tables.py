"""Tables as CSV text."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import numpy as np


def as_csv(header: Any, rows: Any) -> str:
    """Header and rows as CSV: six figures for a number, nothing for NaN."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([cell_text(name) for name in header])
    for row in rows:
        writer.writerow([cell_text(value) for value in row])
    return text.getvalue()


def cell_text(value: Any) -> str:
    """One value, in one line. A text that a spreadsheet would calculate (a station named ``=1+1``) has an apostrophe before it, as one
    types it there."""
    if isinstance(value, (float, np.floating)):
        return f"{value:.6g}" if np.isfinite(value) else ""
    text = " ".join(str(value).splitlines())
    return f"'{text}" if _calculated(text) else text


def as_written(text: str) -> str:
    """A cell's text without the apostrophe of ``cell_text``."""
    return text[1:] if text[:1] == "'" and _calculated(text[1:]) else text


def _calculated(text: str) -> bool:
    """Whether a spreadsheet may take a text for a formula. Numbers, a sign alone, and a number with words behind it are none."""
    return len(text) > 1 and text[0] in _FORMULA and not _NUMBER.fullmatch(text)


#: What a formula begins with in some spreadsheet.
_FORMULA = "=+-@\t"

#: A number, and after a blank words in which nothing is called, joined or calculated ("-0.002 (-0.004 to -0.001)").
_NUMBER = re.compile(r"[+-](?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?(?: [^=+*/@|!\"'&<>]*)?", re.I)
