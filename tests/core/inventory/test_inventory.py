"""Inventories: unreadable files of every kind are named, gaps and half-filled days counted by hand, duplicates resolved, loops harmless."""

import csv
import datetime
import os
import re
import shutil
import struct
import time
from pathlib import Path

import h5py
import netCDF4
import numpy as np
import product_files as make
import pytest
from scipy.io import netcdf_file

from annsm_plugin.core import products
from annsm_plugin.core.foundation.errors import Cancelled
from annsm_plugin.core.foundation.progress import Progress
from annsm_plugin.core.inventory import report
from annsm_plugin.core.inventory.calendar import COMPLETE, MISSING, OUTSIDE, PARTIAL, UNREADABLE, calendar, states
from annsm_plugin.core.products import coverage, decoding
from annsm_plugin.core.products.probe import problem

REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "GLDAS_NOAH025_3H.A20160101.0300.021.nc4"


def day(text):
    return datetime.date.fromisoformat(text)


def hdf5(path):
    """A small HDF5 file under any name."""
    with h5py.File(path, "w") as file:
        file["x"] = np.arange(2000)
    return path


def gldas_name(stamp, suffix=""):
    return f"GLDAS_NOAH025_3H.A{stamp}.021.nc4{suffix}"


def some_gldas(folder, days, hours=range(0, 24, 3)):
    """Copies of one small file under the names of days and hours."""
    folder.mkdir(exist_ok=True)
    source = hdf5(folder.parent / "one.h5")
    for d in days:
        for h in hours:
            shutil.copy(source, folder / gldas_name(f"{d}.{h:02d}00"))
    return folder


def smap_name(date, version="R18290_001"):
    return f"SMAP_L3_SM_P_{date}_{version}.h5"


# --- first bytes -------------------------------------------------------------------------------------------------------------------------


def write_hdf5(path, libver):
    with h5py.File(path, "w", libver=libver) as file:
        file["x"] = np.random.default_rng(0).normal(size=5000)


def write_classic(path, version, records=False):
    file = netcdf_file(path, "w", version=version)
    file.history = "a text of odd length!"
    file.createDimension("time", None if records else 3)
    file.createDimension("lat", 7)
    file.createDimension("lon", 11)
    file.createVariable("lat", "f8", ("lat",))[:] = np.arange(7)
    put = file.createVariable("sm", "i2", ("time", "lat", "lon"))
    put.units = "m3.m-3"
    for number in range(3):
        put[number] = np.arange(77).reshape(7, 11)
    if records:
        file.createVariable("time", "f8", ("time",))[:] = np.arange(3)
    file.close()


def write_hdf4(path):
    hdf = pytest.importorskip("pyhdf.SD")
    file = hdf.SD(str(path), hdf.SDC.WRITE | hdf.SDC.CREATE)
    for number in range(30):  # more descriptors than one block holds
        data = file.create(f"field{number}", hdf.SDC.UINT8, (40, 40))
        data[:] = np.full((40, 40), number, "uint8")
        data.endaccess()
    file.end()


def write_tiff(path):
    from osgeo import gdal

    data = gdal.GetDriverByName("GTiff").Create(str(path), 20, 20, 1, gdal.GDT_Byte)
    data.GetRasterBand(1).Fill(3)
    data = None


WRITERS = {
    "SMAP_L3_SM_P_20150410_R18290_001.h5": lambda p: write_hdf5(p, "earliest"),
    "GW1AM2_20160301_01D_EQMD_L3SGT06LA2220220.h5": lambda p: write_hdf5(p, "latest"),
    "GLDAS_NOAH025_3H.A20160101.0300.021.nc4": lambda p: make.gldas(p.parent),
    "SM_RE04_MIR_CLF31A_20150506T000000_20150506T235959_300_001_7.DBL.nc": lambda p: write_classic(p, 1),
    "SM_RE04_MIR_CLF31A_20150507T000000_20150507T235959_300_001_7.DBL.nc": lambda p: write_classic(p, 2),
    "SM_RE04_MIR_CLF31A_20150508T000000_20150508T235959_300_001_7.DBL.nc": lambda p: write_classic(p, 2, records=True),
    "MCD15A2H.A2016001.h25v05.061.2016012000000.hdf": write_hdf4,
    "MCD15A2H.061_Lai_500m_doy2016001_aid0001.tif": write_tiff,
}


