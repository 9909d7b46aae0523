"""The global cylindrical EASE-Grid 2.0 (EPSG:6933), in which a row has one latitude and a column one longitude."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

#: Half the width of the projected globe, m.
HALF_WIDTH = 17367530.4451615
_A, _E2 = 6378137.0, 0.0066943799901413165

#: Rows and columns of the grids of SMAP and SMOS.
SMAP_36KM, SMOS_25KM = (406, 964), (584, 1388)


@lru_cache(maxsize=4)
def centres(rows: int, columns: int) -> tuple[np.ndarray, np.ndarray]:
    """Latitudes (rows,), north first, and longitudes (columns,) of the cell centres, degrees.

    Inverse Lambert cylindrical equal-area on WGS 84 with the standard parallel 30 degrees (Snyder 1987, equations 10-15 ff.).
    """
    pixel = 2.0 * HALF_WIDTH / columns
    y = (rows / 2.0 - 0.5 - np.arange(rows)) * pixel
    lon = -180.0 + (np.arange(columns) + 0.5) * 360.0 / columns
    e = np.sqrt(_E2)
    k0 = np.cos(np.radians(30.0)) / np.sqrt(1.0 - _E2 * 0.25)
    q_pole = 1.0 + (1.0 - _E2) * np.arctanh(e) / e
    beta = np.arcsin(np.clip(2.0 * y * k0 / (_A * q_pole), -1.0, 1.0))
    lat = beta.copy()
    for _ in range(6):  # q(lat) = q_pole sin(beta), by Newton
        s = np.sin(lat)
        q = (1.0 - _E2) * (s / (1.0 - _E2 * s * s) + np.arctanh(e * s) / e)
        slope = 2.0 * (1.0 - _E2) * np.cos(lat) / (1.0 - _E2 * s * s) ** 2
        lat = lat - (q - q_pole * np.sin(beta)) / slope
    return np.degrees(lat), lon
