"""Shares of a cell's area that are nearest to each of its sites (Voronoi or Thiessen polygons)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

#: Most sites whose areas are computed exactly for every day, and points along a side of the raster that counts those of more.
MOST_EXACT, RASTER = 12, 120


def shares(lat: Sequence[float] | np.ndarray, lon: Sequence[float] | np.ndarray, centre: tuple[float, float], size: float) -> np.ndarray:
    """(sites,) shares, whose sum is 1, of the square cell of ``size`` degrees around ``centre`` (latitude, longitude).

    Distances are taken in the plane at the centre's latitude. Sites in one place share its area equally.
    """
    x = _east_of(lon, centre)
    y = np.asarray(lat, dtype=float) - centre[0]
    half = np.array([size / 2.0 * np.cos(np.radians(centre[0])), size / 2.0])
    places, owner, members = np.unique(np.round(np.stack([x, y], axis=1), 9), axis=0, return_inverse=True, return_counts=True)
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
    areas = np.empty(len(places))
    for number, place in enumerate(places):
        polygon = corners
        for other in np.delete(places, number, axis=0):
            polygon = _nearer(polygon, place, other)
        areas[number] = _area(polygon)
    owner = owner.ravel()
    return areas[owner] / members[owner] / areas.sum()


def daily_shares(there: np.ndarray, lat: Sequence[float], lon: Sequence[float], centre: tuple[float, float], size: float) -> np.ndarray:
    """(sites, days) shares of the sites that are ``there`` (sites, days) on each day; 0 for the others.

    With more than ``MOST_EXACT`` sites the areas are counted on a fine raster (within 0.002), since hardly a day has the sites of another.
    """
    if len(there) > MOST_EXACT:
        return _counted(there, lat, lon, centre, size)
    found = np.zeros(there.shape)
    patterns, which = np.unique(there, axis=1, return_inverse=True)
    north, east = np.asarray(lat, dtype=float), np.asarray(lon, dtype=float)
    for number, pattern in enumerate(patterns.T):
        if pattern.any():
            own = np.zeros(len(pattern))
            own[pattern] = shares(north[pattern], east[pattern], centre, size)
            found[:, which.ravel() == number] = own[:, np.newaxis]
    return found


def _east_of(lon: Sequence[float] | np.ndarray, centre: tuple[float, float]) -> np.ndarray:
    """Degrees of a great circle east of the centre; longitudes may be written from -180 or beyond 180."""
    return ((np.asarray(lon, dtype=float) - centre[1] + 180.0) % 360.0 - 180.0) * np.cos(np.radians(centre[0]))


def _counted(there: np.ndarray, lat: Sequence[float], lon: Sequence[float], centre: tuple[float, float], size: float) -> np.ndarray:
    """``daily_shares`` by the points of a raster that are nearest to each site; sites in one place share them."""
    x, y = _east_of(lon, centre), np.asarray(lat, dtype=float) - centre[0]
    line = ((np.arange(RASTER) + 0.5) / RASTER - 0.5) * size
    across, along = (v.ravel() for v in np.meshgrid(line * np.cos(np.radians(centre[0])), line))
    order = np.argsort((across[:, None] - x) ** 2 + (along[:, None] - y) ** 2, axis=1, kind="stable")
    found = np.zeros(there.shape)
    patterns, which = np.unique(there, axis=1, return_inverse=True)
    for number, pattern in enumerate(patterns.T):
        if pattern.any():
            nearest = order[np.arange(len(order)), np.argmax(pattern[order], axis=1)]
            own = np.bincount(nearest, minlength=len(pattern)) / len(order)
            found[:, which.ravel() == number] = own[:, np.newaxis]
    return found


def _nearer(polygon: np.ndarray, place: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The part of a convex polygon (corners, 2) that is nearer to ``place`` than to ``other``."""
    if len(polygon) == 0:
        return polygon
    towards = other - place
    beyond = (polygon - (place + other) / 2.0) @ towards
    kept: list[np.ndarray] = []
    for number, corner in enumerate(polygon):
        following = (number + 1) % len(polygon)
        if beyond[number] <= 0:
            kept.append(corner)
        if (beyond[number] <= 0) != (beyond[following] <= 0):
            part = beyond[number] / (beyond[number] - beyond[following])
            kept.append(corner + part * (polygon[following] - corner))
    return np.array(kept).reshape(-1, 2)


def _area(polygon: np.ndarray) -> float:
    if len(polygon) < 3:
        return 0.0
    x, y = polygon.T
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2.0)
