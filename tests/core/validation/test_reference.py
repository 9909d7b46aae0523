"""What the stations stand for: ways from sites to the cell, changes of probes, depth of the sensors, R with the truth."""

from __future__ import annotations

import csv
import io
from types import SimpleNamespace

import numpy as np
import planted_stations
import pytest
from record_cubes import write_annsm, write_cube

from annsm_plugin.core import validation
from annsm_plugin.core.foundation.errors import ParameterError
from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.reports import figure_files
from annsm_plugin.core.stations import averaging
from annsm_plugin.core.statistics import upscaling
from annsm_plugin.core.validation import reference, series_figures, station_publication, station_report, station_result, stations

EXTENT = (90.0, 32.0, 91.0, 33.0)
GRID = Grid.from_extent(EXTENT)
DAYS = 1200
DATES = np.datetime64("2013-01-01") + np.arange(DAYS)
WAYS = ("representative", "triple collocation", "voronoi")


def station(name, place, values, days=slice(None), **more):
    return planted_stations.station(GRID, DATES[days], name, place, values[days], **more)


@pytest.fixture(scope="module")
def annsm(tmp_path_factory):
    """ANN-SM of the truth with an error of 0.02; the truth remembers 20 days."""
    random = np.random.default_rng(3)
    truth = np.zeros((DAYS, 4, 4))
    for day in range(1, DAYS):
        truth[day] = 0.95 * truth[day - 1] + random.normal(0, 0.0125, (4, 4))
    truth = 0.25 + truth
    path = tmp_path_factory.mktemp("reference") / "annsm.nc"
    values = (truth + random.normal(0, 0.02, truth.shape)).astype("float32").astype(float)
    write_annsm(path, values, extent=EXTENT, start=str(DATES[0]))
    return SimpleNamespace(path=path, truth=truth, values=values, random=random)


def row_of(result, product="ANN-SM", basis="own days", cell=0):
    return next(r for r in result.table if r["product"] == product and r["basis"] == basis and r["cell"] == result.cells[cell].name)


def read(text):
    return list(csv.DictReader(io.StringIO(text)))


# --- from sites to the cell


@pytest.fixture(scope="module")
def four_sites(annsm):
    """Four sites of one cell: too wet, near the mean of all, noisy, too dry; each misses some days."""
    random = np.random.default_rng(8)
    truth = annsm.truth[:, 1, 1]
    levels, noise = (0.06, 0.005, 0.0, -0.065), (0.01, 0.002, 0.05, 0.01)
    sites = np.stack([truth + level + random.normal(0, own, DAYS) for level, own in zip(levels, noise)])
    sites = np.where(random.random(sites.shape) < 0.1, np.nan, sites)
    shifts = ((0.05, -0.05), (0.02, 0.06), (-0.08, 0.0), (0.1, 0.1))
    return [station(f"S{n}", (1, 1), values, shift=shift) for n, (values, shift) in enumerate(zip(sites, shifts))], sites, shifts


def test_the_mean_is_bit_equal_to_the_plain_mean_of_the_sites(annsm, four_sites):
    given, sites, _ = four_sites
    result = validation.validate_stations(annsm.path, given)
    cells, _ = averaging.gather(given, GRID, DATES)
    assert result.upscaling == "mean" and result.cells[0] is not None
    np.testing.assert_array_equal(result.cells[0].values, cells[0].values)
    there = np.isfinite(sites)
    plain = np.where(there.any(axis=0), np.where(there, sites, 0.0).sum(axis=0) / np.maximum(there.sum(axis=0), 1), np.nan)
    np.testing.assert_array_equal(result.cells[0].values, plain)
    np.testing.assert_array_equal(result.cells[0].sites_per_day, there.sum(axis=0))
    asked = validation.validate_stations(annsm.path, given, upscaling="mean")
    assert repr(asked.table) == repr(result.table)