@pytest.mark.parametrize("name", WRITERS)
def test_a_whole_file_has_no_problem(tmp_path, name):
    WRITERS[name](tmp_path / name)
    assert problem(tmp_path / name) == ""


@pytest.mark.parametrize("name", [n for n in WRITERS if not n.endswith(".tif")])
def test_a_file_cut_off_anywhere_is_found(tmp_path, name):
    path = tmp_path / name
    WRITERS[name](path)
    whole = path.read_bytes()
    for share in np.linspace(0.0, 0.97, 20):
        path.write_bytes(whole[: int(share * len(whole))])
        assert problem(path), f"cut at {share:.0%}"


def test_the_real_file_is_whole_and_its_parts_are_not(tmp_path):
    if not REAL.exists():
        pytest.skip("the real GLDAS file is not here")
    assert problem(REAL) == ""
    whole = REAL.read_bytes()
    part = tmp_path / REAL.name
    for size in (10, 100, 5000, len(whole) // 2, len(whole) - 1):
        part.write_bytes(whole[:size])
        assert re.search("cut off|damaged|not NetCDF", problem(part))


def test_other_contents_are_named(tmp_path):
    path = tmp_path / smap_name("20150410")
    path.write_bytes(b"")
    assert "0 bytes" in problem(path)
    path.write_bytes(b"\n<!DOCTYPE html><html>Please log in</html>")
    assert "web page" in problem(path)
    path.write_bytes(b"PK\x03\x04" + bytes(100))
    assert "not HDF5" in problem(path)
    path.write_bytes(b"\x89HDF\r\n\x1a\n" + bytes([9] * 3))
    assert problem(path)
    assert "cannot be read" in problem(tmp_path / "nothing.h5")
    assert problem(tmp_path) == "a folder"


def test_hdf5_after_a_user_block_is_hdf5(tmp_path):
    path = tmp_path / smap_name("20150410")
    with h5py.File(path, "w", userblock_size=512) as file:
        file["x"] = np.arange(10)
    assert problem(path) == ""


def test_netcdf5_counts_are_wide(tmp_path):
    path = tmp_path / "SM_OPER_MIR_CLF31A_20150506T000000_20150506T235959_300_001_7.DBL.nc"
    with netCDF4.Dataset(path, "w", format="NETCDF3_64BIT_DATA") as file:
        file.createDimension("lat", 9)
        file.createVariable("lat", "f8", ("lat",))[:] = np.arange(9)
    assert problem(path) == ""
    path.write_bytes(path.read_bytes()[:-9])
    assert "cut off" in problem(path)


def test_a_pipe_named_like_a_product_does_not_hang(tmp_path):
    os.mkfifo(tmp_path / smap_name("20150410"))
    begin = time.monotonic()
    found = products.inventory(tmp_path)
    assert time.monotonic() - begin < 5
    assert list(found.unreadable.values()) == ["not a regular file"]


# --- whole folders -----------------------------------------------------------------------------------------------------------------------


def test_unreadable_files_are_named_and_counted_and_stay_entries(tmp_path):
    for number in range(1, 6):
        hdf5(tmp_path / smap_name(f"2015041{number}"))
    (tmp_path / smap_name("20150412")).write_bytes(b"")
    cut = tmp_path / smap_name("20150414")
    cut.write_bytes(cut.read_bytes()[:1000])
    found = products.inventory(tmp_path)
    assert {Path(p).name: why.split(" (")[0] for p, why in found.unreadable.items()} == {
        smap_name("20150412"): "an empty file",
        smap_name("20150414"): "a file that is cut off",
    }
    assert len(found.of("smap")) == 5  # matching must meet them, to count them
    (row,) = found.rows()
    assert (row["files"], row["days"], row["unreadable"], row["missing"]) == (5, 3, 2, 0)
    text = "\n".join(found.summary())
    assert "2 unreadable" in text and smap_name("20150412") in text and "0 bytes" in text
    assert products.inventory(tmp_path, check="names").unreadable == {}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_forbidden_files_and_folders(tmp_path):
    path = hdf5(tmp_path / smap_name("20150411"))
    path.chmod(0)
    closed = tmp_path / "closed"
    closed.mkdir()
    closed.chmod(0)
    try:
        found = products.inventory(tmp_path)
    finally:
        closed.chmod(0o700)
    assert "Permission denied" in found.unreadable[str(path)]
    assert "Permission denied" in found.unreadable[str(closed)]


def test_forbidden_is_said_whoever_runs_the_test(tmp_path, monkeypatch):
    path = hdf5(tmp_path / smap_name("20150411"))

    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)
    assert problem(path) == "a file that cannot be read (Permission denied)"


