"""Station files as they are found: line ends, flags, forms, depths, tables, and the series file."""

import os
import zipfile

import numpy as np
import product_files as make
import pytest

from annsm_plugin.core import stations
from annsm_plugin.core.foundation.errors import ParameterError, ProductError
from annsm_plugin.core.foundation.progress import Progress
from annsm_plugin.core.stations import looking

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

    class Ear(Progress):
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
    with pytest.raises(ProductError, match=r"4 of 24 malformed lines"):
        stations.read(mostly, depth=None)


PLACES = {
    "a blank": ("MAQU MAQU CST 01 33.88330 102.13330 3431.00 0.05 0.05 ECH20-EC-TM", "CST 01", "ECH20-EC-TM"),
    "a blank and a number": ("MAQU MAQU Site 2.5 33.88330 102.13330 3431.00 0.05 0.05 5TM", "Site 2.5", "5TM"),
    "no elevation, a sensor that begins like a depth": ("MAQU MAQU CST_01 33.88330 102.13330 0.05 0.05 5.0TM", "CST_01", "5.0TM"),
    "an elevation that is no number": ("MAQU MAQU CST_01 33.88330 102.13330 NaN 0.05 0.05 5TM", "CST_01", "5TM"),
    "a sensor of several words": (
        "MAQU MAQU A B C 33.88330 102.13330 1.5e3 0.05 0.05 Hydraprobe II Sdi-12",
        "A B C",
        "Hydraprobe II Sdi-12",
    ),
    "no sensor": ("MAQU MAQU CST_01 33.88330 102.13330 3431.00 0.05 0.05", "CST_01", ""),
}


@pytest.mark.parametrize("kind", PLACES)
def test_the_place_is_found_whatever_the_name(tmp_path, kind):
    header, name, sensor = PLACES[kind]
    make.ismn(tmp_path, ROWS, header=header)
    (found,) = stations.read(tmp_path)
    assert (found.name, found.lat, found.lon, found.depth, found.sensor) == (name, 33.8833, 102.1333, (0.05, 0.05), sensor)


def test_a_ceop_name_with_a_blank(tmp_path):
    line = "2008/07/01 00:{m} 2008/07/01 00:{m} MAQU MAQU CST 1 33.88330 102.13330 3431.00 0.05 0.05 0.{m} G M"
    make.ismn(tmp_path, [line.format(m=m) for m in (15, 30)], header=line.format(m="00"))
    (found,) = stations.read(tmp_path)
    assert (found.name, found.lat, found.values.tolist()) == ("CST 1", 33.8833, [0.0, 0.15, 0.3])


def test_a_depth_other_than_the_names_is_refused(tmp_path):
    make.ismn(tmp_path, ROWS, header="MAQU MAQU CST_01 33.88330 102.13330 3431.00 0.40 0.40 X")
    with pytest.raises(ProductError, match=r"the depth 0.05 0.05 of its name"):
        stations.read(tmp_path)


def test_two_inches_are_five_centimetres_and_others_are_counted(tmp_path):
    header = "SCAN SCAN AAMU 34.78333 -86.55000 190.20 {0:.2f} {0:.2f} Hydraprobe"
    for depth in (0.0508, 0.1016):
        make.ismn(tmp_path, ROWS, header=header.format(depth), name=f"SCAN_SCAN_AAMU_sm_{depth:.6f}_{depth:.6f}_Hydraprobe_2007_2013.stm")
    told = []

    class Ear(Progress):
        def info(self, text):
            told.append(text)

    (found,) = stations.read(tmp_path, progress=Ear())
    assert found.depth == (0.05, 0.05)
    assert "0.1016-0.1016 m (1)" in told[0]
    with pytest.raises(ProductError, match=r"0.0508-0.0508 m \(1\)"):
        stations.read(tmp_path, depth=(0.2, 0.3))


