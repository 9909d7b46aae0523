"""Cuts subsets out of whole product files, each as one of the archives' tools documents that it does."""

from __future__ import annotations

import datetime
from pathlib import Path

import h5py
import netCDF4
import numpy as np
from osgeo import gdal, osr

from annsm_plugin.core.products.readers import ease

AM = "Soil_Moisture_Retrieval_Data_AM"


def place(region, grid=ease.SMAP_36KM):
    """Rows and columns (indices) of the pixels that a region (west, south, east, north) touches; columns may run on over the dateline."""
    lat, lon = ease.centres(*grid)
    west, south, east, north = region
    rows = np.flatnonzero((lat > south - 0.5) & (lat < north + 0.5))
    turned = np.mod(lon - west + 0.5, 360.0)
    columns = np.flatnonzero(turned < east - west + 1.0)
    return rows, columns[np.argsort(turned[columns])]


def complete(path, seed=0):
    """Adds to a file of SMAP what the real ones have beside: indices of pixels and coordinates, missing off the swaths; and the release."""
    with h5py.File(path, "r+") as file:
        for name in [g for g in file if g.startswith("Soil_Moisture")]:
            group, end = file[name], "_pm" if name.endswith("_PM") else ""
            shape = group["soil_moisture" + end].shape
            seen = group["tb_time_seconds" + end][...] > 0
            lat, lon = ease.centres(*shape)
            fields = {
                "latitude": (np.broadcast_to(lat[:, None], shape), "f4", -9999.0),
                "longitude": (np.broadcast_to(lon[None, :], shape), "f4", -9999.0),
                "EASE_row_index": (np.arange(shape[0])[:, None] + np.zeros(shape), "u2", 65534),
                "EASE_column_index": (np.arange(shape[1])[None, :] + np.zeros(shape), "u2", 65534),
            }
            for field, (values, kind, fill) in fields.items():
                if field + end in group:
                    del group[field + end]
                put = group.create_dataset(field + end, data=np.where(seen, values, fill).astype(kind), compression="gzip")
                put.attrs["_FillValue"] = np.array(fill, kind)
        about = file.require_group("Metadata/DatasetIdentification")
        about.attrs["fileName"] = path.name
    return path


def variables(path):
    """Name with its group -> (values, fill) of all fields of a file of SMAP."""
    with h5py.File(path) as file:
        found = {}
        for group in (g for g in file if g.startswith("Soil_Moisture")):
            for name, data in file[group].items():
                fill = data.attrs.get("_FillValue", np.array(65534 if data.dtype.kind == "u" else -9999.0, data.dtype))
                found[group, name] = data[...], fill
    return found


def harmony(path, folder, region, keep=None, *, flat=False, coordinates=True, name=None):
    """NetCDF-4 from Harmony and OPeNDAP: rows and columns cut, groups kept (or their names drawn into those of the variables).

    A region over the dateline comes with all columns, those outside the region filled.
    """
    rows, columns = place(region)
    every = (np.diff(columns) != 1).any()
    target = folder / (name or path.name.replace(".h5", "_subsetted.nc4"))
    with netCDF4.Dataset(target, "w") as out:
        wide = np.arange(964) if every else columns
        out.createDimension("dim_rows", rows.size)
        out.createDimension("dim_columns", wide.size)
        for (group, field), (values, fill) in variables(path).items():
            plain = field.removesuffix("_pm")
            if (keep and plain not in keep) or (
                not coordinates and plain in ("latitude", "longitude", "EASE_row_index", "EASE_column_index")
            ):
                continue
            cut = values[np.ix_(rows, wide)]
            if every:
                cut = np.where(np.isin(wide, columns)[None, :], cut, fill).astype(values.dtype)
            holder = out if flat else out.createGroup(group)
            put = holder.createVariable(f"{group}_{field}" if flat else field, values.dtype, ("dim_rows", "dim_columns"), fill_value=fill)
            put.set_auto_mask(False)
            put[:] = cut
        out.setncattr("short_name", "SPL3SMP")
    return target


def opendap(path, folder, region, keep):
    """What Hyrax returns for a constraint: the fields asked for alone, their place said in the history only."""
    rows, columns = place(region)
    target = harmony(path, folder, region, keep, coordinates=False, name=path.name.replace(".h5", ".dap.nc4"))
    said = f"[{rows[0]}:{rows[-1]}][{columns[0]}:{columns[-1]}]"
    with netCDF4.Dataset(target, "r+") as out:
        out.history = f"2025-03-03 20:49:33 GMT hyrax dap4.ce=/{AM}/soil_moisture{said};/{AM}/tb_time_seconds{said}".replace("/", "%2F")
    return target


def heg(path, folder, region, *, corners=False):
    """NetCDF from NSIDC's HEG tool: groups kept, x and y beside (or the corners alone, as HDF-EOS writes them)."""
    rows, columns = place(region)
    target = harmony(path, folder, region, coordinates=False, name=path.name.replace(".h5", "_HEGOUT.nc"))
    pixel = 2 * ease.HALF_WIDTH / 964
    every = (np.diff(columns) != 1).any()
    columns = np.arange(964) if every else columns
    with netCDF4.Dataset(target, "r+") as out:
        if corners:
            left, top = -ease.HALF_WIDTH + columns[0] * pixel, (203 - rows[0]) * pixel
            right, bottom = left + columns.size * pixel, top - rows.size * pixel
            out.setncattr("StructMetadata.0", f"UpperLeftPointMtrs=({left:.6f},{top:.6f})\nLowerRightMtrs=({right:.6f},{bottom:.6f})\n")
        else:
            out.createVariable("x", "f8", ("dim_columns",))[:] = -ease.HALF_WIDTH + (columns + 0.5) * pixel
            out.createVariable("y", "f8", ("dim_rows",))[:] = (202.5 - rows) * pixel
    return target


