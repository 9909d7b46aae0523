"""The figure of the study area: every site is drawn and counted, crowds are enlarged, distances are true, nothing overlaps."""

import itertools
import re

import numpy as np
import pytest

from annsm_plugin.core.foundation.errors import ParameterError
from annsm_plugin.core.reports import area, area_page
from annsm_plugin.core.reports.area import Site, area_numbers, draw_area
from annsm_plugin.core.reports.figures import TWO_COLUMNS

TIBET, EUROPE, SMALL, DATELINE = (73, 26, 105, 40), (-15, 32, 45, 62), (100, 33, 102, 35), (170, -48, 190, -30)


def raster(bounds, step=0.25):
    """A smooth raster on centres of the region, 0 to 4."""
    west, south, east, north = bounds
    lon, lat = np.arange(west + step / 2, east, step), np.arange(north - step / 2, south, -step)
    return 2 + np.sin(lat / 3)[:, None] + np.cos(lon / 3), lat, lon


def crowd(random, network, count, lat, lon, spread):
    at = np.array((lat, lon)) + random.uniform(-spread, spread, (count, 2))
    return [Site(f"{network[:2]}{number:02d}", network, float(y), float(x)) for number, (y, x) in enumerate(at)]


def crowds(bounds, count, seed=0):
    """So many groups of 3 to 20 sites and some lone ones, of six networks."""
    random = np.random.default_rng(seed)
    west, south, east, north = bounds
    found = []
    for number in range(count):
        lat, lon = random.uniform(south + 1, north - 1), random.uniform(west + 1, east - 1)
        found += crowd(random, f"Network {number % 6}", int(random.integers(3, 21)), lat, lon, random.choice([0.05, 0.2, 0.5]))
    return found + [Site(f"L{i}", "Lone", random.uniform(south, north), random.uniform(west, east)) for i in range(5)]


def cells(sites):
    return sorted({(np.floor(site.lat * 4) / 4 + 0.125, np.floor(site.lon * 4) / 4 + 0.125) for site in sites})


def draw(bounds, sites, **options):
    return draw_area(bounds, *raster(bounds), sites, label="LAI (m² m⁻²)", cells=cells(sites), **options)


def maps(drawing):
    """The axes with a scale bar: the map, then the insets."""
    return [axes for axes in drawing.axes if lines(axes, "scale")]


def lines(axes, gid):
    return [line for line in axes.lines if line.get_gid() == gid]


def symbols(axes):
    """(n, 2) places of the drawn symbols, degrees."""
    return np.concatenate([np.zeros((0, 2)), *(line.get_xydata() for line in lines(axes, "sites"))])


def texts(drawing):
    """What is written, with its boxes on the page in pixels."""
    from matplotlib.text import Text

    drawing.canvas.draw()
    found = [t for t in drawing.findobj(Text) if t.get_visible() and t.get_text().strip()]
    ticks = [t for axes in drawing.axes for axis in (axes.xaxis, axes.yaxis) for t in axis.get_ticklabels(which="both")]
    shown = [
        t for axes in drawing.axes for axis in (axes.xaxis, axes.yaxis) for tick in axis._update_ticks() for t in (tick.label1, tick.label2)
    ]
    offsets = [axis.get_offset_text() for axes in drawing.axes for axis in (axes.xaxis, axes.yaxis)]
    kept = [t for t in found if t not in offsets and (t not in ticks or t in shown)]
    return [(t.get_text(), t.get_window_extent()) for t in kept]


CASES = {
    "none": (TIBET, []),
    "one": (TIBET, [Site("BJ", "CAMP", 31.37, 91.9)]),
    "two hundred": (EUROPE, crowds(EUROPE, 15)),
    "one cell": ((-5, 38, 5, 44), crowd(np.random.default_rng(2), "REMEDHUS", 30, 41.375, -0.375, 0.12)),
    "small": (SMALL, crowds(SMALL, 4)),
    "dateline": (DATELINE, [*crowd(np.random.default_rng(3), "NZ", 12, -41, 175.5, 0.3), Site("Chatham", "Pacific", -44, -176.5)]),
    "tall": ((15, -35, 23, -5), crowds((15, -35, 23, -5), 5)),
    "flat": ((60, 30, 120, 36), crowds((60, 30, 120, 36), 4)),
}


