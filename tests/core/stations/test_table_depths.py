"""Depths of tables: by a column, by the name of the column of values, and refused where they would be mixed."""

import itertools

import numpy as np
import pytest
from listening import Ear

from annsm_plugin.core import stations
from annsm_plugin.core.foundation.errors import ParameterError, ProductError
from annsm_plugin.core.stations.tables.columns import headers

MAPPING = {"time": "time", "value": "sm", "lat": "lat", "lon": "lon"}
PLACE = {"lat": "33.9", "lon": "102.1"}
HOURS = range(4)
TIMES = [np.datetime64("2015-04-01T00:00", "s") + np.timedelta64(hour, "h") for hour in HOURS]


def table(folder, header="depth", upper="5", lower="20", apart=0):
    """Rows of two depths, the lower ones first: 0.1, 0.11, ... at the upper, 0.4, 0.41, ... at the lower; clocks ``apart`` in minutes."""
    lines = [f"A,31.1,91.1,2015-04-01 {hour:02d}:{apart:02d},{0.4 + hour / 100:.2f},{lower}" for hour in HOURS]
    lines += [f"A,31.1,91.1,2015-04-01 {hour:02d}:00,{0.1 + hour / 100:.2f},{upper}" for hour in HOURS]
    path = folder / "table.csv"
    path.write_text("\n".join([f"station,lat,lon,time,sm,{header}", *lines, ""]))
    return path


@pytest.mark.parametrize("apart", [0, 10])
@pytest.mark.parametrize(
    ("header", "upper", "lower"),
    [("depth", "5", "20"), ("depth_m", "0.05", "0.2"), ("depth", "0.05", "0.20"), ("depth (cm)", "5", "20"), ("Tiefe [mm]", "50", "200"),
     ("深度", "5厘米", "20厘米"), ("level", "5 cm", "0.2 m"), ("z", "-0.05", "-0.2")],
)  # fmt: skip
def test_a_series_of_each_depth(tmp_path, header, upper, lower, apart):
    path = table(tmp_path, header, upper, lower, apart)
    both = stations.read(path, depth=None, mapping={**MAPPING, "depth": header})
    assert [s.depth for s in both] == [(0.05, 0.05), (0.2, 0.2)] and [s.rejected for s in both] == [0, 0]
    ear = Ear()
    (found,) = stations.read(path, mapping={**MAPPING, "depth": header}, progress=ear)
    assert found.times.tolist() == [time.tolist() for time in TIMES]
    assert found.values == pytest.approx([0.1, 0.11, 0.12, 0.13])
    assert any("1 series of other depths were left out: 0.2 m (1)" in text for text in ear.said)
    assert any("0.05 m (4 rows), 0.2 m (4 rows)" in text for text in ear.said)
    (deep,) = stations.read(path, depth=(0.1, 0.3), mapping={**MAPPING, "depth": header})
    assert deep.values == pytest.approx([0.4, 0.41, 0.42, 0.43])


def test_the_unit_of_depths_is_said(tmp_path):
    for header, upper, lower, said in (("depth", "5", "20", "in cm, since some"), ("depth", "0.05", "0.2", "in m, since none"),
                                       ("depth (cm)", "1", "2", "in cm, by its header")):  # fmt: skip
        ear = Ear()
        stations.read(table(tmp_path, header, upper, lower), mapping={**MAPPING, "depth": header}, progress=ear)
        assert any(said in text for text in ear.said), ear.said


@pytest.mark.parametrize("apart", [0, 10])
@pytest.mark.parametrize("header", ["depth", "depth_cm", "Depth (cm)", "Tiefe", "深度", "profundidad", "profondeur", "z", "soil depth"])
def test_several_depths_are_not_mixed(tmp_path, header, apart):
    with pytest.raises(ProductError, match=r"2 depths .* the key depth= in MAPPING"):
        stations.read(table(tmp_path, header, apart=apart), mapping=MAPPING)


def test_several_depths_in_words_are_not_mixed(tmp_path):
    with pytest.raises(ProductError, match="the key depth= in MAPPING"):
        stations.read(table(tmp_path, "depth", "upper", "lower"), mapping=MAPPING)


def test_one_number_is_the_depth(tmp_path):
    path = table(tmp_path, "depth", "10", "10", 10)
    (found,) = stations.read(path, depth=None, mapping=MAPPING)
    assert found.depth == (0.1, 0.1) and found.values.size == 8
    with pytest.raises(ParameterError, match=r"there are sensors at 0\.1 m"):
        stations.read(path, mapping=MAPPING)
    (found,) = stations.read(path, mapping={**MAPPING, "depth": "0-5cm"})
    assert found.depth == (0.0, 0.05)
    with pytest.raises(ProductError, match="a column of depths, or one depth"):
        stations.read(path, mapping={**MAPPING, "depth": "deep"})