def test_missing_days_are_counted_and_given_as_ranges(tmp_path):
    for text in ("20150401", "20150402", "20150405", "20150407", "20150410"):
        hdf5(tmp_path / smap_name(text))
    (group,) = coverage.groups(products.inventory(tmp_path))
    assert group.missing_ranges() == [
        (day("2015-04-03"), day("2015-04-04")),
        (day("2015-04-06"), day("2015-04-06")),
        (day("2015-04-08"), day("2015-04-09")),
    ]
    assert group.row()["missing"] == 5
    assert "5 days without a file (2015-04-03 to 2015-04-04, 2015-04-06, 2015-04-08 to 2015-04-09)" in group.sentence()


def test_gldas_days_with_fewer_than_eight_steps_are_named(tmp_path):
    folder = some_gldas(tmp_path / "g", ["20160101", "20160102", "20160103", "20160105"])
    (folder / gldas_name("20160102.0900")).unlink()
    (folder / gldas_name("20160105.0000")).unlink()
    (folder / gldas_name("20160105.2100")).unlink()
    (folder / gldas_name("20160103.1200")).write_bytes(b"")  # an unreadable step is a gap too
    (group,) = coverage.groups(products.inventory(folder))
    assert group.incomplete() == {day("2016-01-02"): ("09",), day("2016-01-03"): ("12",), day("2016-01-05"): ("00", "21")}
    assert "3 days with fewer than 8 steps (2016-01-02, 2016-01-03, 2016-01-05)" in group.sentence()
    assert "1 days without a file (2016-01-04)" in group.sentence()


def test_gldas_of_a_download_list_is_complete_with_its_four_steps(tmp_path):
    # 18 and 21 of the day before to 00 and 03 of the last: the ends are no gaps, a hole inside is
    folder = some_gldas(tmp_path / "g", ["20160101", "20160102", "20160103", "20160104", "20160105"], (0, 3, 18, 21))
    for stamp in ("20160101.0000", "20160101.0300", "20160105.1800", "20160105.2100", "20160103.2100"):
        (folder / gldas_name(stamp)).unlink()
    (group,) = coverage.groups(products.inventory(folder))
    assert group.usual == ("00", "03", "18", "21")
    assert group.incomplete() == {day("2016-01-03"): ("21",)}
    assert "steps 00, 03, 18, 21 UTC of each day" in group.sentence()


def test_composites_of_a_year_end_are_not_missing(tmp_path):
    for text in ("2015353", "2015361", "2016001", "2016017"):
        write_tiff(tmp_path / f"MCD15A2H.061_Lai_500m_doy{text}_aid0001.tif")
    (row,) = products.inventory(tmp_path).rows()
    assert (row["files"], row["first"], row["last"], row["missing"]) == (4, "2015-12-19", "2016-01-17", 1)  # day 9 is missing


def test_a_tile_that_lacks_on_one_date(tmp_path):
    pytest.importorskip("pyhdf.SD")
    source = tmp_path / "one.hdf"
    write_hdf4(source)
    for text in ("2016001", "2016009", "2016017"):
        for tile in ("h25v05", "h26v05"):
            if (text, tile) != ("2016009", "h26v05"):
                shutil.copy(source, tmp_path / f"MCD15A2H.A{text}.{tile}.061.2016020000000.hdf")
    (group,) = coverage.groups(products.inventory(tmp_path))
    assert group.incomplete() == {day("2016-01-09"): ("h26v05",)}


