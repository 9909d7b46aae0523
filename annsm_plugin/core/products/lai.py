"""MODIS leaf area index MCD15A2H, MOD15A2H, MYD15A2H: sinusoidal HDF4-EOS tiles and AppEEARS exports (NetCDF, GeoTIFF)."""

from __future__ import annotations

import re

import numpy as np

from ..errors import ProductError
from .access import Arrays, check_file, opened, quiet_gdal, window_of
from .naming import Entry

WHAT = "MODIS LAI (MCD15A2H, MOD15A2H or MYD15A2H)"
FIELD, QC_FIELD = "Lai_500m", "FparLai_QC"
SCALE, LARGEST = 0.1, 100


def read(entry: Entry, window=None, variables=None) -> Arrays:
    """``lai`` (m2 m-2, NaN where there is no value), ``lai_class`` (uint8 codes as stored, 249-255 where not a value) and ``lai_qc``.

    A tile has the dims (y, x), ``coords`` x and y (m, sinusoidal) and the attribute ``crs`` (WKT); an AppEEARS NetCDF (time, lat, lon)
    with the coordinate ``time`` (datetime64[D]); an AppEEARS GeoTIFF (lat, lon). ``variables`` without "lai_qc" spares reading it.
    """
    qc = variables is None or "lai_qc" in variables
    name = entry.path.lower()
    if name.endswith(".nc"):
        return _appeears_netcdf(entry, window, qc)
    check_file(entry.path, WHAT)
    with quiet_gdal() as gdal:
        return _raster(gdal, entry, window, qc, tile=name.endswith(".hdf"))


def good_quality(qc: np.ndarray) -> np.ndarray:
    """bool of ``FparLai_QC``: main algorithm (SCF_QC 0 or 1) and no cloud (cloud state 0 or 3)."""
    qc = qc.astype(np.uint8)
    cloud, scf = (qc >> 3) & 3, qc >> 5
    return (scf <= 1) & ((cloud == 0) | (cloud == 3))


def _values(codes: np.ndarray) -> np.ndarray:
    return np.where(codes <= LARGEST, codes * np.float32(SCALE), np.float32(np.nan)).astype(np.float32)


def _raster(gdal, entry, window, qc, tile):
    fields = {FIELD: None, QC_FIELD: None}
    try:
        if tile:
            dataset = gdal.Open(str(entry.path))
            for name, _ in dataset.GetSubDatasets() if dataset else []:
                field = name.rsplit(":", 1)[-1].strip('"')
                if field in fields:
                    fields[field] = name
        else:
            fields[FIELD] = str(entry.path)
        if fields[FIELD] is None:
            raise ProductError(entry.path, FIELD, "no such field", WHAT)
        raster = gdal.Open(fields[FIELD])
        transform, crs = raster.GetGeoTransform(), raster.GetProjection()
        columns, rows = raster.RasterXSize, raster.RasterYSize
        if tile and (columns, rows) != (2400, 2400):
            raise ProductError(entry.path, FIELD, f"{rows} x {columns} pixels", "2400 x 2400")
        x = transform[0] + (np.arange(columns) + 0.5) * transform[1]
        y = transform[3] + (np.arange(rows) + 0.5) * transform[5]
        row, column = _tile_window(x, y, window) if tile else window_of(y, x, window, margin=1)
        size = (column.start, row.start, column.stop - column.start, row.stop - row.start)
        if not size[2] or not size[3]:
            codes, quality = (np.zeros((size[3], size[2]), np.uint8) for _ in range(2))
        else:
            codes = raster.ReadAsArray(*size)
            quality = gdal.Open(fields[QC_FIELD]).ReadAsArray(*size) if qc and fields[QC_FIELD] else None
    except (RuntimeError, AttributeError) as error:
        raise ProductError(entry.path, FIELD, f"a file that does not open ({' '.join(str(error).split())[:160]})", WHAT) from error
    if codes is None or codes.dtype != np.uint8:
        raise ProductError(entry.path, FIELD, f"data of type {getattr(codes, 'dtype', None)}", "8-bit codes")
    data = {"lai": _values(codes), "lai_class": codes}
    if quality is not None and qc:
        data["lai_qc"] = quality
    x, y = x[column], y[row]
    if not tile:
        return Arrays(y, x, data, units={"lai": "m2 m-2"})
    dims = dict.fromkeys(data, ("y", "x"))
    return Arrays(np.zeros(0), np.zeros(0), data, {"crs": crs}, {"lai": "m2 m-2"}, dims, {"x": x, "y": y})


