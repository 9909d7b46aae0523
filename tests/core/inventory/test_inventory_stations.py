"""An inventory knows station files of all kinds, tells days from composites, and says what to fetch."""

import csv
import zipfile

import cetb_files
import numpy as np
import product_files as make
import pytest
from named_files import export, hdf5, smap_name, write_tiff

from annsm_plugin.core import inventory, stations
from annsm_plugin.core.inventory import closing
from annsm_plugin.core.products import coverage
from annsm_plugin.core.products import inventory as scan
from annsm_plugin.core.stations import Station

HOURS = [f"2008/07/{day:02d} {hour:02d}:00 0.{200 + hour} {'G' if hour else 'D01'} M" for day in (1, 2, 5) for hour in range(24)]
CEOP = "{t} {t} MAQU MAQU CST_05 33.9 102.2 3400.00 {d:.2f} {d:.2f} 10.0 U 0.2 G"


def run(folder, tmp_path):
    request = inventory.InventoryRequest(folder=folder, table=tmp_path / "t.csv", report=tmp_path / "r.html", check="headers")
    result = inventory.run(request)
    with open(tmp_path / "t.csv", newline="") as file:
        return result, list(csv.DictReader(file)), (tmp_path / "r.html").read_text()


@pytest.fixture
def archive(tmp_path):
    """A folder with station files of every kind and files of no kind."""
    folder = tmp_path / "in"
    folder.mkdir()
    path = make.ismn(folder / "ismn", HOURS)
    path.with_name(path.name.replace("_sm_", "_ts_")).write_text("soil temperature")
    (path.parent / "MAQU_MAQU_CST-01_static_variables.csv").write_text("quantity_name;unit;soil moisture\n")
    (folder / "ismn" / "Readme.txt").write_text("read me")
    with zipfile.ZipFile(folder / "Data_x.zip", "w") as file:
        lines = [CEOP.format(t=f"2009/01/{day:02d} 00:00", d=depth) for day in (1, 2, 3, 4) for depth in (0.05, 0.1)]
        file.writestr("MAQU/CST-05/MAQU_MAQU_CST-05_20090101_20090104.stm", "\n".join(lines))
    times = np.arange("2012-01-01", "2012-01-11", dtype="datetime64[D]").astype("datetime64[s]")
    stations.write_series(folder / "series.nc", [Station("SQ01", "NGARI", 32.5, 80.1, (0.0, 0.05), "5TM", times, np.full(10, 0.1))])
    (folder / "pali.csv").write_text(
        "Pali, 2015\ndate,clock,VWC_5cm,VWC_10cm,lat,lon\n"
        + "".join(f"2015-08-{day:02d},{hour:02d}:00,0.2,{'NA' if day > 2 else 0.3},27.7,89.2\n" for day in (1, 2, 3) for hour in (0, 12))
    )
    (folder / "notes.txt").write_text("date,rain\n2015-01-01,3\n")
    (folder / "diary.txt").write_text("Soil moisture was low today.\n")
    return folder


def test_every_kind_of_station_file_is_listed(archive, tmp_path):
    result, table, page = run(archive, tmp_path)
    seen = {(s.network, s.name, s.depth): (s.first, s.last, s.days, s.measurements) for s in result.stations.series}
    assert seen == {
        ("MAQU", "CST_01", "0.05 m"): ("2008-07-01", "2008-07-05", 3, 72),
        ("MAQU", "CST_05", "0.05 m"): ("2009-01-01", "2009-01-04", 4, 4),
        ("MAQU", "CST_05", "0.1 m"): ("2009-01-01", "2009-01-04", 4, 4),
        ("NGARI", "SQ01", "0-0.05 m"): ("2012-01-01", "2012-01-10", 10, 10),
        ("", "pali", "VWC_5cm"): ("2015-08-01", "2015-08-03", 3, 6),
        ("", "pali", "VWC_10cm"): ("2015-08-01", "2015-08-02", 2, 4),
    }
    assert (result.stations.stations, result.stations.unreadable) == (4, {})
    assert result.found.n_unrecognised == 2
    assert sorted(path.rpartition("/")[2] for path in result.found.unrecognised) == ["diary.txt", "notes.txt"]
    rows = {row["sensor"]: row for row in table}
    assert [rows["MAQU"][name] for name in ("product", "files", "first", "last", "days", "unit")] == [
        "stations", "2", "2008-07-01", "2009-01-04", "4", "days",
    ]  # fmt: skip
    said = "\n".join(result.summary)
    assert "stations MAQU: 2 stations, 3 series (0.05 m, 0.1 m), 2008-07-01 to 2009-01-04, at most 4 days each" in said
    assert "2 files not recognised" in said and "Series of stations: 6" in page and "27.7000" in page
    for series in result.stations.series:
        assert series.path in page


