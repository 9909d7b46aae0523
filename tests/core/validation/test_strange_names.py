"""Names from files that are markup, mathematics or formulas are shown as text wherever the validation against stations shows them."""

import csv
import xml.etree.ElementTree
from html.parser import HTMLParser

import pytest
import studies
from osgeo import ogr
from record_cubes import write_annsm, write_cube

from annsm_plugin.core.validation import stations
from annsm_plugin.core.validation.request import StationsRequest

NAMES = ("<script>alert(1)</script>\"'&", "a$\\frac{$b", "[% 1+1 %]<img src=x onerror=y>")
FOLDER = 'it\'s "a" <b>|bar & $x_{$'


class Tags(HTMLParser):
    """The tags of a page and their attributes."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """What the validation of a study writes whose stations and folder have odd names."""
    folder = tmp_path_factory.mktemp("x") / FOLDER
    folder.mkdir()
    cube, truth = write_cube(folder / "cube.nc", days=studies.DAYS)
    series = studies.sites(folder, truth, NAMES)
    annsm = write_annsm(folder / "annsm.nc", truth, start="2015-04-01")
    asked = StationsRequest(
        annsm=str(annsm), stations=str(series), cube=str(cube), table=str(folder / "t.csv"), sites=str(folder / "s.csv"),
        output=str(folder / "p.gpkg"), report=str(folder / "r.html"), figures=str(folder / "figures"),
    )  # fmt: skip
    return folder, stations.run(asked)


def test_the_page_has_no_tag_of_theirs(written):
    page = Tags()
    page.feed((written[0] / "r.html").read_text(encoding="utf-8"))
    assert not any(tag == "script" or "onerror" in attributes for tag, attributes in page.found)
    assert not [a["src"] for tag, a in page.found if tag == "img" and not a["src"].startswith("data:")]


def test_tables_and_points_have_them_letter_by_letter(written):
    folder, _ = written
    with open(folder / "s.csv", encoding="utf-8-sig", newline="") as file:
        assert set(NAMES) <= {row["site"] for row in csv.DictReader(file)}
    points = ogr.Open(str(folder / "p.gpkg"))
    layer = points.GetLayer(0)
    shown = " ".join(str(feature.GetField(n)) for feature in layer for n in range(feature.GetFieldCount()))
    assert all(name in shown for name in NAMES)


def test_figures_are_drawn_with_them(written):
    drawings = sorted((written[0] / "figures").rglob("*.svg"))
    assert drawings
    for path in drawings:
        for element in xml.etree.ElementTree.parse(path).iter():
            assert not str(element.tag).endswith(("script", "img", "foreignObject")) and not any(key[:2] == "on" for key in element.attrib)
