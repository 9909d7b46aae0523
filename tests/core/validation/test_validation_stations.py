"""validation.stations: cells, hours, local dates, bases of comparison, and every degenerate case as a flagged row."""

import csv
import datetime
import io
from types import SimpleNamespace

import numpy as np
import product_files
import pytest
from record_cubes import write_annsm, write_cube

from annsm_plugin.core import products, validation
from annsm_plugin.core.foundation import localtime
from annsm_plugin.core.foundation.errors import AnnsmError, Cancelled, CubeError, ParameterError, ProductError
from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.foundation.progress import Progress
from annsm_plugin.core.products import reading
from annsm_plugin.core.series import collocation
from annsm_plugin.core.stations import averaging
from annsm_plugin.core.validation import station_report, station_result

EXTENT = (90.0, 32.0, 91.0, 33.0)
GRID = Grid.from_extent(EXTENT)
DAYS = 200
DATES = np.datetime64("2010-08-01") + np.arange(DAYS)


def station(name, place, values, *, network="NAQU", shift=0, minutes=20, dates=DATES):
    """A station with one measurement a day, ``minutes`` after 01:30 local solar time; ``shift`` moves it within its cell."""
    lat, lon = GRID.lat[place[0]] + 0.02 * shift, GRID.lon[place[1]] - 0.03 * shift
    times = localtime.utc_of(dates, 1.5, GRID.lon[place[1]]) + np.timedelta64(minutes, "m")
    return SimpleNamespace(name=name, network=network, lat=float(lat), lon=float(lon), depth=(0.05, 0.05), times=times, values=values)


