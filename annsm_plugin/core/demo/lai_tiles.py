"""Writes the MODIS LAI of the demo archive: MCD15A2H tiles (HDF4-EOS2), or an AppEEARS export if pyhdf is not installed."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ..foundation.grid import Grid
from ..foundation.libraries import available, load
from ..foundation.progress import Progress
from ..products.readers.lai import PIXELS, SIDE, SPHERE
from .formats import TITLE
from .scene import Scene


def composites(dates: np.ndarray) -> list[np.datetime64]:
    """First days of the 8-day composites that ``dates`` need; in each year the first one begins on 1 January."""
    first, last = dates[0] - 12, dates[-1] + 8
    starts = []
    for year in range(first.astype(object).year, last.astype(object).year + 1):
        january = np.datetime64(f"{year}-01-01", "D")
        starts += [january + 8 * k for k in range(46)]
    return [s for s in starts if first <= s <= last]


def write(
    folder: Path, dates: np.ndarray, wide: Grid, scene: Scene, rng: np.random.Generator, progress: Progress, tiles: bool = True
) -> None:
    """Write the composites that ``dates`` need: the LAI of each cell with noise between pixels, clouds, and code 253 for barren land.

    tiles: as the tiles of the archive; else as an AppEEARS export, which is much quicker for a large region.
    """
    starts = composites(dates)
    fields = []
    weather = scene.weather
    for start in starts:
        day = int((start.astype("datetime64[s]") - weather.start) / np.timedelta64(1, "D"))
        span = slice(max(0, day), max(1, min(weather.lai.shape[0], day + 8)))
        fields.append(weather.lai[span].mean(axis=0) if weather.lai[span].size else weather.lai[-1])
    if tiles is False or not available("pyhdf"):
        _appeears(folder, starts, fields, wide, scene, rng)
        return
    for tile in _tiles(wide):
        row, column, cell = _inside(tile, wide)
        noise = np.exp(0.12 * rng.standard_normal(row.size)).astype("float32")
        for start, field in zip(starts, fields):
            progress.check()
            codes, quality = (np.full((PIXELS, PIXELS), 255, "uint8") for _ in range(2))
            codes[row, column], quality[row, column] = _codes(field[cell] * noise, scene.land.barren[cell], rng)
            write_tile(folder / tile_name(start, tile), tile, codes, quality)


def _codes(lai: np.ndarray, barren: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """8-bit codes and quality bits of pixels; a tenth of them are cloudy, with a wrong LAI and the quality bit for clouds."""
    cloudy = rng.random(lai.size) < 0.1
    value = np.clip(np.rint(np.where(cloudy, 0.4 * lai, lai) / 0.1), 0, 100).astype("uint8")
    return np.where(barren, 253, value).astype("uint8"), np.where(cloudy, 0b00001000, 0).astype("uint8")


def tile_name(start: np.datetime64, tile: tuple[int, int]) -> str:
    """The file name of a composite's tile (h, v)."""
    date = start.astype(datetime.date)
    return f"MCD15A2H.A{date:%Y%j}.h{tile[0]:02d}v{tile[1]:02d}.061.{date:%Y%j}000000.hdf"


def _tiles(wide: Grid) -> list[tuple[int, int]]:
    """The MODIS tiles (h, v) that the wide region overlaps."""
    west, south, east, north = wide.bounds
    lat, lon = np.meshgrid(np.linspace(south, north, 30), np.linspace(west, east, 30), indexing="ij")
    h = np.floor((lon * np.cos(np.radians(lat)) + 180.0) / 10.0).astype(int)
    v = np.floor((90.0 - lat) / 10.0).astype(int)
    return sorted(set(zip(h.ravel().tolist(), v.ravel().tolist())))


def _inside(tile: tuple[int, int], wide: Grid) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows, columns and cell numbers of those pixels of a tile that lie in the wide region."""
    step = SIDE / PIXELS
    x = (tile[0] - 18) * SIDE + (np.arange(PIXELS) + 0.5) * step
    y = (9 - tile[1]) * SIDE - (np.arange(PIXELS) + 0.5) * step
    lat = np.degrees(y / SPHERE)
    west, south, east, north = wide.bounds
    rows = np.flatnonzero((lat > south) & (lat < north))
    lon = np.degrees(x / SPHERE)[None, :] / np.cos(np.radians(lat[rows]))[:, None]
    row, column = np.nonzero((lon > west) & (lon < east))
    cell_row = np.floor((north - lat[rows[row]]) / 0.25).astype(int)
    cell_column = np.floor((lon[row, column] - west) / 0.25).astype(int)
    return rows[row], column, cell_row * wide.lon.size + cell_column


_STRUCTURE = """GROUP=SwathStructure
END_GROUP=SwathStructure
GROUP=GridStructure
	GROUP=GRID_1
		GridName="{grid}"
		XDim=2400
		YDim=2400
		UpperLeftPointMtrs=({west:.6f},{north:.6f})
		LowerRightMtrs=({east:.6f},{south:.6f})
		Projection=GCTP_SNSOID
		ProjParams=(6371007.181000,0,0,0,0,0,0,0,0,0,0,0,0)
		SphereCode=-1
		GridOrigin=HDFE_GD_UL
		GROUP=Dimension
		END_GROUP=Dimension
		GROUP=DataField
{fields}		END_GROUP=DataField
		GROUP=MergedFields
		END_GROUP=MergedFields
	END_GROUP=GRID_1