@pytest.mark.parametrize("way", WAYS)
def test_another_way_gives_the_cell_its_series(annsm, four_sites, way):
    given, sites, shifts = four_sites
    result = validation.validate_stations(annsm.path, given, upscaling=way)
    centre = float(GRID.lat[1]), float(GRID.lon[1])
    lat, lon = (np.array([c + shift[axis] for shift in shifts]) for axis, c in enumerate(centre))
    own = upscaling.upscale(sites, lat, lon, centre, way)
    cell = result.cells[0]
    np.testing.assert_array_equal(cell.values, own.values)
    np.testing.assert_array_equal(cell.sites_per_day, own.count)
    assert np.nanmax(np.abs(cell.values - upscaling.mean(sites))) > 0.005  # not the mean
    both = np.isfinite(cell.values) & np.isfinite(annsm.values[:, 1, 1])
    row = row_of(result)
    assert row["n"] == both.sum() and row["note"] == ""
    assert row["bias"] == pytest.approx((cell.values - annsm.values[:, 1, 1])[both].mean(), abs=1e-12)
    assert row["r"] == pytest.approx(np.corrcoef(cell.values[both], annsm.values[:, 1, 1][both])[0, 1], abs=1e-9)


def test_the_representative_site_by_hand(annsm):
    """Three sites on all days, 0.05 above, on, and 0.05 below the second: their mean is the second."""
    base = annsm.truth[:, 1, 1]
    result = validation.validate_stations(
        annsm.path, [station("A", (1, 1), base + 0.05), station("B", (1, 1), base), station("C", (1, 1), base - 0.05)],
        upscaling="representative",
    )  # fmt: skip
    np.testing.assert_array_equal(result.cells[0].values, base)
    sites = read(reference.sites_csv(result))
    assert [s["rank"] for s in sites][1] == "1" and [float(s["weight"]) for s in sites] == [0.0, 1.0, 0.0]
    assert float(sites[0]["mean_relative_difference"]) == pytest.approx((0.05 / base).mean(), rel=1e-4)
    assert float(sites[0]["its_standard_deviation"]) == pytest.approx((0.05 / base).std(ddof=1), rel=1e-4)
    assert float(sites[0]["rms_distance"]) == pytest.approx(0.05, rel=1e-4) and float(sites[1]["rms_distance"]) < 1e-9


def test_areas_by_hand(annsm):
    """Sites in the west and the middle of the cell: the border lies at a quarter of it; with one missing the other has all."""
    west, middle = annsm.truth[:, 1, 1] + 0.04, annsm.truth[:, 1, 1] - 0.04
    middle[:200] = np.nan
    given = [station("W", (1, 1), west, shift=(0, -0.125)), station("M", (1, 1), middle)]
    values = validation.validate_stations(annsm.path, given, upscaling="voronoi").cells[0].values
    np.testing.assert_allclose(values[200:], 0.25 * west[200:] + 0.75 * middle[200:], rtol=1e-8)
    np.testing.assert_allclose(values[:200], west[:200], rtol=1e-12)


def test_weights_follow_the_inverse_error_variance(annsm, four_sites):
    """Errors 0.01, 0.002, 0.05 and 0.01: the noisy site has nearly no weight and stays out of the cell's series."""
    given, sites, _ = four_sites
    result = validation.validate_stations(annsm.path, given, upscaling="triple collocation")
    weights = [float(s["weight"]) for s in read(reference.sites_csv(result))]
    assert sum(weights) == pytest.approx(1.0, abs=1e-5) and weights[2] < 0.05 < min(weights[0], weights[3]) < weights[1]
    truth = annsm.truth[:, 1, 1]
    good = np.isfinite(sites).all(axis=0)
    errors = [np.std((values - truth)[good]) for values in (result.cells[0].values, upscaling.mean(sites))]
    assert errors[0] < 0.6 * errors[1]
    assert row_of(result)["r"] > row_of(validation.validate_stations(annsm.path, given))["r"]


