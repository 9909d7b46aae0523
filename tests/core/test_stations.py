"""Station files as they are found: line ends, flags, forms, depths, tables, and the series file."""

import zipfile

import numpy as np
import product_files as make
import pytest

from annsm_plugin.core import stations
from annsm_plugin.core.errors import ParameterError, ProductError

ROWS = [
    "2008/07/01 00:00   0.5000 C03 M ",
    "2008/07/01 00:15   0.3000 U",
    "2008/07/01 00:30   0.3100 G M",
    "2008/07/01 00:45   0.2000 G,D01 M",
    "2008/07/01 01:00   -9999.0 G M",
    "2008/07/01 01:15   0.2500 D06,C03 M",
]


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_header_and_values_with_any_line_end(tmp_path, end):
    make.ismn(tmp_path, ROWS, end=end)
    (station,) = stations.read(tmp_path)
    assert (station.network, station.name, station.lat, station.lon, station.depth) == ("MAQU", "CST_01", 33.8833, 102.1333, (0.05, 0.05))
    assert station.values.tolist() == [0.3, 0.31]
    assert station.times.tolist() == [np.datetime64("2008-07-01T00:15").item(), np.datetime64("2008-07-01T00:30").item()]
    assert station.rejected == 4


def test_flags_can_be_chosen(tmp_path):
    make.ismn(tmp_path, ROWS)
    assert stations.read(tmp_path, flags=("G",))[0].values.tolist() == [0.31]
    assert stations.read(tmp_path, flags=("G", "U", "D01"))[0].values.tolist() == [0.3, 0.31, 0.2]


def test_ceop_form_gives_the_same(tmp_path):
    line = "{t} {t} MAQU MAQU CST_01 33.88330 102.13330 3431.00 0.05 0.05 {v} {f} M"
    rows = [line.format(t=r[:16], v=r.split()[2], f=r.split()[3]) for r in ROWS]
    make.ismn(tmp_path, rows[1:], header=rows[0])
    (station,) = stations.read(tmp_path)
    assert station.values.tolist() == [0.3, 0.31]
    assert station.depth == (0.05, 0.05)


def test_zip_and_text_that_is_not_utf8(tmp_path):
    path = make.ismn(tmp_path, ROWS, header="MAQU MAQU CST_01 33.88330 102.13330 3431.00 0.05 0.05 Sonde-\xe9")
    archive = tmp_path / "Data_separate_files_header_20080101_20101231.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.write(path, "MAQU/CST-01/" + path.name)
        file.writestr("Readme.txt", b"\xff\xfe")
    assert stations.read(archive)[0].values.tolist() == [0.3, 0.31]


def test_the_shallowest_sensor_is_taken(tmp_path):
    for depth, value in (("0.05", "0.3"), ("0.10", "0.4"), ("0.40", "0.5")):
        make.ismn(tmp_path, [f"2008/07/01 00:00 {value} G M"], header=f"MAQU MAQU CST_01 33.9 102.1 3431 {depth} {depth} X",
                  name=f"MAQU_MAQU_CST-01_sm_{float(depth):.6f}_{float(depth):.6f}_X_2007_2013.stm")  # fmt: skip
    assert [s.values[0] for s in stations.read(tmp_path)] == [0.3]
    assert [s.values[0] for s in stations.read(tmp_path, depth=(0.08, 0.2))] == [0.4]
    assert len(stations.read(tmp_path, depth=None)) == 3


def test_a_broken_file_is_left_out_and_said(tmp_path):
    make.ismn(tmp_path, ROWS)
    make.ismn(tmp_path, ["gibberish"], header="not a header", name="MAQU_MAQU_CST-02_sm_0.050000_0.050000_X_2007_2013.stm")
    told = []

    class Ear(stations.Progress):
        def warning(self, text):
            told.append(text)

    assert len(stations.read(tmp_path, progress=Ear())) == 1
    assert "CST-02" in told[0]


def test_nothing_to_read_is_an_error(tmp_path):
    with pytest.raises(ProductError, match="no soil-moisture station file"):
        stations.read(tmp_path)
    with pytest.raises(ProductError, match="no such file"):
        stations.read(tmp_path / "x")
    make.ismn(tmp_path, ROWS)
    with pytest.raises(ParameterError, match="there is MAQU"):
        stations.read(tmp_path, networks=["NAQU"])


def test_table_with_mapping_time_zone_and_percent(tmp_path):
    table = tmp_path / "ngari.csv"
    table.write_text("when,sm,site\n2012-06-01 08:00,21.5,SQ01\n2012-06-01 09:00,-,SQ01\n2012-06-01 08:00,12,SQ02\n")
    mapping = {
        "time": "when",
        "value": "sm",
        "station": "site",
        "lat": "32.5",
        "lon": "80.1",
        "network": "NGARI",
        "zone": "+8",
        "unit": "%",
    }
    first, second = stations.read(table, mapping=mapping)
    assert (first.name, first.network, first.lat, first.values.tolist()) == ("SQ01", "NGARI", 32.5, [0.215])
    assert first.times[0] == np.datetime64("2012-06-01T00:00:00")
    assert first.rejected == 1
    assert second.values.tolist() == [0.12]
    with pytest.raises(ProductError, match="when, sm, site"):
        stations.read(table)


def test_series_file_gives_back_what_was_written(tmp_path):
    make.ismn(tmp_path, ROWS)
    found = stations.read(tmp_path)
    path = stations.write_series(tmp_path / "series.nc", found)
    (again,) = stations.read(path)
    assert np.array_equal(again.times, found[0].times)
    assert np.array_equal(again.values, found[0].values)
    assert (again.name, again.depth) == (found[0].name, found[0].depth)


def test_a_malformed_line_costs_itself(tmp_path):
    """Cut off, garbled or empty lines are left out and counted; a file of mostly such lines is refused."""
    good = [f"2010/{1 + day // 28:02d}/{1 + day % 28:02d} 18:00    0.1{day % 10}00 G M" for day in range(100)]
    bad = ["2010/05/01 18:00", "2010/13/45 18:00 0.2 G M", "2010/05/02 18:00 wet G M", "###"]
    make.ismn(tmp_path, [*good[:50], *bad, *good[50:], "2010/06/01 18:00    0.2"], end="\n")
    (found,) = stations.read(tmp_path, depth=None)
    assert found.values.size == 100 and found.rejected == 5
    assert found.values.max() == pytest.approx(0.19)
    mostly = tmp_path / "mostly"
    mostly.mkdir()
    make.ismn(mostly, [*good[:20], *bad], end="\n")
    with pytest.raises(ProductError, match=r"4 of 24 lines that are no observation"):
        stations.read(mostly, depth=None)
