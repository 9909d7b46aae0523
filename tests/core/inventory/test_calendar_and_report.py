"""The calendar, table and report of an inventory; matching says the same in its log."""

import csv
import struct

import netCDF4
import numpy as np
from named_files import export, gldas_name, hdf5, smap_name, some_gldas, write_tiff

from annsm_plugin.core import products
from annsm_plugin.core.foundation.progress import Progress
from annsm_plugin.core.inventory import report
from annsm_plugin.core.inventory.calendar import COMPLETE, MISSING, OUTSIDE, PARTIAL, UNREADABLE, calendar, states
from annsm_plugin.core.products import coverage


def test_calendar_shows_each_kind_of_day(tmp_path):
    for text in ("20151230", "20151231", "20160102", "20160104"):
        for channel in ("06", "07", "10"):
            hdf5(tmp_path / f"GW1AM2_{text}_01D_EQMD_L3SGT{channel}LA2220220.h5")
    (tmp_path / "GW1AM2_20151231_01D_EQMD_L3SGT10LA2220220.h5").unlink()
    for channel in ("06", "07", "10"):
        (tmp_path / f"GW1AM2_20160102_01D_EQMD_L3SGT{channel}LA2220220.h5").write_bytes(b"")
    (group,) = coverage.groups(products.inventory(tmp_path), together=True)
    field, years = states(group)
    assert years == [2015, 2016] and field.shape == (2, 366)
    # 30 December is day 364 of 2015, index 363
    assert field[0, 362:366].tolist() == [OUTSIDE, COMPLETE, PARTIAL, OUTSIDE]
    assert field[1, :5].tolist() == [MISSING, UNREADABLE, MISSING, COMPLETE, OUTSIDE]
    assert not field[0, :362].any() and not field[1, 4:].any()


def test_calendar_of_composites_fills_eight_days_and_ends_with_the_year(tmp_path):
    for text in ("2015361", "2016009"):
        write_tiff(tmp_path / f"MCD15A2H.061_Lai_500m_doy{text}_aid0001.tif")
    (group,) = coverage.groups(products.inventory(tmp_path), together=True)
    field, _ = states(group)
    assert field[0, 359:366].tolist() == [OUTSIDE, COMPLETE, COMPLETE, COMPLETE, COMPLETE, COMPLETE, OUTSIDE]
    assert field[1, :17].tolist() == [MISSING] * 8 + [COMPLETE] * 8 + [OUTSIDE]


def test_calendar_picture_has_the_colours_of_its_days(tmp_path):
    from matplotlib.image import imread

    folder = some_gldas(tmp_path / "g", ["20160101", "20160102", "20160301"])
    (folder / gldas_name("20160102.0900")).unlink()
    data = calendar(coverage.groups(products.inventory(folder), together=True))
    assert data[:8] == b"\x89PNG\r\n\x1a\n" and struct.unpack(">2I", data[16:24]) > (800, 50)
    (tmp_path / "c.png").write_bytes(data)
    pixels = np.round(imread(tmp_path / "c.png")[..., :3] * 255).astype(int).reshape(-1, 3)
    near = {name: int((np.abs(pixels - rgb).max(axis=1) < 12).sum()) for name, rgb in
            {"missing": (204, 51, 17), "complete": (68, 119, 170), "partial": (221, 170, 51)}.items()}  # fmt: skip
    # 58 of 61 days are missing, so red fills far more than blue, and the one partial day is seen
    assert near["missing"] > 10 * near["complete"] > 0 and near["partial"] > 20
    assert calendar([]) is None


