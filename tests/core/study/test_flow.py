"""flow: everything on its page, nothing on anything else, and the flow that records tell of."""

import itertools
import random

import numpy as np
import pytest

from annsm_plugin.core.foundation.errors import ParameterError
from annsm_plugin.core.reports import figures
from annsm_plugin.core.study import flow, flow_layout
from annsm_plugin.core.study.flow import Flow, Node, draw_flow, of_records

LINES = (
    "2015-04-01 to 2021-07-31",
    "common channels, polarisation V",
    "seed 0",
    "elevation_of_the_whole_plateau_v2.tif",
    "$T_b$ of 5 % & more",
)


def study(count, edges, seed=0):
    """A flow of ``count`` nodes with so many edges, mostly between neighbours, and texts of all lengths."""
    dice = random.Random(seed)
    titles = ("Match products", "Validate against stations", "LPRM", "Reconstruct soil moisture")
    nodes = tuple(
        Node(f"n{n}", dice.choice(list(flow.LOOKS)), dice.choice(titles), tuple(dice.sample(LINES, dice.randint(0, 4))))
        for n in range(count)
    )
    found = set()
    while len(found) < edges:
        a, b = sorted(dice.sample(range(count), 2))
        if b - a <= dice.choice((3, 6, 25)):
            found.add((f"n{a}", f"n{b}"))
    return Flow(nodes, tuple(sorted(found)))


def typical():
    """Both matches, all steps, all evaluations: 24 nodes, 33 edges."""
    products = ["amsr2", "amsre", "smap", "gldas", "lai", "lprm", "jaxa", "smos", "ismn"]
    steps = ["match", "history", "screen", "sensitivity", "train", "reconstruct", "reconstruct_history", "fill"]
    results = ["satellite", "stations", "triple", "compare", "months"]
    nodes = [Node(key, "product", f"{key.upper()} L3 product", ("version 2220220", "3\u2009655 files")) for key in products]
    nodes += [Node(key, "file", "Calibration table", ("amsre_to_amsr2.csv",)) for key in ("table", "dem")]
    nodes += [Node(key, "step", f"Step that is called {key}", LINES[:4]) for key in steps]
    nodes += [Node(key, "result", f"Judge {key}", ("R 0.72, RMSE 0.068 m³\u00a0m⁻³",)) for key in results]
    text = """amsr2>match smap>match gldas>match lai>match dem>match amsre>history gldas>history lai>history dem>history table>history
    match>screen match>sensitivity sensitivity>screen sensitivity>train screen>train train>reconstruct screen>reconstruct
    train>reconstruct_history history>reconstruct_history reconstruct>fill match>fill reconstruct>satellite match>satellite
    reconstruct_history>stations ismn>stations lprm>stations jaxa>stations smos>stations reconstruct>triple smos>triple ismn>triple
    screen>compare fill>months"""
    return Flow(tuple(nodes), tuple((edge.split(">")[0], edge.split(">")[1]) for edge in text.split()))


TINY = Flow(
    (Node("a", "product", "AMSR folder"), Node("b", "step", "Match products"), Node("c", "result", "Series")), (("a", "b"), ("b", "c"))
)
CASES = {
    "typical": typical(),
    "tiny": TINY,
    "alone": Flow((Node("a", "step", "Train networks", LINES),), ()),
    "nothing": Flow((), ()),
    "wide": Flow(
        (*(Node(f"p{n}", "product", f"Product {n}", LINES) for n in range(14)), TINY.nodes[1]), tuple((f"p{n}", "b") for n in range(14))
    ),
    "deep": Flow(tuple(Node(f"s{n}", "step", f"Step {n}", LINES) for n in range(25)), tuple((f"s{n}", f"s{n + 1}") for n in range(24))),
    **{f"any{seed}": study(25, 35, seed) for seed in range(4)},
    **{f"few{seed}": study(7, 7, seed) for seed in range(4)},
}


@pytest.fixture(scope="module")
def drawn():
    """Name -> the flow, its figure, the boxes (x0, y0, x1, y1) in pixels."""
    found = {}
    for name, case in CASES.items():
        drawing = draw_flow(case)
        drawing.canvas.draw()
        keys = {flow.mark(node.key): node.key for node in case.nodes}
        shown = [patch for patch in drawing.axes[0].patches if patch.get_gid() in keys]
        boxes = {keys[patch.get_gid()]: patch.get_window_extent().extents for patch in shown}
        assert set(boxes) == {node.key for node in case.nodes}
        found[name] = case, drawing, boxes
    return found


