"""The one table of classes: what falls where, and that figures draw it."""

import numpy as np
import pytest

from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.network import block as training
from annsm_plugin.core.reports import figures, map_classes
from annsm_plugin.core.training import cube as train_cube

KINDS = map_classes.KINDS


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_has_a_colour_and_a_label_for_each_class(name):
    own = KINDS[name]
    assert list(own.breaks) == sorted(set(own.breaks))
    assert len(own.colours) == len(own.labels()) == len(own.breaks) + 1 == len(own.ticks()) + 1
    assert len(set(own.colours)) == len(own.colours) and len(set(own.labels())) == len(own.labels())


def test_a_class_ends_with_its_upper_break():
    """The paper's high R is above 0.8, not from 0.8."""
    own = KINDS["r"]
    labels = own.labels()
    found = own.of([0.8, 0.80001, 0.79, -0.3, 0.0, 1.0, np.nan])
    assert [labels[int(k)] for k in found[:-1]] == ["0.7 – 0.8", "0.8 – 0.9", "0.7 – 0.8", "≤ 0", "≤ 0", "> 0.9"] and np.isnan(found[-1])


def test_whole_numbers_are_told_by_their_first_and_last():
    own = KINDS["days"]
    labels = own.labels()
    for days, label in ((0, "≤ 9"), (9, "≤ 9"), (10, "10 – 49"), (49, "10 – 49"), (50, "50 – 99"), (999, "800 – 999"), (1000, "≥ 1000")):
        assert labels[int(own.of(days))] == label
    assert own.ticks()[:3] == ["10", "50", "100"]
    assert KINDS["removed"].labels()[:2] == ["≤ 0", "1 – 4"]


def test_a_product_that_is_too_wet_has_a_negative_bias_and_is_blue():
    own = KINDS["bias"]
    first, last = own.labels("m³ m⁻³")[0], own.labels("m³ m⁻³")[-1]
    assert first == "≤ −0.06 m³ m⁻³ (too wet)" and last == "> 0.06 m³ m⁻³ (too dry)"
    red, _, blue = (int(own.colours[int(own.of(-0.03))][i : i + 2], 16) for i in (1, 3, 5))
    assert blue > red and own.colours[int(own.of(0.0))] == "#f6f7f7"


def test_every_status_has_a_colour():
    assert set(map_classes.STATUS) == {*training.STATUS, *train_cube.STATUS_MEANINGS, *train_cube.REGIONAL_MEANINGS}


@pytest.mark.parametrize("most", [0, 10**6])
@pytest.mark.parametrize("kind", KINDS)
def test_maps_are_drawn_in_the_colours_of_their_classes(monkeypatch, kind, most):
    """The pixel in the middle of each cell, for maps of cells and for pictures."""
    monkeypatch.setattr(figures, "MOST_VECTOR_CELLS", most)
    own = KINDS[kind]
    breaks = np.array(own.breaks, dtype=float)
    values = np.concatenate([[breaks[0] - 1e-4], (breaks[:-1] + breaks[1:]) / 2, [breaks[-1] + 1e-4], [np.nan]])
    grid = Grid.from_extent((90.0, 30.0, 90.0 + 0.25 * values.size, 30.25))
    drawing = figures.draw_maps(grid, [("title", values[np.newaxis], kind)])
    drawing.canvas.draw()
    pixels = np.asarray(drawing.canvas.buffer_rgba())
    place = drawing.axes[0]
    for lon, colour in zip(grid.lon, [*own.colours, map_classes.NOTHING]):
        x, y = place.transData.transform((lon, grid.lat[0]))
        found = pixels[pixels.shape[0] - 1 - int(y), int(x), :3]
        assert "#" + "".join(f"{v:02x}" for v in found) == colour
    (bar,) = drawing.axes[1:]
    assert [label.get_text() for label in bar.get_xticklabels()] == own.ticks()
    words = " ".join(text.get_text() for text in bar.texts)
    assert all(word in words for word in own.meaning) and bar.get_xlabel() == (own.unit or " ")


def test_long_titles_stay_inside_the_figure_and_off_each_other():
    grid = Grid.from_extent((91.0, 30.5, 94.0, 33.0))
    names = ["all brightness temperatures together", "a_very_long_name_of_an_extra_predictor_of_the_user", "lai"] * 2
    drawing = figures.draw_maps(grid, [(name, np.full(grid.shape, 0.01), "importance") for name in names])
    drawing.canvas.draw()
    renderer = drawing.canvas.get_renderer()
    places = drawing.axes[:6]
    boxes = [p._left_title.get_window_extent(renderer) for p in places]
    width, height = drawing.canvas.get_width_height()
    for number, box in enumerate(boxes):
        assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height
        assert not any(box.overlaps(other) for other in boxes[number + 1 :])
        assert not any(box.overlaps(bar.get_tightbbox(renderer)) for bar in drawing.axes[6:])
    assert boxes[1].height > boxes[2].height  # in two lines
