"""Reading and walking a gridded file by tiles that follow its chunks and fit a memory budget."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from . import machine, store
from .bounds import Sieve
from .errors import ParameterError
from .grid import Grid
from .paths import PathLike

#: Bytes that one tile of all variables may take in memory, unless the user prefers otherwise.
BUDGET = 256 * 2**20


def tiles(shape: tuple[int, int], days: int, variables: int, budget: int | None = None) -> Iterator[tuple[slice, slice]]:
    """Row and column slices that cover ``shape``: whole file chunks, cut in rows where a tile would exceed ``budget`` bytes."""
    budget = machine.memory(BUDGET) if budget is None else budget
    rows, columns = min(store.TILE[0], shape[0]), min(store.TILE[1], shape[1])
    while rows > 1 and rows * columns * days * variables * 4 > budget:
        rows = (rows + 1) // 2
    for top in range(0, shape[0], store.TILE[0]):
        bottom = min(top + store.TILE[0], shape[0])
        for first in range(top, bottom, rows):
            for left in range(0, shape[1], columns):
                yield slice(first, min(first + rows, bottom)), slice(left, min(left + columns, shape[1]))


def slabs(days: int, cells: int, variables: int, budget: int | None = None) -> list[slice]:
    """Slices of days, multiples of the file's chunk, of which all variables of ``cells`` cells fit ``budget`` bytes."""
    budget = machine.memory(BUDGET) if budget is None else budget
    chunk = store.CHUNKS[0]
    length = max(1, budget // max(1, cells * variables * 4 * chunk)) * chunk
    return [slice(first, min(first + length, days)) for first in range(0, days, length)]


def north_first(data: Any) -> Any:
    """The dataset with latitudes descending and longitudes ascending, whatever way it is stored."""
    if data["lat"].size > 1 and data["lat"].values[0] < data["lat"].values[-1]:
        data = data.isel(lat=slice(None, None, -1))
    if data["lon"].size > 1 and data["lon"].values[0] > data["lon"].values[-1]:
        data = data.isel(lon=slice(None, None, -1))
    return data


def places(of: Grid, grid: Grid) -> tuple[np.ndarray, np.ndarray]:
    """Row and column of the grid ``of`` for each row and column of ``grid``, -1 where it has none."""
    return grid.rows_in(of.lat), grid.columns_in(of.lon)


def dates_of(data: Any) -> np.ndarray:
    """(n,) datetime64[D] of a gridded file."""
    return data["time"].values.astype("datetime64[D]")


def series(data: Any, name: str, days: slice, tile: tuple[slice, slice]) -> np.ndarray:
    """(cells, days) float32 of one variable in a tile, missing NaN; a variable without time is repeated for every day.

    What it cannot be is missing, too, and counted by the file's ``sieve``, whose sentences a step says when it has read.
    Raises ``CubeError`` where it cannot be read.
    """
    with guarded(data, name):
        variable = data[name]
        part = variable.isel({d: s for d, s in zip(("time", "lat", "lon"), (days, *tile)) if d in variable.dims})
        if "time" not in variable.dims:
            values = np.asarray(part.transpose("lat", "lon").values, dtype=np.float32).reshape(-1, 1)
            values = np.repeat(values, days.stop - days.start, axis=1)
        else:
            values = np.asarray(part.transpose("time", "lat", "lon").values, dtype=np.float32)
            values = np.ascontiguousarray(values.reshape(values.shape[0], -1).T)
    return sieve(data).sift(name, values, days, tile)


def sieve(data: Any) -> Sieve:
    """What leaves out of an open gridded file the values that cannot be, and counts them."""
    if "sieve" not in data.encoding:
        data.encoding["sieve"] = Sieve(data.encoding.get("source", "a gridded file"), (data["lat"].size, data["lon"].size))
    found: Sieve = data.encoding["sieve"]
    return found


def maps(data: Any, name: str, days: slice) -> np.ndarray:
    """(days, ...) of one variable as it is stored, missing NaN; its rows and columns follow where it has them.

    Raises ``CubeError`` where it cannot be read.
    """
    with guarded(data, name):
        part = data[name].isel(time=days)
        return np.asarray(part.transpose("time", *(d for d in ("lat", "lon") if d in part.dims)).values)


def guarded(data: Any, name: str) -> Any:
    """``store.guard`` around the reading of a variable of an open gridded file."""
    return store.guard(data.encoding.get("source", "a gridded file"), "numbers along time, lat and lon", name)


def check_dates(start: Any, end: Any, what: str = "period") -> tuple[np.datetime64, np.datetime64]:
    """``start`` and ``end`` (date, ISO text or datetime64) as datetime64[D]; raises ``ParameterError`` if START is after END."""
    bounds = []
    for name, value in (("START", start), ("END", end)):
        try:
            bounds.append(np.datetime64(value, "D"))
        except (ValueError, TypeError):
            raise ParameterError(f"{name} of the {what} is '{value}'; expected a date such as 2015-04-01.") from None
        if np.isnat(bounds[-1]):
            raise ParameterError(f"{name} of the {what} is empty; expected a date such as 2015-04-01.")
    if bounds[0] > bounds[1]:
        raise ParameterError(f"START ({bounds[0]}) of the {what} is after END ({bounds[1]}).")
    return bounds[0], bounds[1]


def days_between(dates: np.ndarray, start: Any, end: Any, path: PathLike, what: str = "period") -> slice:
    """The slice of ascending ``dates`` within ``start``-``end``; None leaves a side open. Raises ``ParameterError`` if no day is inside."""
    start = dates[0] if start is None and dates.size else start
    end = dates[-1] if end is None and dates.size else end
    if dates.size == 0:
        raise ParameterError(f"{path} holds no day at all.")
    start, end = check_dates(start, end, what)
    first, last = int(np.searchsorted(dates, start, "left")), int(np.searchsorted(dates, end, "right"))
    if first >= last:
        raise ParameterError(f"{path} holds the days {dates[0]} to {dates[-1]}; none is in the {what} {start} to {end}.")
    return slice(first, last)
