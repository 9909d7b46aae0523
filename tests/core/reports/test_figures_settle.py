"""Figures are laid out until nothing is cut off, and stay so; figures of thousands of symbols stay small as PDF and SVG."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.reports import figure_files, figures
from annsm_plugin.core.validation import series_figures, station_figures, station_publication


@pytest.mark.parametrize("size", [(0.5, 0.5), (5, 5), (30, 14), (10, 1), (1, 5)])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_titles_of_maps_lie_inside(size, count):
    grid = Grid.from_extent((80, 30, 80 + size[0], 30 + size[1]))
    values = np.random.default_rng(0).normal(0, 0.002, grid.shape)
    layers = [("(a) Trend per year", values, "trend"), ("(b) p of the trend", np.abs(values), "significance"), ("(c) R", values, "r")]
    drawing = figures.draw_maps(grid, layers[:count])
    figures.png(drawing)
    renderer = drawing.canvas.get_renderer()
    tops = [axes.get_tightbbox(renderer).y1 for axes in drawing.axes if axes.get_visible()]
    assert max(tops) <= drawing.bbox.height + 1


def test_a_settled_figure_is_the_same_each_time():
    drawing = figures.figure()
    axes = drawing.subplots(1, 2)
    axes[0].set_ylabel("soil moisture")
    figures.settle(drawing)
    places = [place.get_position().bounds for place in axes]
    figures.png(drawing)
    assert [place.get_position().bounds for place in axes] == places and places[0][0] > 0.05


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the limit of memory is that of Linux")
def test_a_lack_of_memory_is_said_where_the_solver_would_end_the_program():
    script = """
import resource
from pathlib import Path
from annsm_plugin.core.foundation.errors import AnnsmError
from annsm_plugin.core.reports import figures

warm = figures.figure()
warm.subplots(2, 2)
figures.settle(warm)
drawing = figures.figure()
drawing.subplots(12, 12)
used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used, used))
try:
    figures.settle(drawing)
except AnnsmError as error:
    print(error)
"""
    root = Path(figures.__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, timeout=100)
    assert (done.returncode, done.stdout.startswith("The computer has no memory left")) == (0, True), done.stderr[-500:]


def result_of(days):
    random = np.random.default_rng(1)
    cells = [SimpleNamespace(name=f"N {i}", values=random.uniform(0, 0.5, days), sites=["a"], changes=[], network="N") for i in range(3)]
    series = {title: random.uniform(0, 0.5, (3, days)) for title in ("ANN-SM", "SMOS")}
    dates = np.datetime64("2010-01-01") + np.arange(days)
    return SimpleNamespace(cells=cells, series=series, products=list(series), dates=dates)


def test_many_symbols_are_a_picture_in_a_drawing(tmp_path):
    many, few = result_of(5000), result_of(400)
    for name, draw in (("series", lambda r: series_figures.draw_time_series(r, [0, 1, 2])), ("scatter", station_figures.draw_scatter)):
        for which, result in (("many", many), ("few", few)):
            figure_files.save(tmp_path / f"{name}_{which}", figure_files.Figure("x", draw(result)))
        large, small = (tmp_path / f"{name}_{which}.svg" for which in ("many", "few"))
        assert "<image" in large.read_text() and "<image" not in small.read_text()
        assert large.stat().st_size < 3e6 and "<text" in large.read_text()


def test_a_report_that_shows_few_figures_of_series_draws_no_more(monkeypatch):
    drawn = []
    monkeypatch.setattr(series_figures, "draw_time_series", lambda result, chosen: drawn.append(chosen))
    for name in ("draw_comparison", "draw_days", "draw_scatter"):
        monkeypatch.setattr(station_figures, name, lambda result: None)
    monkeypatch.setattr(station_figures, "days_table", lambda result: ([], np.zeros((3, 0))))
    monkeypatch.setattr(station_figures, "with_several_sites", lambda result: [])
    monkeypatch.setattr(station_publication.taylor, "of_stations", lambda result, least: {})
    monkeypatch.setattr(station_publication.taylor_figure, "draw_taylor", lambda points: None)
    result = result_of(20)
    result.means, result.strata, result.pixels = {}, [], []
    for most, expected in ((2, [[0], [1]]), (None, [[0], [1], [2]])):
        drawn.clear()
        list(station_publication.publication(result, 1, most_series=most))
        assert drawn == expected
