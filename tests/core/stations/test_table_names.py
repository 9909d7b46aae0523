"""Names of columns of tables: the whole name, in any letters, or a beginning that only one column has; and where to map them."""

from dataclasses import fields

import numpy as np
import pytest
from listening import Ear

from annsm_plugin.core import stations
from annsm_plugin.core.foundation.errors import ProductError
from annsm_plugin.core.stations import loading, request

PLACE = {"lat": "33.9", "lon": "102.1"}


def read(folder, header, row="{time},{value}", progress=None, **mapping):
    path = folder / "table.dat"
    rows = [row.format(time=f"2015-04-01 0{hour}:00", value=f"0.{20 + hour}") for hour in range(3)]
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return stations.read(path, depth=None, mapping={**PLACE, **mapping}, progress=progress)


@pytest.mark.parametrize(
    ("header", "time", "value"),
    [
        ("TIMESTAMP,VWC_5cm_Avg", "TIMESTAMP", "VWC_5cm"),
        ("TIMESTAMP,VWC_5cm_Avg", "TIME", "vwc"),
        ("TIMESTAMP,土壤水分_5cm(m3/m3)", "TIME", "土壤水分"),
        ("Date_Time,SM1", "date", "SM"),
    ],
)
def test_the_beginning_of_a_name_is_enough(tmp_path, header, time, value):
    ear = Ear()
    (found,) = read(tmp_path, header, time=time, value=value, progress=ear)
    assert found.values == pytest.approx([0.2, 0.21, 0.22]) and found.times[0] == np.datetime64("2015-04-01T00:00")
    assert any(f"is taken for '{value}'" in text for text in ear.said)


def test_whole_names_come_first(tmp_path):
    for names in ("VWC,VWC_Avg,vwc", "vwc_5cm,vwc_Avg,VWC"):
        row = "{time},{value},0.9,0.9" if names.startswith("VWC,") else "{time},0.9,0.9,{value}"
        (found,) = read(tmp_path, f"time,{names}", row, value="VWC")
        assert found.values == pytest.approx([0.2, 0.21, 0.22])
    (found,) = read(tmp_path, "time,VWC_Avg,vwc", "{time},0.9,{value}", value="VWC")  # in other letters before beginnings
    assert found.values == pytest.approx([0.2, 0.21, 0.22])
    (found,) = read(tmp_path, "time,VWC_QC,VWC (m3/m3)", "{time},1,{value}", value="VWC")  # a unit behind the name
    assert found.values == pytest.approx([0.2, 0.21, 0.22])


def test_beginnings_of_several_names_are_refused(tmp_path):
    with pytest.raises(ProductError, match="the columns 'VWC_5cm_Avg', 'VWC_5cm_Std'; expected the whole name of one"):
        read(tmp_path, "time,VWC_5cm_Avg,VWC_5cm_Std", "{time},{value},0.01", value="VWC_5cm")


def test_places_stations_and_depths_by_their_beginnings(tmp_path):
    header, row = "Site_ID,latitude,longitude,time,sm,depth_of_sensor", "7,31.1,91.1,{time},{value},5"
    (found,) = read(tmp_path, header, row, value="sm", station="Site", lat="lat", lon="lon", depth="depth")
    assert (found.name, found.lat, found.lon, found.depth) == ("7", 31.1, 91.1, (0.05, 0.05))


def test_a_station_called_like_a_column_of_values(tmp_path):
    (found,) = read(tmp_path, "time,NST_01_SM", value="NST_01_SM", station="NST_01")
    assert found.name == "NST_01"


def test_a_time_that_was_not_named_is_no_zone(tmp_path):
    (found,) = read(tmp_path, "timezone,date,sm", "CST,{time},{value}", value="sm")
    assert found.times[1] == np.datetime64("2015-04-01T01:00")


def test_where_a_mapping_can_be_given_is_said(tmp_path):
    path = tmp_path / "TOA5.dat"
    path.write_text("TIMESTAMP,VWC_5cm_Avg\n2015-04-01 00:00,0.2\n")
    with pytest.raises(ProductError, match=r"load it with annsm:loadstations first \(MAPPING\), and give its SERIES here"):
        stations.read(path)
    with pytest.raises(ProductError, match="name yours in the mapping"):
        stations.read(path, mapping={})


@pytest.mark.parametrize(("first", "second"), [("2015-04-01 24:00", "2015-04-01 12:00"), ("201504012400", "201504011200")])
def test_rows_of_midnight_are_counted(tmp_path, first, second):
    rows = [f"{station},{time},0.2" for station in "ABC" for time in (second, first)]
    path = tmp_path / "table.csv"
    path.write_text("\n".join(["station,time,sm", *rows, ""]))
    ear = Ear()
    found = stations.read(path, mapping={"value": "sm", **PLACE}, progress=ear)
    assert [s.times[1] for s in found] == [np.datetime64("2015-04-02T00:00")] * 3
    assert any("24:00 is read as midnight at the end of the day (3 rows)" in text for text in ear.said)


def test_the_help_names_every_key():
    told = {option.name: option for option in fields(request.StationsRequest)}["mapping"].metadata
    assert [key for key in loading.KEYS if f"{key}=" not in str(told)] == []
    series = {option.name: option for option in fields(request.StationsRequest)}["series"].metadata
    assert ".nc" in str(series)


@pytest.mark.parametrize("suffix", [".dat", ".xlsx"])
@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("time,soil_moisture,,", "{time},{value},,"),
        ("time,soil_moisture,,,", "{time},{value}"),
        ("time,,,soil_moisture", "{time},,,{value}"),
        ("time,,,,soil_moisture", "{time},x,7,,{value}"),
    ],
)
def test_columns_without_a_name_may_be_several(tmp_path, suffix, header, row):
    """Spreadsheets write blank columns between the others and behind them."""
    rows = [row.format(time=f"2015-04-01 0{hour}:00", value=f"0.{20 + hour}") for hour in range(3)]
    path = tmp_path / f"table{suffix}"
    if suffix == ".xlsx":
        book = pytest.importorskip("openpyxl").Workbook()
        for line in (header, *rows):
            book.active.append(line.split(","))
        book.save(path)
    else:
        path.write_text("\n".join([header, *rows, ""]))
    (found,) = stations.read(path, mapping={**PLACE})
    assert found.values == pytest.approx([0.2, 0.21, 0.22]) and found.times[0] == np.datetime64("2015-04-01T00:00")
