"""A table of stations written in any dialect gives the series of the plain one, and no row is left out without being counted."""

import datetime
import io
import itertools
import re

import numpy as np
import pytest
from listening import Ear

from annsm_plugin.core import stations
from annsm_plugin.core.foundation.errors import ProductError


def rows(seed):
    """Rows (time, value or None, station): two stations, half-hourly over two month's ends, with gaps and midnights."""
    random = np.random.default_rng(seed)
    start = datetime.datetime(2015, 1, 29, 22)
    found = []
    for station in ("A", "B"):
        for step in sorted({4, 52, 100, 48 * 16, *np.flatnonzero(random.random(48 * 33) < 0.08).tolist()}):
            value = None if random.random() < 0.1 else round(float(random.uniform(0.05, 0.5)), 4)
            found.append((start + datetime.timedelta(minutes=30 * step), value, station))
    return found


def late(time):
    """The day and clock of a time by a clock that runs to 24:00."""
    if time.hour or time.minute:
        return time.date(), f"{time:%H:%M}"
    return time.date() - datetime.timedelta(days=1), "24:00"


def joined(form):
    return lambda time: {"time": time.strftime(form)}


def apart(date, clock):
    return lambda time: {"date": time.strftime(date), "time": time.strftime(clock)}


def number(time):
    return (time - datetime.datetime(1899, 12, 30)).total_seconds() / 86400


