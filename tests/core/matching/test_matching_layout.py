"""AMSR files hold no coordinates: in whichever of the four layouts they are written, the right setting gives the same cube."""

from __future__ import annotations

import shutil

import matching_archive as archive
import netCDF4
import numpy as np
import pytest
from amsr_layouts import DAYS, STORED, planet, write

from annsm_plugin.core import matching, products
from annsm_plugin.core.foundation.errors import CubeError, ParameterError
from annsm_plugin.core.products.readers import amsr

REGIONS = [(90, 32, 92, 33), (179, -21, 181, -20), (-71, -3, -69, -2), (-1, 10, 1, 11)]


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    root = tmp_path_factory.mktemp("layouts")
    for layout in STORED:
        write(root / layout, layout)
    for date in DAYS:
        for hour in (12, 15, 0, 3, 6, 18, 21):
            fields = {"SoilMoi0_10cm_inst": 20.0, "SoilTMP0_10cm_inst": 280.0, "AvgSurfT_inst": 281.0}
            archive.gldas(root / "gldas", date.astype("datetime64[s]") + np.timedelta64(hour, "h"), fields)
    return root


def match(source, output, layout, extent=REGIONS[0], **changed):
    west, south, east, north = extent
    place = output.parent / f"lai{west}"
    if not place.is_dir():
        starts = ["2016-02-18", "2016-02-26", "2016-03-05"]
        archive.lai(place, starts, lambda lat, lon, start: 10, west=west, east=east, south=south, north=north)
    inputs = {"amsr": source / layout, "gldas": source / "gldas", "lai": place, "channels": "06,36", "polarisation": "both"}
    return matching.match(output, **{**inputs, "extent": extent, "start": DAYS[1], "end": DAYS[3], **changed})


@pytest.fixture(scope="module")
def whole(source, tmp_path_factory):
    """The temperatures of a match of the documented layout, and its attributes."""
    return temperatures(match(source, tmp_path_factory.mktemp("whole") / "cube.nc", "documented").path)


def temperatures(path):
    with netCDF4.Dataset(path) as file:
        file.set_auto_maskandscale(False)
        return {name: file[name][...] for name in file.variables if name.startswith("tb_")}, dict(file.__dict__)


def test_the_layouts_are_the_four_that_there_can_be():
    assert list(STORED) == list(amsr.LAYOUTS)


@pytest.mark.parametrize("layout", STORED)
@pytest.mark.parametrize("window", [None, (90.0, 32.0, 92.0, 33.0), (-71.0, -3.0, -69.0, -2.0), (170.0, -20.0, 190.0, -10.0)])
def test_the_reader_puts_every_pixel_where_it_belongs(source, layout, window):
    from dataclasses import replace

    entry = replace(products.find(source / layout, "amsr_tb")[0], layout=layout)
    assert (str(entry.date), entry.channel) == (str(DAYS[0]), "06")
    arrays = products.read_arrays(entry, window=window)
    world = (planet() + 2000 + 506).astype(float)
    world[world > 60000] = np.nan
    rows, columns = np.round((89.875 - arrays.lat) / 0.25).astype(int), np.round(np.mod(arrays.lon - 0.125, 360.0) / 0.25).astype(int)
    np.testing.assert_allclose(arrays.variables["tb_v"], world[np.ix_(rows, columns)] * 0.01, rtol=1e-6, atol=0, equal_nan=True)
    assert np.isfinite(arrays.variables["tb_v"]).any()


@pytest.mark.parametrize("extent", REGIONS)
def test_the_same_cube_from_every_layout(source, whole, tmp_path, extent):
    right, about = whole if extent == REGIONS[0] else temperatures(match(source, tmp_path / "cube.nc", "documented", extent).path)
    assert about["amsr_layout"] == "documented" and all((values > 0).mean() > 0.5 for values in right.values())
    for layout in list(STORED)[1:]:
        found, about = temperatures(match(source, tmp_path / f"{layout}.nc", layout, extent, amsr_layout=layout).path)
        assert about["amsr_layout"] == layout
        assert list(found) == list(right)
        for name, values in right.items():
            assert np.array_equal(found[name], values), (layout, name)


def test_the_layout_reaches_the_decoding_processes(source, tmp_path):
    right, _ = temperatures(match(source, tmp_path / "cube.nc", "documented", workers=0).path)
    found, _ = temperatures(
        match(source, tmp_path / "other.nc", "180W-180E south first", amsr_layout="180W-180E south first", workers=2).path
    )
    assert all(np.array_equal(found[name], values) for name, values in right.items())