def test_table_and_report(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for text in ("20150401", "20150404"):
        hdf5(folder / smap_name(text))
    (folder / smap_name("20150402")).write_bytes(b"")
    hdf5(folder / smap_name("20150401", "R18290_002"))
    (folder / "GLDAS_NOAH025_M.A201504.021.nc4").write_bytes(b"")
    (folder / "notes <b>.txt").write_bytes(b"x")
    export(folder / "lai", ["2016-01-01"])
    found = products.inventory(folder)
    products.examine(found, "headers")
    report.write_table(tmp_path / "t.csv", found)
    with open(tmp_path / "t.csv", newline="") as file:
        rows = {row["product"]: row for row in csv.DictReader(file)}
    smap = {name: rows["smap"][name] for name in ("files", "days", "missing", "unreadable", "superseded", "first", "last")}
    assert smap == {"files": "3", "days": "2", "missing": "1", "unreadable": "1", "superseded": "1", "first": "2015-04-01",
                    "last": "2015-04-04"}  # fmt: skip
    assert rows["lai"]["first"] == "2016-01-01"
    report.write_report(tmp_path / "r.html", found)
    page = (tmp_path / "r.html").read_text()
    assert "data:image/png;base64," in page
    for text in ("Missing days: 1", "2015-04-03", "Unreadable: 1", "0 bytes", "Left out: 1", "newer version", "Refused: 1", "monthly mean",
                 "Not recognised: 1", "notes &lt;b&gt;.txt", "Dates in AppEEARS exports: 1"):  # fmt: skip
        assert text in page, text


def test_report_without_matplotlib_says_so(tmp_path, monkeypatch):
    from annsm_plugin.core.foundation.errors import MissingLibrary

    def missing(*args):
        raise MissingLibrary("The Python package 'matplotlib' is not installed.")

    hdf5(tmp_path / smap_name("20150401"))
    monkeypatch.setattr("annsm_plugin.core.inventory.calendar.figure", missing)
    report.write_report(tmp_path / "r.html", products.inventory(tmp_path))
    assert "not installed" in (tmp_path / "r.html").read_text()


def test_matching_says_the_same_as_the_inventory(tmp_path):
    """Every sentence of the inventory of an input's folder is in the log of matching before it works."""
    import matching_archive as archive

    from annsm_plugin.core import matching

    class Log(Progress):
        def __init__(self):
            self.lines = []

        def info(self, text):
            self.lines.append(text)

    folder = tmp_path / "a"
    for date in ("2016-02-29", "2016-03-01", "2016-03-02"):
        archive.amsr(folder / "amsr", date, lambda lon: np.full(lon.shape, 250.0))
    stamps = np.arange(np.datetime64("2016-02-29T12"), np.datetime64("2016-03-03T00"), np.timedelta64(3, "h"))
    states_of = {"SoilMoi0_10cm_inst": 20.0, "SoilTMP0_10cm_inst": 280.0, "AvgSurfT_inst": 281.0, "Rainf_f_tavg": 0.0}
    for stamp in stamps:
        archive.gldas(folder / "gldas", stamp, states_of)
    (folder / "gldas" / gldas_name("20160301.0600")).write_bytes(b"")
    (folder / "lai").mkdir()
    with netCDF4.Dataset(folder / "lai" / "MCD15A2H.061_500m_aid0001.nc", "w") as file:
        lat, lon = 32.0 - np.arange(0, 1.0, 1 / 240), 90.0 + np.arange(0, 1.0, 1 / 240)
        for name, axis in (("time", np.array([5899.0])), ("lat", lat), ("lon", lon)):
            file.createDimension(name, axis.size)
            file.createVariable(name, "f8", (name,))[:] = axis
        file["time"].units = "days since 2000-01-01 00:00:00"
        file.createVariable("Lai_500m", "u1", ("time", "lat", "lon"))[:] = 5
    log = Log()
    matching.match(tmp_path / "cube.nc", amsr=folder / "amsr", gldas=folder / "gldas", lai=folder / "lai",
                   extent=(90.25, 31.25, 90.75, 31.75), start="2016-03-01", end="2016-03-02", progress=log)  # fmt: skip
    for name, product in (("amsr", "amsr_tb"), ("gldas", "gldas"), ("lai", "lai")):
        found = products.inventory(folder / name)
        products.examine(found, "headers")
        for line in found.summary(product):
            assert line in log.lines, line
    assert any("20160301.0600" in line and "0 bytes" in line for line in log.lines)
    assert any(line.startswith("lai MCD15A2H 061: 1 files, 2016-02-") for line in log.lines)


def test_calendar_does_not_mark_the_cut_ends_of_a_download_list(tmp_path):
    folder = some_gldas(tmp_path / "g", ["20160101", "20160102", "20160103"], (0, 3, 18, 21))
    for stamp in ("20160101.0000", "20160101.0300", "20160103.1800", "20160103.2100"):
        (folder / gldas_name(stamp)).unlink()
    (group,) = coverage.groups(products.inventory(folder), together=True)
    assert states(group)[0][0, :4].tolist() == [COMPLETE, COMPLETE, COMPLETE, OUTSIDE]
