"""The figure of extracted series: a panel per place and unit, with labels, units and the year."""

from pathlib import Path

import numpy as np
import pytest

from annsm_plugin.core.record import extraction

DATES = np.datetime64("2015-03-01") + np.arange(90)


def result(units: dict, places=2):
    random = np.random.default_rng(0)
    found = [extraction.Place(f"P{k}", np.array([0]), np.array([k]), np.ones(1)) for k in range(places)]
    source = extraction.Source(Path("x.nc"), list(units), units, None)
    series = {name: random.random((places, DATES.size)) for name in units}
    return extraction.ExtractResult(source, found, DATES, series, {n: np.ones_like(v) for n, v in series.items()})


def drawn(found):
    figure = extraction.draw(found)
    figure.drawing.canvas.draw()
    return figure, figure.drawing.axes


def test_one_variable_is_named_with_its_unit_and_the_year_is_said():
    _, panels = drawn(result({"soil_moisture": "m3 m-3"}))
    assert [p.get_ylabel() for p in panels] == ["soil moisture (m³ m⁻³)"] * 2 and [p.get_title("left") for p in panels] == ["P0", "P1"]
    assert panels[-1].get_xlabel() == "local date"
    ticks = " ".join(label.get_text() for label in panels[-1].get_xticklabels())
    assert "2015" in ticks + panels[-1].xaxis.get_offset_text().get_text() and len(ticks.split()) >= 4


def test_units_are_not_mixed_in_a_panel():
    found = result({"sm_smap": "m3 m-3", "sm_gldas": "m3 m-3", "lst_gldas": "K", "screened": "1"})
    figure, panels = drawn(found)
    assert [p.get_ylabel() for p in panels] == ["value (m³ m⁻³)", "lst gldas (K)", "screened"] * 2
    assert [t.get_text() for t in panels[0].get_legend().get_texts()] == ["sm_smap", "sm_gldas"] and panels[1].get_legend() is None
    for panel, name, number in ((panels[1], "lst_gldas", 0), (panels[4], "lst_gldas", 1)):
        assert np.array_equal(panel.lines[0].get_ydata(), found.series[name][number])
    assert len(figure.rows) == 2 * DATES.size and figure.header == ("place", "date", "sm_smap", "sm_gldas", "lst_gldas", "screened")


@pytest.mark.parametrize("units, places", [(1, 8), (2, 4), (3, 2)])
def test_no_more_panels_than_can_be_read(units, places):
    names = {f"v{k}": unit for k, unit in enumerate(("m3 m-3", "K", "mm")[:units])}
    _, panels = drawn(result(names, places=20))
    assert len(panels) == units * places <= extraction.PANELS