def test_only_files_of_soil_moisture(tmp_path):
    """A network whose name holds "_SM_" has soil temperature too."""
    make.ismn(tmp_path, ["2008/07/01 00:00 0.9 G M"], name="X_SM_N_CST_ts_0.050000_0.050000_X_2007_2013.stm")
    make.ismn(tmp_path, ROWS)
    assert [s.values.tolist() for s in stations.read(tmp_path)] == [[0.3, 0.31]]


def test_a_zip_in_a_folder_and_a_single_file(tmp_path):
    path = make.ismn(tmp_path, ROWS)
    assert stations.read(path)[0].values.tolist() == [0.3, 0.31]
    download = tmp_path / "download"
    download.mkdir()
    with zipfile.ZipFile(download / "Data.zip", "w") as file:
        file.write(path, "Data/MAQU/CST-01/" + path.name)
        file.writestr("__MACOSX/MAQU/CST-01/._" + path.name, b"\0")
    (download / "other.zip").write_bytes(b"not a zip")
    assert stations.read(download)[0].values.tolist() == [0.3, 0.31]


def test_lines_without_flags_and_of_one_time(tmp_path):
    make.ismn(tmp_path, ["2008/07/01 00:00 0.3", "2008/07/01 01:00 0.3"])
    with pytest.raises(ProductError, match="2 lines without a quality flag"):
        stations.read(tmp_path)
    make.ismn(tmp_path, ["2008/07/01 00:00 0.3 G", "2008/07/01 00:00 0.4 G", "2008/06/30 00:00 0.2 G"])
    (found,) = stations.read(tmp_path)
    assert found.values.tolist() == [0.2, 0.3] and found.rejected == 1


def test_places_of_whole_degrees(tmp_path):
    names = ("MAQU_MAQU_CST-01_sm_0.050000_0.050000_X_2007_2013.stm", "MAQU_MAQU_Site-5_sm_0.050000_0.050000_X_2007_2013.stm")
    for name, header in zip(names, ("MAQU MAQU CST_01 33 102 3431 0.05 0.05 X", "MAQU MAQU Site 5 34.5 103.5 0.05 0.05 X")):
        make.ismn(tmp_path, ROWS, header=header, name=name)
    assert sorted((s.name, s.lat, s.lon) for s in stations.read(tmp_path)) == [("CST_01", 33.0, 102.0), ("Site 5", 34.5, 103.5)]


@pytest.mark.parametrize("day", ["9015/07/03", "0015/07/03", "1849/12/31", "2200/01/01"])
def test_a_day_on_which_nobody_measured_is_left_out(tmp_path, day):
    """One wrong year costs its line, and the file of series that is written of the others can be read."""
    rows = [f"2008/07/{1 + n // 24:02d} {n % 24:02d}:00 0.3 G M" for n in range(48)]
    path = make.ismn(tmp_path, [*rows[:30], f"{day} 00:00 0.3 G M", *rows[30:]])
    (found,) = stations.read(path)
    assert found.values.size == 48 and found.rejected == 1
    (again,) = stations.read(stations.write_series(tmp_path / "series.nc", [found]))
    assert np.array_equal(again.times, found.times)
    (seen,) = looking.look(path)
    assert (seen.first, seen.last, seen.days, seen.measurements) == ("2008-07-01", "2008-07-02", 2, 48)
    make.ismn(tmp_path, [f"{day} 00:00 0.3 G M"] * 3)
    with pytest.raises(ProductError, match=r"3 of 3 malformed lines, such as '.*'; expected date \(1850 to 2199\)"):
        stations.read(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are of Unix")
@pytest.mark.parametrize("name", ["t.csv", "t.xlsx", "t.zip", "t.stm"])
def test_a_pipe_is_not_opened(tmp_path, name):
    os.mkfifo(tmp_path / name)
    with pytest.raises(ProductError, match="found a pipe, a socket or a device"):
        stations.read(tmp_path / name)
