"""LAI on MODIS's sinusoidal grid and in time, by hand; extra predictors from rasters and NetCDF files."""

from __future__ import annotations

from types import SimpleNamespace

import matching_archive
import numpy as np
import pytest
from osgeo import gdal

from annsm_plugin.core import products
from annsm_plugin.core.foundation import store
from annsm_plugin.core.foundation.errors import ParameterError
from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.foundation.progress import Progress
from annsm_plugin.core.matching import extra, lai
from annsm_plugin.core.matching.composites.in_time import in_time
from annsm_plugin.core.matching.composites.pixels import Area, Bilinear, Tile
from annsm_plugin.core.products.readers.lai import SPHERE, exports
from annsm_plugin.core.study import data_parts

GRID = Grid.from_extent((89, 29, 91, 31))
PIXEL = SPHERE * np.pi / 18 / 2400


def _tile(h, v, function):
    """The sinusoidal tile with ``function(lat, lon)`` in its pixels, every fourth pixel kept for speed."""
    x = (h - 18) * 2400 * PIXEL + (np.arange(600) + 0.5) * 4 * PIXEL
    y = (9 - v) * 2400 * PIXEL - (np.arange(600) + 0.5) * 4 * PIXEL
    lat = np.degrees(y / SPHERE)[:, None]
    lon = np.degrees(x / SPHERE)[None, :] / np.cos(np.radians(lat))
    values = function(x[None, :], y[:, None], lat, lon).astype("float64")
    return Tile(x, y, True, np.arange(values.size).reshape(values.shape), values.ravel())


TILES = [(25, 5), (25, 6), (26, 5), (26, 6)]


def test_bilinear_is_exact_across_tile_edges():
    """30 N is the edge of tiles v05 and v06: a field linear in the grid's own metres comes out exactly."""
    gather = Bilinear(GRID)
    for h, v in TILES:
        gather.take(_tile(h, v, lambda x, y, lat, lon: 1.0 + x / 1e7 + y / 1e6), (h, v))
    lat, lon = np.radians(GRID.lat)[:, None], np.radians(GRID.lon)[None, :]
    expected = 1.0 + SPHERE * lon * np.cos(lat) / 1e7 + SPHERE * lat / 1e6
    assert gather.field() == pytest.approx(expected, abs=1e-5)


def test_area_mean_over_tiles():
    gather = Area(GRID, {})
    for h, v in TILES:
        gather.take(_tile(h, v, lambda x, y, lat, lon: np.where(lon < 90.0, lat, np.nan)), (h, v))
    field = gather.field()
    assert np.isnan(field[:, 4:]).all()
    assert field[:, :4] == pytest.approx(np.broadcast_to(GRID.lat[:, None], (8, 4)), abs=0.02)


def test_tiles_that_the_names_promise():
    entries = [products.entry(name) for name in ("MCD15A2H.A2016001.h25v05.061.1.hdf", "MCD15A2H.A2016001.H25V06.061.1.HDF")]
    assert lai.coverage(entries, Grid.from_extent((89, 29, 90, 31))).all()
    assert not lai.coverage(entries, Grid.from_extent((0, 0, 1, 1))).any()
    assert lai.coverage([products.entry("MCD15A2H.061_500m_aid0001.nc")], GRID) is None


def _series(method, days):
    starts = np.array(["2016-01-01", "2016-01-09", "2016-02-10"], dtype="datetime64[D]")
    fields = np.stack([np.full((1, 1), v) for v in (1.0, 3.0, 5.0)])
    wanted = np.array(days, dtype="datetime64[D]").astype(int)
    values, used = in_time(fields, (starts + lai.MIDDLE).astype(int), wanted, float(lai.REACH.astype(int)), method == "area")
    assert np.array_equal(used.any(axis=1), np.isfinite(values[:, 0, 0]))
    return values[:, 0, 0].tolist()