def test_newer_version_is_kept_unless_it_cannot_be_read(tmp_path):
    for text in ("20150401", "20150402"):
        for version in ("R17000_001", "R18290_001", "R18290_002"):
            hdf5(tmp_path / smap_name(text, version))
    (tmp_path / smap_name("20150402", "R18290_002")).write_bytes(b"<html>")
    found = products.inventory(tmp_path)
    assert [Path(e.path).name for e in found.entries] == [smap_name("20150401", "R18290_002"), smap_name("20150402", "R18290_001")]
    assert len(found.superseded) == 4
    reasons = sorted(found.why_left.values())
    assert sum("newer version" in r for r in reasons) == 3 and sum("cannot be read" in r for r in reasons) == 1
    text = "\n".join(found.summary())
    assert "3 files left out: a newer version" in text and smap_name("20150402", "R18290_002") in text


def test_whole_gldas_file_goes_before_its_subset(tmp_path):
    for suffix in ("", ".SUB.nc4"):
        hdf5(tmp_path / gldas_name("20160101.0300", suffix))
    hdf5(tmp_path / gldas_name("20160101.0600", ".SUB.nc4"))
    found = products.inventory(tmp_path)
    assert [Path(e.path).name for e in found.entries] == [gldas_name("20160101.0300"), gldas_name("20160101.0600", ".SUB.nc4")]
    assert "1 files left out: subsets of files that are there in full" in found.summary()


def test_unreadable_whole_file_gives_way_to_its_subset(tmp_path):
    (tmp_path / gldas_name("20160101.0300")).write_bytes(b"")
    hdf5(tmp_path / gldas_name("20160101.0300", ".SUB.nc4"))
    found = products.inventory(tmp_path)
    assert [Path(e.path).name for e in found.entries] == [gldas_name("20160101.0300", ".SUB.nc4")]


@pytest.mark.parametrize(
    "name",
    [
        gldas_name("20160101.0300", ".SUB.nc4"),
        "GLDAS_NOAH025_3H.A20160101.0300.021_subsetted.nc4",
        gldas_name("20160101.0300", "_subsetted.nc4"),
    ],
)
def test_names_of_subsets(name):
    entry = products.entry(name)
    assert entry.product == "gldas" and not entry.whole and str(entry.time) == "2016-01-01T03:00:00"
    assert products.entry(gldas_name("20160101.0300")).whole


def test_gldas_early_product_is_refused_with_a_sentence(tmp_path):
    hdf5(tmp_path / "GLDAS_NOAH025_3H_EP.A20160101.0300.021.nc4")
    found = products.inventory(tmp_path)
    assert not found.entries and "early product" in found.refused[0].refused


def export(folder, days, name="MCD15A2H.061_500m_aid0001.nc", unit="days since 2000-01-01 00:00:00"):
    """An AppEEARS NetCDF export of some days."""
    folder.mkdir(exist_ok=True)
    with netCDF4.Dataset(folder / name, "w") as file:
        for dim, size in (("time", len(days)), ("lat", 4), ("lon", 5)):
            file.createDimension(dim, size)
        put = file.createVariable("time", "f4", ("time",))
        put.units = unit
        put[:] = [(day(d) - day("2000-01-01")).days for d in days]
        file.createVariable("Lai_500m", "i2", ("time", "lat", "lon"))[:] = 5
    return folder / name


def test_exports_of_the_same_name_are_all_kept_and_their_dates_listed(tmp_path):
    one = export(tmp_path / "2015", ["2015-12-19", "2015-12-27"])
    two = export(tmp_path / "2016", ["2016-01-01", "2016-01-17"])
    found = products.inventory(tmp_path)
    assert not found.superseded and len(found.entries) == 2
    products.examine(found, "headers")
    assert found.dates == {
        str(one): (day("2015-12-19"), day("2015-12-27")),
        str(two): (day("2016-01-01"), day("2016-01-17")),
    }
    (row,) = found.rows()
    assert (row["first"], row["last"], row["days"], row["missing"]) == ("2015-12-19", "2016-01-17", 4, 1)


def test_an_export_with_times_that_are_none(tmp_path):
    path = export(tmp_path / "a", ["2015-12-19"], unit="metres")
    found = products.inventory(tmp_path)
    products.examine(found, "headers")
    assert "metres" in found.unreadable[str(path)]


def test_date_in_the_file_other_than_in_the_name(tmp_path):
    make.gldas(tmp_path, "20160101.0300")
    wrong = make.gldas(tmp_path, "20160101.0600", minutes=0.0)
    found = products.inventory(tmp_path)
    assert not found.unreadable
    products.examine(found, "all")
    assert list(found.unreadable) == [str(wrong)]
    assert "2000-01-01T03:00:00; expected 2016-01-01T06:00:00, as the name says" in found.unreadable[str(wrong)]
    (group,) = coverage.groups(found)
    assert group.unreadable == 1 and group.have == {day("2016-01-01"): {"03"}}


