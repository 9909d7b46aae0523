"""An output that is an input or another output, in whatever spelling, or cannot be written is refused before anything is read."""

import pytest
from qgis.core import QgsProcessingContext, QgsVectorLayer

from annsm_plugin.processing.algorithms import aggregate, extractseries, match, validatesatellite


def refused(algorithm, context=None, **given):
    """What the algorithm says of parameters."""
    good, message = algorithm.create().checkParameterValues({n: str(v) for n, v in given.items()}, context or QgsProcessingContext())
    assert not good
    return message


@pytest.fixture
def folder(qgis_app, tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "places.csv").write_text('WKT,name\n"POINT (90.1 32.1)",a\n')
    for name in ("record.nc", "dem.tif"):
        (tmp_path / name).write_text("precious")
    return tmp_path


@pytest.mark.parametrize("spelled", ["places.csv", "sub/../places.csv"])
def test_a_layer_is_an_input(folder, spelled):
    asked = {"INPUT": folder / "record.nc", "POINTS": folder / "places.csv", "TABLE": folder / spelled}
    assert "TABLE and POINTS are the same file" in refused(extractseries.ExtractSeries(), **asked)


def test_the_file_behind_a_layer_of_a_project_is_an_input(folder):
    context = QgsProcessingContext()
    layer = QgsVectorLayer(f"{(folder / 'places.csv').as_uri()}?type=csv&wktField=WKT&crs=EPSG:4326", "places", "delimitedtext")
    assert layer.isValid()
    context.temporaryLayerStore().addMapLayer(layer)
    asked = {"INPUT": folder / "record.nc", "POINTS": layer.id(), "TABLE": folder / "places.csv"}
    assert "TABLE and POINTS are the same file" in refused(extractseries.ExtractSeries(), context, **asked)


def test_a_file_of_several_is_an_input(folder):
    archive = dict.fromkeys(("AMSR", "SMAP", "GLDAS", "LAI"), folder / "sub")
    asked = {**archive, "EXTENT": "90,92,32,33", "START": "2016-03-02", "END": "2016-03-04", "OUTPUT": folder / "made.nc"}
    said = refused(match.Match(), **asked, EXTRA=folder / "dem.tif", PAIRS=folder / "sub" / ".." / "dem.tif")
    assert "PAIRS and EXTRA are the same file" in said


def test_two_outputs_in_two_spellings(folder):
    asked = {"INPUT": folder / "record.nc", "REFERENCE": folder / "record.nc", "REPORT": folder / "r.html", "R": folder / "x.tif"}
    said = refused(validatesatellite.ValidateSatellite(), **asked, BIAS=folder / "sub" / ".." / "x.tif")
    assert "BIAS and R are the same file" in said or "R and BIAS are the same file" in said


def test_what_cannot_be_written_is_said_with_the_parameter_s_name(folder, monkeypatch):
    monkeypatch.chdir(folder)
    (folder / "months.nc").write_text("precious")
    (folder / "months.nc").chmod(0o444)
    for output, words in (
        (".nc", "OUTPUT: the output .nc is an ending without a name; expected a name before it, such as result.nc."),
        (folder / "months.nc", "months.nc is there and may only be read"),
        (folder / "no" / "a.nc", "does not exist"),
        ("a.tif", "OUTPUT: the output a.tif must end in .nc"),
    ):
        assert words in refused(aggregate.Aggregate(), INPUT=folder / "record.nc", OUTPUT=output)
