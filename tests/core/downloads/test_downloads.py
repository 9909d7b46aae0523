"""Download lists: numbers of files worked by hand, addresses parsed, requests' structure; every sensor's first and last day."""

import ast
import datetime
import json
import re
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from annsm_plugin.core import downloads
from annsm_plugin.core.foundation import store
from annsm_plugin.core.foundation.errors import AnnsmError, Cancelled, ParameterError
from annsm_plugin.core.foundation.progress import Progress
from annsm_plugin.core.products import entry

TODAY = datetime.date(2022, 1, 1)
PLATEAU = (73.0, 26.0, 105.0, 40.0)


def lists(folder, **settings):
    settings = {"start": "2016-03-01", "end": "2016-03-03", "today": TODAY, **settings}
    return downloads.write_lists(folder / "lists", folder / "table.csv", **settings)


def lines(folder, name):
    return (folder / "lists" / name).read_text().split()


def query(url):
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query, strict_parsing=True).items()}


def stamps(folder, name="gldas_file_urls.txt"):
    return [np.datetime64(str(entry(url).time)[:16]) for url in lines(folder, name)]


def test_gldas_holds_the_steps_that_the_local_hours_need_and_no_other(tmp_path):
    # 73 E is 4.87 h and 105 E 7 h ahead of UTC: 01:00 local is 18:00 UTC of the day before at the earliest, 07:00 is 02:07 UTC at the
    # latest (nearest step 03:00), so 18, 21, 00 and 03 UTC of each day serve
    lists(tmp_path, products="GLDAS")
    wanted = [f"2016-02-29T{h}" for h in ("18", "21")]
    for day in ("2016-03-01", "2016-03-02"):
        wanted += [f"{day}T{h}" for h in ("00", "03", "18", "21")]
    wanted += ["2016-03-03T00", "2016-03-03T03"]
    assert stamps(tmp_path) == [np.datetime64(text + ":00") for text in wanted]


def test_gldas_at_a_fixed_offset_needs_three_steps_of_the_papers_reading_and_no_fourth(tmp_path):
    # Beijing time: hours 01..07 are 17..23 UTC; nearest steps 18, 21 and 00; 00:30-07:30 is 16:30-23:30, means of 15-18, 18-21, 21-24
    lists(tmp_path, products="GLDAS", time="+8", start="2016-03-01", end="2016-03-01")
    assert stamps(tmp_path) == [np.datetime64(t) for t in ("2016-02-29T18:00", "2016-02-29T21:00", "2016-03-01T00:00")]


def test_gldas_subset_address(tmp_path):
    lists(tmp_path, products="GLDAS")
    url = lines(tmp_path, "gldas_subset_urls.txt")[0]
    parts, asked = urlsplit(url), query(url)
    assert (parts.scheme, parts.netloc) == ("https", "hydro1.gesdisc.eosdis.nasa.gov")
    assert parts.path == "/daac-bin/OTF/HTTP_services.cgi"
    # 29 February is day 60
    assert asked["FILENAME"] == "/data/GLDAS/GLDAS_NOAH025_3H.2.1/2016/060/GLDAS_NOAH025_3H.A20160229.1800.021.nc4"
    assert asked["BBOX"] == "26,73,40,105"
    assert asked["VARIABLES"].split(",") == ["SoilMoi0_10cm_inst", "SoilTMP0_10cm_inst", "AvgSurfT_inst", "Rainf_f_tavg"]
    assert asked["SHORTNAME"] == "GLDAS_NOAH025_3H" and asked["DATASET_VERSION"] == "2.1"
    # the name that the service gives the file is one that the inventory knows
    assert entry(asked["LABEL"]).product == "gldas"
    assert str(entry(asked["LABEL"]).time) == "2016-02-29T18:00:00"


def test_gldas_midnight_lies_in_the_folder_of_its_own_day(tmp_path):
    lists(tmp_path, products="GLDAS", start="2016-01-01", end="2016-01-01")
    assert [url.rsplit("/", 3)[1:] for url in lines(tmp_path, "gldas_file_urls.txt")] == [
        ["2015", "365", "GLDAS_NOAH025_3H.A20151231.1800.021.nc4"],
        ["2015", "365", "GLDAS_NOAH025_3H.A20151231.2100.021.nc4"],
        ["2016", "001", "GLDAS_NOAH025_3H.A20160101.0000.021.nc4"],
        ["2016", "001", "GLDAS_NOAH025_3H.A20160101.0300.021.nc4"],
    ]


