"""The global cylindrical EASE-Grid 2.0 (EPSG:6933), in which a row has one latitude and a column one longitude."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

#: Half the width of the projected globe, m.
HALF_WIDTH = 17367530.4451615
_A, _E2 = 6378137.0, 0.0066943799901413165

#: Rows and columns of the grids of SMAP (SPL3SMP and SPL3SMP_E) and SMOS.
SMAP_36KM, SMAP_9KM, SMOS_25KM = (406, 964), (1624, 3856), (584, 1388)

_E = np.sqrt(_E2)
_K0 = np.cos(np.radians(30.0)) / np.sqrt(1.0 - _E2 * 0.25)
_Q_POLE = 1.0 + (1.0 - _E2) * np.arctanh(_E) / _E


def row_of(lat: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """Where latitudes (degrees) lie in the grid's rows, counted from the centre of the first one; fractions between the centres."""
    s = np.sin(np.radians(np.asarray(lat, dtype=float)))
    q = (1.0 - _E2) * (s / (1.0 - _E2 * s * s) + np.arctanh(_E * s) / _E)
    return row_at(_A * q / (2.0 * _K0), rows, columns)


def row_at(y: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """Where northings ``y`` (m, EPSG:6933) lie in the grid's rows, counted from the centre of the first one."""
    return np.asarray(rows / 2.0 - 0.5 - np.asarray(y, dtype=float) * columns / (2.0 * HALF_WIDTH))


def column_of(lon: np.ndarray, columns: int) -> np.ndarray:
    """Where longitudes (degrees) lie in the grid's columns, counted from the centre of the first one."""
    return np.asarray(np.mod(np.asarray(lon, dtype=float) + 180.0, 360.0) * columns / 360.0 - 0.5)


def column_at(x: np.ndarray, columns: int) -> np.ndarray:
    """Where eastings ``x`` (m, EPSG:6933) lie in the grid's columns, counted from the centre of the first one."""
    return column_of(np.asarray(x, dtype=float) / HALF_WIDTH * 180.0, columns)


@lru_cache(maxsize=4)
def centres(rows: int, columns: int) -> tuple[np.ndarray, np.ndarray]:
    """Latitudes (rows,), north first, and longitudes (columns,) of the cell centres, degrees.

    Inverse Lambert cylindrical equal-area on WGS 84 with the standard parallel 30 degrees (Snyder 1987, equations 10-15 ff.).
    """
    pixel = 2.0 * HALF_WIDTH / columns
    y = (rows / 2.0 - 0.5 - np.arange(rows)) * pixel
    lon = -180.0 + (np.arange(columns) + 0.5) * 360.0 / columns
    beta = np.arcsin(np.clip(2.0 * y * _K0 / (_A * _Q_POLE), -1.0, 1.0))
    lat = beta.copy()
    for _ in range(6):  # q(lat) = q_pole sin(beta), by Newton
        s = np.sin(lat)
        q = (1.0 - _E2) * (s / (1.0 - _E2 * s * s) + np.arctanh(_E * s) / _E)
        slope = 2.0 * (1.0 - _E2) * np.cos(lat) / (1.0 - _E2 * s * s) ** 2
        lat = lat - (q - _Q_POLE * np.sin(beta)) / slope
    return np.degrees(lat), lon