def test_smap_and_lprm_of_another_day(tmp_path):
    good = np.full((406, 964), 4.83e8 + 43200.0 - 43200.0)
    good[:] = (np.datetime64("2015-04-10T12:00:00") - np.datetime64("2000-01-01T12:00:00")) / np.timedelta64(1, "s")
    make.smap(tmp_path, "20150410", sm=np.full((406, 964), 0.2), seconds=good)
    wrong = make.smap(tmp_path, "20150413", sm=np.full((406, 964), 0.2), seconds=good)
    seconds = np.full((720, 1440), (np.datetime64("2015-04-01T20:00:00") - np.datetime64("1993-01-01")) / np.timedelta64(1, "s"))
    make.lprm(tmp_path, np.full((720, 1440), 20.0), seconds, date="20150401")
    late = make.lprm(tmp_path, np.full((720, 1440), 20.0), seconds, date="20150409")
    found = products.inventory(tmp_path)
    products.examine(found, "sample")
    assert set(found.unreadable) == {str(wrong), str(late)}
    assert all("as the name says" in why for why in found.unreadable.values())
    assert found.opened == 4


def test_a_renamed_other_product_is_found_by_opening(tmp_path):
    path = make.amsr(tmp_path, date="20160301")
    renamed = path.rename(tmp_path / smap_name("20160301"))
    found = products.inventory(tmp_path)
    assert not found.unreadable  # it is HDF5 from first to last byte
    products.examine(found, "sample")
    assert "Soil_Moisture_Retrieval_Data" in found.unreadable[str(renamed)]


def test_a_sample_opens_ten_of_a_record_ends_included(tmp_path, monkeypatch):
    for number in range(1, 31):
        hdf5(tmp_path / smap_name(f"201504{number:02d}"))
    seen = []
    monkeypatch.setattr(decoding.Pool, "take", lambda self, e, *_, **__: seen.append(e.date.day))
    found = products.inventory(tmp_path)
    products.examine(found, "sample")
    assert len(seen) == found.opened == 10 and seen[0] == 1 and seen[-1] == 30
    seen.clear()
    products.examine(found, "all")
    assert len(seen) == 30
    seen.clear()
    products.examine(found, "headers")
    assert not seen


def test_loops_and_links_to_themselves(tmp_path):
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    hdf5(deep / smap_name("20150401"))
    (deep / "up").symlink_to(tmp_path)
    (tmp_path / "again").symlink_to(deep)
    (deep / "self").symlink_to(deep / "self")
    (deep / smap_name("20150402")).symlink_to(deep / "gone.h5")
    begin = time.monotonic()
    found = products.inventory(tmp_path)
    assert time.monotonic() - begin < 2
    assert len(found.entries) == 2 and not found.superseded
    assert any("20150402" in path for path in found.unreadable)


def test_a_folder_named_like_a_product(tmp_path):
    (tmp_path / smap_name("20150401")).mkdir()
    hdf5(tmp_path / smap_name("20150401") / smap_name("20150402"))
    found = products.inventory(tmp_path)
    assert [e.date for e in found.entries] == [day("2015-04-02")]
    assert "a folder that is named like" in next(iter(found.unreadable.values()))


def test_ten_thousand_unrelated_files_take_no_time(tmp_path):
    hdf5(tmp_path / smap_name("20150401"))
    for number in range(10000):
        (tmp_path / f"{number}.dat").touch()
    begin = time.monotonic()
    found = products.inventory(tmp_path)
    assert time.monotonic() - begin < 3
    assert found.n_unrecognised == 10000 and len(found.unrecognised) == 200 and found.checked == 1


def test_cancelling_inside_one_large_folder(tmp_path):
    class Stop(Progress):
        asked = 0

        def cancelled(self):
            self.asked += 1
            return self.asked > 2

    for number in range(3000):
        (tmp_path / f"{number}.dat").touch()
    with pytest.raises(Cancelled):
        products.inventory(tmp_path, progress=Stop())