def test_gldas_begins_in_2000_and_ends_at_60_south(tmp_path):
    result = lists(tmp_path, products="GLDAS", start="2000-01-01", end="2000-01-01", extent=(0.0, -70.0, 10.0, -50.0))
    assert min(stamps(tmp_path)) == np.datetime64("2000-01-01T03:00")
    assert query(lines(tmp_path, "gldas_subset_urls.txt")[0])["BBOX"] == "-60,0,-50,10"
    assert any("begins at 2000-01-01T03:00" in limit for limit in result.warnings)
    with pytest.raises(ParameterError, match="south of 60 S"):
        lists(tmp_path, products="GLDAS", extent=(0.0, -80.0, 10.0, -70.0))


def test_gldas_subset_has_the_size_of_a_real_file_on_its_land():
    # the real file: 1 567 650 bytes for two variables on 243 883 land cells
    from annsm_plugin.core.downloads import gldas

    cell, field = gldas.BYTES_PER_CELL, gldas.BYTES_PER_FIELD
    assert cell == pytest.approx(1567650 / 2 / 243883, rel=0.02)
    assert field == pytest.approx(1567650 / 2, rel=0.01)


def test_across_the_dateline(tmp_path):
    result = lists(tmp_path, extent=(170.0, 50.0, 190.0, 60.0))
    # GLDAS: one file per step can hold one box only
    assert query(lines(tmp_path, "gldas_subset_urls.txt")[0])["BBOX"] == "50,-180,60,180"
    task = json.loads((tmp_path / "lists" / "lai_MCD15A2H_2016.json").read_text())
    rings = [f["geometry"]["coordinates"][0] for f in task["params"]["geo"]["features"]]
    assert [(r[0], r[2]) for r in rings] == [([170, 50], [180, 60]), ([-180, 50], [-170, 60])]
    assert result.listings[1].files == 2
    # 12 h ahead in the west of the region, 12 h behind in the east: 01:30 local of a day is the UTC date before or the same
    dates = {entry(p).date.isoformat() for p in lines(tmp_path, "amsr_paths.txt")}
    assert dates == {"2016-02-29", "2016-03-01", "2016-03-02", "2016-03-03"}


def test_far_east_written_beyond_180_is_one_box(tmp_path):
    lists(tmp_path, products="LAI", extent=(190.0, 50.0, 200.0, 60.0))
    task = json.loads((tmp_path / "lists" / "lai_MCD15A2H_2016.json").read_text())
    assert [f["geometry"]["coordinates"][0][0] for f in task["params"]["geo"]["features"]] == [[-170, 50]]


def test_lai_request(tmp_path):
    result = lists(tmp_path, products="LAI")
    task = json.loads((tmp_path / "lists" / "lai_MCD15A2H_2016.json").read_text())
    assert task["task_type"] == "area" and task["task_name"]
    # 1 March less 16 days, 3 March and 16 days; month first
    assert task["params"]["dates"] == [{"startDate": "02-14-2016", "endDate": "03-19-2016"}]
    assert task["params"]["layers"] == [
        {"product": "MCD15A2H.061", "layer": "Lai_500m"},
        {"product": "MCD15A2H.061", "layer": "FparLai_QC"},
    ]
    assert task["params"]["output"] == {"format": {"type": "netcdf4"}, "projection": "geographic"}
    (feature,) = task["params"]["geo"]["features"]
    ring = feature["geometry"]["coordinates"][0]
    assert ring[0] == ring[-1] and len(ring) == 5
    x, y = np.array(ring).T
    assert 0.5 * np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) == 32 * 14  # counter-clockwise, the plateau's area in degrees
    # composites of days 49, 57, 65 and 73: 18 and 26 February, 5 and 13 March
    assert (result.listings[0].first, result.listings[0].last) == ("2016-02-18", "2016-03-13")
    pixels = 32 * 240 * 14 * 240
    assert result.listings[0].megabytes == pytest.approx(4 * 2 * pixels / 1e6)