def test_composites_stand_at_start_plus_four_days():
    days = ["2016-01-05", "2016-01-07", "2016-01-09", "2016-01-10", "2016-01-13", "2016-01-25", "2016-01-27", "2016-02-02"]
    # Middles: 5 January (1), 13 January (3), 14 February (5); reach 12 days.
    assert _series("linear", days) == pytest.approx([1, 1, 3, 3, 3, 3, np.nan, 5], nan_ok=True)
    assert _series("area", days) == pytest.approx([1, 1.5, 2, 2.25, 3, 3, np.nan, 5], nan_ok=True)


def _raster(path, west, north, step, values, srs="EPSG:4326"):
    raster = gdal.GetDriverByName("GTiff").Create(str(path), values.shape[1], values.shape[0], 1, gdal.GDT_Float32)
    raster.SetGeoTransform((west, step, 0, north, 0, -step))
    from osgeo import osr

    reference = osr.SpatialReference()
    reference.SetFromUserInput(srs)
    raster.SetProjection(reference.ExportToWkt())
    raster.GetRasterBand(1).WriteRaster(0, 0, values.shape[1], values.shape[0], values.astype("float32").tobytes())
    raster.GetRasterBand(1).FlushCache()


def test_a_fine_raster_is_averaged(tmp_path):
    lat = 32 - 0.025 - 0.05 * np.arange(80)
    _raster(tmp_path / "Elevation (m).tif", 88.0, 32.0, 0.05, np.broadcast_to(lat[:, None], (80, 80)))
    (found,) = extra.check([tmp_path / "Elevation (m).tif"], ())
    assert (found.name, found.daily) == ("elevation_m", False)
    assert extra.static(found, GRID) == pytest.approx(np.broadcast_to(GRID.lat[:, None], GRID.shape), abs=1e-4)


def test_a_raster_for_a_region_across_the_dateline(tmp_path):
    lon = -180 + 0.5 + np.arange(360)
    _raster(tmp_path / "clay.tif", -180.0, 10.0, 1.0, np.broadcast_to(np.abs(lon)[None, :], (20, 360)))
    grid = Grid.from_extent((178, 0, 182, 1))
    values = extra.static(extra.check([tmp_path / "clay.tif"], ())[0], grid)
    assert values[0, 2] == pytest.approx(178.625, abs=0.01) and values[0, -3] == pytest.approx(178.625, abs=0.01)


def test_daily_netcdf(tmp_path):
    dates = np.arange("2016-01-01", "2016-01-05", dtype="datetime64[D]")
    with store.GridWriter(tmp_path / "ndvi.nc", Grid.from_extent((88, 28, 92, 32)), dates, ["ndvi"], {}) as out:
        for number in range(4):
            out.put("ndvi", number, np.full((16, 16), 0.1 * number))
    found = extra.check([tmp_path / "ndvi.nc"], ())
    assert [(e.name, e.daily) for e in found] == [("ndvi", True)]
    days = np.arange("2016-01-03", "2016-01-07", dtype="datetime64[D]")
    values = extra.Daily(found, GRID).block(days, SimpleNamespace(check=lambda: None))["ndvi"]
    assert values[:, 0, 0] == pytest.approx([0.2, 0.3, np.nan, np.nan], nan_ok=True)


def test_extra_predictors_that_cannot_be(tmp_path):
    _raster(tmp_path / "lai.tif", 88.0, 32.0, 0.5, np.zeros((8, 8)))
    with pytest.raises(ParameterError, match="used twice or belongs to the cube"):
        extra.check([tmp_path / "lai.tif"], ())
    (tmp_path / "text.tif").write_text("text")
    with pytest.raises(ParameterError, match="does not open as a raster"):
        extra.check([tmp_path / "text.tif"], ())
    for name, step in (("huge", 1e300), ("tiny", 1e-12)):
        _raster(tmp_path / f"{name}.tif", 88.0, 32.0, step, np.zeros((8, 8)))
        with pytest.raises(ParameterError, match=r"has pixels of about .* degrees; expected 1e-08 to 90 degrees\.$"):
            extra.check([tmp_path / f"{name}.tif"], ())
        with pytest.raises(ParameterError, match=r"AREA_MAP: .* has pixels of about .* degrees"):
            data_parts.raster(tmp_path / f"{name}.tif", Grid.from_extent((88.0, 29.0, 92.0, 33.0)))


