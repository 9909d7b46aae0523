"""Aggregates and trends: against numbers worked by hand, scipy and pymannkendall."""

import numpy as np
import pytest
import xarray as xr
from record_cubes import write_annsm, write_cube
from scipy import stats

from annsm_plugin.core.foundation.errors import AnnsmError, Cancelled, CubeError, ParameterError
from annsm_plugin.core.foundation.progress import Progress
from annsm_plugin.core.record import aggregation
from annsm_plugin.core.statistics import trends


def red(random, n, memory=0.6, slope=0.0):
    e = np.zeros(n)
    for i in range(1, n):
        e[i] = memory * e[i - 1] + random.normal()
    return e + slope * np.arange(n)


def test_the_slope_is_scipys():
    random = np.random.default_rng(1)
    for _ in range(20):
        t, y = np.arange(50) / 12.0, random.normal(size=50)
        y[random.random(50) < 0.2] = np.nan
        there = np.isfinite(y)
        assert trends.theil_sen(t, y) == pytest.approx(stats.theilslopes(y[there], t[there])[0], rel=1e-12)
    assert np.isnan(trends.theil_sen(np.arange(3.0), np.array([np.nan, 1.0, np.nan])))


def test_p_of_independent_values_is_kendalls():
    """Without ties and autocorrelation, p is that of Kendall's tau by its normal approximation (with continuity correction)."""
    random = np.random.default_rng(2)
    y = random.permutation(40).astype(float)
    tau = stats.kendalltau(np.arange(40), y).statistic
    s, variance = tau * 40 * 39 / 2, 40 * 39 * 85 / 18
    assert trends._inflation(y - trends.theil_sen(np.arange(40.0), y) * np.arange(40)) == 1.0
    assert trends.mann_kendall(y) == pytest.approx(2 * stats.norm.sf((abs(s) - 1) / np.sqrt(variance)), rel=1e-10)


def test_p_is_that_of_pymannkendall():
    """pymannkendall 1.4.3: hamed_rao_modification_test of a persistent series; original_test where the factor is below 1 (ties)."""
    random = np.random.default_rng(7)
    e = np.zeros(60)
    for i in range(1, 60):
        e[i] = 0.6 * e[i - 1] + random.normal()
    y = e + 0.02 * np.arange(60)
    z = np.round(random.normal(size=30) + 0.05 * np.arange(30), 1)
    assert trends.mann_kendall(y) == pytest.approx(0.012290983091056473, rel=1e-9)
    assert trends.mann_kendall(z) == pytest.approx(0.0012960580288816641, rel=1e-9)


def test_persistence_is_not_taken_for_a_trend():
    random = np.random.default_rng(3)
    series = [red(random, 300)[60:] for _ in range(300)]
    found = np.mean([trends.mann_kendall(y) < 0.05 for y in series])
    naive = np.mean([stats.kendalltau(np.arange(240), y).pvalue < 0.05 for y in series])
    assert found < 0.16 and naive > 0.22  # short persistent series reject somewhat more than 5 %, as Hamed and Rao say
    gaps = [np.where(random.random(240) < 0.3, np.nan, y) for y in series]
    assert np.mean([trends.mann_kendall(y) < 0.05 for y in gaps]) < 0.18
    assert np.mean([trends.mann_kendall(red(random, 240, slope=0.03)) < 0.05 for _ in range(50)]) > 0.9


def test_degenerate_series():
    assert np.isnan(trends.mann_kendall(np.array([1.0, 2.0, np.nan, 3.0])))
    assert trends.mann_kendall(np.full(20, 0.3)) == 1.0
    assert trends.mann_kendall(np.arange(20.0)) < 1e-6


def test_periods():
    dates = np.arange(np.datetime64("2015-11-15"), np.datetime64("2016-03-02"))
    number, bounds = aggregation.periods_of(dates, "season")
    assert bounds.astype(str).tolist() == [["2015-09-01", "2015-12-01"], ["2015-12-01", "2016-03-01"], ["2016-03-01", "2016-06-01"]]
    assert number[dates == np.datetime64("2016-02-29")] == 1 and number[-1] == 2
    assert aggregation.periods_of(dates, "month")[1][0].astype(str).tolist() == ["2015-11-01", "2015-12-01"]
    assert aggregation.periods_of(dates, "year")[1].astype(str).tolist() == [["2015-01-01", "2016-01-01"], ["2016-01-01", "2017-01-01"]]