@pytest.fixture(scope="module")
def annsm(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stations")
    random = np.random.default_rng(0)
    truth = 0.2 + 0.05 * np.sin(np.arange(DAYS) / 20)[:, None, None] + random.normal(0, 0.02, (DAYS, 4, 4))
    values = truth + random.normal(0, 0.01, truth.shape)
    values[::4] = np.nan
    values[:, 3, 3] = np.nan
    values[:, 2, 2] = 0.2
    path = write_annsm(folder / "annsm.nc", values, extent=EXTENT, start="2010-08-01", attributes={"synthetic": "for a test"})
    return SimpleNamespace(path=path, truth=truth, values=values, folder=folder)


def row_of(result, product="ANN-SM", basis="own days", cell=0):
    return next(r for r in result.table if r["product"] == product and r["basis"] == basis and r["cell"] == result.cells[cell].name)


def test_measures_of_one_station(annsm):
    series = annsm.truth[:, 1, 1] + 0.03
    result = validation.validate_stations(annsm.path, [station("A", (1, 1), series)])
    row = row_of(result)
    y = annsm.values[:, 1, 1].astype("float32").astype(float)
    there = np.isfinite(y)
    assert row["n"] == there.sum()
    assert row["r"] == pytest.approx(np.corrcoef(series[there], y[there])[0, 1], abs=1e-9)
    assert row["bias"] == pytest.approx((series - y)[there].mean(), abs=1e-9) and row["bias"] > 0.02
    assert row["rmse"] == pytest.approx(np.sqrt(((series - y)[there] ** 2).mean()), abs=1e-9)
    assert row["r_low"] < row["r"] < row["r_high"] and row["note"] == ""
    assert result.points[0]["status"] == "ok" and result.points[0]["annsm_r"] == row["r"]
    assert result.paper == {"r": 0.74, "rmse": 0.106, "bias": 0.0610}


def test_sites_of_a_cell_are_averaged_after_their_sensors(annsm):
    a, b = np.full(DAYS, 0.1), np.full(DAYS, 0.3)
    b[:50] = np.nan
    stations = [station("A", (1, 1), a), station("A", (1, 1), a + 0.04), station("B", (1, 1), b, shift=1)]
    cells, left_out = averaging.gather(stations, GRID, DATES)
    assert len(cells) == 1 and not left_out and cells[0].sites == ["A", "B"]
    np.testing.assert_allclose(cells[0].values[:50], 0.12)
    np.testing.assert_allclose(cells[0].values[50:], 0.21)
    assert cells[0].sites_per_day[0] == 1 and cells[0].sites_per_day[60] == 2


def test_two_sites_with_disjoint_years_are_flagged(annsm):
    first, second = annsm.truth[:, 1, 1].copy(), annsm.truth[:, 1, 1].copy()
    first[100:], second[:100] = np.nan, np.nan
    result = validation.validate_stations(annsm.path, [station("A", (1, 1), first), station("B", (1, 1), second, shift=1)])
    assert "no day in common" in row_of(result)["note"] and row_of(result)["n"] == 150


def test_the_nearest_measurement_within_an_hour():
    lon, dates = 90.0, np.array(["2012-07-03", "2012-07-04", "2012-07-05"], dtype="datetime64[D]")
    utc = localtime.utc_of(dates, 1.5, lon)
    assert str(utc[0]) == "2012-07-02T19:30:00"  # 01:30 local is the evening before in UTC
    minute = np.timedelta64(60, "s")
    times = np.array([utc[0] - 10 * minute, utc[0] + 5 * minute, utc[1] + 60 * minute, utc[2] + 61 * minute])
    values = np.array([1.0, 2.0, 3.0, 4.0])
    np.testing.assert_array_equal(averaging.daily(times, values, dates, lon, 1.5), [2.0, 3.0, np.nan])
    shuffled = [2, 0, 3, 1]
    np.testing.assert_array_equal(averaging.daily(times[shuffled], values[shuffled], dates, lon, 1.5), [2.0, 3.0, np.nan])
    np.testing.assert_array_equal(averaging.daily(times, np.array([1, np.nan, 3, 4.0]), dates, lon, 1.5), [1.0, 3.0, np.nan])
    np.testing.assert_array_equal(averaging.daily(times, values, dates, lon, None), [1.5, 3.0, 4.0])
    assert np.isnan(averaging.daily(times[:0], values[:0], dates, lon, 1.5)).all()


def test_degenerate_cells_are_rows_not_crashes(annsm):
    truth = annsm.truth[:, 1, 1]
    one = np.full(DAYS, np.nan)
    one[1] = 0.2
    stations = [
        station("good", (1, 1), truth),
        station("empty", (0, 3), np.full(DAYS, np.nan)),
        station("one day", (0, 1), one),
        station("no annsm", (3, 3), truth),
        station("constant annsm", (2, 2), truth),
        station("constant", (0, 0), np.full(DAYS, 0.1)),
        SimpleNamespace(name="far", network="X", lat=0.0, lon=0.0, depth=(0, 0), times=DATES.astype("datetime64[s]"), values=truth),
    ]
    result = validation.validate_stations(annsm.path, stations)
    notes = {c.sites[0]: row_of(result, cell=i)["note"] for i, c in enumerate(result.cells)}
    assert notes["good"] == ""
    assert "no measurement in the period" in notes["empty"] and "no common day" in notes["empty"]
    assert "only 1 common day" in notes["one day"]
    assert notes["no annsm"] == "no common day"
    assert notes["constant annsm"] == "constant series" and notes["constant"] == "constant series"
    outside = [p for p in result.points if p["status"] == "outside the grid"]
    assert [p["name"] for p in outside] == ["far"] and set(outside[0]) == set(result.points[0])
    assert result.means["own days"]["ANN-SM"]["cells"] == 3
    assert any("far" in w for w in result.warnings)
    station_report.write(annsm.folder / "degenerate.html", result)


def test_no_station_in_the_grid(annsm):
    far = SimpleNamespace(name="far", network="X", lat=0.0, lon=0.0, depth=0, times=DATES.astype("datetime64[s]"), values=np.zeros(DAYS))
    with pytest.raises(AnnsmError, match="None of the 1 stations"):
        validation.validate_stations(annsm.path, [far])


def arrays(lat, lon, variables):
    return products.Arrays(np.asarray(lat, float), np.asarray(lon, float), variables)


def entry(product, date, orbit):
    return products.Entry(path=f"{product}_{date}", product=product, date=date, orbit=orbit)


@pytest.fixture
def shelf(monkeypatch, tmp_path):
    """A folder whose products are Arrays in memory: shelf[(product)] = list of (Entry, Arrays)."""
    kept = {}
    monkeypatch.setattr(collocation.products, "find", lambda folder, product, progress=None: [e for e, _ in kept.get(product, [])])

    def read_arrays(path, window=None, variables=None):
        found = next(a for e, a in kept[path.product] if e is path)
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr(reading, "read_arrays", read_arrays)
    monkeypatch.setattr(collocation.Pool, "for_files", lambda count: collocation.Pool(0))  # arrays in memory are here alone
    kept["folder"] = tmp_path
    return kept


def test_lprm_belongs_to_the_local_date_of_its_pixels(shelf):
    lat, lon = GRID.lat, GRID.lon
    seen = np.full((4, 4), np.datetime64("2012-08-10T19:40:00", "ns"))
    nat = np.full((4, 4), np.datetime64("NaT", "ns"))
    values = np.arange(16.0).reshape(4, 4) / 100
    day = datetime.date(2012, 8, 10)
    shelf["lprm"] = [
        (entry("lprm", day, "D"), arrays(lat, lon, {"soil_moisture_c1": values, "observation_time": seen})),
        (entry("lprm", datetime.date(2012, 8, 12), "D"), arrays(lat, lon, {"soil_moisture_c1": values + 0.1, "observation_time": nat})),
        (entry("lprm", day, "A"), arrays(lat, lon, {"soil_moisture_c1": values + 0.5})),
    ]
    series = collocation.product_series(shelf["folder"], "lprm", lat[[1, 2]], lon[[2, 3]], start="2012-08-09", end="2012-08-14", band="c")
    assert series.files == 2
    wanted = np.full((6, 2), np.nan)
    wanted[2] = [0.06, 0.11]  # seen on 11 August, local time
    wanted[4] = [0.16, 0.21]  # no pixel time: 01:30 local of the day after the file's UTC date
    np.testing.assert_allclose(series.values, wanted)


def test_smos_is_split_by_local_date_before_interpolation(shelf):
    lat, lon = np.array([32.0, 32.4, 32.8]), np.array([90.0, 90.4, 90.8])
    stamps = np.full((3, 3), np.datetime64("2012-08-10T00:10:00", "ns"))
    stamps[:, 2] = np.datetime64("2012-08-10T23:40:00", "ns")  # a day later, local time
    values = np.full((3, 3), 0.2)
    values[:, 2] = 0.8
    shelf["smos"] = [
        (entry("smos", datetime.date(2012, 8, 10), "A"), arrays(lat, lon, {"soil_moisture": values, "observation_time": stamps}))
    ]
    cells = GRID.lat[[2, 2]], np.array([90.125, 90.625])
    series = collocation.product_series(shelf["folder"], "smos", *cells, start="2012-08-09", end="2012-08-12")
    found = series.values[[1, 2]]
    assert found[0, 0] == pytest.approx(0.2)
    assert np.isnan(found[1, 0])
    assert found[1, 1] == pytest.approx(0.8)  # more than half of the weight is of the later day: never 0.2 and 0.8 mixed
    assert np.isnan(found[0, 1])


def test_smos_of_poor_quality_is_left_out(shelf):
    lat, lon = np.array([32.0, 33.0]), np.array([90.0, 91.0])
    stamps = np.full((2, 2), np.datetime64("2012-08-10T00:10:00", "ns"))
    bad = {"soil_moisture": np.full((2, 2), 0.2), "observation_time": stamps, "Rfi_Prob": np.full((2, 2), 0.9)}
    shelf["smos"] = [(entry("smos", datetime.date(2012, 8, 10), "A"), arrays(lat, lon, bad))]
    series = collocation.product_series(shelf["folder"], "smos", GRID.lat[:1], GRID.lon[:1], start="2012-08-09", end="2012-08-12")
    assert np.isnan(series.values).all() and series.files == 1


def test_broken_files_are_counted(shelf):
    shelf["jaxa"] = [(entry("jaxa", datetime.date(2012, 8, 10), "D"), ProductError("file.h5", "x", "rubbish", "data"))]
    series = collocation.product_series(shelf["folder"], "jaxa", GRID.lat[:1], GRID.lon[:1], start="2012-08-09", end="2012-08-12")
    assert series.files == 0 and len(series.problems) == 1


def test_a_folder_of_something_else(shelf):
    with pytest.raises(ParameterError, match="no descending JAXA file"):
        collocation.product_series(shelf["folder"], "jaxa", GRID.lat[:1], GRID.lon[:1], start="2012-08-09", end="2012-08-12")
    with pytest.raises(ParameterError, match="does not exist"):
        collocation.product_series(shelf["folder"] / "no", "jaxa", GRID.lat[:1], GRID.lon[:1], start="2012-08-09", end="2012-08-12")


def test_own_and_common_days(annsm, shelf):
    """JAXA sees every second day and is too dry by 0.05; the common days are those of both."""
    shelf["jaxa"] = []
    for number in range(0, DAYS, 2):
        local = DATES[number]
        stamp = np.full((4, 4), local.astype("datetime64[s]") - np.timedelta64(5, "h"), dtype="datetime64[ns]")
        file = entry("jaxa", (local - 1).astype(object), "D")
        shelf["jaxa"].append((file, arrays(GRID.lat, GRID.lon, {"soil_moisture": annsm.truth[number] - 0.05, "observation_time": stamp})))
    result = validation.validate_stations(annsm.path, [station("A", (1, 1), annsm.truth[:, 1, 1])], jaxa=shelf["folder"])
    assert result.products == ["ANN-SM", "JAXA"]
    jaxa = row_of(result, "JAXA")
    assert jaxa["n"] == 100 and jaxa["bias"] == pytest.approx(0.05) and jaxa["ubrmse"] == pytest.approx(0, abs=1e-9)
    assert row_of(result)["n"] == 150
    assert row_of(result, basis="common days")["n"] == row_of(result, "JAXA", "common days")["n"] == 50
    assert any("JAXA" in s and "too dry" in s for s in result.summary)


def test_a_short_product_is_named_that_leaves_few_common_days(annsm, tmp_path):
    write_cube(tmp_path / "cube.nc", extent=(89.5, 31.5, 91.5, 33.5), start="2011-01-20", days=27, drop=("sm_smap",))
    result = validation.validate_stations(annsm.path, [station("A", (1, 1), annsm.truth[:, 1, 1])], cube=tmp_path / "cube.nc")
    shared = np.isfinite(annsm.values[172:199, 1, 1]).sum()
    wanted = f"have {shared} cell-days with the stations in common, ANN-SM alone has 150. Without GLDAS there would be 150 in common."
    assert [w for w in result.warnings if wanted in w]
    point = result.points[0]
    assert point["annsm_common_n"] == point["gldas_common_n"] == shared and point["annsm_n"] == 150 and point["gldas_n"] == 27
    row = row_of(result, basis="common days")
    for name in ("r", "r_low", "r_high", "p", "rmse", "bias", "ubrmse", "first", "last"):
        assert point[f"annsm_common_{name}"] == row[name]
    assert point["annsm_common_first"] == str(DATES[172:199][np.isfinite(annsm.values[172:199, 1, 1])][0])


def test_no_warning_of_common_days_without_reason(annsm, tmp_path):
    write_cube(tmp_path / "cube.nc", extent=(89.5, 31.5, 91.5, 33.5), start="2010-08-01", days=DAYS)
    result = validation.validate_stations(annsm.path, [station("A", (1, 1), annsm.truth[:, 1, 1])], cube=tmp_path / "cube.nc")
    assert result.warnings == []


def test_gldas_and_smap_of_a_cube(annsm, tmp_path):
    write_cube(tmp_path / "cube.nc", extent=(89.5, 31.5, 91.5, 33.5), start="2010-08-01", days=DAYS)
    result = validation.validate_stations(annsm.path, [station("A", (1, 1), annsm.truth[:, 1, 1])], cube=tmp_path / "cube.nc")
    assert result.products == ["ANN-SM", "GLDAS", "SMAP"] and row_of(result, "GLDAS")["n"] == DAYS
    import xarray

    with xarray.open_dataset(tmp_path / "cube.nc") as cube:
        wanted = cube["sm_gldas"].sel(lat=GRID.lat[1], lon=GRID.lon[1]).values
    np.testing.assert_allclose(result.series["GLDAS"][0], wanted)


def test_table_and_report(annsm, tmp_path):
    stations = [station("A", (1, 1), annsm.truth[:, 1, 1]), station("B", (0, 2), annsm.truth[:, 0, 2] + 0.02, network="MAQU & Co")]
    result = validation.validate_stations(annsm.path, stations)
    rows = list(csv.DictReader(io.StringIO(station_result.stations_csv(result))))
    assert len(rows) == 4 and list(rows[0]) == list(station_result.COLUMNS)
    station_report.write(tmp_path / "report.html", result)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "MAQU &amp; Co" in text and "paper 0.74" in text and "Synthetic data" in text
    assert "http" not in text and "<script" not in text and len(text) < 5e6


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"stations": "no_such_folder"}, "no_such_folder does not exist"),
        ({"start": "2012-01-01", "end": "2011-01-01"}, "after END"),
        ({"start": "1999-01-01", "end": "1999-02-01"}, "none is in the period"),
        ({"lprm": "no_such_folder"}, "LPRM folder no_such_folder does not exist"),
        ({"hour": "noon"}, "'noon'"),
        ({"lprm": ".", "lprm_band": "l"}, "LPRM_BAND is 'l'; expected one of c, c2, x"),
    ],
)
def test_bad_parameters(annsm, wrong, says):
    arguments = {"stations": [station("A", (1, 1), annsm.truth[:, 1, 1])], **wrong}
    with pytest.raises(ParameterError, match=says):
        validation.validate_stations(annsm.path, arguments.pop("stations"), **arguments)


