"""Extra predictors that the user adds: rasters and NetCDF files, constant, daily or composites, numbers or classes, called by their names.

Classes are no numbers: each class of the region becomes a predictor of its own, its share of the cell.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ..foundation import store
from ..foundation.errors import ParameterError
from ..foundation.grid import STEP, Grid
from ..foundation.libraries import load
from ..foundation.paths import PathLike, is_no_file
from ..foundation.progress import Progress
from ..foundation.variables import ANNSM, CUBE
from ..products.decoding.pool import FileRequest
from ..products.plausibility import CALENDARS
from .composites.in_time import in_time
from .predictors import kinds
from .predictors.one import LEAST_SHARE, MOST_CLASSES, Extra
from .predictors.sampling import FINE, one_band, opened_raster, points_in, points_of, regridded, sampled, step_of, undeclared, undeclared_of

#: Pixels of the region for each different number that a raster has at least before few numbers make it one of classes.
_PIXELS_PER_CLASS = 20


def check(paths: Iterable[PathLike] | None, taken: Collection[str]) -> list[Extra]:
    """The predictors in the files ``paths``. Raises ``ParameterError`` if one cannot be read or its name is ``taken``."""
    found: list[Extra] = []
    layers: dict[tuple[str, str], list[tuple[np.datetime64, Path]]] = {}
    for path in paths or ():
        path = Path(str(path))
        if wrong := is_no_file(path):
            raise ParameterError(f"The extra predictor {path} {wrong}; expected a raster or a NetCDF file.")
        name, date, area = kinds.layer(path.stem)
        if path.suffix.lower() in (".nc", ".nc4"):
            found += _netcdf(path)
        elif date is None:
            found.append(_raster(path, name))
        else:
            layers.setdefault((name, area), []).append((date, path))
    for (name, _), files in layers.items():
        found.append(_layer(name, sorted(files)))
    names = [extra.name for extra in found]
    for name in names:
        if names.count(name) > 1 or name in taken or name in CUBE or name in ANNSM or name in ("time", "lat", "lon", "crs"):
            raise ParameterError(f"The extra predictor name '{name}' is used twice or belongs to the cube; rename the file or variable.")
    return found


def expanded(extras: Iterable[Extra], grid: Grid) -> list[Extra]:
    """The predictors with those of classes replaced by one for each class of the region: ``name_17`` is the share of class 17.

    Raises ``ParameterError`` if there are too many classes.
    """
    found: list[Extra] = []
    for extra in extras:
        extra = replace(extra, filled=_filled(extra, grid))
        found += _of_classes(extra, grid) if extra.classes or (extra.unsure and _few_numbers(extra, grid)) else [_of_numbers(extra)]
    return found


def _filled(extra: Extra, grid: Grid) -> float | None:
    if extra.variable is None:
        return undeclared(extra.path, grid)
    with _opened(extra.path, extra.variable) as data:
        return undeclared_of(data[extra.variable])


def _of_numbers(extra: Extra) -> Extra:
    coded = extra.variable is None and kinds.limits(kinds.layer(extra.path.stem)[0], {}) is not None
    return replace(extra, averaged=coded or _step(extra) < FINE)


def _few_numbers(extra: Extra, grid: Grid) -> bool:
    """Whether a layer of whole numbers has so few of them in the region, for its pixels, that they are classes. One of 0 and 1 needs no
    answer: its mean is the share of 1."""
    found: set[float] = set()
    for _, points in _points(extra, grid):
        found.update(np.unique(points[np.isfinite(points)]).tolist())
        if len(found) > MOST_CLASSES:
            return False
    west, south, east, north = grid.bounds
    pixels = (east - west) * (north - south) / max(_step(extra), 1e-6) ** 2
    return bool(found - {0.0, 1.0}) and pixels >= _PIXELS_PER_CLASS * len(found)


def _step(extra: Extra) -> float:
    """Degrees from a pixel to the next."""
    if extra.variable is None:
        with opened_raster(extra.path, "The extra predictor") as raster:
            return step_of(raster)
    with _opened(extra.path, extra.variable) as data:
        lat = data["lat"].values.astype(float)
        return float(np.median(np.abs(np.diff(lat)))) if lat.size > 1 else STEP


def _points(extra: Extra, grid: Grid) -> Iterator[tuple[int, np.ndarray]]:
    """Row by row of the cells, the numbers at points of each (points down, cells, points across); NaN where there is none."""
    if extra.variable is None:
        yield from points_in(extra.path, grid)
        return
    with _opened(extra.path, extra.variable) as data:
        yield from points_of(data[extra.variable], grid)


def _of_classes(extra: Extra, grid: Grid) -> list[Extra]:
    codes, shares = _class_shares(extra, grid)
    if len(codes) > MOST_CLASSES:
        raise ParameterError(
            f"The extra predictor {extra.path} holds {len(codes)} different numbers in the region, as the keys of a map of soil units do "
            f"(HWSD): expected at most {MOST_CLASSES} classes, or numbers with a meaning of their own, such as percent of clay."
        )
    if not codes:
        raise ParameterError(f"The extra predictor {extra.path} holds no class in the region.")
    known = dict(zip(codes, shares))
    kept = [code for code in codes if np.nanmean(known[code]) >= LEAST_SHARE] or codes
    one = replace(extra, units="1", classes_there=len(codes))
    return [replace(one, name=f"{extra.name}_{code}".replace("-", "minus"), chosen=code, share=known[code]) for code in kept]


def _name(text: str) -> str:
    name = re.sub(r"[^0-9a-z]+", "_", text.lower()).strip("_")
    return name if name and name[0].isalpha() else f"x_{name}"


def _raster(path: Path, name: str) -> Extra:
    one_band(path, "The extra predictor")
    with opened_raster(path, "The extra predictor") as raster:
        units = str(raster.GetRasterBand(1).GetUnitType() or "1")
    classes, unsure = _is_of_classes(path, name)
    return Extra(_name(name), path, None, False, units, classes=classes, unsure=unsure)


def _layer(name: str, files: list[tuple[np.datetime64, Path]]) -> Extra:
    """One layer of an AppEEARS request: constant if there is one file, else a series."""
    for _, path in files:
        one_band(path, "The extra predictor")
    first = _raster(files[0][1], name)
    if len(files) == 1:
        return first
    dates = [date for date, _ in files]
    if first.classes:
        years = ", ".join(str(date) for date in dates[:3])
        raise ParameterError(f"The extra predictor {name} has classes on several dates ({years}); expected one file: classes are constant.")
    if len(set(dates)) < len(dates):
        raise ParameterError(f"The extra predictor {name} has several files of one date; expected one file for each.")
    return replace(first, daily=True, unsure=False, series=tuple(files))


def _is_of_classes(path: Path, name: str) -> tuple[bool, bool]:
    """Whether the numbers of a raster are classes (the file's name says so, it has colours or names for them, or is called after what
    has classes), and whether they may be: whole numbers without a unit, a scale or the name of a quantity."""
    from osgeo import gdal

    with opened_raster(path, "The extra predictor") as raster:
        band = raster.GetRasterBand(1)
        whole = gdal.GetDataTypeName(band.DataType) in ("Byte", "Int8", "UInt16", "Int16", "UInt32", "Int32")
        marked = band.GetColorTable() is not None or bool(band.GetCategoryNames())
        bare = (band.GetScale() or 1.0) == 1.0 and (band.GetOffset() or 0.0) == 0.0 and not band.GetUnitType()
    if told := kinds.told(path.stem):
        return told == "class", False
    classes = whole and (marked or kinds.named_classes(name))
    return classes, whole and bare and not classes and not kinds.named_numbers(name)


def _netcdf(path: Path) -> list[Extra]:
    found = []
    with _opened(path) as data:
        for name, variable in data.data_vars.items():
            dims, about = set(variable.dims), variable.attrs
            if (
                dims not in ({"lat", "lon"}, {"time", "lat", "lon"})
                or not np.issubdtype(variable.dtype, np.number)
                or kinds.beside(str(name))
            ):
                continue
            whole = np.issubdtype(variable.dtype, np.integer)
            told = kinds.told(str(name)) or kinds.told(path.stem)
            classes = told == "class" or (not told and kinds.has_classes(str(name), about, whole))
            timed = "time" in dims and not (classes and data.sizes["time"] == 1)
            if classes and timed:
                raise ParameterError(
                    f"The extra predictor {path} has classes ({name}) on several dates; expected one: classes are constant."
                )
            units = "1" if classes else str(about.get("units", "1"))
            unsure = whole and not (told or classes or "time" in dims or kinds.named_numbers(str(name))) and kinds.without_unit(about)
            found.append(Extra(_name(str(name)), path, str(name), timed, units, classes, unsure))
        if any(extra.daily for extra in found):
            _dates(path, data)
    if not found:
        raise ParameterError(f"The extra predictor {path} holds no variable on lat and lon, or on time, lat and lon.")
    return found


@contextlib.contextmanager
def _opened(path: Path, variable: str = "") -> Iterator[Any]:
    """A NetCDF file as an xarray.Dataset of numbers and times as they are stored.

    ``variable``: what is read of it inside the block, for the ``ParameterError`` that whatever goes wrong there becomes.
    """
    xarray, netcdf = load("xarray"), load("netCDF4")
    what = "a NetCDF file of predictors on lat and lon"

    def refuse(found: str, expected: str) -> ParameterError:
        return ParameterError(f"The extra predictor {path} has {found}; expected {expected}.")

    store.examine(path, what, refuse)
    with store.guard(path, what, variable, refuse):
        with netcdf.Dataset(str(path)) as file:
            wrong = store.check_fields(path, file)
        if wrong:
            raise refuse(wrong, what)
        with xarray.open_dataset(path, engine="netcdf4", decode_times=False, mask_and_scale=False) as data:
            yield data.rename({old: new for old, new in (("latitude", "lat"), ("longitude", "lon")) if old in data.dims})


def _dates(path: Path, data: Any) -> tuple[np.ndarray, np.ndarray | None]:
    """Dates (n,) of a file's times, and the first day and first day after each (n, 2) if it has bounds. Raises ``ParameterError``."""
    xarray = load("xarray")
    calendar = str(data["time"].attrs.get("calendar", "")).lower()
    if calendar not in CALENDARS:
        raise ParameterError(f"The extra predictor {path} has times in the calendar '{calendar}'; expected the one that we live by.")
    wanted = ["time", str(data["time"].attrs.get("bounds", ""))]
    part = data[[name for name in wanted if name in data.variables]].copy()
    part["time"].attrs["calendar"] = "standard"
    try:
        part = xarray.decode_cf(part)
        dates = store.to_days(part["time"].values)
        bounds = store.to_days(part[wanted[1]].values) if wanted[1] in part.variables else None
    except (ValueError, TypeError, OverflowError) as error:
        raise ParameterError(f"The extra predictor {path} has times that are no dates; expected days since a date.") from error
    if np.isnat(dates).any() or np.unique(dates).size < dates.size:
        raise ParameterError(f"The extra predictor {path} has times that are missing or there twice; expected each date once.")
    return dates, bounds if bounds is not None and bounds.shape == (dates.size, 2) else None


