"""AMSR_LAYOUT through the real qgis_process: the four layouts, the one that fits named, what is written the same."""

import matching_archive as archive
import netCDF4
import numpy as np
import pytest
from amsr_layouts import DAYS, STORED, write


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    root = tmp_path_factory.mktemp("layouts")
    for layout in ("documented", "180W-180E south first"):
        write(root / layout, layout)
    for date in DAYS:
        stamp = date.astype("datetime64[s]") + np.timedelta64(18, "h")
        archive.gldas(root / "gldas", stamp, {"SoilMoi0_10cm_inst": 20.0, "SoilTMP0_10cm_inst": 280.0, "AvgSurfT_inst": 281.0})
    archive.lai(root / "lai", ["2016-02-18", "2016-02-26", "2016-03-05"], lambda *_: 10)
    return root


def asked(inputs, layout):
    folders = {"AMSR": inputs / layout, "GLDAS": inputs / "gldas", "LAI": inputs / "lai"}
    return {**folders, "EXTENT": "90,92,32,33", "START": "2016-03-02", "END": "2016-03-03", "CHANNELS": "06,36"}


def test_the_choices_are_those_of_the_reader(qgis_process):
    code, text = qgis_process("help", "annsm:match")
    part = text[text.index("AMSR_LAYOUT") :]
    assert code == 0 and all(layout in part for layout in STORED) and "longitudes 0 to 360, north first" in part


def test_another_layout(qgis_process, inputs, tmp_path):
    other = "180W-180E south first"
    code, text = qgis_process.run("annsm:match", **asked(inputs, other), OUTPUT=tmp_path / "no.nc")
    assert code != 0 and f"set AMSR_LAYOUT (in Python amsr_layout) to '{other}'" in text and "Traceback" not in text
    assert not (tmp_path / "no.nc").exists()
    qgis_process.results("annsm:match", **asked(inputs, "documented"), OUTPUT=tmp_path / "right.nc")
    qgis_process.results("annsm:match", **asked(inputs, other), AMSR_LAYOUT=other, OUTPUT=tmp_path / "other.nc")
    with netCDF4.Dataset(tmp_path / "right.nc") as right, netCDF4.Dataset(tmp_path / "other.nc") as found:
        assert (right.amsr_layout, found.amsr_layout) == ("documented", other)
        assert np.ma.allclose(right["tb_06v"][:], found["tb_06v"][:]) and right["tb_06v"][:].count() > 20
