"""Writes what a folder holds as a table and as a page."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from . import store
from .errors import ParameterError

COLUMNS = ("product", "sensor", "channel", "orbit", "version", "files", "first", "last", "days", "missing")


def write_table(path, inventory) -> Path:
    """Write the rows of an ``Inventory`` as CSV. Raises ``ParameterError`` if the folder holds no product file."""
    if not inventory.entries and not inventory.refused:
        raise ParameterError(f"The folder {inventory.folder} holds no product file that is known by its name.")
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(inventory.rows())
    return store.write_text(path, text.getvalue())


def write_report(path, inventory) -> Path:
    """Write an ``Inventory`` as one HTML page."""
    from .report_page import Section, write

    sections = [
        Section(
            "Products",
            header=[name.capitalize() for name in COLUMNS],
            rows=[[str(row[name]) for name in COLUMNS] for row in inventory.rows()],
        ),
    ]
    if inventory.refused:
        sections.append(Section("Refused", header=["file", "why"], rows=[[Path(e.path).name, e.refused] for e in inventory.refused[:200]]))
    if inventory.n_unrecognised:
        sections.append(Section(f"Not recognised: {inventory.n_unrecognised}", header=["file"], rows=[[n] for n in inventory.unrecognised]))
    return write(path, "Inventory of a product folder", intro=f"Folder {inventory.folder}", sections=sections)