def cut_hdf5(path, folder, region, *, turned=False):
    """HDF5 cut by a user's own script: whole groups, rows and columns of the region, the dateline crossed; ``turned``: south first."""
    rows, columns = place(region)
    target = folder / path.name.replace(".h5", "_cut.h5")
    with h5py.File(target, "w") as out:
        for (group, field), (values, fill) in variables(path).items():
            data = values[np.ix_(rows[::-1] if turned else rows, columns)]
            out.create_dataset(f"{group}/{field}", data=data).attrs["_FillValue"] = fill
    return target


#: Steps in degrees of the longitudes and latitudes of AppEEARS's exports of SMAP: finer than the pixels, so that none is left out.
STEP = 0.25


def nearest(region, grid=ease.SMAP_36KM):
    """Latitudes and longitudes of an export in geographic projection, and the row and column of the pixel that each is copied from."""
    west, south, east, north = region
    lat = np.arange(north + 1 - STEP / 2, south - 1, -STEP)
    lon = np.arange(west - 1 + STEP / 2, east + 1, STEP)
    return lat, lon, np.round(ease.row_of(lat, *grid)).astype(int), np.round(ease.column_of(lon, grid[1])).astype(int) % grid[1]


def appeears_netcdf(paths, folder, region, *, times=True):
    """AppEEARS's NetCDF of several days: (time, lat, lon), group names drawn into those of the variables, nearest pixels copied."""
    lat, lon, rows, columns = nearest(region)
    target = folder / "SPL3SMP.009_36km_aid0001.nc"
    with netCDF4.Dataset(target, "w") as out:
        for name, axis in (("lat", lat), ("lon", lon)):
            out.createDimension(name, axis.size)
            out.createVariable(name, "f8", (name,))[:] = axis
        out.createDimension("time", len(paths))
        time = out.createVariable("time", "i4", ("time",))
        time.units, time.calendar = "days since 2000-01-01 00:00:00", "julian"
        for number, path in enumerate(paths):
            day = datetime.datetime.strptime(path.name.split("_")[4], "%Y%m%d").date()
            time[number] = (day - datetime.date(2000, 1, 1)).days
            for (group, field), (values, fill) in variables(path).items():
                if field.removesuffix("_pm") not in ("soil_moisture", "retrieval_qual_flag", *(["tb_time_seconds"] if times else [])):
                    continue
                stored = f"{group}_{field}"
                if not number:
                    out.createVariable(stored, values.dtype, ("time", "lat", "lon"), fill_value=fill).set_auto_mask(False)
                out[stored][number] = values[np.ix_(rows, columns)]
    return target


def appeears_layers(path, folder, region, *, times=True):
    """AppEEARS's GeoTIFFs of one day, one for each layer."""
    lat, lon, rows, columns = nearest(region)
    date = datetime.datetime.strptime(path.name.split("_")[4], "%Y%m%d")
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(4326)
    made = []
    for (group, field), (values, fill) in variables(path).items():
        if field.removesuffix("_pm") not in ("soil_moisture", "retrieval_qual_flag", *(["tb_time_seconds"] if times else [])):
            continue
        target = folder / f"SPL3SMP.009_{group}_{field}_doy{date:%Y%j}000000_aid0001.tif"
        kind = {"f4": gdal.GDT_Float32, "f8": gdal.GDT_Float64, "u2": gdal.GDT_UInt16}[values.dtype.str[1:]]
        data = gdal.GetDriverByName("GTiff").Create(str(target), lon.size, lat.size, 1, kind)
        data.SetGeoTransform((lon[0] - STEP / 2, STEP, 0, lat[0] + STEP / 2, 0, -STEP))
        data.SetProjection(srs.ExportToWkt())
        data.GetRasterBand(1).SetNoDataValue(float(fill))
        data.GetRasterBand(1).WriteArray(values[np.ix_(rows, columns)])
        data = None
        made.append(target)
    return made


def gldas(path, folder, region, names, *, called=None):
    """A subset from GES DISC: some variables, the cells of a region; over the dateline as two windows, one file each."""
    west, south, east, north = region
    windows = [(west, east)] if east <= 180 else [(west, 180.0), (-180.0, east - 360.0)]
    made = []
    for number, (left, right) in enumerate(windows):
        target = folder / f"{number}" / (called or path.name.replace(".nc4", ".nc4.SUB.nc4"))
        target.parent.mkdir(parents=True, exist_ok=True)
        with netCDF4.Dataset(path) as whole, netCDF4.Dataset(target, "w") as out:
            whole.set_auto_mask(False)
            lat, lon = whole["lat"][:], whole["lon"][:]
            rows, columns = np.flatnonzero((lat > south) & (lat < north)), np.flatnonzero((lon > left) & (lon < right))
            for name, size in (("time", 1), ("lat", rows.size), ("lon", columns.size)):
                out.createDimension(name, size)
            out.createVariable("time", "f8", ("time",))[:] = whole["time"][:]
            out["time"].units = whole["time"].units
            out.createVariable("lat", "f4", ("lat",))[:] = lat[rows]
            out.createVariable("lon", "f4", ("lon",))[:] = lon[columns]
            for name in names:
                put = out.createVariable(name, "f4", ("time", "lat", "lon"), fill_value=np.float32(-9999.0))
                put.units = whole[name].units
                put[:] = whole[name][:, rows, columns]
        made.append(target)
    return made


def renamed(path: Path, name: str) -> Path:
    """The file under another name."""
    return path.rename(path.with_name(name))
