"""MODIS leaf area index MCD15A2H, MOD15A2H, MYD15A2H: sinusoidal HDF4-EOS tiles and AppEEARS exports (NetCDF, GeoTIFF)."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ...foundation import store
from ...foundation.errors import ProductError
from ..access import LONGEST_AXIS, Source, check_file, check_room, no_surprise, opened, quiet_gdal, unopened
from ..arrays import Arrays, Window, window_of
from ..naming import Entry

WHAT = "MODIS LAI (MCD15A2H, MOD15A2H or MYD15A2H)"
FIELD, QC_FIELD = "Lai_500m", "FparLai_QC"
SCALE, LARGEST = 0.1, 100

#: Leaf area index (m2 m-2) of each of the 256 codes, NaN for codes that stand for no value.
VALUES = np.where(np.arange(256) <= LARGEST, np.arange(256) * np.float32(SCALE), np.float32(np.nan)).astype(np.float32)


def read(entry: Entry, window: Window | None = None, variables: Collection[str] | None = None) -> Arrays:
    """``lai`` (m2 m-2, NaN where missing), ``lai_class`` (uint8 codes as stored, 249-255 for no value) and ``lai_qc`` (quality bits).

    A sinusoidal tile has the dimensions (y, x), the coordinates x and y (m) and the attribute ``crs`` (WKT); an AppEEARS NetCDF file
    (time, lat, lon) and the coordinate ``time`` (datetime64[D]); an AppEEARS GeoTIFF (lat, lon). ``lai_class`` is always read, the
    others if ``variables`` names them.
    """
    qc = variables is None or "lai_qc" in variables
    name = entry.name.lower()
    if name.endswith((".nc", ".nc4")):
        arrays = _appeears_netcdf(entry, window, qc)
    else:
        check_file(entry.path, WHAT)
        with quiet_gdal() as gdal:
            arrays = _raster(gdal, entry, window, qc, tile=name.endswith(".hdf"))
    if variables is None or "lai" in variables:
        arrays.variables = {"lai": VALUES[arrays.variables["lai_class"]], **arrays.variables}
        arrays.dims["lai"] = arrays.dims.get("lai_class", ("lat", "lon"))
        arrays.units["lai"] = "m2 m-2"
    return arrays


def good_quality(qc: np.ndarray) -> np.ndarray:
    """Where ``FparLai_QC`` tells of the main algorithm (SCF_QC 0 or 1) and no cloud (cloud state 0 or 3), bool."""
    qc = qc.astype(np.uint8)
    cloud, scf = (qc >> 3) & 3, qc >> 5
    return (scf <= 1) & ((cloud == 0) | (cloud == 3))


def _raster(gdal: Any, entry: Entry, window: Window | None, qc: bool, tile: bool) -> Arrays:
    """``lai_class`` of a sinusoidal tile (HDF4) or an AppEEARS GeoTIFF, and ``lai_qc`` if ``qc`` and if the file has it."""
    fields: dict[str, str | None] = {FIELD: None, QC_FIELD: None}
    try:
        if tile:
            dataset = gdal.Open(str(entry.path))
            _check_date(entry, dataset)
            for name, _ in dataset.GetSubDatasets() if dataset else []:
                field = name.rsplit(":", 1)[-1].strip('"')
                if field in fields:
                    fields[field] = name
        else:
            fields = {FIELD: str(entry.path), QC_FIELD: _beside(entry.path)}
        if fields[FIELD] is None:
            raise ProductError(entry.path, FIELD, "no such field", WHAT)
        raster = gdal.Open(fields[FIELD])
        transform, crs = raster.GetGeoTransform(), raster.GetProjection()
        columns, rows = raster.RasterXSize, raster.RasterYSize
        if tile and (columns, rows) != (PIXELS, PIXELS):
            raise ProductError(entry.path, FIELD, f"{rows} x {columns} pixels", f"{PIXELS} x {PIXELS}")
        if raster.RasterCount != 1 or transform[2] != 0.0 or transform[4] != 0.0:
            raise ProductError(entry.path, FIELD, f"{raster.RasterCount} bands, {_rotation(transform)}", "one band, north up")
        if max(rows, columns) > LONGEST_AXIS or not np.isfinite(transform).all():
            raise ProductError(entry.path, FIELD, f"{rows} x {columns} pixels at {transform}", "pixels of leaf area index")
        x = transform[0] + (np.arange(columns) + 0.5) * transform[1]
        y = transform[3] + (np.arange(rows) + 0.5) * transform[5]
        if tile:
            _check_place(entry, transform)
        sinusoidal = tile or "sinusoidal" in crs.lower()
        if not sinusoidal and (not _is_geographic(crs) or np.abs(x).max() > 360.0 or np.abs(y).max() > 90.0):
            raise ProductError(entry.path, FIELD, f"the projection {crs[:60] or 'none'}", "longitude and latitude, or the sinusoidal grid")
        row, column = _tile_window(x, y, window) if sinusoidal else window_of(y, x, window, margin=1)
        size = (column.start, row.start, column.stop - column.start, row.stop - row.start)
        check_room(entry.path, FIELD, size[2:], 8, WHAT)
        codes: np.ndarray
        quality: np.ndarray | None
        if not size[2] or not size[3]:
            codes, quality = (np.zeros((size[3], size[2]), np.uint8) for _ in range(2))
        else:
            codes = raster.ReadAsArray(*size)
            qc_name = fields[QC_FIELD]
            quality = _quality(gdal, entry, qc_name, raster, size) if qc and qc_name else None
    except (RuntimeError, AttributeError) as error:
        raise ProductError(entry.path, FIELD, unopened(entry.path, error), WHAT) from error
    if codes is None or codes.dtype != np.uint8:
        raise ProductError(entry.path, FIELD, f"data of type {getattr(codes, 'dtype', None)}", "8-bit codes")
    data = {"lai_class": codes}
    if quality is not None and qc:
        data["lai_qc"] = quality
    x, y = x[column], y[row]
    if not sinusoidal:
        return Arrays(y, x, data)
    dims: dict[str, tuple[str, ...]] = dict.fromkeys(data, ("y", "x"))
    return Arrays(np.zeros(0), np.zeros(0), data, {"crs": crs}, {}, dims, {"x": x, "y": y})


def _beside(path: str) -> str | None:
    """The file with the quality that AppEEARS exports along with a GeoTIFF of leaf area index; None if it is not there."""
    own = Path(path)
    found = own.with_name(own.name.replace(FIELD, QC_FIELD))
    return str(found) if found != own and found.is_file() else None


def _quality(gdal: Any, entry: Entry, name: str, raster: Any, size: tuple[int, int, int, int]) -> np.ndarray:
    """The quality of the same pixels: ``size`` is first column, first row, columns and rows of ``raster``."""
    found = gdal.Open(name)
    if (found.RasterXSize, found.RasterYSize) != (raster.RasterXSize, raster.RasterYSize):
        shape = f"{found.RasterYSize} x {found.RasterXSize} pixels"
        raise ProductError(entry.path, QC_FIELD, shape, f"{raster.RasterYSize} x {raster.RasterXSize}, as the leaf area index has")
    return found.ReadAsArray(*size)


#: Radius of the sphere of MODIS's sinusoidal projection and side of a tile (m); pixels along a side.
SPHERE, SIDE = 6371007.181, 1111950.519667
PIXELS = 2400


def _check_date(entry: Entry, dataset: Any) -> None:
    """Raise ``ProductError`` if the first day in an HDF4-EOS tile's metadata, where they have it, is not the date in the name."""
    text = (dataset.GetMetadataItem("RANGEBEGINNINGDATE") or "").strip() if dataset else ""
    try:
        inside = datetime.date.fromisoformat(text)
    except ValueError:
        return
    if inside != entry.date:
        raise ProductError(entry.path, "RANGEBEGINNINGDATE", str(inside), f"{entry.date}, as the name says")


