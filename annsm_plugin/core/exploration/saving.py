"""Saving what is seen: figures at the size of a journal page, and numbers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..foundation import store
from ..foundation.paths import PathLike
from ..reports.figures import TWO_COLUMNS, figure

FORMATS = (".png", ".pdf", ".svg")


def save_figure(path: PathLike, fill: Callable[[Any], Any], height: float = 3.2) -> Path:
    """Draw a figure anew with ``fill(figure)`` and save it, two columns wide, 300 dpi, atomically. Raises ``ParameterError``."""
    path = store.check_output(path, *FORMATS)
    drawing = figure(TWO_COLUMNS, height)
    fill(drawing)
    with store.atomic_file(path) as file:
        drawing.savefig(file, format=path.suffix.lower()[1:], dpi=300)
    return path


def save_text(path: PathLike, text: str) -> Path:
    """Save a table. Raises ``ParameterError`` for a place that cannot be written."""
    return store.write_text(store.check_output(path, ".csv"), text)
