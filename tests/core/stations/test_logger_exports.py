"""Small faithful files of networks and loggers: header lines above and below, units, zones, marks, blanks; read to values written here."""

import datetime
import io

import pytest
from listening import Ear

from annsm_plugin.core import stations
from annsm_plugin.core.foundation.errors import ProductError

PLACE = {"lat": "33.9", "lon": "102.1"}

TOA5 = """"TOA5","NST_01","CR1000","12345","CR1000.Std.27","CPU:maqu.CR1","4711","Soil"
"TIMESTAMP","RECORD","VWC_5cm_Avg","TSoil_5cm_Avg"
"TS","RN","m^3/m^3","deg C"
"","","Avg","Avg"
"2015-04-01 07:45:00",100,0.2145,3.1
"2015-04-01 08:00:00",101,0.215,3.2
"2015-04-01 08:15:00",102,"NAN","NAN"
"2015-04-01 08:30:00",103,0.2155,3.2
"""

HOBO = """"Plot Title: Pali 03"
"#","Date Time, GMT+08:00","Water Content, m³/m³ (LGR S/N: 10300, SEN S/N: 10301, LBL: 5cm)","Host Connected (LGR S/N: 10300)"
1,04/25/15 07:45:00 AM,0.2145,
2,04/25/15 08:00:00 AM,0.2150,
3,04/25/15 08:15:00 AM,,
4,04/25/15 08:30:00 AM,0.2155,Logged
"""

SCAN = """#
# USDA Natural Resources Conservation Service
#
Site Id,Date,Time,SMS.I-1:-2 (pct)  (silt),STO.I-1:-2 (degC)
2057,2015-03-31,23:00,21.5,8.1
2057,2015-04-01,00:00,21.6,8.0
2057,2015-04-01,01:00,-99.9,-99.9
2057,2015-04-01,02:00,21.7,7.9
"""

FLUXNET = """TIMESTAMP_START,TIMESTAMP_END,SWC_F_MDS_1,SWC_F_MDS_1_QC
201504010730,201504010800,21.45,0
201504010800,201504010830,21.5,0
201504010830,201504010900,-9999,-9999
201504010900,201504010930,21.55,0
"""

COSMOS = """YYYY-MM-DD HH:MM   MOD   SOILM  DEP
2015-03-31 23:00   1500  21.45  15
2015-04-01 00:00   1501  21.50  15
2015-04-01 01:00   1502  -9999  15
2015-04-01 02:00   1503  21.55  15
"""

BLANKS = """time sm station
2015-03-31 23:00 0.2145 L01
2015-04-01 00:00 0.215 L01
2015-04-01 01:00 -99 L01
2015-04-01 02:00 0.2155 L01
"""

CAMPBELL_ARRAY = """Array,Year,DOY,HHMM,SM5,SM10
101,2015,90,2300,0.2145,0.3
101,2015,90,2400,0.215,0.3
101,2015,91,100,-6999,0.3
101,2015,91,200,0.2155,0.3
"""

HEIHE = """站点,日期,时间,土壤水分(4cm),土壤温度(4cm)
,yyyy/m/d,hh:mm,%,℃
WATERNET_01,2015/4/1,7:45,21.45,3.1
WATERNET_01,2015/4/1,8:00,21.5,3.1
WATERNET_01,2015/4/1,8:15,缺测,3.1
WATERNET_01,2015/4/1,8:30,21.55,3.1
"""

TPDC = """Naqu network; soil moisture at 5 cm; Beijing time
Year;Month;Day;Hour;SMC_5cm
2015;4;1;7;0,2145
2015;4;1;8;0,215
2015;4;1;9;-99
2015;4;1;24;0,2155
"""

CTP = """Date\tTime(BJT)\tSM_0-5cm\tSM_10cm
20150401\t0745\t0.2145\t0.3
20150401\t0800\t0.2150\t0.3
20150401\t0815\t\t0.3
20150401\t0830\t0.2155\t0.3
"""