class Entries(list):
    """Files that are read as they stand."""

    window = (88.0, 29.0, 92.0, 33.0)

    def __init__(self, entries):
        super().__init__(entries)
        self.entries = entries

    def attempt(self, entry, progress, work):
        return work()

    def arrays(self, entry, variables, progress):
        return products.read_arrays(entry, window=self.window, variables=variables)

    def note_empty(self, entry):
        raise AssertionError(entry)


@pytest.mark.parametrize("method", ["linear", "area"])
def test_an_export_read_by_blocks_of_rows_gives_the_same(tmp_path, monkeypatch, method):
    """Blocks of any size, also across the corners of a cell, and a file whose chunks hold several rows."""
    random = np.random.default_rng(5)
    days = np.arange("2016-02-18", "2016-04-01", 8, dtype="datetime64[D]")
    matching_archive.lai(tmp_path, days, lambda lat, lon, start: random.integers(0, 256, (lat.size, lon.size)))
    entry = products.entry(tmp_path / "MCD15A2H.061_500m_aid0001.nc")
    period = np.arange("2016-03-01", "2016-03-11", dtype="datetime64[D]")
    found = []
    whole = exports.parts
    for largest in (2**25, 10**6, 5 * 10**5):
        monkeypatch.setattr(exports, "parts", lambda e, w, first, last, n=largest: whole(e, w, first, last, n))
        plan = SimpleNamespace(grid=Grid.from_extent((90, 31, 92, 32)), lai_method=method, lai_barren_zero=True, days=period)
        found.append(lai.Lai(plan, Entries([entry])).block(period, Progress())["lai"])
    assert np.isfinite(found[0]).mean() > 0.5
    for other in found[1:]:
        assert other == pytest.approx(found[0], abs=1e-6, nan_ok=True)


def test_blocks_cover_an_export_once(tmp_path):
    days = np.arange("2016-01-01", "2016-02-01", 8, dtype="datetime64[D]")
    matching_archive.lai(tmp_path, days, lambda lat, lon, start: np.arange(lat.size * lon.size).reshape(lat.size, lon.size) % 256)
    entry = products.entry(tmp_path / "MCD15A2H.061_500m_aid0001.nc")
    whole = products.read_arrays(entry, window=Entries.window).variables["lai_class"]
    for largest in (10**5, 10**6, 10**9):
        wanted = exports.parts(entry, Entries.window, days[0], days[-1], largest)
        parts = [products.read_arrays(part, window=Entries.window) for part in wanted]
        assert np.array_equal(np.concatenate([part.variables["lai_class"] for part in parts], axis=1), whole)
        assert all(part.lat.size != 1 for part in parts) and sum(part.lat.size for part in parts) == whole.shape[1]
    (part,) = exports.parts(entry, Entries.window, np.datetime64("2016-01-10"), np.datetime64("2016-01-20"))
    assert products.read_arrays(part).coords["time"].tolist() == [np.datetime64("2016-01-17").item()]


def test_a_raster_with_a_scale_is_taken_in_its_unit(tmp_path):
    path = tmp_path / "greenness.tif"
    _raster(path, 88.0, 32.0, 0.05, np.full((80, 80), 5000.0))
    data = gdal.Open(str(path), gdal.GA_Update)
    data.GetRasterBand(1).SetScale(0.0001)
    data.GetRasterBand(1).SetOffset(0.25)
    data = None
    assert extra.static(extra.check([path], ())[0], GRID) == pytest.approx(np.full(GRID.shape, 0.75), abs=1e-6)


def test_exports_of_two_requests_stand_side_by_side(tmp_path):
    """Two regions asked for apart have files of the same name, each in its folder."""
    found = [products.entry(str(tmp_path / folder / "MCD15A2H.061_Lai_500m_doy2016049000000_aid0001.tif")) for folder in ("east", "west")]
    assert lai._place(found[0]) != lai._place(found[1])
    both = [products.entry(str(tmp_path / f"{name}15A2H.061_Lai_500m_doy2016049000000_aid0001.tif")) for name in ("MCD", "MYD")]
    assert lai._place(both[0]) == lai._place(both[1])
