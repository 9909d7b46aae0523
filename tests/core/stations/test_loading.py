"""Loading of stations from Python: the outputs that are asked for, words or values alike, and one sentence for what cannot be."""

import product_files as make
import pytest
from osgeo import ogr

from annsm_plugin.core import stations
from annsm_plugin.core.foundation.errors import ParameterError
from annsm_plugin.core.stations import StationsRequest

ROWS = ["2008/07/01 00:00 0.2 D01 M", "2008/07/01 01:00 0.3 G M", "2008/07/02 00:00 0.5 U M"]


@pytest.mark.parametrize("words", [{"flags": "G, D01", "depth": "0,0.05"}, {"flags": ("G", "D01"), "depth": (0.0, 0.05)}])
def test_points_and_series(tmp_path, words):
    make.ismn(tmp_path, ROWS)
    request = StationsRequest(folder=tmp_path, output=tmp_path / "points.gpkg", series=tmp_path / "series.nc", **words)
    result = stations.run(request)
    assert [s.values.tolist() for s in result.stations] == [[0.2, 0.3]]
    assert result.summary == ["1 stations of 1 network: 2 values, 2008-07-01 to 2008-07-01 (UTC), depths 0.05-0.05 m."]
    assert [s.values.tolist() for s in stations.read_series(tmp_path / "series.nc")] == [[0.2, 0.3]]
    source = ogr.Open(str(tmp_path / "points.gpkg"))
    (point,) = source.GetLayer(0)
    assert (point["name"], point["n"], point["mean"], point["first"]) == ("CST_01", 2, 0.25, "2008-07-01")


def test_the_default_flags_stand_in_for_none(tmp_path):
    make.ismn(tmp_path, ROWS)
    result = stations.run(StationsRequest(folder=tmp_path, output=tmp_path / "points.gpkg", flags=None))
    assert result.stations[0].values.tolist() == [0.3, 0.5]


def test_a_mapping_may_have_names_with_commas_and_the_clock(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text('day,"seen, UTC+8",other,sm\n2015-04-01,08:30,1:00,0.2\n2015-04-01,09:30,2:00,0.3\n')
    mapping = 'time=day, clock="seen, UTC+8", value=sm, lat=31.1, lon=91.1, station=A'
    result = stations.run(StationsRequest(file=path, output=tmp_path / "points.gpkg", mapping=mapping))
    assert [str(time) for time in result.stations[0].times] == ["2015-04-01T00:30:00", "2015-04-01T01:30:00"]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"file": "a.zip"}, "either FOLDER or FILE"),
        ({"folder": None}, "either FOLDER or FILE"),
        ({"output": None}, "OUTPUT is not given"),
        ({"output": "points.shp"}, r"must end in \.gpkg"),
        ({"series": "series.csv"}, r"must end in \.nc"),
        ({"depth": "0"}, "DEPTH is '0'; expected two numbers"),
        ({"mapping": "deep=0.05"}, "MAPPING has 'deep=0.05'"),
    ],
)
def test_what_cannot_work_is_said_before_anything_is_read(tmp_path, changed, says):
    request = StationsRequest(folder=tmp_path / "none", output=tmp_path / "points.gpkg").but(**changed)
    with pytest.raises(ParameterError, match=says):
        stations.check(request)
