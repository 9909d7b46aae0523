"""Stations of a test, at chosen cells of a grid, and a store of products that are there without files."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from annsm_plugin.core.foundation import localtime


def station(grid, dates, name, place, values, *, network="NAQU", shift=(0.0, 0.0), sensor="5TM", minutes=20):
    """A station with one measurement a day, ``minutes`` after 01:30 local solar time of the cell at ``place`` (row, column); ``shift``
    (degrees north, east) moves it within its cell."""
    lat, lon = float(grid.lat[place[0]]) + shift[0], float(grid.lon[place[1]]) + shift[1]
    times = localtime.utc_of(dates, 1.5, grid.lon[place[1]]) + np.timedelta64(minutes, "m")
    return SimpleNamespace(
        name=name, network=network, lat=lat, lon=lon, depth=(0.05, 0.05), sensor=sensor, times=times, values=np.asarray(values, dtype=float)
    )


def products_in_memory(monkeypatch, collocation, held):
    """Let ``collocation`` find ``held`` (product -> (days, cells)) instead of reading a folder."""

    def product_series(folder, product, lat, lon, **_):
        return SimpleNamespace(values=held[product], files=1, problems=[])

    monkeypatch.setattr(collocation, "check", lambda *_: None)
    monkeypatch.setattr(collocation, "product_series", product_series)