def test_cells_with_too_few_sites_are_told(annsm, four_sites):
    given, _, _ = four_sites
    short = [station(f"T{n}", (2, 2), annsm.truth[:, 2, 2] + 0.01 * n, slice(80 * n, 80 * n + 90)) for n in range(3)]
    alone, pair = station("L", (0, 0), annsm.truth[:, 0, 0]), [station(f"P{n}", (0, 2), annsm.truth[:, 0, 2]) for n in range(2)]
    result = validation.validate_stations(annsm.path, [*given, *short, alone, *pair], upscaling="triple collocation")
    notes = {cell.sites[0]: row_of(result, cell=number)["note"] for number, cell in enumerate(result.cells)}
    assert notes["S0"] == notes["L"] == ""
    assert notes["P0"] == "fewer than three sites: their mean"
    assert notes["T0"] == "no three sites have 100 days and a signal in common: the mean of all"
    plain = {cell.sites[0]: cell.values for cell in averaging.gather([*given, *short, alone, *pair], GRID, DATES)[0]}
    for cell in result.cells:
        if cell.sites[0] in ("P0", "T0", "L"):
            np.testing.assert_allclose(cell.values, plain[cell.sites[0]], rtol=1e-12)
    assert any("fewer than three sites" in warning for warning in result.warnings)
    assert any(f"1 of {len(result.cells)} cells have one site" in line for line in result.summary)


@pytest.mark.parametrize("way", ["mean", *WAYS])
def test_sites_with_single_days_are_no_crash(annsm, way):
    base = annsm.truth[:, 1, 1]
    empty = np.full(DAYS, np.nan)
    given = [station("none", (1, 1), empty), station("one", (1, 1), base, [3]), station("another", (1, 1), base, [7])]
    result = validation.validate_stations(annsm.path, given, upscaling=way)
    assert row_of(result)["n"] == 2
    reference.sites_csv(result)


def test_sites_of_two_networks_with_one_name_are_told_apart(annsm):
    base, late = annsm.truth[:, 1, 1], slice(600, None)
    given = [
        station("S", (1, 1), base, slice(600), sensor="old", network="A"),
        station("S", (1, 1), base + 0.06, late, sensor="new", network="A"),
        station("S", (1, 1), base, network="B"),
    ]
    result = validation.validate_stations(annsm.path, given)
    assert result.cells[0].sites == ["A S", "B S"]
    assert [(change.site, change.before, change.after) for change in result.changes] == [("A S", "old", "new")]


# --- changes of probes


@pytest.fixture(scope="module")
def changed(annsm):
    """A probe is replaced by one that measures 0.06 more; the second cell's change lies too near the end."""
    base, other = annsm.truth[:, 1, 1], annsm.truth[:, 2, 2]
    given = [
        station("A", (1, 1), base, slice(600), sensor="EC-TM"),
        station("A", (1, 1), base + 0.06, slice(600, None), sensor="5TM"),
        station("B", (2, 2), other, slice(1150), sensor="EC-TM"),
        station("B", (2, 2), other, slice(1150, None), sensor="5TM"),
    ]
    return validation.validate_stations(annsm.path, given, upscaling="voronoi")


def test_the_change_of_a_probe_is_reported_with_its_step(changed):
    step, late = changed.changes
    assert (step.cell, step.site, step.day, step.before, step.after) == (changed.cells[0].name, "A", DATES[600], "EC-TM", "5TM")
    assert step.step == pytest.approx(0.06, abs=0.005)
    assert np.isnan(late.step)
    said = f"A: probe EC-TM became 5TM on {DATES[600]}; in situ - ANN-SM changes by {step.step:+.3f} m3 m-3."
    assert any(warning.endswith(said) for warning in changed.warnings)
    assert any(warning.endswith("too few days tell its step.") for warning in changed.warnings)