def test_station_files_that_cannot_be_read_are_named(tmp_path):
    folder = tmp_path / "in"
    make.ismn(folder, ["gibberish"], header="not a header")
    (folder / "table.csv").write_text("date,soil_moisture\n01/04/2015,0.2\n")
    result, _, page = run(folder, tmp_path)
    assert result.stations.stations == 0 and len(result.stations.unreadable) == 2 and result.found.n_unrecognised == 0
    assert "dates such as 01/04/2015" in page and "Unreadable: 2" in page
    assert sum("could not be read" in line for line in result.summary) == 2


def test_days_and_composites_are_counted_apart_and_what_to_fetch_is_said(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for text in ("20150401", "20150402", "20150405"):
        hdf5(folder / smap_name(text))
    hdf5(folder / smap_name("20150407")).write_bytes(b"")
    for text in ("2016001", "2016009", "2016049"):
        write_tiff(folder / f"MCD15A2H.061_Lai_500m_doy{text}_aid0001.tif")
    result, table, page = run(folder, tmp_path)
    assert {row["product"]: (row["days"], row["missing"], row["unit"]) for row in table} == {
        "smap": ("3", "3", "days"),
        "lai": ("3", "4", "composites"),
    }
    assert "Missing days: 3" in page and "Missing composites: 4" in page and "What to fetch" in page
    smap, lai = (next(line for line in result.summary if line.startswith(name)) for name in ("SMAP,", "LAI,"))
    assert smap == (
        "SMAP, days that lack files: 3 missing, 1 unreadable, 2015-04-03 to 2015-04-07: annsm:downloadlist with PRODUCTS=SMAP, "
        "START=2015-04-02, END=2015-04-08 and this folder as HAVE lists their files, and annsm:download fetches them."
    )
    assert "LAI, composites that lack files: 4 missing, 2016-01-17 to 2016-02-10: annsm:downloadlist with PRODUCTS=LAI" in lai


def test_nothing_to_fetch_says_nothing_and_other_products_are_not_listed(tmp_path):
    export(tmp_path / "lai", ["2016-01-01"])
    assert closing.sentences(coverage.groups(scan(tmp_path))) == []
    for text in ("20150401", "20150403"):
        (tmp_path / f"LPRM-AMSR2_L3_D_SOILM3_V001_{text}000000.nc4").write_bytes(b"")
    (said,) = closing.sentences(coverage.groups(scan(tmp_path)))
    assert said.startswith("lprm, days that lack files: 1 missing, 2 unreadable") and "do not have this product" in said


def test_polarisations_of_cetb_count_and_are_not_fetched_from_jaxa(tmp_path):
    for day in ("2003-01-01", "2003-01-02", "2003-01-04"):
        for channel in ("36V", "36H"):
            (tmp_path / cetb_files.name(day, channel)).write_bytes(b"")
    (tmp_path / cetb_files.name("2003-01-02", "36H")).unlink()
    found = coverage.groups(scan(tmp_path, check="names"))
    (group,) = found
    assert group.usual == ("36H", "36V") and {str(day): lost for day, lost in group.incomplete().items()} == {"2003-01-02": ("36H",)}
    (said,) = closing.sentences(found)
    assert said.startswith("CETB, days that lack files: 1 missing, 1 incomplete") and "where the others came from" in said
    assert "annsm:downloadlist" not in said