def test_cancel(annsm):
    class Stop(Progress):
        def cancelled(self):
            return True

    with pytest.raises(Cancelled):
        validation.validate_stations(annsm.path, [station("A", (1, 1), annsm.truth[:, 1, 1])], progress=Stop())


def test_product_files_in_their_own_formats(tmp_path):
    """One day of LPRM, JAXA and SMOS files, read at a cell: units, local date and regridding from the files themselves."""
    import product_files

    for name in ("lprm", "jaxa", "smos"):
        (tmp_path / name).mkdir()
    lat = 89.875 - 0.25 * np.arange(720)
    row, east = int(np.flatnonzero(lat == 32.625)[0]), int((90.625 + 180) / 0.25)
    percent = np.full((720, 1440), np.nan)
    percent[row, east] = 24
    seconds = (np.datetime64("2015-04-01T19:30:00") - np.datetime64("1993-01-01T00:00:00")) / np.timedelta64(1, "s")
    product_files.lprm(tmp_path / "lprm", percent, np.full((720, 1440), seconds), date="20150401")
    counts = np.full((720, 1440), -32768)
    counts[row, int(90.625 / 0.25)] = 187
    product_files.jaxa(tmp_path / "jaxa", counts, np.full((720, 1440), 19 * 60 + 30), date="20150401")
    axis_lat, axis_lon = np.linspace(31, 34, 13), np.linspace(89, 92, 13)
    values = 0.1 + 0.01 * np.repeat(axis_lat[:, None] - 31, 13, axis=1)
    product_files.smos(tmp_path / "smos", axis_lat, axis_lon, values, np.full((13, 13), 5570), np.full((13, 13), 80000.0), date="20150402")
    wanted = {"lprm": 0.24, "jaxa": 0.187, "smos": 0.1 + 0.01 * 1.625}
    for product, value in wanted.items():
        band = "c" if product == "lprm" else ""
        series = collocation.product_series(
            tmp_path / product, product, [32.625], [90.625], start="2015-03-30", end="2015-04-05", band=band
        )
        assert series.files == 1 and not series.problems
        there = np.isfinite(series.values[:, 0])
        day = "2015-04-02" if product != "smos" else "2015-04-03"
        assert [str(d) for d in series.dates[there]] == [day], product
        assert series.values[there, 0][0] == pytest.approx(value, abs=1e-4)