@pytest.mark.parametrize("name", CASES)
def test_every_site_is_drawn_once_on_the_map_and_nothing_overlaps(name):
    bounds, sites = CASES[name]
    drawing = draw(bounds, sites)
    assert drawing.get_size_inches()[0] == pytest.approx(TWO_COLUMNS) and drawing.get_size_inches()[1] < 9.5
    whole = maps(drawing)[0]
    at = symbols(whole)
    assert len(at) == len(sites)
    west, south, east, north = bounds
    assert (at >= (west, south)).all() and (at <= (east, north)).all()
    check_room(drawing)


@pytest.mark.parametrize("seed", range(6))
def test_nothing_overlaps_whatever_the_sites(seed):
    bounds = (EUROPE, TIBET, SMALL, (15, -35, 23, -5))[seed % 4]
    check_room(draw(bounds, crowds(bounds, 3 + 2 * seed, seed)))


def check_room(drawing):
    """Texts, maps, colour bar and legend keep apart and on the page; type is legible."""
    from matplotlib.text import Text

    page = drawing.bbox
    found = texts(drawing)
    for (one, a), (other, b) in itertools.combinations(found, 2):
        assert not a.overlaps(b), (one, other)
    for text, box in found:
        assert box.x0 >= page.x0 and box.y0 >= page.y0 and box.x1 <= page.x1 and box.y1 <= page.y1, text
    boxes = [axes.get_window_extent() for axes in drawing.axes] + [legend.get_window_extent() for legend in drawing.legends]
    for a, b in itertools.combinations(boxes, 2):
        assert not a.overlaps(b)
    for axes in drawing.axes:  # what is written outside of a map is outside of all maps
        for text, box in found:
            inside = axes.get_window_extent()
            whole = inside.x0 <= box.x0 and box.x1 <= inside.x1 and inside.y0 <= box.y0 and box.y1 <= inside.y1
            assert whole or not box.overlaps(inside), text
    assert min(t.get_fontsize() for t in drawing.findobj(Text) if t.get_text()) >= 6


