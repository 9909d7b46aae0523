"""Names from files are text in figures, also where matplotlib would take them for mathematics."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.reports import figures

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


@pytest.mark.parametrize("name", NAMES)
def test_titles_of_maps(name):
    grid = Grid.from_extent((90.0, 30.0, 91.0, 31.0))
    assert figures.maps(grid, [(name, np.zeros(grid.shape), "days")])