END_GROUP=GridStructure
GROUP=PointStructure
END_GROUP=PointStructure
END
"""

_FIELD = """			OBJECT=DataField_{number}
				DataFieldName="{name}"
				DataType=DFNT_UINT8
				DimList=("YDim","XDim")
			END_OBJECT=DataField_{number}
"""

GRID_NAME = "MOD_Grid_MCD15A2H"


def write_tile(path: Path, tile: tuple[int, int], lai: np.ndarray, quality: np.ndarray) -> None:
    """Write an HDF4-EOS2 grid file with ``Lai_500m`` and ``FparLai_QC``, arrays of 2400 x 2400 8-bit codes."""
    load("pyhdf")
    from pyhdf import HDF, SD, VS, V  # noqa: F401 (V and VS add methods to HDF)

    fields = (("Lai_500m", lai, (249, 0.1, [0, 100])), ("FparLai_QC", quality, (255, 1.0, [0, 254])))
    west, north = (tile[0] - 18) * SIDE, (9 - tile[1]) * SIDE
    text = _STRUCTURE.format(
        grid=GRID_NAME,
        west=west,
        north=north,
        east=west + SIDE,
        south=north - SIDE,
        fields="".join(_FIELD.format(number=i + 1, name=f[0]) for i, f in enumerate(fields)),
    )
    sd = SD.SD(str(path), SD.SDC.WRITE | SD.SDC.CREATE | SD.SDC.TRUNC)
    references = []
    for name, values, (fill, scale, valid) in fields:
        data = sd.create(name, SD.SDC.UINT8, (PIXELS, PIXELS))
        data.dim(0).setname(f"YDim:{GRID_NAME}")
        data.dim(1).setname(f"XDim:{GRID_NAME}")
        data.setcompress(SD.SDC.COMP_DEFLATE, 1)
        data.attr("_FillValue").set(SD.SDC.UINT8, fill if name == "FparLai_QC" else 255)
        data.attr("scale_factor").set(SD.SDC.FLOAT64, scale)
        data.attr("add_offset").set(SD.SDC.FLOAT64, 0.0)
        data.attr("valid_range").set(SD.SDC.UINT8, valid)
        data[:] = values
        references.append(data.ref())
        data.endaccess()
    sd.attr("HDFEOSVersion").set(SD.SDC.CHAR, "HDFEOS_V2.19")
    sd.attr("StructMetadata.0").set(SD.SDC.CHAR, text)
    sd.attr("title").set(SD.SDC.CHAR, TITLE)
    sd.end()
    file = HDF.HDF(str(path), HDF.HC.WRITE)
    groups = file.vgstart()
    grid = groups.create(GRID_NAME)
    grid._class = "GRID"
    for name in ("Data Fields", "Grid Attributes"):
        inner = groups.create(name)
        inner._class = "GRID Vgroup"
        for reference in references if name == "Data Fields" else ():
            inner.add(HDF.HC.DFTAG_NDG, reference)
        grid.insert(inner)
        inner.detach()
    grid.detach()
    groups.end()
    file.close()


def _appeears(
    folder: Path, starts: Sequence[np.datetime64], fields: Sequence[np.ndarray], wide: Grid, scene: Scene, rng: np.random.Generator
) -> None:
    """Write all composites as one AppEEARS NetCDF export in longitude and latitude, with pixels of a tenth of a cell."""
    netcdf = load("netCDF4")
    fine = 10
    lat = wide.lat[0] + 0.125 - 0.25 / fine * (np.arange(wide.lat.size * fine) + 0.5)
    lon = wide.lon[0] - 0.125 + 0.25 / fine * (np.arange(wide.lon.size * fine) + 0.5)
    cell = (np.arange(lat.size)[:, None] // fine) * wide.lon.size + np.arange(lon.size) // fine
    with netcdf.Dataset(str(folder / f"MCD15A2H.061_500m_aid{starts[0].astype(int):04d}.nc"), "w") as file:
        file.set_auto_maskandscale(False)
        for name, size in (("time", len(starts)), ("lat", lat.size), ("lon", lon.size)):
            file.createDimension(name, size)
        time = file.createVariable("time", "i4", ("time",))
        time.units = "days since 2000-01-01 00:00:00"
        time[:] = [int((s - np.datetime64("2000-01-01")).astype(int)) for s in starts]
        for name, axis in (("lat", lat), ("lon", lon)):
            file.createVariable(name, "f8", (name,))[:] = axis
        lai = file.createVariable("Lai_500m", "i2", ("time", "lat", "lon"), zlib=True, fill_value=np.int16(255))
        lai.set_auto_maskandscale(False)
        lai.scale_factor = 0.1
        quality = file.createVariable("FparLai_QC", "i2", ("time", "lat", "lon"), zlib=True)
        for i, field in enumerate(fields):
            codes, bits = _codes(field[cell.ravel()], scene.land.barren[cell.ravel()], rng)
            lai[i], quality[i] = codes.reshape(cell.shape), bits.reshape(cell.shape)
        file.title = TITLE