def _check_place(entry: Entry, transform: tuple[float, ...]) -> None:
    """Raise ``ProductError`` unless a tile lies where its name says, to half a pixel."""
    across, down = int(entry.tile[1:3]), int(entry.tile[4:6])
    corner, pixel = ((across - 18) * SIDE, (9 - down) * SIDE), SIDE / PIXELS
    found = (transform[0], transform[3], transform[1], -transform[5])
    if max(abs(found[0] - corner[0]), abs(found[1] - corner[1])) > pixel / 2 or max(abs(v / pixel - 1.0) for v in found[2:]) > 1e-3:
        where = f"a corner at {found[0]:.0f}, {found[1]:.0f} m and pixels of {found[2]:g} x {found[3]:g} m"
        raise ProductError(entry.path, FIELD, where, f"the corner of {entry.tile} at {corner[0]:.0f}, {corner[1]:.0f} m, {pixel:.3f} m")


def _rotation(transform: tuple[float, ...]) -> str:
    return "not rotated" if transform[2] == transform[4] == 0.0 else "rotated"


def _is_geographic(crs: str) -> bool:
    """Whether the coordinates of a reference system (WKT) are longitude and latitude."""
    from osgeo import osr

    return bool(crs) and bool(osr.SpatialReference(crs).IsGeographic())


def _tile_window(x: np.ndarray, y: np.ndarray, window: Window | None) -> tuple[slice, slice]:
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


def _appeears_netcdf(entry: Entry, window: Window | None, qc: bool) -> Arrays:
    """All times and rows of an AppEEARS NetCDF export."""
    with _Export(entry, window) as export:
        return export.read(export.rows, qc)


