"""Subsets of GLDAS in the folder of a download: what they hold, not their names, says whether the wanted ones are there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import product_files as make
import pytest
from archive_server import archive
from small_archive import download, lists_of, stamps

from annsm_plugin.core import products
from annsm_plugin.core.downloads.subsets import Need, short
from annsm_plugin.core.products import entry

SOIL, RAIN = "SoilMoi0_10cm_inst", "Rainf_f_tavg"


def subset(folder, stamp, bounds, variables=(SOIL,), suffix=".SUB.nc4"):
    """A file of the cells whose centres lie in ``bounds`` (west, south, east, north); every value tells its place."""
    west, south, east, north = bounds
    lat, lon = np.arange(south + 0.125, north, 0.25), np.arange(west + 0.125, east, 0.25)
    folder.mkdir(parents=True, exist_ok=True)
    place = np.abs(lat[:, None] + lon[None, :]) / 10.0
    return make.gldas(folder, stamp, {name: place / (1.0 if name == SOIL else 1e3) for name in variables}, lat=lat, lon=lon, suffix=suffix)


def ask(tmp_path, bounds, variables=(SOIL,), count=2, **settings):
    """Fetch subsets of ``bounds`` from an archive that has them."""
    made = [subset(tmp_path / "archive", stamp, bounds, variables) for stamp in stamps(count)]
    west, south, east, north = bounds
    with archive({path.name: path.read_bytes() for path in made}, login=False) as there:
        more = f"&BBOX={south:g},{west:g},{north:g},{east:g}&VARIABLES={'%2C'.join(variables)}"
        return download(there, tmp_path, lists=lists_of(tmp_path, [there.subset(path.name) + more for path in made]), **settings)


def counts(result):
    return result.count("there"), result.count("fetched"), result.count("missing")


EAST, WEST = (90.0, 30.0, 92.0, 31.0), (80.0, 30.0, 82.0, 31.0)


@pytest.mark.parametrize(
    ("bounds", "variables"),
    [(WEST, (SOIL,)), ((90.0, 30.0, 92.25, 31.0), (SOIL,)), (EAST, (SOIL, RAIN))],
    ids=["another region", "one column more", "rain too"],
)
def test_what_a_subset_does_not_hold_is_fetched_and_the_subset_stays(tmp_path, bounds, variables):
    assert counts(ask(tmp_path, EAST)) == (0, 2, 0)
    first = {path: path.read_bytes() for path in (tmp_path / "data" / "gldas").iterdir()}
    result = ask(tmp_path, bounds, variables)
    assert counts(result) == (0, 2, 0) and "2 files that were there hold other places or fewer variables" in result.warnings[0]
    assert {path: path.read_bytes() for path in first} == first
    for wanted, names in ((EAST, (SOIL,)), (bounds, variables)):
        assert counts(ask(tmp_path, wanted, names)) == (2, 0, 0)
    west, south, east, north = bounds
    for e in products.inventory(tmp_path / "data").of("gldas"):
        found = products.read_arrays(e, window=bounds, variables=variables)
        inside = np.ix_((found.lat > south) & (found.lat < north), (found.lon > west) & (found.lon < east))
        for name in variables:
            place = (found.lat[:, None] + found.lon[None, :]) / (10.0 if name == SOIL else 1e4)
            np.testing.assert_allclose(found.variables[name][inside], place[inside], rtol=1e-5)
    assert not list((tmp_path / "data").rglob(".*"))


def test_a_smaller_region_and_fewer_variables_are_there(tmp_path):
    ask(tmp_path, EAST, (SOIL, RAIN))
    assert counts(ask(tmp_path, (90.5, 30.25, 91.0, 30.75), (RAIN,))) == (2, 0, 0)


def test_the_archives_answer_to_the_same_question_is_not_fetched_for_ever(tmp_path):
    for bounds in (EAST, WEST):
        ask(tmp_path, bounds)
    name = Path(next((tmp_path / "data" / "gldas").glob("8*/*.nc4")))
    subset(name.parent, stamps(1)[0], (80.0, 30.0, 81.75, 31.0))  # as if the archive counted the cells of an edge otherwise
    assert counts(ask(tmp_path, WEST)) == (2, 0, 0)


def test_a_damaged_subset_is_fetched_into_its_place(tmp_path):
    ask(tmp_path, EAST)
    folder = tmp_path / "data" / "gldas"
    name = sorted(folder.iterdir())[0]
    make.gldas(folder, stamps(1)[0], lat=np.arange(30.0, 31, 0.3), lon=np.arange(90.0, 92, 0.3), suffix=".SUB.nc4")
    assert counts(ask(tmp_path, EAST)) == (1, 1, 0)
    assert name.read_bytes() == (tmp_path / "archive" / name.name).read_bytes() and len(list(folder.iterdir())) == 2


def test_whole_files_are_not_fetched_where_subsets_hold_what_is_asked_for(tmp_path):
    ask(tmp_path, EAST, count=1)
    (name,) = (tmp_path / "data" / "gldas").iterdir()
    whole = name.name.replace(".SUB.nc4", "")
    for bounds, expected in ((EAST, (1, 0, 0)), (WEST, (0, 1, 0)), (WEST, (1, 0, 0))):
        west, south, east, north = bounds
        with archive({whole: subset(tmp_path / "whole", stamps(1)[0], WEST, suffix="").read_bytes()}, login=False) as there:
            question = f"{there.subset(name.name)}&BBOX={south:g},{west:g},{north:g},{east:g}&VARIABLES={SOIL}"
            lists = lists_of(tmp_path, [question])
            lists_of(tmp_path, [there.whole(whole)], "gldas_file_urls.txt")
            assert counts(download(there, tmp_path, lists=lists, gldas="whole")) == expected


def test_subsets_count_together(tmp_path):
    halves = [
        subset(tmp_path / str(n), "20160101.0000", box) for n, box in enumerate([(170.0, -10.0, 180.0, 0.0), (-180.0, -10.0, -170.0, 0.0)])
    ]
    found = products.inventory(tmp_path).entries
    assert len(found) == 1
    for bounds, expected in (
        ((172.0, -9.0, 178.0, -1.0), set()),
        ((172.0, -9.0, -172.0, -1.0), set()),
        ((169.0, -9.0, 178.0, -1.0), {found[0].key}),
    ):
        missing = short([(found[0], Need(bounds, (SOIL,)))])
        assert set(missing) == expected
        assert all(paths == {str(path) for path in halves} for paths in missing.values())


@pytest.mark.parametrize("bounds", [(90.13, 30.13, 90.2, 30.2), (90.0, 30.0, 90.25, 30.25), (89.99, 29.99, 90.26, 30.26)])
def test_a_box_of_one_cell_is_that_cell(tmp_path, bounds):
    here, other = (entry(subset(tmp_path / str(west), "20160101.0000", (west, 30.0, west + 0.25, 30.25))) for west in (90.0, 91.0))
    need = Need(bounds, (SOIL,))
    assert not short([(here, need)]) and set(short([(other, need)])) == {other.key}