@pytest.mark.parametrize("name", CASES)
def test_the_page_is_kept(drawn, name):
    _, drawing, boxes = drawn[name]
    width, height = drawing.get_size_inches()
    assert width == figures.TWO_COLUMNS and height <= 23 / 2.54
    pixels = np.array([width, height]) * drawing.dpi
    for x0, y0, x1, y1 in boxes.values():
        assert min(x0, y0) >= 0 and x1 <= pixels[0] and y1 <= pixels[1]
    assert all(text.get_fontsize() >= 6 for text in drawing.axes[0].texts)


@pytest.mark.parametrize("name", CASES)
def test_no_two_boxes_overlap(drawn, name):
    for a, b in itertools.combinations(drawn[name][2].values(), 2):
        assert a[2] < b[0] or b[2] < a[0] or a[3] < b[1] or b[3] < a[1]


@pytest.mark.parametrize("name", CASES)
def test_every_text_lies_inside_its_box(drawn, name):
    case, drawing, boxes = drawn[name]
    said, keys = dict.fromkeys(boxes, ""), {flow.mark(key): key for key in boxes}
    for text in drawing.axes[0].texts:
        key = keys.get(text.get_gid())
        if key is not None:
            x0, y0, x1, y1 = boxes[key]
            left, low, right, high = text.get_window_extent().extents
            assert x0 < left and right < x1 and y0 < low and high < y1, text.get_text()
            said[key] += text.get_text()
    for node in case.nodes:  # nothing is cut off, lines may only be left out at the end where the page is full
        whole = node.title + "".join(node.lines)
        assert whole.replace(" ", "").startswith(said[node.key].replace(" ", ""))
        assert name in ("deep", "any0", "any1", "any2", "any3") or len(said[node.key].replace(" ", "")) == len(whole.replace(" ", ""))


@pytest.mark.parametrize("name", CASES)
def test_no_line_crosses_a_box(drawn, name):
    _, drawing, boxes = drawn[name]
    axes = drawing.axes[0]
    lines = [patch for patch in axes.patches if patch.get_gid() == "lines"]
    for patch in lines:
        path, places = patch.get_path(), []
        for start in np.flatnonzero(path.codes == 1):
            ends = path.vertices[start : start + (2 if path.codes[start + 1] == 2 else 3)]
            places += [ends[a] + share * (ends[a + 1] - ends[a]) for a in range(len(ends) - 1) for share in np.linspace(0, 1, 30)]
        for x, y in axes.transData.transform(places):
            for x0, y0, x1, y1 in boxes.values():
                assert not (x0 + 1 < x < x1 - 1 and y0 + 1 < y < y1 - 1)


@pytest.mark.parametrize("name", CASES)
def test_every_edge_leaves_its_source_and_reaches_its_target(name):
    case = CASES[name]
    page = flow._page(case, flow._measure(figures.figure(1, 1).canvas.get_renderer()))
    assert set(page.ways) == set(case.edges)
    for (source, target), way in page.ways.items():
        for key, (x, y), forward in ((source, way[0], 1), (target, way[-1], 0)):
            left, top, width, height = page.boxes[key]
            across, along = (y, x) if page.sideways else (x, y)
            low, span, edge, depth = (top, height, left, width) if page.sideways else (left, width, top, height)
            assert low <= across <= low + span and along == pytest.approx(edge + forward * depth)
        for one, two in zip(way, way[1:]):
            assert min(abs(one[0] - two[0]), abs(one[1] - two[1])) < 1e-6  # along a row or across, never aslant


@pytest.mark.parametrize("name", CASES)
def test_every_edge_goes_to_a_later_row(name):
    case = CASES[name]
    row = flow_layout.layers([node.key for node in case.nodes], case.edges)
    assert all(row[above] < row[below] for above, below in case.edges)
    layout = flow_layout.arrange([node.key for node in case.nodes], case.edges, dict.fromkeys(row, 1.5), 6.8)
    assert all([item.row for item in chain] == list(range(chain[0].row, chain[-1].row + 1)) for chain in layout.chains.values())