@pytest.fixture(scope="module")
def record(tmp_path_factory):
    """Three years of 4 x 4 cells: the month's number / 100 plus 0.01 per year; a cell without June 2016, one without anything."""
    dates = np.arange(np.datetime64("2015-01-01"), np.datetime64("2018-01-01"))
    months, years = dates.astype("datetime64[M]").astype(int) % 12 + 1, dates.astype("datetime64[Y]").astype(int) - 45
    values = np.broadcast_to((months / 100 + 0.01 * years)[:, None, None], (dates.size, 4, 4)).copy()
    values[(dates >= np.datetime64("2016-06-05")) & (dates < np.datetime64("2016-07-01")), 1, 2] = np.nan
    values[:, 3, 3] = np.nan
    return write_annsm(tmp_path_factory.mktemp("record") / "annsm.nc", values, start="2015-01-01")


def test_months_and_anomalies_by_hand(record, tmp_path):
    result = aggregation.aggregate(record, tmp_path / "m.nc", base="2015-2016")
    with xr.open_dataset(tmp_path / "m.nc") as data:
        assert data.sizes["time"] == 36 == result.periods
        mean, anomaly, days = (data[f"soil_moisture_{n}"].values for n in ("mean", "anomaly", "days"))
        assert mean[16, 0, 0] == pytest.approx(0.05 + 0.01, abs=1e-6)  # May 2016
        assert anomaly[[0, 12, 24], 0, 0] == pytest.approx([-0.005, 0.005, 0.015], abs=1e-6)
        assert np.isnan(mean[17, 1, 2]) and days[17, 1, 2] == 4 and days[17, 0, 0] == 30
        assert np.isnan(anomaly[[5, 29], 1, 2]).all()  # one June in the base is no climatology
        assert np.isnan(mean[:, 3, 3]).all() and (days[:, 3, 3] == 0).all()
        assert data["soil_moisture_maximum"].values[16, 0, 0] == pytest.approx(0.06, abs=1e-6)
        assert data["soil_moisture_std"].values[16, 0, 0] == pytest.approx(0, abs=1e-6)
        assert data["soil_moisture_mean"].attrs["cell_methods"] == "time: mean"
        assert str(data["time_bnds"].values[1, 1])[:10] == "2015-03-01"
        assert data.attrs["base_start"] == "2015-01-01" and data.attrs["base_end"] == "2016-12-31"
        slope, _, _, _ = stats.theilslopes(anomaly[:, 0, 0], np.arange(36) / 12)
    assert result.slope[0, 0] == pytest.approx(slope, rel=1e-5) and 0.005 < slope < 0.015
    assert result.p[0, 0] < 0.05
    assert np.isnan(result.slope[3, 3]) and result.n[3, 3] == 0


def test_half_a_year_is_no_year(tmp_path):
    """April 2013 to October 2015: only 2014 is a year, and spring 2013 has no March."""
    values = np.full((944, 4, 4), 0.2) + np.random.default_rng(0).normal(0, 0.01, (944, 4, 4))
    path = write_annsm(tmp_path / "annsm.nc", values, start="2013-04-01")
    result = aggregation.aggregate(path, tmp_path / "y.nc", period="year")
    with xr.open_dataset(tmp_path / "y.nc") as data:
        assert np.isfinite(data["soil_moisture_mean"].values[:, 0, 0]).tolist() == [False, True, False]
        assert data["soil_moisture_days"].values[:, 0, 0].tolist() == [275, 365, 304]
    assert "days from 2013-04-01 to 2015-10-31" in result.summary[0]
    assert any("begin on 2013-01-01 and 2015-01-01 are missing" in line for line in result.summary)
    result = aggregation.aggregate(path, tmp_path / "s.nc", period="season")
    with xr.open_dataset(tmp_path / "s.nc") as data:
        there = np.isfinite(data["soil_moisture_mean"].values[:, 0, 0])
        assert not there[0] and there[1:-1].all() and not there[-1]