def test_insets_hold_exactly_the_crowded_sites():
    random = np.random.default_rng(5)
    groups = [
        crowd(random, "Naqu", 30, 31.375, 92.125, 0.1),
        crowd(random, "Maqu", 12, 33.875, 102.125, 0.1),
        crowd(random, "Ali", 4, 32.4, 80.1, 0.05),
    ]
    lone = [Site("a", "Lone", 36.0, 77.0), Site("b", "Lone", 28.0, 98.0)]
    drawing = draw(TIBET, [*itertools.chain(*groups), *lone])
    insets = maps(drawing)[1:]
    assert len(insets) == 3
    for axes, group in zip(insets, (groups[2], groups[0], groups[1])):  # from west to east
        assert sorted(map(tuple, symbols(axes))) == sorted((site.lon, site.lat) for site in group)
        (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
        assert all(west < x < east and south < y < north for x, y in symbols(axes))
    letters = [t.get_text() for t in maps(drawing)[0].texts]
    assert {"A", "B", "C"} <= set(letters) and "D" not in letters
    written = [t.get_text() for t in insets[0].texts]
    assert {"4 stations", *(site.name for site in groups[2])} <= set(written)


def test_no_inset_without_a_crowd_and_at_most_six():
    assert len(maps(draw(TIBET, [Site("a", "N", 30, 80), Site("b", "N", 31, 80)]))) == 1
    groups = [site for k in range(9) for site in crowd(np.random.default_rng(k), "N", 3 + k, 34 + 3 * k, 3 * k, 0.1)]
    insets = maps(draw(EUROPE, groups))[1:]
    assert [len(symbols(axes)) for axes in insets] == [6, 7, 8, 9, 10, 11]


def test_a_region_full_of_sites_has_insets_that_enlarge():
    random = np.random.default_rng(7)
    sites = [Site(str(k), "Dense", 33 + 2 * random.random(), 100 + 2 * random.random()) for k in range(400)]
    drawing = draw(SMALL, sites)
    whole, *insets = maps(drawing)
    scale = [axes.get_window_extent().width / np.ptp(axes.get_xlim()) for axes in (whole, *insets)]
    assert insets and min(scale[1:]) >= 1.5 * scale[0] - 1e-6
    frames = [patch.get_bbox() for patch in whole.patches if str(patch.get_gid()).endswith("black")]
    assert len(frames) == len(insets) and not any(a.overlaps(b) for a, b in itertools.combinations(frames, 2))


@pytest.mark.parametrize("name", ["two hundred", "one cell", "small", "dateline", "tall", "flat"])
def test_scale_bars_are_as_long_as_they_say(name):
    bounds, sites = CASES[name]
    drawing = draw(bounds, sites)
    for number, axes in enumerate(maps(drawing)):
        (bar,) = lines(axes, "scale")
        length = np.radians(np.ptp(bar.get_xdata()))
        said = next(m for t in axes.texts if (m := re.fullmatch(r"([\d.]+) km(?: at ([\d.]+)°([NS]))?", t.get_text())))
        lat = np.radians(np.mean(axes.get_ylim()) if number else float(said[2]) * (1 if said[3] == "N" else -1))
        km = 2 * 6371.0 * np.arcsin(np.cos(lat) * np.sin(length / 2))
        assert km == pytest.approx(float(said[1]), rel=0.01)
        (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
        box = axes.get_window_extent()
        squeeze = (box.width / (east - west)) / (box.height / (north - south))
        assert squeeze == pytest.approx(np.cos(np.radians((south + north) / 2)), rel=0.01)


def test_longitudes_beyond_180_are_west():
    drawing = draw(*CASES["dateline"])
    whole = maps(drawing)[0]
    said = dict(zip(whole.get_xticks(), (t.get_text() for t in whole.get_xticklabels())))
    assert said[175] == "175°E" and said[180] == "180°" and said[185] == "175°W"
    assert all(t.get_text().endswith("°S") for t in whole.get_yticklabels())
    assert [183.5, -44] in symbols(whole).tolist()
    assert [area_page.degrees(v, "x") for v in (0, -10.5, 360, 190, -190)] == ["0°", "10.5°W", "0°", "170°W", "170°E"]


@pytest.mark.parametrize("bounds", [(60, 30, 120, 36), SMALL, (10, 40, 11, 41), (-180, -90, 180, 90)])
def test_every_map_says_where_it_is(bounds):
    (whole,) = maps(draw(bounds, []))
    for labels, letters in ((whole.get_xticklabels(), "EW"), (whole.get_yticklabels(), "NS")):
        said = [t.get_text() for t in labels]
        assert said and all(re.fullmatch(rf"[\d.]+°[{letters}]?", text) for text in said)


def test_legend_counts_and_classes_of_the_table():
    bounds, sites = CASES["two hundred"]
    outside = Site("far", "Elsewhere", 10, 10)
    drawing = draw(bounds, [*sites, outside], kind="r")
    said = [t.get_text() for t in drawing.legends[0].get_texts()]
    counts = {network: sum(site.network == network for site in sites) for network in {site.network for site in sites}}
    assert {f"{network} ({count})" for network, count in counts.items()} < set(said)
    assert "Elsewhere (1)" not in said and "0.25° cell with stations" in said and "no value" not in said
    bar = drawing.axes[1]
    assert "0.8" in [t.get_text() for t in bar.get_yticklabels()]
    looks = {(line.get_marker(), line.get_markerfacecolor()) for line in lines(maps(drawing)[0], "sites")}
    assert len(looks) == len(counts)


def test_a_raster_without_values():
    values, lat, lon = raster(TIBET)
    for kind in ("lai", "bias"):
        drawing = draw_area(TIBET, np.full_like(values, np.nan), lat, lon, crowds(TIBET, 3), kind=kind)
        check_room(drawing)
        assert "no value" in [t.get_text() for t in drawing.legends[0].get_texts()]


def test_a_raster_off_its_centres_is_refused():
    values, lat, lon = raster(TIBET)
    with pytest.raises(ParameterError, match="55 latitudes"):
        draw_area(TIBET, values, lat[:-1], lon, [])


def test_numbers():
    sites = [Site("b", "N", 1, 2), Site("z", "M", 3, 4), Site("a", "N", 5, 6)]
    header, rows = area_numbers(sites)
    assert header == ("network", "sites_in_network", "site", "lat", "lon")
    assert rows == [("N", 2, "a", 5.0, 6.0), ("N", 2, "b", 1.0, 2.0), ("M", 1, "z", 3.0, 4.0)]
    assert area_numbers([])[1] == []
    assert len({(area.MARKERS[i % 10], area.COLOURS[i % 9]) for i in range(90)}) == 90