def test_lai_before_the_combined_product_is_terras(tmp_path):
    lists(tmp_path, products="LAI", start="2002-06-20", end="2002-08-01")
    texts = {p.name: json.loads(p.read_text())["params"] for p in (tmp_path / "lists").glob("lai_*.json")}
    assert {name: t["dates"][0] for name, t in texts.items()} == {
        "lai_MOD15A2H_2002.json": {"startDate": "06-04-2002", "endDate": "07-03-2002"},
        "lai_MCD15A2H_2002.json": {"startDate": "07-04-2002", "endDate": "08-17-2002"},
    }
    assert texts["lai_MOD15A2H_2002.json"]["layers"][0]["product"] == "MOD15A2H.061"


def test_lai_of_terra_alone_is_one_record(tmp_path):
    lists(tmp_path, products="LAI", lai_product="MOD15A2H", start="2002-06-20", end="2002-08-01")
    assert [p.name for p in (tmp_path / "lists").glob("lai_*.json")] == ["lai_MOD15A2H_2002.json"]


def test_composites_start_anew_each_year():
    from annsm_plugin.core.products.coverage import composites

    year = composites(datetime.date(2015, 1, 1), datetime.date(2015, 12, 31))
    assert len(year) == 46 and year[-1] == datetime.date(2015, 12, 27)
    assert composites(datetime.date(2002, 7, 4), datetime.date(2002, 7, 4)) == [datetime.date(2002, 7, 4)]


def test_smap_search_script_and_addresses(tmp_path):
    # 06:00 solar with an hour around: -1.99 to 2.13 h UTC, so the UTC day before and the day itself
    result = lists(tmp_path, products="SMAP", start="2016-12-31", end="2017-01-01")
    urls = lines(tmp_path, "smap_urls_likely.txt")
    assert [entry(u).date.isoformat() for u in urls] == ["2016-12-30", "2016-12-31", "2017-01-01"]
    assert all(entry(u).product == "smap" and not entry(u).refused for u in urls)
    assert urls[2].endswith("/SMAP/SPL3SMP/009/2017/01/SMAP_L3_SM_P_20170101_R19240_001.h5")
    asked = [query(url) for url in lines(tmp_path, "smap_search.txt")]
    assert [a["temporal"] for a in asked] == ["2016-12-30T00:00:00Z,2016-12-31T23:59:59Z", "2017-01-01T00:00:00Z,2017-01-01T23:59:59Z"]
    assert {(a["short_name"], a["version"]) for a in asked} == {("SPL3SMP", "009")}
    assert result.files == 3
    script = ast.parse((tmp_path / "lists" / "smap_earthaccess.py").read_text())
    call = next(n for n in ast.walk(script) if isinstance(n, ast.Call) and getattr(n.func, "attr", "") == "search_data")
    assert ast.literal_eval(next(k.value for k in call.keywords if k.arg == "temporal")) == ("2016-12-30", "2017-01-01T23:59:59")


def test_smap_begins_on_its_first_day(tmp_path):
    result = lists(tmp_path, products="SMAP", start="2015-03-29", end="2015-04-01")
    assert [entry(u).date.isoformat() for u in lines(tmp_path, "smap_urls_likely.txt")] == ["2015-03-31", "2015-04-01"]
    before = lists(tmp_path, products="SMAP", start="2014-01-01", end="2014-12-31")
    assert before.files == 0 and "2015-03-31" in before.warnings[0]
    assert not list((tmp_path / "lists").glob("smap_*"))
    assert result.listings[0].first == "2015-03-31"


def test_smap_in_the_americas_is_of_the_same_utc_day(tmp_path):
    # 70 W: 06:00 is 10:40 UTC
    lists(tmp_path, products="SMAP", extent=(-72.0, -10.0, -68.0, -5.0))
    assert [entry(u).date.isoformat() for u in lines(tmp_path, "smap_urls_likely.txt")] == ["2016-03-01", "2016-03-02", "2016-03-03"]


def test_amsr2_paths(tmp_path):
    result = lists(tmp_path, products="AMSR")
    paths = lines(tmp_path, "amsr_paths.txt")
    # 01:30 local is the UTC date before everywhere on the plateau; five channels
    assert len(paths) == result.files == 3 * 5
    assert paths[0] == "/standard/GCOM-W/GCOM-W.AMSR2/L3.TB6GHz_25/2/2016/02/GW1AM2_20160229_01D_EQMD_L3SGT06LA2220220.h5"
    assert {entry(p).channel for p in paths} == {"06", "07", "10", "18", "23"}
    assert {entry(p).date.day for p in paths} == {29, 1, 2}