def times(extra: Extra) -> tuple[np.ndarray, np.ndarray | None]:
    """Dates (n,) of a predictor that changes in time, and its bounds (n, 2) if it has any."""
    if extra.series:
        return np.array([date for date, _ in extra.series]), None
    with _opened(extra.path, str(extra.variable)) as data:
        return _dates(extra.path, data)


class Daily:
    """The predictors that change in time, block by block: daily ones on their days, composites linear in time between their middles."""

    def __init__(self, extras: Iterable[Extra], grid: Grid) -> None:
        self.grid = grid
        self.extras = [extra for extra in extras if extra.daily]
        self.names = tuple(extra.name for extra in self.extras)

    @staticmethod
    def requests(days: np.ndarray) -> list[FileRequest]:
        """Product files that ``block`` will read: none."""
        return []

    def block(self, days: np.ndarray, progress: Progress) -> dict[str, np.ndarray]:
        """Each predictor (days, rows, columns); missing on days that its file lacks, and far from any composite."""
        out = {}
        for extra in self.extras:
            if extra.series:
                out[extra.name] = self._on(
                    days, times(extra)[0], None, lambda place, e=extra: sampled(e.series[place][1], self.grid), progress
                )
                continue
            with _opened(extra.path, str(extra.variable)) as data:
                dates, bounds = _dates(extra.path, data)
                field = data[extra.variable]
                out[extra.name] = self._on(days, dates, bounds, lambda n, f=field: regridded(f.isel(time=n), self.grid), progress)
        return out

    def _on(self, days: np.ndarray, dates: np.ndarray, bounds: np.ndarray | None, read: Any, progress: Progress) -> np.ndarray:
        """(days, rows, columns) of the fields that ``read(place)`` gives for ``dates``."""
        values = np.full((days.size, *self.grid.shape), np.nan, dtype="float32")
        composites = kinds.middles(dates, bounds)
        if composites is None:
            for number, date in enumerate(days):
                progress.check()
                here = np.flatnonzero(dates == date)
                if here.size:
                    values[number] = read(int(here[0]))
            return values
        middles, reach = composites
        wanted = days.astype("datetime64[D]").astype(float)
        near = np.flatnonzero((middles >= wanted[0] - reach) & (middles <= wanted[-1] + reach))
        near = near[np.argsort(middles[near])]
        fields = []
        for place in near:
            progress.check()
            fields.append(read(int(place)))
        return in_time(np.array(fields).reshape(-1, *self.grid.shape), middles[near], wanted, reach, linear=True)[0]


