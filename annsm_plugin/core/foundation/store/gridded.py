"""Gridded CF NetCDF files (time, lat, lon), written piece by piece."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import numpy as np

from ... import __version__
from ..grid import STEP, Grid
from ..libraries import load
from ..machine import check_memory
from ..paths import PathLike
from ..variables import PER_DAY, Variable, describe
from .whole import atomic, closed

#: Chunks (time, lat, lon) that serve both a map and one cell's series: of 19 years, a series decodes 10 MB.
CHUNKS = (64, 15, 25)

#: Rows and columns that are worked on together: whole chunks.
TILE = (60, 50)

#: How many chunks in a row of time are kept unpacked of each variable that is written, in all cells, if the library keeps as many: days
#: are written in such rows.
SLABS = 2

EPOCH = "days since 2000-01-01"
_EPOCH = np.datetime64("2000-01-01", "D")


WGS84 = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
    'AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,'
    'AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]'
)


class GridWriter:
    """Writes a gridded CF NetCDF file (time, lat, lon) piece by piece, atomically.

    ::

        with GridWriter(path, grid, dates, ["sm_gldas"], attributes) as out:
            out.put("sm_gldas", rows, values)          # days given by index or slice
            out.put("lai", days, values, cells=(slice(0, 10), slice(None)))

    ``variables``: names (described by ``variables.describe``) or (name, Variable) pairs; a name in ``per_day`` has the
    dimension time alone, a name in ``per_cell`` (lat, lon) alone. NaN is stored as ``_FillValue``. What was never put is missing.
    ``bounds`` (n, 2): first day of each period and first day after it, where ``dates`` stand for periods.
    """

    def __init__(
        self,
        path: PathLike,
        grid: Grid,
        dates: np.ndarray,
        variables: Any,
        attributes: dict[str, Any],
        *,
        per_day: Any = PER_DAY,
        per_cell: Any = (),
        bounds: np.ndarray | None = None,
    ) -> None:
        self.path = Path(path)
        self.grid = grid
        self.dates = np.asarray(dates, dtype="datetime64[D]")
        self.variables: dict[str, Variable] = dict(v if isinstance(v, tuple) else (v, describe(v)) for v in variables)
        self.attributes = attributes
        self._per_day, self._per_cell = set(per_day), set(per_cell)
        self.bounds = None if bounds is None else np.asarray(bounds, dtype="datetime64[D]")
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Any:
        check_memory()
        netcdf = load("netCDF4")
        try:
            part = self._stack.enter_context(atomic(self.path))
            self.part = Path(part)
            self.file = netcdf.Dataset(str(part), "w", format="NETCDF4")
            self._stack.enter_context(closed(self.file, self.part, self.path))
            self._define()
        except BaseException as error:
            self._stack.__exit__(type(error), error, error.__traceback__)
            raise
        return self

    def __exit__(self, *error: Any) -> Any:
        return self._stack.__exit__(*error)

    def put(self, name: str, days: np.ndarray, values: np.ndarray, cells: Any = (slice(None), slice(None))) -> None:
        """Store ``values`` of variable ``name`` for ``days`` (index, slice or increasing indices) and ``cells`` (row and column slices)."""
        variable = self.variables[name]
        values = np.asarray(values)
        if np.issubdtype(values.dtype, np.floating) and variable.fill is not None:
            values = np.where(np.isnan(values), variable.fill, values)
        values = values.astype(variable.dtype)
        if name in self._per_day:
            self.file[name][days] = values
        elif name in self._per_cell:
            self.file[name][cells] = values
        else:
            self.file[name][(days, *cells)] = values

    def stored(self, name: str, days: Any, cells: Any = (slice(None), slice(None))) -> np.ndarray:
        """What has been put of a variable with the dimension time, as it is stored: missing values are its ``fill``."""
        self.file[name].set_auto_maskandscale(False)
        if name in self._per_day:
            return np.asarray(self.file[name][days])
        return np.asarray(self.file[name][(days, *cells)])

    def attribute(self, name: str, value: Any) -> None:
        """Set a global attribute that is known only at the end."""
        self.file.setncattr(name, value)

    def _define(self) -> None:
        file, grid = self.file, self.grid
        file.set_auto_maskandscale(False)
        for name, size in (("time", self.dates.size), ("lat", grid.lat.size), ("lon", grid.lon.size)):
            file.createDimension(name, size)
        time = file.createVariable("time", "i4", ("time",))
        time.setncatts({"standard_name": "time", "long_name": "local date", "units": EPOCH, "calendar": "standard", "axis": "T"})
        time[:] = (self.dates - _EPOCH).astype("int32")
        if self.bounds is not None:
            time.setncattr("bounds", "time_bnds")
            file.createDimension("bnds", 2)
            file.createVariable("time_bnds", "i4", ("time", "bnds"))[:] = (self.bounds - _EPOCH).astype("int32")
        for name, values, axis, direction in (("lat", grid.lat, "Y", "north"), ("lon", grid.lon, "X", "east")):
            axis_variable = file.createVariable(name, "f8", (name,))
            long_name = {"lat": "latitude", "lon": "longitude"}[name]
            axis_variable.setncatts({"standard_name": long_name, "long_name": long_name, "units": f"degrees_{direction}", "axis": axis})
            axis_variable[:] = values
        crs = file.createVariable("crs", "i4", ())
        crs.setncatts(
            {
                "grid_mapping_name": "latitude_longitude",
                "long_name": "WGS 84",
                "semi_major_axis": 6378137.0,
                "inverse_flattening": 298.257223563,
                "longitude_of_prime_meridian": 0.0,
                "spatial_ref": WGS84,
                "GeoTransform": f"{grid.bounds[0]} {STEP} 0 {grid.bounds[3]} 0 {-STEP}",
            }
        )
        for name, variable in self.variables.items():
            self._define_variable(name, variable)
        file.setncatts({"Conventions": "CF-1.11", "software": f"ANN-SM for QGIS {__version__}"})
        file.setncatts(self.attributes)

    def _define_variable(self, name: str, variable: Variable) -> None:
        dims = ("time",) if name in self._per_day else ("lat", "lon") if name in self._per_cell else ("time", "lat", "lon")
        sizes = {"time": self.dates.size, "lat": self.grid.lat.size, "lon": self.grid.lon.size}
        chunk = dict(zip(("time", "lat", "lon"), CHUNKS))
        created = self.file.createVariable(
            name,
            variable.dtype,
            dims,
            zlib=True,
            complevel=1,
            shuffle=True,
            chunksizes=[max(1, min(chunk[d], sizes[d])) for d in dims],
            fill_value=variable.fill,
        )
        if len(dims) == 3:
            size, *rest = created.get_var_chunk_cache()
            created.set_var_chunk_cache(min(size, SLABS * CHUNKS[0] * sizes["lat"] * sizes["lon"] * created.dtype.itemsize), *rest)
        attributes: dict[str, object] = {"long_name": variable.long_name, "units": variable.units, "grid_mapping": "crs"}
        if variable.standard_name:
            attributes["standard_name"] = variable.standard_name
        attributes.update(dict(variable.attributes))
        created.setncatts(attributes)


def grid_of(data: Any) -> Grid:
    """The ``Grid`` of an open cube or ANN-SM file that is stored north first, as ``GridWriter`` does."""
    lat, lon = data["lat"].values, data["lon"].values
    return Grid(np.asarray(lat, float), np.asarray(lon, float))
