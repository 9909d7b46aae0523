"""How results reach the disk: whole or not at all, with provenance, and resumable.

``atomic`` is the one way a file is written, ``Checkpoint`` the one way a long run remembers what it has,
``GridWriter`` the one way a gridded NetCDF comes into being, ``open_grid`` the one way it is read.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .. import __version__
from . import libraries
from .errors import AnnsmError, CubeError, ParameterError
from .grid import STEP, Grid
from .libraries import load
from .paths import PathLike
from .variables import Variable, describe

#: Chunks (time, lat, lon) that serve both a map and one cell's series: of 19 years, a series decodes 10 MB.
CHUNKS = (64, 15, 25)

#: Rows and columns that are worked on together: whole chunks.
TILE = (60, 50)

EPOCH = "days since 2000-01-01"
_EPOCH = np.datetime64("2000-01-01", "D")


def check_output(path: PathLike, *extensions: str) -> Path:
    """The output path, if it can be written: right extension, existing folder. Raises ``ParameterError``."""
    path = Path(path)
    if extensions and path.suffix.lower() not in extensions:
        raise ParameterError(f"The output {path} must end in {' or '.join(extensions)}; it ends in '{path.suffix}'.")
    if path.is_dir():
        raise ParameterError(f"The output {path} is a folder; expected the name of a file.")
    if not path.parent.is_dir():
        raise ParameterError(f"The folder of the output {path} does not exist.")
    if not os.access(path.parent, os.W_OK):
        raise ParameterError(f"The folder of the output {path} cannot be written to.")
    return path


@contextlib.contextmanager
def atomic(path: PathLike) -> Any:
    """Give a temporary name beside ``path``; rename it to ``path`` when the block ends well, remove it otherwise.

    Leftovers of killed runs for the same output are removed first. If the rename is refused (Windows, when a layer holds
    the old file), the finished temporary file is kept and named in the error.
    """
    path = Path(path)
    for leftover in path.parent.glob(f".{_glob_escape(path.name)}.part-*"):
        _remove(leftover)
    part = path.with_name(f".{path.name}.part-{os.getpid()}{path.suffix}")
    try:
        yield part
    except BaseException:
        _remove(part)
        raise
    try:
        part.replace(path)
    except PermissionError as error:
        kept = path.with_name(f"{path.stem}-finished{path.suffix}")
        with contextlib.suppress(OSError):
            part.replace(kept)
            part = kept
        raise AnnsmError(
            f"{path} is held open by another program (a layer in QGIS?), so it could not be replaced. "
            f"The finished result is in {part}: remove the layer and rename the file, or choose another output."
        ) from error


def _glob_escape(name: str) -> str:
    return "".join(f"[{c}]" if c in "*?[" else c for c in name)


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


class Checkpoint:
    """Finished blocks of a long run, kept beside its output until the output is whole.

    ``settings`` (JSON-ready) names everything that the blocks depend on; blocks of other settings are thrown away. Blocks
    are plain arrays (npz without pickle). A block cut off while it was written does not count as finished.
    """

    def __init__(self, output: PathLike, settings: dict) -> None:
        output = Path(output)
        self.folder = output.with_name(f".{output.name}.resume")
        key = hashlib.sha256(json.dumps(settings, sort_keys=True, default=str).encode()).hexdigest()
        stamp = self.folder / "settings.sha256"
        if self.folder.exists() and not (stamp.is_file() and stamp.read_text() == key):
            _remove(self.folder)
        self.folder.mkdir(exist_ok=True)
        stamp.write_text(key)

    def load(self, block: str) -> dict[str, np.ndarray] | None:
        """The arrays of a finished block, or None."""
        path = self.folder / f"{block}.npz"
        try:
            with np.load(path, allow_pickle=False) as arrays:
                return {name: arrays[name] for name in arrays.files}
        except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile):
            return None

    def save(self, block: str, **arrays: np.ndarray) -> None:
        """Keep a finished block."""
        with atomic(self.folder / f"{block}.npz") as part, open(part, "wb") as file:
            np.savez(file, **arrays)

    def count(self) -> int:
        """How many finished blocks there are."""
        return sum(1 for p in self.folder.glob("*.npz") if not p.name.startswith("."))

    def clear(self) -> None:
        """Forget everything; called when the output is whole."""
        _remove(self.folder)


def fingerprint(path: PathLike) -> list:
    """What tells one state of an input file from another: name, size, modification time (ns)."""
    status = Path(path).stat()
    return [str(path), status.st_size, status.st_mtime_ns]


def history(step: str) -> str:
    """One line for the ``history`` attribute."""
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"{now} ANN-SM for QGIS {__version__}: {step}"


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
        per_day: Any = ("sensor",),
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
        netcdf = load("netCDF4")
        try:
            part = self._stack.enter_context(atomic(self.path))
            self.file = netcdf.Dataset(str(part), "w", format="NETCDF4")
            self._stack.callback(self._close)
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
        """What has been put of a variable with the dimensions time, lat, lon, as it is stored: missing values are its ``fill``."""
        self.file[name].set_auto_maskandscale(False)
        return np.asarray(self.file[name][(days, *cells)])

    def attribute(self, name: str, value: Any) -> None:
        """Set a global attribute that is known only at the end."""
        self.file.setncattr(name, value)

    def _close(self) -> None:
        if self.file.isopen():
            self.file.close()

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
        attributes: dict[str, object] = {"long_name": variable.long_name, "units": variable.units, "grid_mapping": "crs"}
        if variable.standard_name:
            attributes["standard_name"] = variable.standard_name
        attributes.update(dict(variable.attributes))
        created.setncatts(attributes)


WGS84 = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
    'AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,'
    'AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]'
)


def open_grid(path: PathLike, *, kind: str, needs: Any = ()) -> Any:
    """Open a cube or ANN-SM file lazily as an xarray.Dataset (missing values NaN, ``time`` datetime64).

    ``kind`` is how the file is called in errors ("cube", "ANN-SM file"); ``needs`` names the variables that must be there.
    Raises ``CubeError`` if the file is missing, unreadable, or lacks a dimension or variable. Use as a context manager.
    """
    path = Path(path)
    if not path.is_file():
        raise CubeError(path, "no such file", f"a {kind} (NetCDF)")
    xarray = load("xarray")
    load("netCDF4")
    try:
        data = xarray.open_dataset(path, engine="netcdf4", decode_coords="all")
    except Exception as error:  # the backend raises many kinds; the message says which
        raise CubeError(path, f"a file that does not open as NetCDF ({error})", f"a {kind}") from error
    try:
        for dimension in ("time", "lat", "lon"):
            if dimension not in data.dims:
                raise CubeError(path, f"dimensions {', '.join(map(str, data.dims)) or 'none'}", f"a {kind} with time, lat, lon")
        for name in needs:
            if name not in data.variables:
                raise CubeError(path, f"variables {', '.join(map(str, data.data_vars))}", f"a {kind} with '{name}'")
        for name in ("lat", "lon"):
            steps = np.diff(data[name].values)
            if not (np.all(steps > 0) or np.all(steps < 0)):
                raise CubeError(path, f"'{name}' that is not monotonic", f"a {kind} with monotonic coordinates")
        if not np.issubdtype(data["time"].dtype, np.datetime64):
            raise CubeError(path, f"a time of type {data['time'].dtype}", f"a {kind} with dates")
    except BaseException:
        data.close()
        raise
    return data


def grid_of(data: Any) -> Grid:
    """The ``Grid`` of an open cube or ANN-SM file that is stored north first, as ``GridWriter`` does."""
    lat, lon = data["lat"].values, data["lon"].values
    return Grid(np.asarray(lat, float), np.asarray(lon, float))


def write_raster(
    path: PathLike,
    values: np.ndarray | Sequence[np.ndarray],
    grid: Grid,
    *,
    bands: Sequence[str] = ("",),
    units: str = "",
    nodata: float = -9999.0,
) -> Path:
    """Write (rows, columns) or (bands, rows, columns) ``values``, NaN = missing, as a GeoTIFF in EPSG:4326, atomically.

    ``bands`` are the bands' descriptions.
    """
    from osgeo import gdal

    values = np.asarray(values, dtype="float32")
    if values.ndim == 2:
        values = values[np.newaxis]
    with atomic(path) as part, gdal_errors():
        raster = gdal.GetDriverByName("GTiff").Create(
            str(part), values.shape[2], values.shape[1], values.shape[0], gdal.GDT_Float32, ["COMPRESS=DEFLATE"]
        )
        west, _, _, north = grid.bounds
        raster.SetGeoTransform((west, STEP, 0.0, north, 0.0, -STEP))
        raster.SetProjection(WGS84)
        for number, layer in enumerate(values, start=1):
            band = raster.GetRasterBand(number)
            band.SetNoDataValue(nodata)
            band.SetDescription(bands[number - 1] if number <= len(bands) else "")
            band.SetUnitType(units)
            data = np.where(np.isfinite(layer), layer, nodata).astype("float32")
            band.WriteRaster(0, 0, values.shape[2], values.shape[1], data.tobytes())
            band.FlushCache()
        band = None
        raster = None
    return Path(path)


@contextlib.contextmanager
def gdal_errors() -> Any:
    """Let GDAL raise exceptions inside the block, whatever the process has chosen."""
    from osgeo import gdal

    libraries.quiet_hdf5()
    used = gdal.GetUseExceptions()
    gdal.UseExceptions()
    try:
        yield
    finally:
        if not used:
            gdal.DontUseExceptions()


def write_text(path: PathLike, text: str) -> Path:
    """Write a text file (UTF-8) atomically."""
    with atomic(path) as part:
        part.write_text(text, encoding="utf-8")
    return Path(path)


def write_json(path: PathLike, content: Any) -> Path:
    """Write JSON atomically."""
    return write_text(path, json.dumps(content, indent=2, default=str) + "\n")