# --- calendar, table and page -------------------------------------------------------------------------------------------------------------


def test_calendar_shows_each_kind_of_day(tmp_path):
    for text in ("20151230", "20151231", "20160102", "20160104"):
        for channel in ("06", "07", "10"):
            hdf5(tmp_path / f"GW1AM2_{text}_01D_EQMD_L3SGT{channel}LA2220220.h5")
    (tmp_path / "GW1AM2_20151231_01D_EQMD_L3SGT10LA2220220.h5").unlink()
    for channel in ("06", "07", "10"):
        (tmp_path / f"GW1AM2_20160102_01D_EQMD_L3SGT{channel}LA2220220.h5").write_bytes(b"")
    (group,) = coverage.groups(products.inventory(tmp_path), together=True)
    field, years = states(group)
    assert years == [2015, 2016] and field.shape == (2, 366)
    # 30 December is day 364 of 2015, index 363
    assert field[0, 362:366].tolist() == [OUTSIDE, COMPLETE, PARTIAL, OUTSIDE]
    assert field[1, :5].tolist() == [MISSING, UNREADABLE, MISSING, COMPLETE, OUTSIDE]
    assert not field[0, :362].any() and not field[1, 4:].any()


def test_calendar_of_composites_fills_eight_days_and_ends_with_the_year(tmp_path):
    for text in ("2015361", "2016009"):
        write_tiff(tmp_path / f"MCD15A2H.061_Lai_500m_doy{text}_aid0001.tif")
    (group,) = coverage.groups(products.inventory(tmp_path), together=True)
    field, _ = states(group)
    assert field[0, 359:366].tolist() == [OUTSIDE, COMPLETE, COMPLETE, COMPLETE, COMPLETE, COMPLETE, OUTSIDE]
    assert field[1, :17].tolist() == [MISSING] * 8 + [COMPLETE] * 8 + [OUTSIDE]


def test_calendar_picture_has_the_colours_of_its_days(tmp_path):
    from matplotlib.image import imread

    folder = some_gldas(tmp_path / "g", ["20160101", "20160102", "20160301"])
    (folder / gldas_name("20160102.0900")).unlink()
    data = calendar(coverage.groups(products.inventory(folder), together=True))
    assert data[:8] == b"\x89PNG\r\n\x1a\n" and struct.unpack(">2I", data[16:24]) > (800, 50)
    (tmp_path / "c.png").write_bytes(data)
    pixels = np.round(imread(tmp_path / "c.png")[..., :3] * 255).astype(int).reshape(-1, 3)
    near = {name: int((np.abs(pixels - rgb).max(axis=1) < 12).sum()) for name, rgb in
            {"missing": (204, 51, 17), "complete": (68, 119, 170), "partial": (221, 170, 51)}.items()}  # fmt: skip
    # 58 of 61 days are missing, so red fills far more than blue, and the one partial day is seen
    assert near["missing"] > 10 * near["complete"] > 0 and near["partial"] > 20
    assert calendar([]) is None


