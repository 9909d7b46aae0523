"""Tables of stations in many dialects: read right, or refused in one sentence that names the file."""

import io
import itertools
import sys
import zipfile

import numpy as np
import pandas as pd
import pytest
from listening import Ear

from annsm_plugin.core import stations
from annsm_plugin.core.foundation.errors import ParameterError, ProductError
from annsm_plugin.core.stations.tables.losses import Losses

HEADER = "time,soil_moisture,station,lat,lon\n"
LINES = "2015-04-01 00:00,0.2,A,31.1,91.1\n2015-04-01 01:00,0.3,A,31.1,91.1\n"
GOOD = HEADER + LINES
TIMES = np.array(["2015-04-01T00:00", "2015-04-01T01:00"], dtype="datetime64[s]")


def read(folder, content, suffix=".csv", **mapping):
    path = folder / f"table{suffix}"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return stations.read(path, mapping=mapping)


def excel(text) -> bytes:
    pytest.importorskip("openpyxl")
    kept = io.BytesIO()
    pd.read_csv(io.StringIO(text)).to_excel(kept, index=False)
    return kept.getvalue()


DIALECTS = {
    "plain": GOOD,
    "tabs": GOOD.replace(",", "\t"),
    "semicolons and decimal commas": GOOD.replace(",", ";").replace(".", ","),
    "Windows line ends": GOOD.replace("\n", "\r\n"),
    "CR line ends": GOOD.replace("\n", "\r"),
    "UTF-8 with its mark": GOOD.encode("utf-8-sig"),
    "UTF-16": GOOD.encode("utf-16"),
    "blanks around names": GOOD.replace("soil_moisture", " soil_moisture ").replace("lat,", "lat ,"),
    "slashes, year first": GOOD.replace("2015-04-01", "2015/04/01"),
    "day first, told by another line": GOOD.replace("2015-04-01", "01/04/2015") + "25/04/2015 00:00,-9999,A,31.1,91.1\n",
    "month first, told by another line": GOOD.replace("2015-04-01", "04/01/2015") + "04/25/2015 00:00,-9999,A,31.1,91.1\n",
    "points in dates": GOOD.replace("2015-04-01", "1.4.2015") + "25.4.2015 00:00,-9999,A,31.1,91.1\n",
    "years of two digits": GOOD.replace("2015-04-01", "01/04/15") + "25/04/15 00:00,-9999,A,31.1,91.1\n",
    "numbers as times": GOOD.replace("2015-04-01 ", "20150401").replace(":", ""),
    "midnight without its time": GOOD.replace("2015-04-01 00:00", "2015-04-01"),
    "fill values": GOOD + "2015-04-01 02:00,-9999,A,31.1,91.1\n2015-04-01 03:00,,A,31.1,91.1\n",
    "times twice": GOOD + LINES.replace("0.2", "0.4").replace("0.3", "0.4"),
    "out of order": HEADER + "".join(reversed(LINES.splitlines(keepends=True))),
    "a line without a station": GOOD + "2015-04-01 02:00,0.25,,31.1,91.1\n",
    "a line cut off": GOOD + "2015-04-01 02:00\n",
    "times with an offset": GOOD.replace("00:00,", "08:00+08:00,").replace("01:00,", "09:00+08:00,"),
    "times of Zulu": GOOD.replace(":00,", ":00Z,"),
}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_dialects(tmp_path, dialect):
    (found,) = read(tmp_path, DIALECTS[dialect])
    assert (found.name, found.lat, found.lon) == ("A", 31.1, 91.1)
    assert np.array_equal(found.times, TIMES)
    assert found.values.tolist() == [0.2, 0.3]


def test_a_spreadsheet(tmp_path):
    (found,) = read(tmp_path, excel(GOOD), ".xlsx")
    assert np.array_equal(found.times, TIMES) and found.values.tolist() == [0.2, 0.3]


@pytest.mark.parametrize(("name", "encoding"), [("玛曲", "gb18030"), ("Ngarí", "latin-1"), ("那曲", "utf-8"), ("阿里", "utf-16")])
def test_names_in_other_encodings(tmp_path, name, encoding):
    (found,) = read(tmp_path, GOOD.replace("A", name).encode(encoding))
    assert found.name == name and found.values.size == 2


def test_a_zone_does_not_move_times_that_have_an_offset(tmp_path):
    (moved,) = read(tmp_path, GOOD.replace("00:00,", "08:00,").replace("01:00,", "09:00,"), zone="+8")
    assert np.array_equal(moved.times, TIMES)
    (kept,) = read(tmp_path, DIALECTS["times with an offset"], zone="+8")
    assert np.array_equal(kept.times, TIMES)


def test_the_order_of_day_and_month_is_asked_for(tmp_path):
    table = GOOD.replace("2015-04-01", "03/04/2015")
    with pytest.raises(ProductError, match="dates=dmy or dates=mdy"):
        read(tmp_path, table)
    (day_first,) = read(tmp_path, table, dates="dmy")
    (month_first,) = read(tmp_path, table, dates="mdy")
    assert str(day_first.times[0])[:10] == "2015-04-03" and str(month_first.times[0])[:10] == "2015-03-04"
    mixed = table + "25/04/2015 00:00,0.2,A,31.1,91.1\n04/25/2015 00:00,0.2,A,31.1,91.1\n"
    with pytest.raises(ProductError, match="dates=dmy"):
        read(tmp_path, mixed)
    with pytest.raises(ParameterError, match="not known"):
        read(tmp_path, table, dates="ydm")
    (year_first,) = read(tmp_path, GOOD.replace("2015-04-01", "2015/04/01"), dates="dmy")
    assert np.array_equal(year_first.times, TIMES)


