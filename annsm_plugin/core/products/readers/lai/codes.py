"""What the numbers in files of leaf area index mean: values, classes, quality bits and the sinusoidal grid, of MODIS and of VIIRS.

Sources of VIIRS (no real file was seen): LP DAAC's product pages of VNP15A2H (fields, scale 0.1, 0 to 100, fill 249 to 255, 2400 x 2400
pixels), the catalogue of Earth Engine (bits of both quality fields; NOAA-20 and NOAA-21 have the same), programs of other users that read
granules of versions 1 and 2 (``HDFEOS/GRIDS/.../Data Fields``, StructMetadata.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ....foundation.variables import LAI_FAMILIES

MODIS, VIIRS = LAI_FAMILIES["MODIS"], LAI_FAMILIES["VIIRS"]

#: Of several products that hold one composite the first is taken.
PRODUCTS = (*MODIS, *VIIRS)

WHAT = "leaf area index of MODIS (MCD15A2H, MOD15A2H, MYD15A2H) or VIIRS (VNP15A2H, VJ115A2H, VJ215A2H)"
SCALE, LARGEST = 0.1, 100

#: Leaf area index (m2 m-2) of each of the 256 codes, NaN for codes that stand for no value.
VALUES = np.where(np.arange(256) <= LARGEST, np.arange(256) * np.float32(SCALE), np.float32(np.nan)).astype(np.float32)

#: Radius of the sphere of the sinusoidal projection and side of a tile (m); pixels along a side.
SPHERE, SIDE = 6371007.181, 1111950.519667
PIXELS = 2400


@dataclass(frozen=True)
class Fields:
    """Names of the fields of a product: the leaf area index, its quality, and the quality of the observation (None: there is none)."""

    lai: str
    qc: str
    extra: str | None

    @property
    def by_variable(self) -> dict[str, str]:
        """Variable of ``Arrays`` -> field."""
        found = {"lai_class": self.lai, "lai_qc": self.qc}
        return found if self.extra is None else {**found, "lai_extra_qc": self.extra}


def family(product: str | None) -> str:
    """The instrument of a product, "MODIS" or "VIIRS"."""
    return "VIIRS" if product in VIIRS else "MODIS"


def fields(product: str | None) -> Fields:
    """The fields that hold what is read of a product. MODIS has the state of clouds in ``FparLai_QC``, VIIRS in ``FparExtra_QC``."""
    return Fields("Lai", "FparLai_QC", "FparExtra_QC") if family(product) == "VIIRS" else Fields("Lai_500m", "FparLai_QC", None)


def wanted(product: str | None, variables: object) -> dict[str, str]:
    """Variable -> field of what is to be read; ``variables``: the names asked for, None for all. ``lai_class`` is always read."""
    known = fields(product).by_variable
    asked = None if variables is None else set(variables)  # type: ignore[call-overload]
    return {name: field for name, field in known.items() if asked is None or name == "lai_class" or name in asked}


def good_quality(qc: np.ndarray) -> np.ndarray:
    """Where MODIS's ``FparLai_QC`` tells of the main algorithm (SCF_QC 0 or 1) and no cloud (cloud state 0 or 3), bool."""
    qc = qc.astype(np.uint8)
    cloud, scf = (qc >> 3) & 3, qc >> 5
    return (scf <= 1) & ((cloud == 0) | (cloud == 3))


def good_viirs(qc: np.ndarray, extra: np.ndarray | None = None) -> np.ndarray:
    """The same of VIIRS, bool: SCF_QC (bits 0-2 of ``FparLai_QC``) is 0 or 1, and ``FparExtra_QC``, where it is there, tells of no cloud
    (bits 0-1: 0 surely, 1 probably clear)."""
    good = (qc.astype(np.uint8) & 7) <= 1
    return good if extra is None else good & ((extra.astype(np.uint8) & 3) <= 1)


#: Whether each of the 256 codes of a quality field is good: of MODIS, of VIIRS, and of VIIRS's observation.
_GOOD = good_quality(np.arange(256))
_GOOD_VIIRS = good_viirs(np.arange(256))
_CLEAR = good_viirs(np.zeros(256), np.arange(256))


def good(product: str | None, variables: Mapping[str, np.ndarray]) -> np.ndarray | None:
    """Where the quality that was read with a file's pixels is good, bool; None if the file has none."""
    qc, extra = variables.get("lai_qc"), variables.get("lai_extra_qc")
    if family(product) == "MODIS":
        return None if qc is None else _GOOD[qc]
    parts = [table[bits] for table, bits in ((_GOOD_VIIRS, qc), (_CLEAR, extra)) if bits is not None]
    return np.logical_and.reduce(parts) if parts else None


def corner(tile: str) -> tuple[float, float]:
    """West and north edge (m) of a tile such as "h25v05"."""
    return (int(tile[1:3]) - 18) * SIDE, (9 - int(tile[4:6])) * SIDE


def tile_window(x: np.ndarray, y: np.ndarray, window: tuple[float, float, float, float] | None) -> tuple[slice, slice]:
    """Rows and columns of a sinusoidal tile in which pixels of ``window`` can lie; x = R lon cos(lat), y = R lat (m)."""
    if window is None:
        return slice(0, y.size), slice(0, x.size)
    west, south, east, north = window
    lat = np.degrees(y / SPHERE)
    row = np.flatnonzero((lat >= south - 0.01) & (lat <= north + 0.01))
    if not row.size:
        return slice(0, 0), slice(0, 0)
    rows = slice(int(row[0]), int(row[-1]) + 1)
    shrink = np.cos(np.radians(lat[rows]))
    ends = np.degrees(x / SPHERE)[:, None] / np.array([shrink.min(), shrink.max()])
    low, width = ends.min(axis=1), np.ptp(ends, axis=1)
    # a column is needed if its range of longitudes, low to low + width, overlaps the window's, modulo 360 degrees
    column = np.flatnonzero(np.mod(low + width - west + 0.01, 360.0) <= east - west + 0.02 + width)
    if not column.size:
        return slice(0, 0), slice(0, 0)
    return rows, slice(int(column[0]), int(column[-1]) + 1)
