"""Broken files of leaf area index, of all three kinds: tiles, GeoTIFFs and NetCDF exports are refused by name or give right codes."""

import shutil
from pathlib import Path

import matching_archive as archive
import netCDF4
import numpy as np
import product_files as make
import pytest
from lai_rasters import SINUSOIDAL, TIF, raster
from osgeo import gdal

from annsm_plugin.core import products
from annsm_plugin.core.demo import lai_tiles
from annsm_plugin.core.foundation.errors import ProductError
from annsm_plugin.core.products import decoding
from annsm_plugin.core.products.readers import lai as reader

pytest.importorskip("pyhdf.SD")
NAME = "MCD15A2H.A2016049.h25v05.061.2016061000000.hdf"


def tile(folder, place=(25, 5), name=NAME, codes=None):
    codes = np.random.default_rng(6).integers(0, 101, (2400, 2400), dtype=np.uint8) if codes is None else codes
    lai_tiles.write_tile(folder / name, place, codes, np.zeros_like(codes))
    return folder / name


def tif(folder):
    codes = np.random.default_rng(7).integers(0, 101, (300, 400), dtype=np.uint8)
    return raster(folder / TIF, codes, (90.0, 0.01, 0, 33.0, 0, -0.01), "EPSG:4326")


def export(folder):
    archive.lai(folder, ["2016-02-18", "2016-02-26"], lambda lat, lon, start: np.floor(97 * lat + 31 * lon) % 101, step=0.02)
    return folder / "MCD15A2H.061_500m_aid0001.nc"


KINDS = {"tile": tile, "tif": tif, "export": export}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    found = {}
    for kind, write in KINDS.items():
        path = write(folder)
        found[kind] = path, path.read_bytes(), products.read_arrays(path).variables["lai_class"]
        assert (found[kind][2] < 249).mean() > 0.9
    return found


def judge(path, right) -> str:
    """ "refused" by name, or "read" with the right codes or fill; anything else fails."""
    try:
        codes = products.read_arrays(path).variables["lai_class"]
    except ProductError as error:
        assert Path(path).name in str(error) and "\n" not in str(error)
        return "refused"
    assert codes.shape == right.shape
    there = codes < 249
    assert np.array_equal(codes[there], right[there])
    return "read"