def test_amsr_batch_takes_whole_months_by_one_pattern(tmp_path):
    lists(tmp_path, products="AMSR", channels="18", start="2016-02-29", end="2016-04-02")  # files 28 February to 1 April
    text = (tmp_path / "lists" / "amsr_sftp_batch.txt").read_text().splitlines()
    found = [re.search(r"/(\d{4}/\d\d)/GW1AM2_([\d?]+)_01D_EQMD_L3SGT18L\*\.h5 amsr/$", line) for line in text if "get" in line]
    assert [m.groups() for m in found] == [
        ("2016/02", "20160228"),
        ("2016/02", "20160229"),
        ("2016/03", "201603??"),
        ("2016/04", "20160401"),
    ]
    assert all(line.startswith("-get -p /standard/") for line in text if "get" in line)


def test_amsr_gap_between_the_sensors(tmp_path):
    result = lists(tmp_path, products="AMSR", channels="common", start="2011-10-03", end="2012-07-04")
    paths = lines(tmp_path, "amsr_paths.txt")
    # files of 2 to 4 October 2011 (AMSR-E) and of 2 and 3 July 2012 (AMSR2): local days are one later
    assert len(paths) == (3 + 2) * 5
    amsre = [p for p in paths if "/AQUA.AMSR-E_AMSR2Format/" in p]
    assert len(amsre) == 15 and amsre[-1].endswith("/L3.TB36GHz_25/8/2011/10/*_20111004_01D_EQMD_L3SGT36L*.h5")
    assert any("2011-10-05 to 2012-07-01" in limit for limit in result.warnings)
    assert any("file names is not known" in note for note in result.listings[0].notes)


def test_inside_the_gap_there_is_nothing_to_list(tmp_path):
    result = lists(tmp_path, products="AMSR", start="2012-01-01", end="2012-03-01")
    assert result.files == 0
    assert "No AMSR flew" in result.warnings[0]


def test_amsre_days_are_left_out_where_it_lacks_a_channel(tmp_path):
    result = lists(tmp_path, products="AMSR", channels="06,07", start="2010-01-01", end="2010-01-31")
    assert result.files == 0
    assert any("AMSR-E lacks" in limit for limit in result.warnings)


def test_ascending_pass(tmp_path):
    # 13:30 local over the plateau is 06:30 to 08:38 UTC of the same date
    lists(tmp_path, products="AMSR,GLDAS", overpass="ascending", channels="06", start="2016-03-01", end="2016-03-01")
    assert [entry(p).orbit + str(entry(p).date) for p in lines(tmp_path, "amsr_paths.txt")] == ["A2016-03-01"]
    # 13:00 to 19:00 local: 06:00 to 14:08 UTC, so steps 6, 9, 12 and 15
    assert [str(s)[11:13] for s in stamps(tmp_path)] == ["06", "09", "12", "15"]


def test_by_file_date_nothing_is_shifted(tmp_path):
    lists(tmp_path, products="AMSR,SMAP", time="file", channels="06")
    days = ["2016-03-01", "2016-03-02", "2016-03-03"]
    assert [str(entry(p).date) for p in lines(tmp_path, "amsr_paths.txt")] == days
    assert [str(entry(u).date) for u in lines(tmp_path, "smap_urls_likely.txt")] == days


@pytest.mark.parametrize("clock", ["solar", "+8", "file"])
@pytest.mark.parametrize("extent", [PLATEAU, (170.0, 50.0, 190.0, 60.0), (-75.0, -10.0, -65.0, 0.0)])
@pytest.mark.parametrize("overpass", ["descending", "ascending"])
def test_amsr_dates_are_those_that_matching_takes(clock, extent, overpass):
    """Every (day, column) of matching finds its file's date in the list, and no date is listed for nothing."""
    from annsm_plugin.core.downloads import amsr
    from annsm_plugin.core.foundation import localtime

    request = downloads.checked(
        downloads.DownloadListRequest(extent=extent, start="2016-03-01", end="2016-03-03", overpass=overpass, time=clock, today=TODAY)
    )
    shift = np.zeros(1, int) if clock == "file" else localtime.days_after_utc_date(localtime.AMSR_HOUR[overpass], request.grid.lon, clock)
    wanted = {day - s for day in request.days for s in shift.astype("timedelta64[D]")}
    assert set(amsr.dates_of(request, "AMSR2")) == wanted