def test_heights_are_no_depths(tmp_path):
    (found,) = stations.read(table(tmp_path, "z", "4512", "4512.5", 10), mapping=MAPPING)
    assert found.depth == (0.0, 0.05) and found.values.size == 8


def test_two_columns_of_ends(tmp_path):
    path = table(tmp_path, "depth_from,depth_to", "0,10", "10,30")
    with pytest.raises(ProductError, match=r"depth=depth_from\+depth_to"):
        stations.read(path, mapping=MAPPING)
    found = stations.read(path, depth=None, mapping={**MAPPING, "depth": "depth_from+depth_to"})
    assert [s.depth for s in found] == [(0.0, 0.1), (0.1, 0.3)]


def test_rows_without_a_depth_are_counted(tmp_path):
    path = table(tmp_path)
    path.write_text(path.read_text().replace("0.13,5", "0.13,").replace("0.12,5", "0.12,deep"))
    ear = Ear()
    (found,) = stations.read(path, mapping={**MAPPING, "depth": "depth"}, progress=ear)
    assert found.values == pytest.approx([0.1, 0.11])
    assert any("1 without a depth (line 9)" in text and "1 whose depth cannot be read" in text for text in ear.said)


DEPTHS = {
    "VWC_20cm_Avg": (0.2, 0.2), "SM 5 cm (%)": (0.05, 0.05), "土壤水分_5cm": (0.05, 0.05), "土壤水分(4厘米)": (0.04, 0.04),
    "SM_0-5cm": (0.0, 0.05),
    "SM 0.05m (m3/m3)": (0.05, 0.05), "SM 2,5 cm": (0.025, 0.025), "sm_100mm": (0.1, 0.1), "SM (0 to 10 cm)": (0.0, 0.1),
}  # fmt: skip
NO_DEPTHS = ["sm", "VWC cm3 cm-3", "SM [m3 m-3]", "SM5 (m3/m3)", "SM_10min", "VWC 5 cm3/cm3", "SM3 m³/m³", "SMAP_9km", "SM 5cm minus 10cm"]


def test_depths_in_names():
    assert {name: headers.depth(name) for name in DEPTHS} == DEPTHS
    assert [name for name in NO_DEPTHS if headers.depth(name)] == []


@pytest.mark.parametrize("name", [name for name, depth in DEPTHS.items() if depth[1] <= 0.2])
def test_the_depth_in_the_name_of_the_values(tmp_path, name):
    path = tmp_path / "table.csv"
    scale = 100 if "%" in name else 1
    path.write_text("\n".join([f'time;"{name}"', *(f"2015-04-01 {hour:02d}:00;{0.2 * scale}" for hour in HOURS), ""]))
    ear = Ear()
    unit = {"unit": "%"} if "%" in name else {}
    (found,) = stations.read(path, depth=None, mapping={"value": name, **unit, **PLACE}, progress=ear)
    assert found.depth == DEPTHS[name]
    assert any("is that in the name of the column" in text for text in ear.said)


def test_a_column_and_a_name_that_differ(tmp_path):
    path = table(tmp_path, "depth", "10", "10", 10)
    path.write_text(path.read_text().replace(",sm,", ",sm_5cm,"))
    with pytest.raises(ProductError, match="the key depth= in MAPPING"):
        stations.read(path, depth=None, mapping={**MAPPING, "value": "sm_5cm"})


def test_no_depth_is_said(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("".join(itertools.chain(["time,sm\n"], (f"2015-04-01 {hour:02d}:00,0.2\n" for hour in HOURS))))
    ear = Ear()
    (found,) = stations.read(path, mapping={"value": "sm", **PLACE}, progress=ear)
    assert found.depth == (0.0, 0.05) and any("No depth is told" in text for text in ear.said)


def test_the_unit_of_depths_below_the_header(tmp_path):
    path = table(tmp_path, "depth", "1", "2")
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], "-,deg,deg,UTC,m3/m3,cm", *lines[1:], ""]))
    found = stations.read(path, depth=None, mapping={**MAPPING, "depth": "depth"})
    assert [s.depth for s in found] == [(0.01, 0.01), (0.02, 0.02)]


def test_a_depth_is_no_beginning_of_a_name(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("time,5cm_SM,20cm_SM\n2015-04-01 00:00,0.2,0.3\n2015-04-01 01:00,0.21,0.31\n")
    (found,) = stations.read(path, mapping={"value": "5cm", "depth": "5cm", **PLACE})
    assert found.depth == (0.05, 0.05) and found.values == pytest.approx([0.2, 0.21])
