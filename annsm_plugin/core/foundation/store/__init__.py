"""How results reach the disk: whole or not at all, with provenance, and resumable.

``atomic`` is the one way a file is written, ``Checkpoint`` the one way a long run remembers what it has, ``GridWriter`` the one way a
gridded NetCDF comes into being, ``open_grid`` the one way it is read.
"""

from .checkpoint import Checkpoint, fingerprint
from .gridded import CHUNKS, EPOCH, TILE, WGS84, GridWriter, grid_of
from .rasters import gdal_errors, write_raster
from .reading import open_grid
from .whole import atomic, check_output, history, write_json, write_text

__all__ = [
    "CHUNKS",
    "EPOCH",
    "TILE",
    "WGS84",
    "Checkpoint",
    "GridWriter",
    "atomic",
    "check_output",
    "fingerprint",
    "gdal_errors",
    "grid_of",
    "history",
    "open_grid",
    "write_json",
    "write_raster",
    "write_text",
]