CONTENTS = {**make.JUNK, "HDF4 signature alone": b"\x0e\x03\x13\x01", "TIFF signature alone": b"II*\0"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("content", CONTENTS)
def test_something_else_under_the_name(whole, tmp_path, kind, content):
    path = tmp_path / whole[kind][0].name
    path.write_bytes(CONTENTS[content])
    assert judge(path, whole[kind][2]) == "refused"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("other", KINDS)
def test_another_kind_under_the_name(whole, tmp_path, kind, other):
    path = tmp_path / whole[kind][0].name
    path.write_bytes(whole[other][1])
    if kind != other:
        assert judge(path, whole[kind][2]) == "refused"


@pytest.mark.parametrize("kind", KINDS)
def test_cut_off_at_twenty_places(whole, tmp_path, kind):
    path, content = tmp_path / whole[kind][0].name, whole[kind][1]
    outcomes = []
    for cut in np.linspace(1, len(content) - 1, 20).astype(int):
        path.write_bytes(content[:cut])
        outcomes.append(judge(path, whole[kind][2]))
    assert outcomes[:-1] == ["refused"] * 19  # the last byte may be no more than padding


@pytest.mark.parametrize("place", [(26, 5), (25, 6), (24, 5)])
def test_a_tile_of_another_place_is_refused(tmp_path, place):
    with pytest.raises(ProductError, match=r"corner of h25v05"):
        products.read_arrays(tile(tmp_path, place))


def test_a_tile_without_a_place_is_refused(tmp_path):
    from pyhdf import SD

    file = SD.SD(str(tmp_path / NAME), SD.SDC.WRITE | SD.SDC.CREATE)
    for name in ("Lai_500m", "FparLai_QC"):
        data = file.create(name, SD.SDC.UINT8, (2400, 2400))
        data[:] = np.full((2400, 2400), 20, "uint8")
        data.endaccess()
    file.end()
    with pytest.raises(ProductError, match=NAME):
        products.read_arrays(tmp_path / NAME)


@pytest.mark.parametrize(("day", "refused"), [("2016-02-18", False), ("2016-02-26", True), ("", False), ("someday", False)])
def test_the_first_day_in_the_metadata(tmp_path, day, refused):
    from pyhdf import SD

    path = tile(tmp_path)
    file = SD.SD(str(path), SD.SDC.WRITE)
    text = (
        f'\nGROUP = INVENTORYMETADATA\n  GROUP = RANGEDATETIME\n    OBJECT = RANGEBEGINNINGDATE\n      VALUE = "{day}"\n    END_OBJECT = '
    )
    file.attr("CoreMetadata.0").set(
        SD.SDC.CHAR8, text + "RANGEBEGINNINGDATE\n  END_GROUP = RANGEDATETIME\nEND_GROUP = INVENTORYMETADATA\nEND\n"
    )
    file.end()
    if refused:
        with pytest.raises(ProductError, match=r"found 2016-02-26; expected 2016-02-18, as the name says"):
            products.read_arrays(path)
    else:
        assert products.read_arrays(path).variables["lai_class"].shape == (2400, 2400)


def test_a_tile_without_quality_is_read(tmp_path):
    arrays = products.read_arrays(tile(tmp_path), variables=["lai_class"])
    assert list(arrays.variables) == ["lai_class"]


TURNED = {
    "turned": ((90.0, 0.01, 0.002, 33.0, 0.002, -0.01), "EPSG:4326", "rotated"),
    "no projection": ((90.0, 0.01, 0, 33.0, 0, -0.01), "", "projection none"),
    "no place at all": ((0.0, 1.0, 0, 0.0, 0, 1.0), "", "projection none"),
    "metres near zero": ((0.0, 0.1, 0, 30.0, 0, -0.1), "EPSG:32646", "projection"),
}


@pytest.mark.parametrize("kind", TURNED)
def test_geotiffs_that_lie_otherwise(tmp_path, kind):
    transform, projection, words = TURNED[kind]
    path = raster(tmp_path / TIF, np.full((20, 30), 5, "u1"), transform, projection)
    with pytest.raises(ProductError, match=words):
        products.read_arrays(path)


def test_a_geotiff_of_two_bands_is_refused(tmp_path):
    data = gdal.GetDriverByName("GTiff").Create(str(tmp_path / TIF), 20, 20, 2, gdal.GDT_Byte)
    data.SetGeoTransform((90.0, 0.01, 0, 33.0, 0, -0.01))
    data = None
    with pytest.raises(ProductError, match="2 bands"):
        products.read_arrays(tmp_path / TIF)


def test_a_geotiff_that_is_south_up_lies_right(tmp_path):
    codes = np.arange(200, dtype="u1").reshape(10, 20)
    path = raster(tmp_path / TIF, codes, (90.0, 0.1, 0, 30.0, 0, 0.1), "EPSG:4326")
    arrays = products.read_arrays(path, window=(90.4, 30.4, 90.9, 30.6))
    row, column = np.abs(arrays.lat - 30.55).argmin(), np.abs(arrays.lon - 90.65).argmin()
    assert arrays.variables["lai_class"][row, column] == codes[5, 6]


def test_a_sinusoidal_geotiff_outside_the_region_holds_nothing(tmp_path):
    path = raster(tmp_path / TIF, np.full((20, 30), 5, "u1"), (0.0, 463.3127, 0, 1e6, 0, -463.3127), SINUSOIDAL)
    assert products.read_arrays(path, window=(90.0, 30.0, 92.0, 32.0)).variables["lai_class"].size == 0


def edited(whole, tmp_path, change):
    path = shutil.copy(whole["export"][0], tmp_path)
    with netCDF4.Dataset(path, "a") as file:
        change(file)
    return path


EXPORTS = {
    "hours": (lambda file: setattr(file["time"], "units", "hours since 2000-01-01"), "days since a date"),
    "months": (lambda file: setattr(file["time"], "units", "months since 2000-01-01"), "days since a date"),
    "no unit": (lambda file: file["time"].delncattr("units"), "days since a date"),
    "another scale": (lambda file: setattr(file["Lai_500m"], "scale_factor", 0.5), "scale factor"),
    "an offset": (lambda file: setattr(file["Lai_500m"], "add_offset", 1.0), "offset"),
    "no field": (lambda file: file.renameVariable("Lai_500m", "Fpar_500m"), "Lai_500m"),
    "no latitudes": (lambda file: file.renameVariable("lat", "y"), "lat"),
    "metres": (lambda file: file["lat"].__setitem__(slice(None), 3.5e6 + np.arange(file["lat"].size)), "not degrees"),
    "latitudes up and down": (lambda file: file["lat"].__setitem__(3, 0.0), "not monotonic"),
    "no latitude": (lambda file: file["lat"].__setitem__(3, np.nan), "not degrees"),
}


@pytest.mark.parametrize("kind", EXPORTS)
def test_exports_that_cannot_be(whole, tmp_path, kind):
    change, words = EXPORTS[kind]
    with pytest.raises(ProductError, match=words):
        products.read_arrays(edited(whole, tmp_path, change))


def test_a_calendar_of_julius_changes_nothing(whole, tmp_path):
    """AppEEARS names the calendar julian and counts days as everybody does."""
    path = edited(whole, tmp_path, lambda file: setattr(file["time"], "calendar", "julian"))
    assert products.read_arrays(path).coords["time"].tolist() == [np.datetime64(day).item() for day in ("2016-02-18", "2016-02-26")]


@pytest.mark.parametrize("kind", ["inventory", "match"])
def test_tiles_are_read_in_a_process_of_their_own(tmp_path, monkeypatch, kind):
    """Libraries may crash on damaged headers, so this process must not read a file where another can."""
    path, good = tile(tmp_path), products.read_arrays(tmp_path / NAME).variables["lai_class"]

    def never(*_):
        raise AssertionError("read here")

    monkeypatch.setattr(reader, "read", never)
    if kind == "inventory":
        found = products.inventory(tmp_path)
        products.examine(found, "all")
        assert found.opened == 1 and not found.unreadable
        return
    with decoding.Pool.for_files(3) as pool:
        assert pool.workers == 1
        request = (products.entry(path), None, ("lai_class",))
        pool.expect([request])
        assert np.array_equal(pool.take(*request).variables["lai_class"], good)
    with decoding.Pool.for_files(0) as pool:
        assert pool.workers == 0