def appeears_blocks(entry: Entry, window: Window | None, qc: bool, largest: int = 2**25) -> Iterator[Arrays]:
    """Yield an AppEEARS NetCDF export in blocks of rows with all times, of about ``largest`` pixels at most (rows x columns x times).

    Blocks end where the file's chunks end, so that each chunk is decoded once.
    """
    with no_surprise(entry.path, WHAT), _Export(entry, window) as export:
        rows, step = export.rows, max(1, largest // max(1, export.time.size * (export.columns.stop - export.columns.start)))
        chunk = export.chunk_rows
        step = max(2, max(chunk, step // chunk * chunk) if chunk <= 4 * step else step)
        first = rows.start
        while first < rows.stop:
            last = min(rows.stop, (first // step + 1) * step)
            last = rows.stop if rows.stop - last < 2 else last  # a block of one row would not tell the distance between rows
            yield export.read(slice(first, last), qc)
            first = last


class _Export:
    """An open AppEEARS NetCDF export: its axes, and the ``rows`` and ``columns`` that ``window`` needs. A context manager."""

    _source: Source
    time: np.ndarray
    lat: np.ndarray
    lon: np.ndarray
    rows: slice
    columns: slice

    def __init__(self, entry: Entry, window: Window | None):
        self.entry, self.window = entry, window

    def __enter__(self) -> _Export:
        store.examine(self.entry.path, WHAT, lambda found, expected: ProductError(self.entry.path, None, found, expected))
        self._opened = opened(self.entry.path, WHAT + " from AppEEARS")
        self._source = self._opened.__enter__()
        try:
            self._begin()
        except BaseException as error:
            self.__exit__(type(error), error, None)
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self._opened.__exit__(None, None, None)

    def _begin(self) -> None:
        """Read and check the axes and how the field is stored. Raises ``ProductError``."""
        source, entry = self._source, self.entry
        names = source.names()
        for name in ("lat", "lon", "time", FIELD):
            if name not in names:
                raise ProductError(
                    entry.path, name, f"variables {', '.join(names[:8]) or 'none'}", "an AppEEARS export with lat, lon, time and Lai_500m"
                )
        self.lat, self.lon = source.axis("lat", 90.0), source.axis("lon", 360.0)
        time_array = source.open("time")
        unit = time_array.GetUnit() or str(source.attribute(time_array, "units", ""))
        match = re.match(r"\s*days since (\d{4}-\d{2}-\d{2})", unit)
        days = source.values(time_array, "time")
        days = days.astype(float) if days.dtype.kind in "iuf" else np.full(1, np.nan)
        if not match or not np.isfinite(days).all() or (np.abs(days) > 1e6).any():
            raise ProductError(entry.path, "time", f"times in '{unit}'", "days since a date")
        self.time = np.datetime64(match.group(1), "D") + np.round(days).astype("timedelta64[D]")
        self._field = source.open(FIELD)
        source.check_shape(self._field, FIELD, (self.time.size, self.lat.size, self.lon.size))
        scale, offset = source.packing(self._field, FIELD)
        if offset != 0.0 or (scale not in (1.0, SCALE) and abs(scale / SCALE - 1.0) > 1e-5):
            raise ProductError(entry.path, FIELD, f"a scale factor of {scale:g} and an offset of {offset:g}", "0.1 and 0")
        self.rows, self.columns = window_of(self.lat, self.lon, self.window, margin=1)

    @property
    def chunk_rows(self) -> int:
        """Rows in a chunk of the file; 1 if the file is not chunked."""
        sizes = self._field.GetBlockSize()
        return int(sizes[1]) if len(sizes) == 3 and sizes[1] > 0 else 1

    def read(self, rows: slice, qc: bool) -> Arrays:
        """``lai_class`` (time, lat, lon) of some rows, and ``lai_qc`` if ``qc`` and if the file has it."""
        source, times = self._source, slice(0, self.time.size)
        raw = source.values(self._field, FIELD, times, rows, self.columns)
        data = {"lai_class": _codes(raw, SCALE, self.entry)}
        if qc and QC_FIELD in source.names():
            array = source.open(QC_FIELD)
            source.check_shape(array, QC_FIELD, (self.time.size, self.lat.size, self.lon.size))
            quality = source.values(array, QC_FIELD, times, rows, self.columns)
            data["lai_qc"] = np.where((quality < 0) | (quality > 255), 255, quality).astype(np.uint8)
        dims: dict[str, tuple[str, ...]] = dict.fromkeys(data, ("time", "lat", "lon"))
        return Arrays(self.lat[rows], self.lon[self.columns], data, {}, {}, dims, {"time": self.time})


def _codes(raw: np.ndarray, scale: float, entry: Entry) -> np.ndarray:
    """The product's 8-bit codes from an AppEEARS variable: integers are codes, floats are codes times ``scale``."""
    if raw.dtype.kind in "iu":
        return np.where((raw < 0) | (raw > 255), 255, raw).astype(np.uint8)
    if raw.dtype.kind != "f":
        raise ProductError(entry.path, FIELD, f"data of type {raw.dtype}", "8-bit codes")
    codes = np.round(np.where(np.isfinite(raw), raw, 255 * scale) / scale)
    return np.where((codes < 0) | (codes > 255), 255, codes).astype(np.uint8)
