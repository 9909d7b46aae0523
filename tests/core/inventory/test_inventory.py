"""Inventories: unreadable files of every kind are named, gaps and half-filled days counted by hand, duplicates resolved, loops harmless."""

import os
import shutil
import time
from pathlib import Path

import numpy as np
import product_files as make
import pytest
from named_files import day, export, gldas_name, hdf5, smap_name, some_gldas, write_hdf4, write_tiff

from annsm_plugin.core import products
from annsm_plugin.core.foundation.errors import Cancelled
from annsm_plugin.core.foundation.progress import Progress
from annsm_plugin.core.products import coverage, decoding


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


def test_the_same_subset_twice_is_read_once_and_that_is_said(tmp_path):
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
    shutil.copy(make.gldas(tmp_path / "here", suffix=".SUB.nc4"), tmp_path / "there")
    found = products.inventory(tmp_path)
    assert len(found.of("gldas")) == 1 and len(found.superseded) == 1 and not found.of("gldas")[0].parts
    assert any("the same observation is there twice" in line for line in found.summary())
