"""How results reach the disk: whole or not at all, with provenance, and resumable.

``atomic`` is the one way a file is written, ``Checkpoint`` the one way a long run remembers what it has, ``GridWriter`` the one way a
gridded NetCDF comes into being, ``open_grid`` the one way it is read, ``axes`` the one understanding of its days and cells; ``guard``
stands around whatever else is read of a file, ``step`` around every step.
"""

from . import provenance
from .axes import CALENDARS, check_cells, check_days, times, to_days
from .checkpoint import Checkpoint
from .examined import examine, examine_with, trust
from .fingerprints import checksum, fingerprint
from .gridded import CHUNKS, EPOCH, TILE, WGS84, GridWriter, grid_of
from .guard import DEFLATE, MOST, MOST_OF_A_CHUNK, bytes_of, check_whole, guard, is_number, short, words_of
from .locks import held
from .provenance import RECORD, run_record
from .rasters import gdal_errors, gdal_file, open_raster, write_raster
from .reading import check_fields, open_grid
from .shelf import Shelf
from .steps import step
from .watched import watch
from .whole import (
    atomic,
    atomic_file,
    atomic_folder,
    check_output,
    closed,
    history,
    remove,
    what_failed,
    write_json,
    write_text,
)

__all__ = [
    "CALENDARS",
    "CHUNKS",
    "DEFLATE",
    "EPOCH",
    "MOST",
    "MOST_OF_A_CHUNK",
    "RECORD",
    "TILE",
    "WGS84",
    "Checkpoint",
    "GridWriter",
    "Shelf",
    "atomic",
    "atomic_file",
    "atomic_folder",
    "bytes_of",
    "check_cells",
    "check_days",
    "check_fields",
    "check_output",
    "check_whole",
    "checksum",
    "closed",
    "examine",
    "examine_with",
    "fingerprint",
    "gdal_errors",
    "gdal_file",
    "grid_of",
    "guard",
    "held",
    "history",
    "is_number",
    "open_grid",
    "open_raster",
    "provenance",
    "remove",
    "run_record",
    "short",
    "step",
    "times",
    "to_days",
    "trust",
    "watch",
    "what_failed",
    "words_of",
    "write_json",
    "write_raster",
    "write_text",
]
