"""The Taylor diagram's geometry, by closed form."""

from types import SimpleNamespace

import numpy as np
import pytest

from annsm_plugin.core.statistics import taylor
from annsm_plugin.core.validation import taylor_figure


def test_geometry_by_hand():
    """R = 0.6 and half the reference's spread: (0.3, 0.4), at the distance sqrt(0.25 + 1 - 0.6) of the reference."""
    point = taylor.Point(0.6, 0.5, 100)
    assert (point.x, point.y) == (pytest.approx(0.3), pytest.approx(0.4))
    assert point.error == pytest.approx(np.sqrt(0.65)) == pytest.approx(np.hypot(point.x - 1, point.y))


@pytest.mark.parametrize("r", [-0.7, 0.0, 0.3, 0.95])
def test_the_distance_from_the_reference_is_the_centred_error(r):
    random = np.random.default_rng(0)
    x = random.normal(0.2, 0.05, 500)
    y = 0.4 + 1.7 * (r * x + np.sqrt(1 - r**2) * random.normal(0, 0.05, 500))
    x[::7], y[::5] = np.nan, np.nan
    both = np.isfinite(x) & np.isfinite(y)
    point = taylor.point(x, y)
    assert point.n == both.sum()
    difference = (x - y)[both]
    error = np.sqrt(np.mean((difference - difference.mean()) ** 2)) / x[both].std()
    assert np.hypot(point.x - 1, point.y) == pytest.approx(error, rel=1e-9)
    assert point.error == pytest.approx(error, rel=1e-9)
    assert np.hypot(point.x, point.y) == pytest.approx(y[both].std() / x[both].std(), rel=1e-9)


def test_a_perfect_series_stands_on_the_reference():
    x = np.random.default_rng(0).random(50)
    point = taylor.point(x, x + 3)
    assert (point.x, point.y, point.error) == (pytest.approx(1), pytest.approx(0, abs=1e-7), pytest.approx(0, abs=1e-7))


@pytest.mark.parametrize("values", [np.full(20, 0.3), np.full(20, np.nan), np.r_[0.2, np.full(19, np.nan)]])
def test_degenerate_series_have_no_point(values):
    x = np.random.default_rng(0).random(20)
    assert np.isnan(taylor.point(x, values).x) and np.isnan(taylor.point(values, x).ratio)


def test_the_centre_is_the_mean_of_those_with_a_value():
    group = [taylor.Point(0.8, 1.2, 10), taylor.Point(float("nan"), float("nan"), 3), taylor.Point(0.6, 0.8, 20)]
    centre = taylor.centre(group)
    assert (centre.r, centre.ratio, centre.n) == (pytest.approx(0.7), pytest.approx(1.0), 30)
    assert np.isnan(taylor.centre(group[1:2]).r)


def result_of(series, in_situ):
    cells = [SimpleNamespace(values=values) for values in in_situ]
    return SimpleNamespace(products=list(series), series=series, cells=cells)


def test_common_days_of_the_products_that_take_part():
    random = np.random.default_rng(0)
    truth = random.random((2, 40))
    jaxa = truth + random.normal(0, 0.1, truth.shape)
    jaxa[:, ::2] = np.nan
    jaxa[1, 1:] = np.nan  # one day in the second cell: it does not narrow the others'
    jaxa[1, 0] = 0.2
    found = taylor.of_stations(result_of({"ANN-SM": truth.copy(), "JAXA": jaxa}, truth), 10)
    assert [p.n for p in found["ANN-SM"]] == [20, 40] and found["JAXA"][0].n == 20
    assert np.isnan(found["JAXA"][1].r) and found["ANN-SM"][1].r == pytest.approx(1)
    few = taylor.of_stations(result_of({"ANN-SM": truth.copy(), "JAXA": jaxa}, truth), 30)
    assert np.isnan(few["ANN-SM"][0].r) and few["ANN-SM"][0].n == 20


@pytest.mark.parametrize("sign", [1, -1])
def test_symbols_are_drawn_where_the_points_are(sign):
    points = {"ANN-SM": [taylor.Point(0.9, 1.1, 50)], "JAXA": [taylor.Point(sign * 0.5, 0.6, 50), taylor.Point(0.4, 5.0, 50)]}
    drawing = taylor_figure.draw_taylor(points)
    (place,) = drawing.axes
    drawn = {
        (round(float(np.ravel(x)[0]), 9), round(float(np.ravel(y)[0]), 9)) for line in place.lines for x, y in [line.get_data()] if len(x)
    }
    for point in (points["ANN-SM"][0], points["JAXA"][0]):
        assert (round(point.x, 9), round(point.y, 9)) in drawn
    assert (1.0, 0.0) in drawn and (place.get_xlim()[0] < -0.5) == (sign < 0)
    (said,) = [text.get_text() for text in place.texts if "beyond the frame" in text.get_text()]
    assert said.endswith("JAXA 1 cell") and "3 times" in said
    labels = [label.get_text() for label in place.get_xticklabels()]
    assert not any("-" in label or "−" in label for label in labels)  # a standard deviation is never negative


def test_a_product_whose_mean_is_beyond_the_frame_is_in_the_legend():
    drawing = taylor_figure.draw_taylor({"LPRM": [taylor.Point(0.5, 4.2, 50), taylor.Point(0.3, 2.4, 50)]})
    (place,) = drawing.axes
    assert "LPRM (2 cells)" in [text.get_text() for text in place.get_legend().get_texts()]
    (said,) = [text.get_text() for text in place.texts if "beyond the frame" in text.get_text()]
    assert said.endswith("LPRM 1 cell and the mean")


def test_a_diagram_of_nothing():
    taylor_figure.draw_taylor({"ANN-SM": [taylor.Point(float("nan"), float("nan"), 0)]})