#: Layouts of date and clock: the columns of a time.
CLOCKS = {
    "ISO": joined("%Y-%m-%d %H:%M"),
    "ISO with T and seconds": joined("%Y-%m-%dT%H:%M:%S"),
    "day first": joined("%d/%m/%Y %H:%M"),
    "month first, AM and PM": joined("%m/%d/%Y %I:%M:%S %p"),
    "month first, years of two digits": joined("%m/%d/%y %H:%M"),
    "points": joined("%d.%m.%Y %H:%M"),
    "names of months": joined("%d-%b-%Y %H:%M"),
    "Chinese": lambda time: {"time": f"{time.year}年{time.month}月{time.day}日 {time.hour}时{time.minute:02d}分"},
    "one number": joined("%Y%m%d%H%M"),
    "days of a spreadsheet": lambda time: {"time": f"{number(time):.7f}"},
    "to 24:00": lambda time: {"time": "{} {}".format(*late(time))},
    "with its zone": lambda time: {"time": (time + datetime.timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M:%S+08:00")},
    "Zulu": joined("%Y-%m-%dT%H:%M:%SZ"),
    "date and clock": apart("%Y-%m-%d", "%H:%M"),
    "date and clock, day first, 24:00": lambda time: {"date": late(time)[0].strftime("%d/%m/%Y"), "time": late(time)[1]},
    "date and clock with AM and PM": apart("%Y/%m/%d", "%I:%M %p"),
    "date and HHMM": lambda time: {"Date": f"{time:%Y%m%d}", "HHMM": str(time.hour * 100 + time.minute)},
    "year, month, day, hour": lambda time: {
        "Year": f"{time.year}", "Month": f"{time.month}", "Day": f"{time.day}", "Hour": f"{time.hour}", "Minute": f"{time.minute}",
    },
    "year, day of the year, HHMM to 2400": lambda time: {
        "year": f"{late(time)[0]:%Y}", "doy": f"{late(time)[0]:%j}", "time": late(time)[1].replace(":", "").lstrip("0"),
    },
    "year and day of the year with a fraction": lambda time: {
        "Year": f"{time.year}", "DOY": f"{(time - datetime.datetime(time.year, 1, 1)).total_seconds() / 86400 + 1:.6f}",
    },
}  # fmt: skip

SEPARATORS = {"commas": ",", "semicolons": ";", "tabs": "\t", "bars": "|"}
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030", "latin-1")
MARKS = ("", "-9999", "-99", "NA", "NaN", "---", "#N/A", "-999.99", "缺测", "6999")


def written(seed, clock="ISO", separator=",", decimal=".", encoding="utf-8", mark="-9999", head="", end="\n"):
    """A table as bytes."""
    lines = []
    for time, value, station in rows(seed):
        value_text = mark if value is None else f"{value:.4f}"
        numbers = [text.replace(".", decimal) if text != mark else text for text in (value_text, "31.1000", "91.1000")]
        fields = [*CLOCKS[clock](time).values(), *numbers, station]
        lines.append(separator.join(f'"{field}"' if separator in field else field for field in fields))
    names = [*CLOCKS[clock](datetime.datetime(2015, 1, 1)), "soil_moisture", "lat", "lon", "station"]
    return end.join([*([head] if head else []), separator.join(names), *lines, ""]).encode(encoding)


def read(folder, content, ear=None, name="table.csv", **mapping):
    path = folder / name
    path.write_bytes(content)
    return stations.read(path, mapping=mapping, progress=ear or Ear())


def expected(seed):
    """Station -> times and values, by the rows themselves."""
    found = {}
    for time, value, station in rows(seed):
        if value is not None:
            found.setdefault(station, []).append((np.datetime64(time, "s"), value))
    return found


def assert_same(found, seed):
    wanted = expected(seed)
    assert [station.name for station in found] == sorted(wanted)
    for station in found:
        times, values = zip(*wanted[station.name])
        assert np.array_equal(station.times, np.array(times))
        assert np.array_equal(station.values, np.array(values))
        assert (station.lat, station.lon) == (31.1, 91.1)


def left_out(ear):
    """How many rows were said to be left out, in all and by reason."""
    said = [text for text in (*ear.infos, *ear.warnings) if "rows were left out" in text]
    if not said:
        return 0, []
    (text,) = said
    whole, parts = text.split(" rows were left out: ")
    return int(re.search(r"(\d+) of \d+$", whole).group(1)), [int(part.split()[0]) for part in parts.split("; ")]


@pytest.mark.parametrize("clock", CLOCKS)
def test_every_form_of_date_and_clock(tmp_path, clock):
    ear = Ear()
    assert_same(read(tmp_path, written(0, clock), ear), 0)
    count, parts = left_out(ear)
    assert count == sum(value is None for _, value, _ in rows(0)) == sum(parts)


@pytest.mark.parametrize("seed", range(60))
def test_every_dialect_gives_the_same_series(tmp_path, seed):
    """Separators, decimal signs, encodings, marks of missing values, line ends and layouts of time, drawn together."""
    random = np.random.default_rng(seed)

    def drawn(choices):
        choices = list(choices)
        return choices[int(random.integers(len(choices)))]

    separator = SEPARATORS[drawn(SEPARATORS)]
    mark = drawn(MARKS)
    encoding = drawn(name for name in ENCODINGS if name != "latin-1" or mark.isascii())
    clock = drawn(name for name in CLOCKS if encoding != "latin-1" or name != "Chinese")
    head = drawn(("", "# exported by somebody", "Station report\n\nowner: nobody"))
    content = written(seed, clock, separator, drawn(".,") if separator != "," else ".", encoding, mark, head, drawn(("\n", "\r\n", "\r")))
    ear = Ear()
    assert_same(read(tmp_path, content, ear, drawn(("table.csv", "table.txt", "table.dat"))), seed)
    count, parts = left_out(ear)
    assert count == sum(value is None for _, value, _ in rows(seed)) == sum(parts)


def workbook(columns, records) -> bytes:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(columns)
    for record in records:
        book.active.append(record)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


FULL = datetime.timedelta(days=1)
CELLS = {
    "date and time in one cell": (["time"], lambda t: [t]),
    "date and time apart": (["date", "time"], lambda t: [t.date(), t.time()]),
    "dates with the midnight that spreadsheets add": (["date", "time"], lambda t: [datetime.datetime(t.year, t.month, t.day), t.time()]),
    "to 24:00": (["date", "time"], lambda t: [late(t)[0], FULL if late(t)[1] == "24:00" else t.time()]),
    "numbers": (["time"], lambda t: [number(t)]),
    "date and part of a day": (["date", "hour"], lambda t: [t.date(), number(t) % 1]),
    "texts": (["time"], lambda t: [f"{t:%d/%m/%Y %H:%M}"]),
    "year, month, day, hour": (["year", "month", "day", "hour", "minute"], lambda t: [t.year, t.month, t.day, t.hour, t.minute]),
}


@pytest.mark.parametrize("layout", CELLS)
def test_spreadsheets(tmp_path, layout):
    columns, cells = CELLS[layout]
    records = [[*cells(time), value, 31.1, 91.1, station] for time, value, station in rows(3)]
    found = read(tmp_path, workbook([*columns, "soil_moisture", "lat", "lon", "station"], records), name="table.xlsx")
    assert_same(found, 3)


def test_rows_of_every_kind_of_fault_are_counted_once(tmp_path):
    """Faults put into a table at random: what is kept and what is counted are all rows, each reason as often as it was put in."""
    random = np.random.default_rng(11)
    lines, put = ["time,soil_moisture,lat,lon,station"], {"value": 0, "number": 0, "time": 0, "read": 0, "below": 0, "above": 0, "name": 0}
    for hour in range(600):
        fields = [f"2015-04-{1 + hour // 24:02d} {hour % 24:02d}:00", "0.2", "31.1", "91.1", "A"]
        fault = [*put, *[None] * 60][int(random.integers(67))]
        if fault:
            put[fault] += 1
            place = {"time": 0, "read": 0, "name": 4}.get(fault, 1)
            fields[place] = {"value": "NA", "number": "wet", "time": "", "read": "soon", "below": "-0.01", "above": "1.7", "name": ""}[
                fault
            ]
        lines.append(",".join(fields))
    again = [line for line in lines if line.startswith("2") and line.endswith("0.2,31.1,91.1,A")][:7]
    ear = Ear()
    (found,) = read(tmp_path, "\n".join([*lines, *again]).encode(), ear)
    assert found.values.size == 600 - sum(put.values())
    count, parts = left_out(ear)
    assert count == sum(parts) == sum(put.values()) + 7
    (said,) = ear.warnings
    words = {"value": "without a value", "number": "no number", "time": "without a time", "read": "cannot be read", "below": "below zero",
             "above": "above 1", "name": "name of a station"}  # fmt: skip
    for fault, times in put.items():
        assert times and re.search(rf"{times} [^;]*{words[fault]}", said), (fault, said)
    first = next(number for number, line in enumerate(lines, start=1) if ",wet," in line)
    assert "7 with the time of an earlier row" in said and f"such as 'wet' (lines {first}, " in said and "table.csv" in said


HEADER = "date,time,soil_moisture,station,lat,lon\n"


def table(*lines, header=HEADER):
    return (header + "\n".join(lines) + "\n").encode()


def test_the_clock_may_be_named(tmp_path):
    content = table("2015-04-01,00:00,05:00,0.2", "2015-04-01,01:00,05:00,0.3", header="day of work,seen,sunrise,soil_moisture\n")
    place = {"lat": "31.1", "lon": "91.1"}
    with pytest.raises(ProductError, match="clocks in 'seen', 'sunrise'; expected the column of the clock as clock="):
        read(tmp_path, content, time="day of work", **place)
    (found,) = read(tmp_path, content, time="day of work", clock="seen", **place)
    (other,) = read(tmp_path, content, time="seen", **place)
    (both,) = read(tmp_path, content, time="day of work+seen", **place)
    for station in (found, other, both):
        assert station.times.tolist() == [datetime.datetime(2015, 4, 1), datetime.datetime(2015, 4, 1, 1)]
    with pytest.raises(ProductError, match="'rain' of the clock"):
        read(tmp_path, content, time="day of work", clock="rain", **place)


REFUSED = {
    "a clock without a date": (table("00:00,0.2", "01:00,0.3", header="time,soil_moisture\n"), "clocks such as '00:00' without a date"),
    "dates alone, many rows a day": (
        table(*[f"2015-04-0{1 + n // 5},0.2" for n in range(15)], header="date,soil_moisture\n"),
        "12 rows with the day of an earlier one",
    ),
    "two decimal signs": (table("2015-04-01;0,2", "2015-04-02;0.3", header="date;soil_moisture\n"), "numbers such as 0,2 and such as 0.3"),
    "decimal commas between commas": (table("2015-04-01,0,2", "2015-04-02,0,3", header="date,soil_moisture\n"), "line 2 has 3 fields"),
    "two forms of dates": (
        table("2015-04-01 00:00,0.2", "13/04/2015 00:00,0.3", header="time,soil_moisture\n"),
        "dates such as 2015-04-01 00:00 and such as 13/04/2015",
    ),
    "years of two digits in either order": (table("01/04/15 00:00,0.2", header="time,soil_moisture\n"), "dates=dmy or dates=mdy"),
    "years alone": (table("2015,0.2", "2015,0.3", header="year,soil_moisture\n"), "years without a day"),
    "a header of units alone": (table("UTC,m3/m3", header="time,soil_moisture\n"), "a header alone"),
    "numbers that lost their digits": (table("2.01504E+11,0.2", header="time,soil_moisture\n"), "cannot be read, such as '2.01504E+11'"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_refused(tmp_path, kind):
    content, says = REFUSED[kind]
    with pytest.raises(ProductError, match=r"table\.csv") as caught:
        read(tmp_path, content, lat="31.1", lon="91.1")
    assert says in str(caught.value) and "\n" not in str(caught.value)


PLACE = {"lat": "31.1", "lon": "91.1"}


def test_no_clock_or_date_of_something_else_is_joined(tmp_path):
    """The sunrise of each day is not the clock of its row, the day of installation is no date of many clocks, a day has no hour "DOY"."""
    (found,) = read(tmp_path, table("2015-04-01,06:01,0.2", "2015-04-02,06:02,0.3", header="date,sunrise,soil_moisture\n"), **PLACE)
    assert found.times.tolist() == [datetime.datetime(2015, 4, 1), datetime.datetime(2015, 4, 2)]
    lines = [f"2014-06-01,{hour % 24:02d}:00,0.2" for hour in range(48)]
    with pytest.raises(ProductError, match="24 rows with the time of an earlier one"):
        read(tmp_path, table(*lines, header="installed,time,soil_moisture\n"), **PLACE)
    (found,) = read(tmp_path, table("2015,91,1,0.2", "2015,91,24,0.3", header="year,doy,hour,soil_moisture\n"), time="doy", **PLACE)
    assert found.times.tolist() == [datetime.datetime(2015, 4, 1, 1), datetime.datetime(2015, 4, 2)]
    with pytest.raises(ProductError, match="without a year"):
        read(tmp_path, table("91,1,0.2", header="doy,hour,soil_moisture\n"), time="doy", **PLACE)


def test_comments_are_told_from_marks_and_words_are_no_dates(tmp_path):
    ear = Ear()
    content = table(
        "#N/A,2015-04-01 00:00", "0.2,2015-04-01 01:00", "# logger changed", "0.3,now", "0.3,today", header="soil_moisture,time\n"
    )
    (found,) = read(tmp_path, content, ear, **PLACE)
    assert found.values.tolist() == [0.2] and left_out(ear) == (3, [2, 1])
    assert any("none of the rows: 1." in text for text in ear.infos) and "such as 'now' (lines 5, 6)" in ear.warnings[0]


def test_thousands_and_signs_around_numbers(tmp_path):
    place = {"lat": "31.1", "lon": "91.1"}
    for given in ("20.5", "20,5", "20.5%", '"20,5 %"'):
        lines = [f"2015-04-01;{given}"]
        (found,) = read(tmp_path, table(*lines, header="date;soil_moisture\n"), unit="%", **place)
        assert found.values.tolist() == [pytest.approx(0.205)]
    (found,) = read(tmp_path, table("2015-04-01;1.234,5", "2015-04-02;20,5", *[f"2015-05-{d:02d};20,5" for d in range(1, 30)],
                                    header="date;soil_moisture\n"), unit="%", **place)  # fmt: skip
    assert found.values.size == 30  # 1 234.5 % is left out as too large, not read as 1.2345


def test_the_zone_in_the_name_of_a_column(tmp_path):
    content = table("04/25/15 08:00:00 AM,0.2", header='"Date Time, GMT+08:00",soil_moisture\n')
    place = {"lat": "31.1", "lon": "91.1", "time": "Date Time"}
    (found,) = read(tmp_path, content, **place)
    assert found.times.tolist() == [datetime.datetime(2015, 4, 25)]
    (found,) = read(tmp_path, content, zone="+6", **place)  # what the user says goes before
    assert found.times.tolist() == [datetime.datetime(2015, 4, 25, 2)]


def test_a_sheet_that_is_not_read_is_named(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["read me"])
    for title in ("May", "June"):
        page = book.create_sheet(title)
        for row in (["time", "soil_moisture"], [datetime.datetime(2015, 4, 1), 0.2]):
            page.append(row)
    book.save(tmp_path / "table.xlsx")
    ear = Ear()
    (found,) = stations.read(tmp_path / "table.xlsx", mapping={"lat": 31.1, "lon": 91.1}, progress=ear)
    assert found.values.tolist() == [0.2]
    assert any("'May' is read" in text for text in ear.infos) and any("sheet June" in text for text in ear.warnings)


def test_marks_of_missing_values(tmp_path):
    place = {"lat": "31.1", "lon": "91.1"}
    lines = [f"2015-04-{day:02d},{mark}" for day, mark in enumerate([*MARKS, "n/a", "NULL", "-99.9", "-6999", "9999.0", "*"], start=1)]
    ear = Ear()
    (found,) = read(tmp_path, table(*lines, "2015-05-01,0.2", header="date,soil_moisture\n"), ear, **place)
    assert found.values.tolist() == [0.2] and left_out(ear) == (len(lines), [len(lines)]) and not ear.warnings


def test_all_pairs_of_separator_and_decimal_sign(tmp_path):
    for separator, decimal in itertools.product(SEPARATORS.values(), ".,"):
        if separator != decimal:
            assert_same(read(tmp_path, written(5, separator=separator, decimal=decimal)), 5)


def test_a_station_at_a_longitude_that_is_a_fill_value_elsewhere(tmp_path):
    table = tmp_path / "texas.csv"
    table.write_text("time,sm,lat,lon\n2015-04-01,0.21,31.5,-99.9\n2015-04-02,-99.9,31.5,-99.9\n")
    (station,) = stations.read(table, mapping={"time": "time", "value": "sm", "lat": "lat", "lon": "lon"})
    assert (station.lat, station.lon) == (31.5, -99.9) and np.isfinite(station.values).sum() == 1
    table.write_text("time,sm,lat,lon\n2015-04-01,0.21,-9999,-9999\n")
    with pytest.raises(ProductError, match="lat"):
        stations.read(table, mapping={"time": "time", "value": "sm", "lat": "lat", "lon": "lon"})