def test_rows_and_their_order():
    assert flow_layout.layers("abcd", [("a", "b"), ("b", "c"), ("d", "c")]) == {"a": 0, "b": 1, "c": 2, "d": 1}
    layout = flow_layout.arrange("abcd", [("a", "d"), ("b", "c")], dict.fromkeys("abcd", 1.0), 6.8)
    order = [[item.key for item in items] for items in layout.rows]
    assert order in ([["a", "b"], ["d", "c"]], [["b", "a"], ["c", "d"]])
    with pytest.raises(ParameterError, match="circle"):
        flow_layout.layers("ab", [("a", "b"), ("b", "a")])
    with pytest.raises(ParameterError, match="'x'"):
        flow_layout.layers("ab", [("a", "x")])


def test_lines_of_two_sources_never_run_on_each_other():
    measure = flow._measure(figures.figure(1, 1).canvas.get_renderer())
    for name in ("typical", "any0", "any1"):
        page = flow._page(CASES[name], measure)
        assert not page.sideways
        falls = [
            (edge, a[0], *sorted((a[1], b[1]))) for edge, way in page.ways.items() for a, b in zip(way, way[1:]) if abs(a[0] - b[0]) < 1e-6
        ]
        for (one, x, low, high), (two, u, bottom, top) in itertools.combinations(falls, 2):
            if one[0] != two[0] and one[1] != two[1]:
                assert abs(x - u) > 0.02 or min(high, top) - max(low, bottom) < 0.01


def test_lines_are_wrapped_and_long_words_broken():
    assert flow.wrap("one two three", 7, len) == ["one two", "three"]
    assert flow.wrap("a_very_long_name", 7, len) == ["a_very_", "long_", "name"]
    assert flow.wrap("unbreakable", 4, len) == ["unbr", "eaka", "ble"]


def record(algorithm, started="2026-01-01", results=None, summary=(), **request):
    """What a run record holds of a run of which nothing but this is known."""
    common = {"parameters": {}, "seed": None, "inputs": [], "warnings": [], "versions": {}, "repeat": {}}
    given = {"results": results or {}, "summary": list(summary), "request": request or None}
    return {"algorithm": f"annsm:{algorithm}", "started": f"{started}T00:00:00Z", **given, **common}


def match(folder="/old/study", inputs="/data", **changed):
    """The record of a match."""
    products = {name: f"{inputs}/{name}" for name in ("amsr", "smap", "gldas", "lai")}
    choices = {"start": "2015-04-01", "end": "2017-03-31", "channels": "common", "polarisation": "V", "lai_method": "area"}
    said = ["731 days.", "Files read: 3655 AMSR, 732 SMAP, 2193 GLDAS, 190 LAI."]
    more = {"results": {"COMPLETE": 2072, "CELLS": 16}, "summary": said, "output": f"{folder}/cube.nc", **changed}
    return record("match", **{**products, **choices, **more})


def chain(folder="/old/study", inputs="/data"):
    """Records of match, screening, training, reconstruction and a validation, in ``folder``."""
    cube, screened, model, annsm = (f"{folder}/{name}.nc" for name in ("cube", "screened", "model", "annsm"))
    choices = {"start": "2015-04-01", "end": "2016-03-31", "hidden": 12, "split": "blocks", "seed": 0, "ratio": "80/10/10"}
    errors = {"MEAN_R": 0.906, "MEAN_RMSE": 0.11, "CELLS": 1000}
    none = {"MEAN_R": float("nan"), "MEAN_UBRMSE": float("nan")}
    return [
        match(folder, inputs),
        record("screenprecipitation", "2026-01-02", cube=cube, threshold=8.75, output=screened),
        record("train", "2026-01-03", errors, cube=screened, python="/usr/bin/python3", output=model, r=f"{folder}/r.tif", **choices),
        record("reconstruct", "2026-01-04", model=model, cube=screened, output=annsm),
        record("validatesatellite", "2026-01-05", none, annsm=annsm, reference=cube, report=f"{folder}/v.html"),
    ]


def named(found):
    """Edges by the titles of their ends."""
    title = {node.key: node.title for node in found.nodes}
    return {(title[source], title[target]) for source, target in found.edges}