def statics(extras: Iterable[Extra], grid: Grid) -> dict[str, np.ndarray]:
    """The predictors that do not change, by name."""
    return {extra.name: static(extra, grid) if extra.share is None else extra.share for extra in extras if not extra.daily}


def static(extra: Extra, grid: Grid) -> np.ndarray:
    """A predictor of numbers that do not change, on the cells (rows, columns)."""
    if extra.variable is None:
        return sampled(extra.path, grid)
    with _opened(extra.path, extra.variable) as data:
        return regridded(data[extra.variable], grid)


def _class_shares(extra: Extra, grid: Grid) -> tuple[list[int], list[np.ndarray]]:
    """The classes of a region, and the share of each in the cells (rows, columns); NaN where a cell has no class at all."""
    counts: dict[int, np.ndarray] = {}
    whole = np.zeros(grid.shape)

    for row, points in _points(extra, grid):
        there = np.isfinite(points)
        whole[row] += there.sum(axis=(0, 2))
        numbers = np.unique(points[there])
        if odd := [number for number in numbers.tolist() if number != round(number)]:
            raise ParameterError(f"The extra predictor {extra.path} holds numbers such as {odd[0]:g}; expected classes, whole numbers.")
        for code in numbers.tolist():
            counts.setdefault(int(code), np.zeros(grid.shape))[row] += (points == code).sum(axis=(0, 2))
    codes = sorted(counts)
    with np.errstate(invalid="ignore", divide="ignore"):
        return codes, [np.where(whole > 0, counts[code] / whole, np.nan) for code in codes]