#: Radius of the MODIS sphere, m.
SPHERE = 6371007.181


def _tile_window(x, y, window) -> tuple[slice, slice]:
    """Rows and columns of a sinusoidal tile that can hold ``window``; x = R lon cos(lat), y = R lat."""
    if window is None:
        return slice(0, y.size), slice(0, x.size)
    west, south, east, north = window
    lat = np.degrees(y / SPHERE)
    row = np.flatnonzero((lat >= south - 0.01) & (lat <= north + 0.01))
    if not row.size:
        return slice(0, 0), slice(0, 0)
    row = slice(int(row[0]), int(row[-1]) + 1)
    lon = np.degrees(x / SPHERE)[None, :] / np.cos(np.radians(lat[row]))[:, None]
    column = np.flatnonzero(((np.mod(lon - west + 0.01, 360.0)) <= east - west + 0.02).any(axis=0))
    if not column.size:
        return slice(0, 0), slice(0, 0)
    return row, slice(int(column[0]), int(column[-1]) + 1)


def _appeears_netcdf(entry, window, qc):
    with opened(entry.path, WHAT + " from AppEEARS") as source:
        names = source.names()
        for name in ("lat", "lon", "time", FIELD):
            if name not in names:
                raise ProductError(
                    entry.path, name, f"variables {', '.join(names[:8]) or 'none'}", "an AppEEARS export with lat, lon, time and Lai_500m"
                )
        lat, lon = (source.values(source.open(n), n).astype(float) for n in ("lat", "lon"))
        time_array = source.open("time")
        unit = time_array.GetUnit() or str(source.attribute(time_array, "units", ""))
        match = re.match(r"\s*days since (\d{4}-\d{2}-\d{2})", unit)
        if not match:
            raise ProductError(entry.path, "time", f"the unit '{unit}'", "days since a date")
        days = source.values(time_array, "time").astype(float)
        time = np.datetime64(match.group(1), "D") + np.round(days).astype("timedelta64[D]")
        rows, columns = window_of(lat, lon, window, margin=1)
        data = {}
        array = source.open(FIELD)
        source.check_shape(array, FIELD, (time.size, lat.size, lon.size))
        raw = source.values(array, FIELD, slice(0, time.size), rows, columns)
        codes = _codes(raw, source.number(array, "scale_factor", array.GetScale() or SCALE))
        data["lai"], data["lai_class"] = _values(codes), codes
        if qc and QC_FIELD in names:
            quality = source.values(source.open(QC_FIELD), QC_FIELD, slice(0, time.size), rows, columns)
            data["lai_qc"] = np.where((quality < 0) | (quality > 255), 255, quality).astype(np.uint8)
    dims = dict.fromkeys(data, ("time", "lat", "lon"))
    return Arrays(lat[rows], lon[columns], data, {}, {"lai": "m2 m-2"}, dims, {"time": time})


def _codes(raw: np.ndarray, scale: float) -> np.ndarray:
    """The product's 8-bit codes from an AppEEARS variable: integers are codes, floats are LAI (fill codes then times the scale)."""
    if raw.dtype.kind in "iu":
        return np.where((raw < 0) | (raw > 255), 255, raw).astype(np.uint8)
    codes = np.round(np.where(np.isfinite(raw), raw, 255 * scale) / (scale or SCALE))
    return np.where((codes < 0) | (codes > 255), 255, codes).astype(np.uint8)