EXPECTED = {
    ("AMSR2 L3 TB", "Match products"),
    ("SMAP L3 SPL3SMP", "Match products"),
    ("GLDAS-2.1 Noah", "Match products"),
    ("MODIS 15A2H LAI", "Match products"),
    ("Match products", "Screen precipitation"),
    ("Screen precipitation", "Train networks"),
    ("Screen precipitation", "Reconstruct soil moisture"),
    ("Train networks", "Reconstruct soil moisture"),
    ("Reconstruct soil moisture", "Validate against SMAP"),
    ("Match products", "Validate against SMAP"),
}


def test_the_flow_of_records():
    found = of_records(reversed(chain()))
    assert named(found) == EXPECTED and len(found.edges) == len(EXPECTED)
    nodes = {node.title: node for node in found.nodes}
    assert len(found.nodes) == 9
    assert nodes["AMSR2 L3 TB"].kind == "product" and nodes["AMSR2 L3 TB"].lines == ("3\u2009655 files",)
    assert nodes["Match products"].lines == (
        "2015-04-01 to 2017-03-31", "common channels, polarisation\u00a0V", "LAI by area", "2\u2009072 complete cell days")  # fmt: skip
    assert nodes["Screen precipitation"].lines == ("more than 8.75 mm in 7 h",)
    assert nodes["Train networks"].lines == (
        "2015-04-01 to 2016-03-31",
        "12\u00a0neurons",
        "split blocks, seed\u00a00",
        "R 0.91, 1\u2009000 cells",
    )
    assert nodes["Validate against SMAP"].kind == "result" and nodes["Train networks"].kind == "step"
    draw_flow(found)


def test_a_folder_that_was_moved():
    old, new = chain(), chain("/new/place")
    assert named(of_records([*old[:3], *new[3:]])) == EXPECTED
    windows = chain("C:\\old\\study")
    assert named(of_records([*windows[:2], *new[2:]])) == EXPECTED
    assert len(of_records([match(), match(inputs="/moved", output="/b.nc")]).nodes) == 2 + 4


def test_files_that_both_exist_are_two(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "cube.nc").touch()
    found = of_records([match(str(tmp_path / "a")), chain(str(tmp_path / "b"))[1]])
    assert ("Cube", "Screen precipitation") in named(found) and ("Match products", "Screen precipitation") not in named(found)
    assert [(node.kind, node.lines) for node in found.nodes if node.title == "Cube"] == [("file", ("cube.nc",))]


def test_what_says_nothing_of_the_flow_is_left_out():
    odd = [record("inventory", folder="/data"), record("demodata", folder="/x"), record("train"), record("somethingelse", output="/x")]
    odd += [{}, None, "text", {"algorithm": None, "request": 3}, {"algorithm": "annsm:match"}, {"algorithm": "annsm:train", "request": {}}]
    assert of_records(odd) == Flow((), ())
    assert named(of_records([*odd, *chain()])) == EXPECTED


def test_folders_without_a_word_on_them_and_steps_without_products():
    request = {"annsm": "/s/annsm.nc", "stations": "/d/ismn", "lprm": "/d/lprm", "jaxa": None, "smos": "/d/smos", "table": "/s/t.csv"}
    said = ["8 stations in 6 cells compared.", "ANN-SM: mean R 0.72.", "LPRM: mean R 0.84."]
    titles = [node.title for node in of_records([record("validatestations", summary=said, **request)]).nodes]
    assert titles == ["ANN-SM", "Stations", "LPRM soil moisture", "SMOS soil moisture folder", "Validate against stations"]
    plain = of_records([match(smap=None, summary=())])
    assert "AMSR L3 TB folder" in {node.title for node in plain.nodes} and len(plain.nodes) == 4
    alone = of_records([record("aggregate", source=None, period="month", output="/s/m.nc")])
    assert [node.title for node in alone.nodes] == ["Aggregate and trend"] and not alone.edges
    draw_flow(alone)


def test_what_would_close_a_circle_is_left_out():
    one = record("screenprecipitation", "2026-01-01", cube="/b.nc", output="/a.nc")
    two = record("screenprecipitation", "2026-01-02", cube="/a.nc", output="/b.nc")
    same = record("screenprecipitation", "2026-01-03", cube="/c.nc", output="/c.nc")
    found = of_records([one, two, same])
    assert len(found.nodes) == 3 and len(found.edges) == 1
    draw_flow(found)
