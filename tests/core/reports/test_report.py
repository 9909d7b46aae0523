"""report and figures: whole, escaped, honest about what is missing, and drawn without pyplot."""

import ast
import html.parser
import io
from pathlib import Path

import numpy as np
import pytest
from record_cubes import write_cube

import annsm_plugin.core
from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.reports import figures
from annsm_plugin.core.reports import page as report_page
from annsm_plugin.core.training import cube as train_cube
from annsm_plugin.core.training import report as training_report

PNG = b"\x89PNG\r\n\x1a\n"
GRID = Grid.from_extent((90.0, 30.0, 93.0, 32.0))


class Balance(html.parser.HTMLParser):
    """Checks that every element that is opened is closed, in order."""

    EMPTY = ("meta", "img", "br")

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, f"</{tag}> closes nothing"


def colours(png: bytes) -> int:
    from matplotlib.image import imread

    return len(np.unique((imread(io.BytesIO(png)) * 255).astype(int).reshape(-1, 4), axis=0))


def test_a_page_is_well_formed_and_escaped(tmp_path):
    section = report_page.Section("A <b>title</b>", "x < y & z", PNG, "caption 'quoted'", ["head"], [["<script>"]])
    report_page.write(
        tmp_path / "r.html",
        "T & T",
        numbers=[("R", "0.9", "0.72", "note <i>")],
        summary=["a < b"],
        warnings=["mind & matter"],
        sections=[section],
        settings={"path": "<here>"},
        synthetic="demo <1>",
    )
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    checker = Balance()
    checker.feed(text)
    assert checker.open == []
    assert "<script" not in text and "<b>title" not in text and "http" not in text
    assert "Synthetic data." in text and "paper 0.72" in text


def test_numbers_and_dates_are_not_broken(tmp_path):
    """What a browser may break across lines, and what not: the kinds that the style sheet knows."""
    cells = ["0.93", "-0.0162", "0.90 to 0.95", "0.93 (0.92 to 0.94)", "0.855 ± 0.135", "<0.001", "–", "51 % of cells", "2010-08-02"]
    texts = ["2010-08-02 to 2015-03-31", "Maqu 1", "only 3 common days; its sites have no day in common"]
    section = report_page.Section("T", header=["x"] * 12, rows=[[*cells, *texts]])
    report_page.write(tmp_path / "r.html", "T", sections=[section])
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    for cell in ("0.93", "-0.0162", "0.90 to 0.95", "0.93 (0.92 to 0.94)", "0.855 ± 0.135", "&lt;0.001", "–"):
        assert f"<td class='n'>{cell}</td>" in text, cell
    for cell in ("2010-08-02 to 2015-03-31", "Maqu 1", "51 % of cells"):
        assert f"<td class='w'>{cell}</td>" in text, cell
    assert not report_page._is_number("1" * 60 + "x")  # at once: nothing in the pattern can be read in many ways
    mixed = report_page.Section("T", header=["last day", "n"], rows=[["2015-03-31", "3"], ["–", "–"]])
    report_page.write(tmp_path / "m.html", "T", sections=[mixed])
    assert "<td class='w'>–</td><td class='n'>–</td>" in (tmp_path / "m.html").read_text(encoding="utf-8")
    assert f"<td>{texts[-1]}</td>" in text and "<section class='wide across'>" in text
    assert "td.n,td.w{white-space:nowrap}" in text and "@media print" in text and "landscape" in text


def test_no_banner_on_real_data(tmp_path):
    report_page.write(tmp_path / "r.html", "T")
    assert "Synthetic data" not in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_maps_show_their_values_and_their_gaps():
    values = np.linspace(0, 1, GRID.shape[0] * GRID.shape[1]).reshape(GRID.shape)
    full = figures.maps(GRID, [("R", values, "r")])
    empty = figures.maps(GRID, [("R", np.full(GRID.shape, np.nan), "r")])
    assert full.startswith(PNG) and empty.startswith(PNG) and full != empty
    layers = [("R", values, "r"), ("e", values / 10, "rmse"), ("b", values / 10, "bias"), ("n", values, "days")]
    for count in (1, 2, 3, 4):
        assert colours(figures.maps(GRID, layers[:count])) > 20


@pytest.mark.parametrize("extent", [(73, 26, 105, 40), (90, 30, 90.25, 30.25), (90, 30, 91, 38), (170, 0, 190, 5)])
def test_any_shape_of_region(extent):
    grid = Grid.from_extent(extent)
    assert figures.maps(grid, [("R", np.full(grid.shape, 0.7), "r")] * 3).startswith(PNG)
    assert figures.status_map(grid, np.ones(grid.shape, dtype=int), {1: "trained"}).startswith(PNG)


def test_histogram_of_nothing():
    assert figures.histograms([("R", np.full((3, 3), np.nan), 0.72), ("RMSE", np.zeros((3, 3)), None)]).startswith(PNG)


def test_training_report(tmp_path):
    pytest.importorskip("torch")
    write_cube(tmp_path / "cube.nc")
    result = train_cube.train(tmp_path / "cube.nc", tmp_path / "m.nc", start="2015-04-01", end="2016-03-31", hidden=2)
    training_report.write(tmp_path / "r.html", result)
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "paper 0.90" in text and "paper 0.096" in text and f"{result.means['overall']['r']:.3f}" in text
    assert "16 of 16" in text and "Synthetic data" in text and len(text) < 5e6
    checker = Balance()
    checker.feed(text)
    assert checker.open == []


def test_pyplot_is_never_used_and_matplotlib_waits():
    for path in Path(annsm_plugin.core.__file__).parent.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert "pyplot" not in path.read_text(encoding="utf-8").replace("never pyplot", ""), path
        for node in tree.body:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                names = [a.name for a in node.names] + [getattr(node, "module", None) or ""]
                assert not any(name.split(".")[0] in ("matplotlib", "torch", "xarray", "netCDF4") for name in names), path