def test_measurements_at_other_hours_are_no_missing_measurements(annsm):
    late = station("A", (1, 1), annsm.truth[:, 1, 1], minutes=-120)  # 23:30 of the day before
    result = validation.validate_stations(annsm.path, [late])
    note = row_of(result)["note"]
    assert note.startswith("200 measurements in the period, none within an hour of 01:30 local solar time (the nearest at 23:30)") or (
        note.startswith("199 measurements in the period")
    )
    other = station("A", (1, 1), annsm.truth[:, 1, 1], dates=DATES + 4000)
    assert row_of(validation.validate_stations(annsm.path, [other]))["note"].startswith("no measurement in the period")


def test_a_cube_that_cannot_serve_is_refused(annsm, tmp_path):
    one = [station("A", (1, 1), annsm.truth[:, 1, 1])]
    with pytest.raises(CubeError, match="a cube with sm_gldas or sm_smap"):
        validation.validate_stations(annsm.path, one, cube=annsm.path)
    write_cube(tmp_path / "late.nc", extent=EXTENT, start="2015-04-01", days=20)
    with pytest.raises(CubeError, match="days from 2015-04-01 to 2015-04-20; expected some of the period 2010-08-01"):
        validation.validate_stations(annsm.path, one, cube=tmp_path / "late.nc")