BAD = {
    "order": ({"start": "2016-03-03", "end": "2016-03-01"}, "lies after"),
    "no date": ({"start": "soon"}, "not a date"),
    "future": ({"start": "2022-03-01", "end": "2022-04-01"}, "in the future"),
    "product": ({"products": "GLDAS,SMOS"}, "not known"),
    "channels": ({"channels": "05"}, "05"),
    "clock": ({"time": "noonish"}, "not known"),
    "extent": ({"extent": (105.0, 26.0, 73.0, 40.0)}, "east"),
    "overpass": ({"overpass": "sideways"}, "OVERPASS is 'sideways'"),
    "lai": ({"lai_product": "VNP15A2H"}, "VNP15A2H"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_settings_leave_no_trace(tmp_path, case):
    settings, sentence = BAD[case]
    with pytest.raises(ParameterError, match=sentence):
        lists(tmp_path, **settings)
    assert not list(tmp_path.iterdir())


def test_future_days_are_cut_off_with_a_warning(tmp_path):
    result = lists(tmp_path, products="SMAP", start="2021-12-31", end="2022-02-01")
    assert result.listings[0].last == "2022-01-01"
    assert "in the future" in result.warnings[0]


def test_table_and_readme(tmp_path):
    result = lists(tmp_path)
    rows = (tmp_path / "table.csv").read_text().splitlines()
    assert rows[0] == "product,source,first,last,files,megabytes,size_is,lists"
    assert [row.split(",")[0] for row in rows[1:]] == ["GLDAS", "LAI", "SMAP", "AMSR"]
    assert [int(row.split(",")[4]) for row in rows[1:]] == [12, 1, 4, 15]
    assert result.files == 12 + 1 + 4 + 15
    readme = (tmp_path / "lists" / "README.txt").read_text()
    for name in (name for item in result.listings for name in item.texts):
        assert (tmp_path / "lists" / name).stat().st_size > 0
    assert "not tried" in readme and "by analogy" in readme and "a guess" in readme
    for path in (tmp_path / "lists").glob("*.py"):
        ast.parse(path.read_text())
    everything = "".join(p.read_text() for p in (tmp_path / "lists").iterdir())
    assert not re.search(r"(?i)(password|token|login)\s*=", everything)


def test_second_run_replaces_the_first_and_keeps_what_was_fetched(tmp_path):
    lists(tmp_path)
    (tmp_path / "lists" / "gldas").mkdir()
    (tmp_path / "lists" / "gldas" / "kept.nc4").write_bytes(b"x")
    lists(tmp_path, products="SMAP")
    names = {p.name for p in (tmp_path / "lists").iterdir() if not p.name.startswith(".")}
    assert names == {"README.txt", "fetch_urls.py", "gldas", "smap_earthaccess.py", "smap_search.txt", "smap_urls_likely.txt"}
    assert (tmp_path / "lists" / "gldas" / "kept.nc4").exists()


def test_a_users_folder_is_not_touched(tmp_path):
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "gldas_mine.txt").write_text("mine")
    with pytest.raises(ParameterError, match="not empty"):
        lists(tmp_path)
    assert [p.name for p in (tmp_path / "lists").iterdir()] == ["gldas_mine.txt"]


def test_stopped_while_writing_leaves_no_readme(tmp_path, monkeypatch):
    lists(tmp_path)
    written, real = [], store.write_text

    def failing(path, text):
        written.append(path)
        if len(written) == 4:
            raise OSError(28, "No space left on device")
        return real(path, text)

    monkeypatch.setattr(store, "write_text", failing)
    with pytest.raises(AnnsmError, match="No space left"):
        lists(tmp_path)
    assert not (tmp_path / "lists" / "README.txt").exists()
    monkeypatch.undo()
    lists(tmp_path)
    assert (tmp_path / "lists" / "README.txt").exists()


def test_cancelling_writes_nothing(tmp_path):
    class Stop(Progress):
        def cancelled(self):
            return True

    with pytest.raises(Cancelled):
        lists(tmp_path, progress=Stop())
    assert not list(tmp_path.iterdir())


def test_twenty_years_are_listed_in_seconds(tmp_path):
    result = lists(tmp_path, start="2002-06-19", end="2021-07-31")
    days = (datetime.date(2021, 7, 31) - datetime.date(2002, 6, 19)).days + 1
    assert result.listings[0].files == 4 * days
