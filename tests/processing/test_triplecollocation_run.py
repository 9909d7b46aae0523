"""annsm:triplecollocation through the real qgis_process: rasters, report, figures and run record; refusals in one sentence."""

from __future__ import annotations

import json

import numpy as np
import pytest
from osgeo import gdal
from record_cubes import write_annsm

ERROR = 0.03


@pytest.fixture(scope="module")
def annsm(cube, tmp_path_factory):
    """An ANN-SM file whose errors are white, of a known size, and unrelated to those of the cube's SMAP and GLDAS."""
    from record_cubes import write_cube

    folder = tmp_path_factory.mktemp("triple")
    _, truth = write_cube(folder / "same.nc")
    values = truth + np.random.default_rng(9).normal(0, ERROR, truth.shape)
    return write_annsm(folder / "annsm.nc", values, start="2015-04-01")


def test_everything_is_written(qgis_process, cube, annsm, tmp_path):
    rasters = {f"{kind}_{name}": tmp_path / f"{kind}_{name}.tif" for kind in ("STD", "R") for name in "XYZ"}
    found = qgis_process.results("annsm:triplecollocation", X=annsm, Y=cube, Z=cube, Y_VARIABLE="smap", Z_VARIABLE="gldas",
                                 START="2015-04-01", END="2016-05-24", DRAWS=40, N=tmp_path / "n.tif", REPORT=tmp_path / "r.html",
                                 FIGURES=tmp_path / "figures", **rasters)  # fmt: skip
    assert found["CELLS"] == 16
    for name, planted in zip("XYZ", (ERROR, 0.02, 0.03)):
        assert found[f"MEAN_STD_{name}"] == pytest.approx(planted, rel=0.15)
        values = gdal.Open(str(rasters[f"STD_{name}"])).ReadAsArray()
        assert values[values > -9000].mean() == pytest.approx(found[f"MEAN_STD_{name}"], rel=1e-4)
        assert 0.8 < found[f"MEAN_R_{name}"] < 1
    assert 200 < gdal.Open(str(tmp_path / "n.tif")).ReadAsArray().mean() < 421
    assert "ANN-SM is trained on SMAP" in (tmp_path / "r.html").read_text()
    assert len(list((tmp_path / "figures").iterdir())) == 12
    record = json.loads((tmp_path / "r.run.json").read_text())
    assert any("ANN-SM is trained on SMAP" in warning for warning in record["warnings"])
    assert {str(annsm), str(cube)} <= set(record["parameters"].values())
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]


def test_the_help_says_what_the_method_takes_for_granted(qgis_process):
    code, text = qgis_process("help", "annsm:triplecollocation")
    assert code == 0 and "independent of each other" in text and "trained on SMAP" in text


REFUSED = {
    "no such product": ({"X": "/nowhere/annsm.nc"}, "X: /nowhere/annsm.nc does not exist"),
    "open which variable": ({"Y_VARIABLE": ""}, "name it in Y_VARIABLE"),
    "twice the same": ({"Y_VARIABLE": "gldas"}, "Y and Z are the same data"),
    "no common period": ({"START": "2001-01-01", "END": "2001-12-31"}, "no period in common"),
    "too few draws": ({"DRAWS": 7}, "at least 40"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_refused_in_one_sentence_and_leaves_nothing(qgis_process, cube, annsm, tmp_path, case):
    changes, part = REFUSED[case]
    given = {"X": annsm, "Y": cube, "Z": cube, "Y_VARIABLE": "smap", "Z_VARIABLE": "gldas", "REPORT": tmp_path / "r.html"}
    code, text = qgis_process.run("annsm:triplecollocation", **{**given, **changes})
    assert code != 0 and part in text and "Traceback" not in text, text[-1500:]
    assert not list(tmp_path.iterdir())