def test_table_and_report(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for text in ("20150401", "20150404"):
        hdf5(folder / smap_name(text))
    (folder / smap_name("20150402")).write_bytes(b"")
    hdf5(folder / smap_name("20150401", "R18290_002"))
    (folder / "SMAP_L3_SM_P_E_20150401_R18290_001.h5").write_bytes(b"")
    (folder / "notes <b>.txt").write_bytes(b"x")
    export(folder / "lai", ["2016-01-01"])
    found = products.inventory(folder)
    products.examine(found, "headers")
    report.write_table(tmp_path / "t.csv", found)
    with open(tmp_path / "t.csv", newline="") as file:
        rows = {row["product"]: row for row in csv.DictReader(file)}
    smap = {name: rows["smap"][name] for name in ("files", "days", "missing", "unreadable", "superseded", "first", "last")}
    assert smap == {"files": "3", "days": "2", "missing": "1", "unreadable": "1", "superseded": "1", "first": "2015-04-01",
                    "last": "2015-04-04"}  # fmt: skip
    assert rows["lai"]["first"] == "2016-01-01"
    report.write_report(tmp_path / "r.html", found)
    page = (tmp_path / "r.html").read_text()
    assert "data:image/png;base64," in page
    for text in ("Missing days: 1", "2015-04-03", "Unreadable: 1", "0 bytes", "Left out: 1", "newer version", "Refused: 1", "enhanced 9 km",
                 "Not recognised: 1", "notes &lt;b&gt;.txt", "Dates in AppEEARS exports: 1"):  # fmt: skip
        assert text in page, text


def test_report_without_matplotlib_says_so(tmp_path, monkeypatch):
    from annsm_plugin.core.foundation.errors import MissingLibrary

    def missing(*args):
        raise MissingLibrary("The Python package 'matplotlib' is not installed.")

    hdf5(tmp_path / smap_name("20150401"))
    monkeypatch.setattr("annsm_plugin.core.inventory.calendar.figure", missing)
    report.write_report(tmp_path / "r.html", products.inventory(tmp_path))
    assert "not installed" in (tmp_path / "r.html").read_text()


def test_matching_says_the_same_as_the_inventory(tmp_path):
    """Every sentence of the inventory of an input's folder is in the log of matching before it works."""
    import matching_archive as archive

    from annsm_plugin.core import matching

    class Log(Progress):
        def __init__(self):
            self.lines = []

        def info(self, text):
            self.lines.append(text)

    folder = tmp_path / "a"
    for date in ("2016-02-29", "2016-03-01", "2016-03-02"):
        archive.amsr(folder / "amsr", date, lambda lon: np.full(lon.shape, 250.0))
    stamps = np.arange(np.datetime64("2016-02-29T12"), np.datetime64("2016-03-03T00"), np.timedelta64(3, "h"))
    states_of = {"SoilMoi0_10cm_inst": 20.0, "SoilTMP0_10cm_inst": 280.0, "AvgSurfT_inst": 281.0, "Rainf_f_tavg": 0.0}
    for stamp in stamps:
        archive.gldas(folder / "gldas", stamp, states_of)
    (folder / "gldas" / gldas_name("20160301.0600")).write_bytes(b"")
    (folder / "lai").mkdir()
    with netCDF4.Dataset(folder / "lai" / "MCD15A2H.061_500m_aid0001.nc", "w") as file:
        lat, lon = 32.0 - np.arange(0, 1.0, 1 / 240), 90.0 + np.arange(0, 1.0, 1 / 240)
        for name, axis in (("time", np.array([5899.0])), ("lat", lat), ("lon", lon)):
            file.createDimension(name, axis.size)
            file.createVariable(name, "f8", (name,))[:] = axis
        file["time"].units = "days since 2000-01-01 00:00:00"
        file.createVariable("Lai_500m", "u1", ("time", "lat", "lon"))[:] = 5
    log = Log()
    matching.match(tmp_path / "cube.nc", amsr=folder / "amsr", gldas=folder / "gldas", lai=folder / "lai",
                   extent=(90.25, 31.25, 90.75, 31.75), start="2016-03-01", end="2016-03-02", progress=log)  # fmt: skip
    for name, product in (("amsr", "amsr_tb"), ("gldas", "gldas"), ("lai", "lai")):
        found = products.inventory(folder / name)
        products.examine(found, "headers")
        for line in found.summary(product):
            assert line in log.lines, line
    assert any("20160301.0600" in line and "0 bytes" in line for line in log.lines)
    assert any(line.startswith("lai MCD15A2H 061: 1 files, 2016-02-") for line in log.lines)


def test_calendar_does_not_mark_the_cut_ends_of_a_download_list(tmp_path):
    folder = some_gldas(tmp_path / "g", ["20160101", "20160102", "20160103"], (0, 3, 18, 21))
    for stamp in ("20160101.0000", "20160101.0300", "20160103.1800", "20160103.2100"):
        (folder / gldas_name(stamp)).unlink()
    (group,) = coverage.groups(products.inventory(folder), together=True)
    assert states(group)[0][0, :4].tolist() == [COMPLETE, COMPLETE, COMPLETE, OUTSIDE]


def test_of_two_subsets_one_is_read_and_that_is_said(tmp_path):
    for name in ("states", "rain"):
        (tmp_path / name).mkdir()
        make.gldas(tmp_path / name, suffix=".SUB.nc4")
    found = products.inventory(tmp_path)
    assert len(found.of("gldas")) == 1 and len(found.superseded) == 1
    assert any("must hold all variables and the whole region" in line for line in found.summary())
