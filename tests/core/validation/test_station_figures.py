"""The figures against stations: what is drawn is what is there, and what is left out is said."""

from types import SimpleNamespace

import numpy as np
import pytest

from annsm_plugin.core.reports import figures
from annsm_plugin.core.validation import series_figures, station_figures

DATES = np.datetime64("2010-08-01") + np.arange(1700)


def cell(name, values, sites=1):
    return SimpleNamespace(name=name, sites=["s"] * sites, values=values, changes=[])


@pytest.fixture
def result():
    """Two cells; LPRM has three values far above the others in the first; in situ has single days in the second."""
    random = np.random.default_rng(0)
    truth = 0.2 + 0.05 * random.normal(size=(2, DATES.size)).cumsum(axis=1) / 20
    truth = np.clip(truth, 0.02, 0.5)
    lprm = np.clip(truth + 0.1, 0, 0.6)
    lprm[0, [5, 500, 900]] = 1.1
    single = np.full(DATES.size, np.nan)
    single[::3] = truth[1, ::3]
    rows = []
    for name, n in (("A", 1700), ("B", 567)):
        for product in ("ANN-SM", "LPRM"):
            rows.append({"cell": name, "product": product, "basis": "own days", "n": n - (product == "LPRM")})
            rows.append({"cell": name, "product": product, "basis": "common days", "n": n - 1})
    means = {"ANN-SM": {"r": (0.8, 0.7, 0.9), "rmse": (0.05, 0.04, 0.06), "bias": (0.01, 0.005, 0.015)},
             "LPRM": {"r": (-0.2, -0.4, 0.1), "rmse": (0.15, np.nan, np.nan), "bias": (np.nan,) * 3}}  # fmt: skip
    return SimpleNamespace(
        dates=DATES,
        products=["ANN-SM", "LPRM"],
        cells=[cell("A", truth[0], 2), cell("B", single)],
        series={"ANN-SM": truth + 0.01, "LPRM": lprm},
        table=rows,
        means={"own days": means},
        paper={"r": 0.74, "rmse": 0.106, "bias": 0.061},
    )


def test_series_show_all_or_say_how_many_they_do_not(result):
    drawing = series_figures.draw_time_series(result, [0, 1])
    first, second = drawing.axes
    assert first.get_title("left") == "(a) A (2 sites)" and second.get_title("left") == "(b) B (1 site)"
    assert [text.get_text() for text in first.texts] == ["values above the axis: LPRM 3"] and not second.texts
    low, high = first.get_ylim()
    for title, values in (("in situ", result.cells[0].values), ("ANN-SM", result.series["ANN-SM"][0])):
        assert low <= np.nanmin(values) and np.nanmax(values) <= high, title
    assert (result.series["LPRM"][0] > high).sum() == 3


def test_negative_values_are_inside_the_axis(result):
    result.series["LPRM"][1, 3] = -0.07
    assert series_figures.limits(result, 1)[0] <= -0.07


def test_symbols_are_the_papers_and_single_days_of_in_situ_are_seen(result):
    drawing = series_figures.draw_time_series(result, [1])
    by_colour = {line.get_markeredgecolor(): line for line in drawing.axes[0].lines if line.get_linestyle() == "None"}
    hollow, dots = by_colour[station_figures.SYMBOLS["ANN-SM"]["color"]], by_colour[station_figures.SYMBOLS["LPRM"]["color"]]
    assert hollow.get_marker() == "o" and hollow.get_markerfacecolor() == "none"
    assert dots.get_marker() == "." and dots.get_markerfacecolor() == station_figures.SYMBOLS["LPRM"]["color"]
    assert np.isfinite(by_colour["black"].get_ydata()).sum() == 567  # all of them: none has a neighbour


def test_symbols_shrink_with_the_days(result):
    short = SimpleNamespace(**vars(result))
    short.dates, short.series = DATES[:100], {t: v[:, :100] for t, v in result.series.items()}
    short.cells = [cell(c.name, c.values[:100]) for c in result.cells]
    sizes = [
        max(line.get_markersize() for line in series_figures.draw_time_series(r, [0]).axes[0].lines if line.get_marker() == "o")
        for r in (short, result)
    ]
    assert sizes[0] == station_figures.SYMBOLS["ANN-SM"]["size"] and 0.55 * sizes[0] < sizes[1] < 0.7 * sizes[0]


def test_bars_have_whiskers_a_zero_line_and_room_for_negative_r(result):
    drawing = station_figures.draw_comparison(result)
    r, rmse, bias = drawing.axes
    whiskers = [container.lines[2][0].get_segments()[0][:, 1] for container in r.containers if hasattr(container, "has_yerr")]
    assert np.allclose(np.sort(whiskers, axis=1), [[0.7, 0.9], [-0.4, 0.1]])
    assert len([c for c in rmse.containers if hasattr(c, "has_yerr")]) == 1  # LPRM has no interval there
    for place in (r, rmse, bias):
        assert any(np.allclose(np.array(line.get_ydata(), dtype=float), 0) for line in place.lines)
    assert r.get_ylim()[0] < -0.4 and [t.get_text() for t in bias.texts] == ["0.010"]


def test_days_in_common_are_those_of_the_table(result):
    columns, days = station_figures.days_table(result)
    assert columns == ["ANN-SM", "LPRM", "all together"] and days.tolist() == [[1700, 1699, 1699], [567, 566, 566]]
    place = station_figures.draw_days(result).axes[0]
    assert [t.get_text() for t in place.texts] == ["1700", "1699", "1699", "567", "566", "566"]
    assert [t.get_text() for t in place.get_yticklabels()] == ["A", "B"]


def test_scatter_plots_of_many_cells_are_those_with_the_most_days(result, monkeypatch):
    monkeypatch.setattr(station_figures, "MOST_SCATTERS", 1)
    shown = [place for place in station_figures.draw_scatter(result).axes if place.get_visible()]
    assert [place.get_title() for place in shown] == ["A"]


def test_measures_that_are_not_defined_are_dashes():
    assert station_figures._measures(np.full(5, 0.2), np.full(5, 0.3)) == "R = –\nRMSE = 0.100\nBIAS = −0.100\nN = 5"
    assert station_figures._measures(np.zeros(0), np.zeros(0)) == "N = 0"


def test_few_colours_are_near_the_figures_own(result):
    """A palette of 256 must not dull the symbols, as one of 48 did."""
    import io

    from matplotlib.image import imread

    drawing = series_figures.draw_time_series(result, [0, 1])
    small = imread(io.BytesIO(figures.png(drawing, 256)))[..., :3]
    full = np.asarray(drawing.canvas.buffer_rgba())[..., :3] / 255
    assert 0 < np.abs(full - small).max() < 0.13
    assert len(figures.png(drawing, 256)) < 0.6 * len(figures.png(drawing))


@pytest.mark.parametrize("name", ["a$\\frac{$b", "$\\undefined$", "玛曲 $^{$"])
def test_names_of_stations_are_text(result, name):
    for one in result.cells:
        one.name, one.sites = name, [name] * len(one.sites)
    assert figures.png(series_figures.draw_time_series(result, [0, 1]))
    assert figures.png(station_figures.draw_scatter(result, "ANN-SM"))
