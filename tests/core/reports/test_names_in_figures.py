"""Names from files are text in figures, also where matplotlib would take them for mathematics."""

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.reports import area, figures
from annsm_plugin.core.validation import strata, strata_figure

NAMES = ["a$\\frac{$b", "$", "$$", "a $x$ b", "\\$5", "$\\undefined$", "50 % & <b>", "_hidden", "玛曲$^{$"]


@pytest.mark.parametrize("name", NAMES)
def test_plain_text_is_drawn_as_it_is(name):
    drawing = figures.figure(2, 1)
    place = drawing.subplots()
    text = place.set_title(figures.plain(name))
    shown, is_math = text._preprocess_math(text.get_text())
    assert shown == name and not is_math
    place.set_xticks([0], [figures.plain(name)])
    assert isinstance(drawing, Figure) and figures.png(drawing)


def test_a_name_of_thousands_of_letters_is_drawn_shortened():
    grid = Grid.from_extent((90.0, 30.0, 91.0, 31.0))
    for name in ("x" * 10_000, "土" * 5000):
        drawing = figures.figure(2, 1)
        title = drawing.subplots().set_title(figures.plain(name)).get_text()
        assert title[:50] == name[:50] and len(title) <= 120 and figures.png(drawing)
        assert figures.maps(grid, [(name, np.zeros(grid.shape), "days")])


@pytest.mark.parametrize("name", NAMES)
def test_titles_of_maps(name):
    grid = Grid.from_extent((90.0, 30.0, 91.0, 31.0))
    assert figures.maps(grid, [(name, np.zeros(grid.shape), "days")])


@pytest.mark.parametrize("name", NAMES)
def test_labels_of_distributions_maps_and_strata(name):
    drawings = [figures.draw_histograms([(name, np.arange(9.0), 3.0)])]
    lat, lon = 31.0 - np.arange(8) / 8, 90.0 + np.arange(8) / 8
    drawings.append(
        area.draw_area((90.0, 30.0, 91.0, 31.0), np.random.default_rng(0).random((8, 8)), lat, lon, [], kind="other", label=name)
    )
    measured = {f"{m}{end}": 0.5 for m in strata.MEASURES for end in ("", "_low", "_high")}
    row = {"kind": name, "stratum": name, "product": "ANN-SM", "cells": 3, "days": 100, **measured}
    drawings.append(strata_figure.draw_strata([row]))
    for drawing in drawings:
        assert figures.png(drawing)
        for text in drawing.findobj(Text):
            assert not text._preprocess_math(text.get_text())[1]