@pytest.mark.parametrize("stored", STORED)
@pytest.mark.parametrize("said", STORED)
def test_the_layout_that_fits_is_named(source, tmp_path, stored, said):
    if stored == said:
        assert match(source, tmp_path / "cube.nc", stored, amsr_layout=said).counts["files_amsr_tb"] == 6
        return
    with pytest.raises(ParameterError) as caught:
        match(source, tmp_path / "cube.nc", stored, amsr_layout=said)
    text = str(caught.value)
    assert f"read as '{stored}', not as '{said}'" in text and f"set AMSR_LAYOUT (in Python amsr_layout) to '{stored}'" in text
    assert "GW1AM2_2016" in text and not (tmp_path / "cube.nc").exists()


def test_an_unknown_layout_is_refused(source, tmp_path):
    with pytest.raises(ParameterError, match=r"AMSR_LAYOUT is 'upside down'; expected one of documented, 0-360 south first"):
        match(source, tmp_path / "cube.nc", "documented", amsr_layout="upside down")


def test_adding_days_of_another_layout_is_refused(source, whole, tmp_path):
    path = match(source, tmp_path / "cube.nc", "documented", end=DAYS[2]).path
    with pytest.raises(CubeError, match=r"amsr layout 'documented'.*'0-360 south first'"):
        match(source, path, "0-360 south first", amsr_layout="0-360 south first", start=DAYS[3])
    match(source, path, "documented", start=DAYS[3])
    found, _ = temperatures(path)
    assert all(np.array_equal(found[name], values) for name, values in whole[0].items())


def test_cubes_of_former_versions_are_added_to(source, tmp_path):
    path = match(source, tmp_path / "cube.nc", "documented", end=DAYS[2]).path
    with netCDF4.Dataset(path, "a") as file:
        file.delncattr("amsr_layout")
    match(source, path, "documented", start=DAYS[3])
    with netCDF4.Dataset(path) as file:
        assert file.dimensions["time"].size == 3 and file.amsr_layout == "documented"


def test_blocks_of_another_layout_are_not_taken_over(source, whole, tmp_path, monkeypatch):
    """A run that was stopped under one layout must not lend its blocks to a run under another."""
    from annsm_plugin.core.matching import assemble

    def stop(*_):
        raise KeyboardInterrupt

    output = tmp_path / "cube.nc"
    shutil.copytree(source / "0-360 south first", tmp_path / "documented")
    (tmp_path / "gldas").symlink_to(source / "gldas")
    monkeypatch.setattr(amsr, "misplaced", lambda *_: "")
    with monkeypatch.context() as patch:
        patch.setattr(assemble._Run, "_write", stop)
        with pytest.raises(KeyboardInterrupt):
            match(tmp_path, output, "documented")
    found, _ = temperatures(match(tmp_path, output, "documented", amsr_layout="0-360 south first").path)
    assert all(np.array_equal(found[name], values) for name, values in whole[0].items())


@pytest.mark.parametrize("layout", STORED)
def test_a_calibration_table_is_applied_in_every_layout(tmp_path, layout):
    dates = np.arange("2010-06-01", "2010-06-04", dtype="datetime64[D]")
    write(tmp_path / layout, layout, dates, sensor="AMSR-E")
    for date in dates:
        archive.gldas(tmp_path / "gldas", date.astype("datetime64[s]") + np.timedelta64(18, "h"),
                      {"SoilMoi0_10cm_inst": 20.0, "SoilTMP0_10cm_inst": 280.0, "AvgSurfT_inst": 281.0})  # fmt: skip
    table = tmp_path / "table.csv"
    lines = [f"{channel},{letter},descending,1.01,-2.0" for channel in ("06", "36") for letter in "VH"]
    table.write_text("\n".join(["channel,polarisation,orbit,slope,offset", *lines]))
    archive.lai(tmp_path / "lai90", ["2010-05-25", "2010-06-02"], lambda lat, lon, start: 10)
    period = {"start": dates[1], "end": dates[2], "amsr_layout": layout}
    plain, _ = temperatures(match(tmp_path, tmp_path / "plain.nc", layout, **period).path)
    found, _ = temperatures(match(tmp_path, tmp_path / "cube.nc", layout, calibration="table", calibration_table=table, **period).path)
    world = (planet() + 2000).astype(float)
    rows, columns = slice((90 - 33) * 4, (90 - 32) * 4), slice(90 * 4, 92 * 4)
    expected = np.where(world > 60000, np.nan, world * 0.01)[rows, columns]
    for name, values in plain.items():
        there = values[0] > 0
        assert there.any()
        assert found[name][0][there] == pytest.approx(1.01 * values[0][there] - 2.0, abs=0.02)
    assert np.where(plain["tb_06h"][0] > 0, plain["tb_06h"][0], np.nan) == pytest.approx(expected, abs=0.006, nan_ok=True)
