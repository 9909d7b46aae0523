"""Units printed in the names of columns, or below them, are taken and said; where none is, the refusal names the key."""

import pytest
from listening import Ear

from annsm_plugin.core import stations
from annsm_plugin.core.foundation.errors import ProductError
from annsm_plugin.core.stations.tables.columns import headers

PERCENT = [
    "SM 5 cm (%)",
    "Bodenfeuchte [Vol.-%]",
    "VWC_pct",
    "VWC (% vol)",
    "SMS (pct)  (silt)",
    "土壤水分（％）",
    "VWC %",
    "vol.%",
    "SM5%",
]
VOLUMES = ["SM (m3/m3)", "VWC cm3 cm-3", "SM [m³ m⁻³]", "VWC (m^3/m^3)", "Water Content, m³/m³ (LGR S/N: 10300)", "SM_m3m-3", "theta (v/v)"]
OTHERS = [
    "sm",
    "SM (% saturation)",
    "SM (g/g)",
    "SM (mm)",
    "percent_clay sm",
    "SM (kg m-2)",
    "SM % of field capacity",
    "VWC_5cm_Avg",
    "",
    "cm3",
]


def read(folder, name, values, unit="", below="", **mapping):
    path = folder / "table.csv"
    rows = [f"2015-04-01 0{hour}:00;{value}" for hour, value in enumerate(values)]
    path.write_text("\n".join([f"time;{name}", *([f";{below}"] if below else []), *rows, ""]), encoding="utf-8")
    ear = Ear()
    given = {"unit": unit} if unit else {}
    (found,) = stations.read(path, mapping={"value": name, "lat": "31", "lon": "91", **given, **mapping}, progress=ear)
    return found.values, " ".join(ear.said)


def test_units_in_names():
    assert [name for name in PERCENT if headers.unit(name) != "%"] == []
    assert [name for name in VOLUMES if headers.unit(name) != "m3 m-3"] == []
    assert [name for name in OTHERS if headers.unit(name)] == []


def test_printed_units_are_taken_and_said(tmp_path):
    values, said = read(tmp_path, "SM 5 cm (%)", [20, 21.5])
    assert values == pytest.approx([0.2, 0.215]) and "Values are in %, by 'SM 5 cm (%)'" in said
    values, said = read(tmp_path, "VWC [m3/m3]", [0.2, 0.215])
    assert values == pytest.approx([0.2, 0.215]) and "Values are in m3 m-3, by 'VWC [m3/m3]'" in said
    values, said = read(tmp_path, "SM", [20, 21.5], below="%")
    assert values == pytest.approx([0.2, 0.215]) and "Values are in %, by '%'" in said
    values, said = read(tmp_path, "SM", [0.2, 0.215])
    assert values == pytest.approx([0.2, 0.215]) and "No unit is told" in said


def test_a_given_unit_counts_and_is_compared(tmp_path):
    values, said = read(tmp_path, "SM (m3/m3)", [20, 21.5], unit="%")
    assert values == pytest.approx([0.2, 0.215]) and "although 'SM (m3/m3)' says m3 m-3" in said
    values, said = read(tmp_path, "SM (%)", [0.2, 0.215], unit="m3 m-3")
    assert values == pytest.approx([0.2, 0.215]) and "says %" in said


def test_refusals_name_the_key(tmp_path):
    for name in ("SM", "SM (% saturation)", "SM (m3/m3)"):
        with pytest.raises(ProductError, match="give the table's unit, such as unit=% in MAPPING"):
            read(tmp_path, name, [20, 21.5])
    with pytest.raises(ProductError, match="unit=m3 m-3 in MAPPING"):
        read(tmp_path, "SM (%)", [0.2, 0.215])


def test_units_are_given_in_any_of_their_forms(tmp_path):
    for unit in ("%", "percent", "Vol.-%", "pct"):
        assert read(tmp_path, "SM", [20, 21.5], unit=unit)[0] == pytest.approx([0.2, 0.215])
    for unit in ("m3/m3", "cm3 cm-3", "m³ m⁻³"):
        assert read(tmp_path, "SM", [0.2, 0.215], unit=unit)[0] == pytest.approx([0.2, 0.215])