def test_too_wet_is_said_only_where_it_is_certain(annsm):
    places = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]
    shifts = (-0.03, -0.028, -0.031, -0.03, -0.027, 0.11)
    mixed = [station(f"S{n}", p, annsm.truth[:, p[0], p[1]] + s) for n, (p, s) in enumerate(zip(places, shifts))]
    line = next(s for s in validation.validate_stations(annsm.path, mixed).summary if s.startswith("ANN-SM"))
    assert "5 cells too wet, 1 too dry" in line and "signed BIAS" in line
    wet = [station(f"S{n}", p, annsm.truth[:, p[0], p[1]] - 0.03) for n, p in enumerate(places)]
    assert next(s for s in validation.validate_stations(annsm.path, wet).summary if s.startswith("ANN-SM")).endswith(": too wet).")


def test_a_folder_of_another_product_is_said_to_be_one(tmp_path):
    product_files.jaxa(tmp_path, np.full((720, 1440), 200), np.full((720, 1440), 100))
    with pytest.raises(ParameterError, match="no descending LPRM file, but 1 JAXA soil moisture content files"):
        collocation.product_series(tmp_path, "lprm", GRID.lat[:1], GRID.lon[:1], start="2016-03-01", end="2016-03-02")


def test_means_of_errors_have_no_impossible_interval(annsm):
    places = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1)]
    one_bad = [station(f"S{n}", p, annsm.truth[:, p[0], p[1]] + (0.2 if n == 4 else 0.0)) for n, p in enumerate(places)]
    means = validation.validate_stations(annsm.path, one_bad).means["own days"]["ANN-SM"]
    assert means["bias"][1] == 0.0 < means["bias"][0] < means["bias"][2] and means["r"][2] <= 1.0