def test_a_trend_is_per_year_for_every_period(record, tmp_path):
    result = aggregation.aggregate(record, tmp_path / "s.nc", period="season", statistics=["anomaly"])
    with xr.open_dataset(tmp_path / "s.nc") as data:
        values = data["soil_moisture_anomaly"].values[:, 0, 0]
        there = np.isfinite(values)
        assert result.slope[0, 0] == pytest.approx(stats.theilslopes(values[there], np.arange(values.size)[there] / 4)[0], rel=1e-5)
        assert sorted(n for n in data.data_vars if n.startswith("soil")) == ["soil_moisture_anomaly", "soil_moisture_days"]


def test_the_change_of_sensor_is_said(tmp_path):
    values = np.full((700, 4, 4), 0.2) + np.random.default_rng(0).normal(0, 0.01, (700, 4, 4))
    path = write_annsm(tmp_path / "annsm.nc", values, start="2011-01-01")
    assert "AMSR-E" in " ".join(aggregation.aggregate(path, tmp_path / "m.nc").warnings)
    path = write_annsm(tmp_path / "later.nc", values, start="2013-01-01")
    assert "AMSR-E" not in " ".join(aggregation.aggregate(path, tmp_path / "l.nc").warnings)


def test_a_land_model_has_no_change_of_sensor(tmp_path):
    cube, _ = write_cube(tmp_path / "cube.nc", start="2011-01-01", days=700)
    for name, warned in (("sm_gldas", False), ("lai", False), ("tb_06v", True)):
        found = aggregation.aggregate(cube, tmp_path / f"{name}.nc", variable=name)
        assert ("AMSR-E" in " ".join(found.warnings)) is warned


def test_periods_with_too_few_days_are_counted(tmp_path):
    values = np.full((59, 4, 4), 0.2)  # January and February
    values[10:31, 0, 0] = np.nan  # ten days are left in January of one cell
    path = write_annsm(tmp_path / "annsm.nc", values, start="2013-01-01")
    found = aggregation.aggregate(path, tmp_path / "m.nc", min_days=11)
    assert "31 of 32 cell-months have the 11 days" in found.summary[0]


def test_a_cube_and_its_variables(tmp_path):
    cube, _ = write_cube(tmp_path / "cube.nc")
    result = aggregation.aggregate(cube, tmp_path / "m.nc")
    assert "sm_smap" in result.summary[0]
    aggregation.aggregate(cube, tmp_path / "l.nc", variable="lai")
    with pytest.raises(CubeError, match="'rain'"):
        aggregation.aggregate(cube, tmp_path / "x.nc", variable="rain")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"period": "week"}, "PERIOD is 'week'"),
        ({"base": "2003"}, "BASE is '2003'"),
        ({"base": "2010-2003"}, "BASE is '2010-2003'"),
        ({"base": "1990-1995"}, "BASE 1990-1995 has no day"),
        ({"statistics": []}, "STATISTICS holds nothing"),
        ({"statistics": ["mode"]}, "STATISTICS is 'mode'; expected one of mean"),
        ({"min_days": 0}, "MIN_DAYS is 0"),
    ],
)
def test_what_cannot_work_is_refused(record, tmp_path, changed, words):
    with pytest.raises(ParameterError, match=words):
        aggregation.aggregate(record, tmp_path / "x.nc", **changed)
    assert not list(tmp_path.iterdir())


def test_input_as_output_and_cancelling(record, tmp_path):
    with pytest.raises(AnnsmError, match="same file"):
        aggregation.aggregate(record, record)

    class Stop(Progress):
        def cancelled(self):
            return True

    with pytest.raises(Cancelled):
        aggregation.aggregate(record, tmp_path / "x.nc", progress=Stop())
    assert not list(tmp_path.iterdir())