def test_a_step_by_hand(changed, annsm):
    """In the ten days of the year that both sides have; 1200 days from 1 January: 600 days before, 600 after the change."""
    difference = annsm.truth[:, 1, 1] + np.where(np.arange(DAYS) >= 600, 0.06, 0.0) - annsm.values[:, 1, 1]
    part = np.array([(day - day.astype("datetime64[Y]").astype("datetime64[D]")).astype(int) // 10 for day in DATES])
    before, after = np.arange(DAYS) < 600, np.arange(DAYS) >= 600
    shared = np.intersect1d(part[before], part[after])
    by_hand = difference[after & np.isin(part, shared)].mean() - difference[before & np.isin(part, shared)].mean()
    assert changed.changes[0].step == pytest.approx(by_hand, abs=1e-9)


def test_each_of_two_changes_has_its_own_step(annsm):
    base = annsm.truth[:, 1, 1]
    parts = ((slice(400), 0.0, "a"), (slice(400, 800), 0.05, "b"), (slice(800, None), 0.02, "c"))
    given = [station("A", (1, 1), base + shift, days, sensor=sensor) for days, shift, sensor in parts]
    steps = validation.validate_stations(annsm.path, given).changes
    assert [(step.before, step.after) for step in steps] == [("a", "b"), ("b", "c")]
    assert [step.step for step in steps] == pytest.approx([0.05, -0.03], abs=0.006)


def test_a_wedge_marks_the_change(changed):
    for number, day in ((0, 600), (1, 1150)):
        place = series_figures.draw_time_series(changed, [number]).axes[0]
        wedges = [line for line in place.lines if line.get_marker() == "v"]
        assert [list(line.get_xdata()) for line in wedges] == [[DATES[day]]]
        assert wedges[0].get_ydata()[0] == 1.0 and not wedges[0].get_clip_on()


def test_the_report_and_the_table_of_sites_tell_the_changes(changed, tmp_path):
    station_report.write(tmp_path / "report.html", changed)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Changes of probes" in text and str(DATES[600]) in text and f"{changed.changes[0].step:+.3f}" in text
    assert "From the sites to the cell</h2>" not in text  # no cell has a second site
    assert not [f.name for f in station_publication.publication(changed) if f.name == "temporal_stability"]
    sites = read(reference.sites_csv(changed))
    assert sites[0]["probe_changes"] == f"{DATES[600]} EC-TM -> 5TM" and sites[0]["rank"] == ""


# --- depth of the sensors


@pytest.fixture(scope="module")
def deep(tmp_path_factory):
    """ANN-SM that changes from day to day; sensors that remember 12 days of it (Wagner's sum, by hand) and a cube with GLDAS."""
    folder, random = tmp_path_factory.mktemp("deep"), np.random.default_rng(4)
    surface = np.clip(0.25 + random.normal(0, 0.06, (DAYS, 4, 4)), 0.01, 0.6).astype("float32").astype(float)
    surface[random.random(surface.shape) < 0.1] = np.nan
    write_annsm(folder / "annsm.nc", surface, extent=EXTENT, start=str(DATES[0]))
    write_cube(folder / "cube.nc", extent=EXTENT, start=str(DATES[0]), days=DAYS, drop=("sm_smap",))
    below = wagner(surface[:, 1, 1], 12.0) + random.normal(0, 0.002, DAYS)
    return SimpleNamespace(folder=folder, surface=surface, given=[station("D", (1, 1), below)])


def wagner(values, constant):
    """Mean of all values so far, weighed by exp(-age / constant)."""
    out, days = np.full(values.size, np.nan), np.arange(values.size)
    for day in np.flatnonzero(np.isfinite(values)):
        past = np.isfinite(values) & (days <= day)
        weight = np.exp(-(day - days[past]) / constant)
        out[day] = (weight * values[past]).sum() / weight.sum()
    return out


def compared(deep, **options):
    return validation.validate_stations(deep.folder / "annsm.nc", deep.given, cube=deep.folder / "cube.nc", **options)


def test_the_planted_time_constant_is_found_and_gldas_left_alone(deep):
    plain, fitted = compared(deep), compared(deep, depth_filter="fitted")
    assert plain.constants == {} and np.isnan(row_of(plain)["depth_constant"])
    assert list(fitted.constants) == ["ANN-SM"] and fitted.constants["ANN-SM"][0] in (10.0, 12.0, 15.0)
    constant = row_of(fitted)["depth_constant"]
    assert constant == fitted.constants["ANN-SM"][0]
    np.testing.assert_allclose(fitted.series["ANN-SM"][0], wagner(deep.surface[:, 1, 1], constant), rtol=1e-9)
    np.testing.assert_array_equal(fitted.series["GLDAS"], plain.series["GLDAS"])
    assert row_of(fitted, "GLDAS")["r"] == row_of(plain, "GLDAS")["r"] and np.isnan(row_of(fitted, "GLDAS")["depth_constant"])
    assert row_of(fitted)["r"] > 0.95 > 0.6 > row_of(plain)["r"]
    assert any(f"time constant {constant:g} d" in line for line in fitted.summary)


@pytest.mark.parametrize("days", [10.0, 4.5])
def test_a_given_time_constant_is_used(deep, days):
    result = compared(deep, depth_filter="constant", **({} if days == 10.0 else {"depth_days": days}))
    assert row_of(result)["depth_constant"] == days
    np.testing.assert_allclose(result.series["ANN-SM"][0], wagner(deep.surface[:, 1, 1], days), rtol=1e-9)
    row = next(r for r in read(station_result.stations_csv(result)) if r["product"] == "GLDAS")
    assert row["depth_constant"] == ""


def test_too_few_days_leave_the_product_at_the_surface(deep):
    result = compared(deep, depth_filter="fitted", end=DATES[25])
    assert np.isnan(result.constants["ANN-SM"][0])
    np.testing.assert_array_equal(result.series["ANN-SM"][0], deep.surface[:26, 1, 1])


# --- R with the truth


def beside(annsm, monkeypatch, *products, cube=None):
    """Stations with an error of 0.03 and the products named, each with an error of its own of 0.025."""
    random = np.random.default_rng(21)
    truth = annsm.truth[:, 1, 1]
    held = {product: (truth + random.normal(0, 0.025, DAYS))[:, np.newaxis] for product in products}
    planted_stations.products_in_memory(monkeypatch, stations.collocation, held)
    given = [station("A", (1, 1), truth + random.normal(0, 0.03, DAYS))]
    return validation.validate_stations(annsm.path, given, cube=cube, **dict.fromkeys(products, "folder"))


def test_r_with_the_truth_is_the_planted_one(annsm, monkeypatch):
    result = beside(annsm, monkeypatch, "smos")
    row, planted = row_of(result), np.corrcoef(annsm.values[:, 1, 1], annsm.truth[:, 1, 1])[0, 1]
    assert row["r_corrected"] == pytest.approx(planted, abs=0.03)
    assert row["r"] < planted - 0.1
    assert row["r_corrected_low"] < planted < row["r_corrected_high"] and row["r_corrected_high"] - row["r_corrected_low"] < 0.15
    assert (row["third"], row["third_days"]) == ("SMOS", DAYS)
    assert row_of(result, "SMOS")["third"] == "ANN-SM"
    assert row_of(result, basis="common days")["r_corrected"] == row["r_corrected"]
    said = next(line for line in result.summary if "with the truth" in line)
    assert f"mean R {row['r']:.2f} with the stations, {row['r_corrected']:.2f} with the truth" in said and "SMOS" in said
    written = next(r for r in read(station_result.stations_csv(result)) if r["product"] == "ANN-SM")
    assert float(written["r_corrected"]) == pytest.approx(row["r_corrected"], rel=1e-5) and written["third"] == "SMOS"
    assert list(written)[: len(station_result.FIRST_COLUMNS)] == list(station_result.FIRST_COLUMNS)


@pytest.mark.parametrize("products", [("lprm",), ("jaxa",), ()])
def test_products_that_share_errors_with_annsm_are_no_third(annsm, monkeypatch, products, tmp_path):
    write_cube(tmp_path / "cube.nc", extent=EXTENT, start=str(DATES[0]), days=DAYS)  # GLDAS and SMAP
    result = beside(annsm, monkeypatch, *products, cube=tmp_path / "cube.nc")
    row = row_of(result)
    assert np.isnan(row["r_corrected"]) and np.isnan(row["r_corrected_low"]) and row["third"] == "" and row["third_days"] == 0
    assert not any("with the truth" in line for line in result.summary)
    assert all(row_of(result, title)["third"] in ("GLDAS", "SMAP") for title in result.products if title in ("LPRM", "JAXA"))


def test_the_third_product_is_the_one_with_the_most_days(annsm):
    random = np.random.default_rng(2)
    truth = annsm.truth[:, 0, 0]
    many = {"LPRM": truth, "GLDAS": truth, "SMOS": truth, "JAXA": truth}
    series = {title: values + random.normal(0, 0.02, DAYS) for title, values in many.items()}
    series["GLDAS"][300:] = np.nan
    cell = SimpleNamespace(values=truth + random.normal(0, 0.02, DAYS))
    found = reference.corrected(cell, series, DATES, 0)
    assert {title: row["third"] for title, row in found.items()} == {
        "LPRM": "SMOS", "GLDAS": "LPRM", "SMOS": "LPRM", "JAXA": "SMOS"
    }  # fmt: skip
    series["SMOS"][90:] = np.nan
    assert reference.corrected(cell, series, DATES, 0)["LPRM"]["third"] == "GLDAS"
    series["GLDAS"][90:] = np.nan
    assert reference.corrected(cell, series, DATES, 0)["LPRM"] == pytest.approx(
        {**dict.fromkeys(("r_corrected", "r_corrected_low", "r_corrected_high"), np.nan), "third": "", "third_days": 0}, nan_ok=True
    )


# --- files


def test_the_files_that_are_asked_for_are_written(annsm, four_sites, tmp_path):
    given, sites, _ = four_sites
    request = validation.StationsRequest(
        annsm=annsm.path, stations=[*given, station("L", (0, 0), annsm.truth[:, 0, 0])], table=tmp_path / "t.csv",
        sites=tmp_path / "s.csv", strata_table=tmp_path / "strata.csv", report=tmp_path / "r.html", figures=tmp_path / "figures",
    )  # fmt: skip
    stations.run(request)
    with open(tmp_path / "s.csv", encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    assert list(written[0]) == list(reference.SITE_COLUMNS) and [row["site"] for row in written] == ["L", "S0", "S1", "S2", "S3"]
    assert [int(row["days"]) for row in written[1:]] == np.isfinite(sites).sum(axis=1).tolist()
    assert written[0]["mean_relative_difference"] == written[0]["rank"] == "" and written[0]["weight"] == "1"
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    for title in ("From the sites to the cell", "By season, soil and class", "R with the truth"):
        assert title in text
    assert "Changes of probes" not in text and "mean of the sites" in text
    for name in ("strata", "temporal_stability"):
        assert all((tmp_path / "figures" / f"{name}{end}").stat().st_size for end in figure_files.ENDINGS), name
    assert (tmp_path / "strata.csv").read_text(encoding="utf-8").startswith("kind,stratum,product,cells,days,r,r_low,r_high,rmse")


def test_way_and_filter_must_be_among_the_choices(annsm, four_sites):
    given, _, _ = four_sites
    for wrong, says in (
        ({"upscaling": "median"}, "UPSCALING is 'median'; expected one of mean, representative, triple collocation, voronoi"),
        ({"depth_filter": "wagner"}, "DEPTH_FILTER is 'wagner'; expected one of none, fitted, constant"),
        ({"depth_days": 0.0}, "DEPTH_DAYS is '0.0'; expected a number of at least 0.1 and of at most 365"),
    ):
        with pytest.raises(ParameterError, match=says):
            validation.validate_stations(annsm.path, given, **wrong)