def test_counted_what_was_left_out(tmp_path):
    (found,) = read(tmp_path, DIALECTS["fill values"])
    assert found.rejected == 2
    (found,) = read(tmp_path, DIALECTS["times twice"])
    assert found.rejected == 2


def zipped() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as file:
        file.writestr("a.txt", "x")
    return kept.getvalue()


BROKEN = {
    "empty": (b"", "empty"),
    "line ends alone": (b"\n\n\n", "empty"),
    "header alone": (HEADER, "a header alone"),
    "zeros": (bytes(2000), "a binary file"),
    "noise": (np.random.default_rng(0).bytes(5000), "a binary file"),
    "web page": ("<!DOCTYPE html><html>log in</html>" * 10, "web page"),
    "percent as m3 m-3": (GOOD.replace("0.2", "20").replace("0.3", "30"), "give the table's unit"),
    "units mixed": (GOOD + "2015-04-01 02:00,25,A,31.1,91.1\n", "give the table's unit"),
    "latitude and longitude exchanged": (GOOD.replace("lat,lon", "lon,lat"), "lat 91.1"),
    "latitude beyond the pole": (GOOD.replace("31.1", "131.1"), "lat 131.1"),
    "no latitude": (GOOD.replace("31.1", ""), "no lat for station A"),
    "a station in two places": (GOOD.replace("01:00,0.3,A,31.1", "01:00,0.3,A,32.1"), "station A at 31.1 and at 32.1"),
    "words for values": (GOOD.replace("0.2", "wet").replace("0.3", "dry"), "2 whose value is no number, such as 'wet' (lines 2, 3)"),
    "words for times": (GOOD.replace("2015-04-01", "spring"), "2 whose time cannot be read, such as 'spring 00:00' (lines 2, 3)"),
    "numbers that are no times": (GOOD.replace("2015-04-01 00:00", "420951").replace("2015-04-01 01:00", "4"), "numbers such as 420951"),
    "more columns in some lines": (GOOD + "2015-04-01 02:00,0.25,A,31.1,91.1,x,y\n", "cannot be read"),
    "another header": (GOOD.replace("time", "Zeit"), "'time'"),
    "no header": (LINES, "'time'"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_what_is_refused(tmp_path, kind):
    content, part = BROKEN[kind]
    with pytest.raises(ProductError) as caught:
        read(tmp_path, content)
    text = str(caught.value)
    assert part in text and "table.csv" in text and "\n" not in text


@pytest.mark.parametrize("content", [b"", GOOD.encode(), zipped(), b"PK\x03\x04" + bytes(100), "half"])
def test_spreadsheets_that_are_none(tmp_path, content):
    if content == "half":
        whole = excel(GOOD)
        content = whole[: len(whole) // 2]
    with pytest.raises(ProductError, match=r"table\.xlsx"):
        read(tmp_path, content, ".xlsx")


def test_fractions_given_as_percent_are_refused(tmp_path):
    with pytest.raises(ProductError, match="are these m3 m-3"):
        read(tmp_path, GOOD, unit="%")
    (found,) = read(tmp_path, GOOD.replace("0.2", "20").replace("0.3", "30"), unit="%")
    assert found.values == pytest.approx([0.2, 0.3])


#: Rows that are each a series of their own: another station, or another depth of one.
EACH_A_SERIES = {"stations": "2015-04-01 00:00,0.2,S{n},31.1,91.1,0.05\n", "depths": "2015-04-01 00:00,0.2,A,31.1,91.1,{n}cm\n"}


@pytest.mark.parametrize("kind", EACH_A_SERIES)
def test_work_grows_with_the_rows_however_many_series_there_are(tmp_path, monkeypatch, kind):
    """Counted in calls of functions, and in rows that are looked at for losses: twice as many for twice the rows."""
    looked_at, work = [], []
    note = Losses.note
    monkeypatch.setattr(Losses, "note", lambda self, out, *others: looked_at.append(len(out)) or note(self, out, *others))
    for count in (250, 500):
        path = tmp_path / "table.csv"
        path.write_text(HEADER.replace("\n", ",depth\n") + "".join(EACH_A_SERIES[kind].format(n=n) for n in range(count)))
        calls = itertools.count()
        looked_at.clear()
        sys.setprofile(lambda frame, event, given, calls=calls: next(calls) if event == "call" else None)
        try:
            found = stations.read(path, depth=None, mapping={"depth": "depth"})
        finally:
            sys.setprofile(None)
        assert len(found) == count
        work.append((next(calls), sum(looked_at)))
    assert all(twice < 2.2 * once for once, twice in zip(*work)), work


def test_of_rows_with_one_time_and_depth_the_first_is_taken(tmp_path):
    """Repeated rows are counted in each series; a row without a depth belongs to none."""
    rows = [("A", 5, 0.1), ("A", 10, 0.2), ("A", 5, 0.3), ("B", 5, 0.4), ("A", "", 0.5), ("A", 10, 0.6), ("A", 5, -9999)]
    lines = [f"2015-04-01 06:00,{value},{name},31.1,91.1,{depth}\n" for name, depth, value in rows]
    path = tmp_path / "table.csv"
    path.write_text(HEADER.replace("\n", ",depth\n") + "".join(lines))
    ear = Ear()
    found = stations.read(path, depth=None, mapping={"depth": "depth"}, progress=ear)
    assert [(s.name, s.depth[0], s.values.tolist(), s.rejected) for s in found] == [
        ("A", 0.05, [0.1], 2), ("A", 0.1, [0.2], 1), ("B", 0.05, [0.4], 0),
    ]  # fmt: skip
    assert any("2 with the time of an earlier row (lines 4, 7)" in text for text in ear.said)