BEIJING, UTC = datetime.datetime(2015, 3, 31, 23, 45), datetime.datetime(2015, 3, 31, 23)
QUARTERS, HOURS = (0, 15, 45), (0, 60, 180)
APRIL, PERCENT = BEIJING + datetime.timedelta(24), {"unit": "%", **PLACE}
LOGGER, WATERNET = {"time": "Date Time", "value": "Water Content", **PLACE}, {"value": "土壤水分", "zone": "+8", **PERCENT}
EXPORTS = {
    "Campbell TOA5": (TOA5, "utf-8", {"value": "VWC_5cm_Avg", "zone": "+8", **PLACE}, BEIJING, QUARTERS),
    "HOBO": (HOBO, "utf-8-sig", LOGGER, APRIL, QUARTERS),
    "HOBO, Latin-1": (HOBO, "latin-1", LOGGER, APRIL, QUARTERS),
    "SCAN": (SCAN, "utf-8", {"value": "SMS.I-1:-2", "station": "Site Id", **PERCENT}, UTC, HOURS),
    "FLUXNET": (
        *(FLUXNET, "utf-8", {"time": "TIMESTAMP_END", "value": "SWC_F_MDS_1", "zone": "+8", **PERCENT}),
        *(datetime.datetime(2015, 4, 1), (0, 30, 90)),
    ),
    "COSMOS": (COSMOS, "utf-8", {"time": "YYYY-MM-DD", "value": "SOILM", **PERCENT}, UTC, HOURS),
    "blanks between columns": (BLANKS, "utf-8", {"value": "sm", **PLACE}, UTC, HOURS),
    "Campbell's arrays": (CAMPBELL_ARRAY, "utf-8", {"value": "SM5", **PLACE}, UTC, HOURS),
    "Heihe": (HEIHE, "gbk", {"time": "日期", "station": "站点", **WATERNET}, BEIJING, QUARTERS),
    "Heihe, the clock mapped": (HEIHE, "utf-16", {"time": "时间", **WATERNET}, BEIJING, QUARTERS),
    "TPDC": (TPDC, "gb18030", {"value": "SMC_5cm", "zone": "+8", **PLACE}, UTC, (0, 60, 1020)),
    "CTP-SMTMN": (CTP, "utf-8", {"value": "SM_0-5cm", **PLACE}, BEIJING, QUARTERS),
}


def is_right(found, start, minutes):
    assert found.times.tolist() == [start + datetime.timedelta(minutes=step) for step in minutes]
    values = [0.215, 0.216, 0.217] if found.name == "2057" else [0.2145, 0.215, 0.2155]
    assert found.values == pytest.approx(values) and found.rejected == 1


@pytest.mark.parametrize("export", EXPORTS)
def test_exports_of_networks_and_loggers(tmp_path, export):
    text, encoding, mapping, start, minutes = EXPORTS[export]
    path = tmp_path / "export.dat"
    path.write_bytes(text.replace("\n", "\r\n").encode(encoding))
    ear = Ear()
    (found,) = stations.read(path, mapping=mapping, progress=ear)
    is_right(found, start, minutes)
    assert any("1 of 4 rows were left out: 1 without a value" in text for text in ear.said)
    if export == "Campbell TOA5":
        assert any("lines 3 to 4 have words alone" in text for text in ear.said)


def test_a_table_with_its_dates_and_clocks_apart_is_never_of_today(tmp_path):
    """Fifteen rows of three days, mapped to either column: all fifteen, on their own days."""
    lines = [f"{day:02d}/04/2015,{hour:02d}:30,0.{20 + hour},A,31.1,91.1" for day in (11, 12, 13) for hour in range(5)]
    path = tmp_path / "table.csv"
    path.write_text("\n".join(["date,time,soil_moisture,station,lat,lon", *lines, ""]))
    wanted = [datetime.datetime(2015, 4, day, hour, 30) for day in (11, 12, 13) for hour in range(5)]
    for mapping in ({}, {"time": "date"}, {"time": "time"}, {"time": "date", "clock": "time"}):
        (found,) = stations.read(path, mapping=mapping)
        assert found.times.tolist() == wanted and found.rejected == 0
    path.write_text(path.read_text().replace("13/04", "10/04"))
    with pytest.raises(ProductError, match="dates such as 11/04/2015"):
        stations.read(path)


@pytest.mark.parametrize("title", ["Date Time, GMT+08:00", "Date Time, GMT+0800", "Date Time (UTC+8)"])
def test_spreadsheet_of_a_logger(tmp_path, title):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["Site: Ngari ALI02"])
    book.active.append([])
    book.active.append([title, "VWC (m3/m3)", "remark"])
    for minutes, value in zip((45, 60, 75, 90), (0.2145, 0.215, "#N/A", 0.2155)):
        book.active.append([datetime.datetime(2015, 4, 1, 7) + datetime.timedelta(minutes=minutes), value])
    kept = io.BytesIO()
    book.save(kept)
    (tmp_path / "logger.xlsx").write_bytes(kept.getvalue())
    (found,) = stations.read(tmp_path / "logger.xlsx", mapping={"time": title, "value": "VWC", **PLACE})
    is_right(found, BEIJING, QUARTERS)
