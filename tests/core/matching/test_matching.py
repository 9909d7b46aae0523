"""A matching run: what is refused before work, bad files, settings and calibration."""

from __future__ import annotations

import shutil

import matching_archive as archive
import numpy as np
import pytest
from matching_runs import DAYS
from matching_runs import match as _match
from matching_runs import stored as _stored

from annsm_plugin.core import matching
from annsm_plugin.core.foundation import store
from annsm_plugin.core.foundation.errors import AnnsmError, ParameterError
from annsm_plugin.core.foundation.progress import Progress


def test_a_plain_run(arguments, tmp_path):
    result = _match(arguments, pairs=tmp_path / "pairs.tif")
    values, attributes = _stored(result.path)
    assert values["tb_f1v"].shape == (8, 4, 8)
    assert values["sm_gldas"][:, 0, 0] == pytest.approx(0.01 * (20 + np.arange(1, 9)))  # 02:00 of the 3rd is 20 UTC of the 2nd
    assert values["precipitation_7h"] == pytest.approx(np.full((8, 4, 8), 3.5), abs=1e-5)
    assert values["lai"][0, 0].tolist() == pytest.approx([1, 1, 1, 1, 0, 0, 0, 0], abs=1e-6)
    assert (result.pairs == 8).all()
    assert attributes["annsm_kind"] == "cube" and attributes["smap_baseline"] == "DCA" and attributes["files_gldas_unreadable"] == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["cube.nc", "pairs.tif"]
    assert any("8 days" in line for line in result.summary)


def test_presets_and_polarisations(arguments):
    values, attributes = _stored(_match(arguments, channels="common", polarisation="both").path)
    names = [f"tb_{c}{p}" for c in ("06", "10", "18", "23", "36") for p in "vh"]
    assert [n for n in values if n.startswith("tb_")] == names
    assert attributes["channels"] == "common" and attributes["channel_list"] == "06,10,18,23,36"
    values, attributes = _stored(_match(arguments, channels="36, 10").path)
    assert [n for n in values if n.startswith("tb_")] == ["tb_10v", "tb_36v"]
    assert attributes["channels"] == "10,36"


def test_recommended_quality_and_no_target(arguments, of_all_days):
    every, _ = of_all_days
    good, _ = _stored(_match(arguments, smap_quality="recommended").path)
    assert (every["sm_smap"] > 0).all()
    assert 0 < (good["sm_smap"] > 0).sum() < good["sm_smap"].size  # every second column is not recommended
    values, attributes = _stored(_match(arguments, smap=None).path)
    assert "sm_smap" not in values and attributes["smap_variable"] == "none"


def test_lai_barren_and_area(arguments):
    values, _ = _stored(_match(arguments, end=DAYS[4], lai_barren_zero=False, lai_method="area").path)
    assert values["lai"][0, 0].tolist() == pytest.approx([1, 1, 1, 1, -9999, -9999, -9999, -9999])


def test_mask_empties_cells(arguments):
    mask = np.zeros((4, 8), dtype=bool)
    mask[1, 2:5] = True
    result = _match(arguments, end=DAYS[4], mask=mask)
    values, _ = _stored(result.path)
    assert np.array_equal((values["sm_gldas"] > 0).all(axis=0), mask)
    assert np.array_equal(result.pairs > 0, mask)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"start": "2016-03-09", "end": "2016-03-01"}, "lies after"),
        ({"start": "soon"}, "not a date"),
        ({"start": "2009-01-01", "end": "2009-01-31"}, "none of the period"),
        ({"amsr": "/nowhere/at/all"}, "does not exist"),
        ({"gldas": ""}, "not given"),
        ({"extent": (105, 26, 73, 40)}, "east bound"),
        ({"extent": (90, -80, 92, -79)}, "GLDAS files do not cover"),
        ({"channels": "06,07,99"}, "not known"),
        ({"channels": "06,06"}, "twice"),
        ({"channels": "89"}, "channel 89"),
        ({"polarisation": "X"}, "POLARISATION is 'X'; expected one of V, H, both"),
        ({"overpass": "sideways"}, "OVERPASS is 'sideways'"),
        ({"overpass": "ascending"}, "ascending orbit"),
        ({"time": "noon"}, "not known"),
        ({"smap_variable": "best"}, "SMAP_VARIABLE is 'best'"),
        ({"calibration": "magic"}, "CALIBRATION is 'magic'"),
        ({"calibration": "table"}, "needs the table"),
        ({"calibration": "table", "calibration_table": "/no/table.csv"}, "does not exist"),
        ({"mask": np.ones((2, 2), bool)}, "mask"),
        ({"extra": ["/no/dem.tif"]}, "does not exist"),
    ],
)
def test_refused_before_work(arguments, tmp_path, changed, words):
    with pytest.raises(ParameterError, match=words):
        matching.check(matching.MatchRequest(**{**arguments, **changed}))
    with pytest.raises(ParameterError, match=words):
        _match(arguments, **changed)
    assert list(tmp_path.iterdir()) == []


def test_folders_of_something_else_say_what_they_hold(arguments, tmp_path, source):
    with pytest.raises(ParameterError, match=r"holds 14 SMAP files, no AMSR files"):
        matching.check(matching.MatchRequest(**{**arguments, "amsr": source / "smap"}))
    (tmp_path / "empty").mkdir()
    with pytest.raises(ParameterError, match="holds no files, no LAI"):
        matching.check(matching.MatchRequest(**{**arguments, "lai": tmp_path / "empty"}))
    with pytest.raises(ParameterError, match="must end in"):
        matching.check(matching.MatchRequest(**{**arguments, "output": tmp_path / "cube.tif"}))


def test_one_folder_of_everything(arguments, source):
    result = _match(arguments, amsr=source, gldas=source, lai=source, smap=source)
    assert (result.pairs == 8).all()


def test_releases_of_two_baselines_are_refused(arguments, tmp_path, source):
    mixed = tmp_path / "mixed"
    shutil.copytree(source / "smap", mixed)
    path = sorted(mixed.iterdir())[4]
    path.rename(mixed / path.name.replace("R18290", "R17000"))
    with pytest.raises(ParameterError, match="different baseline algorithms"):
        matching.check(matching.MatchRequest(**{**arguments, "smap": mixed}))


def test_bad_files_are_skipped_named_and_counted(arguments, tmp_path, source):
    gldas = tmp_path / "gldas"
    shutil.copytree(source / "gldas", gldas)
    name = "GLDAS_NOAH025_3H.A20160304.2100.021.nc4"
    (gldas / name).write_bytes((gldas / name).read_bytes()[:2000])
    result = _match(arguments, gldas=gldas)
    _, attributes = _stored(result.path)
    assert attributes["files_gldas_unreadable"] == 1 and attributes["unreadable_gldas"] == name
    assert any(name in line for line in result.warnings)
    assert result.counts["files_gldas_unreadable"] == 1


def test_too_many_bad_files_stop_the_run(arguments, tmp_path, source):
    amsr = tmp_path / "amsr"
    shutil.copytree(source / "amsr", amsr)
    for path in sorted(amsr.iterdir())[::3]:
        path.write_bytes(b"")
    with pytest.raises(AnnsmError, match="more than 20%"):
        _match(arguments, amsr=amsr)
    assert not arguments["output"].exists()


def test_a_calibration_table(arguments, tmp_path):
    amsre = tmp_path / "amsre"
    for date in np.arange("2011-03-01", "2011-03-08", dtype="datetime64[D]"):
        archive.amsr(amsre, date, lambda lon: 200.0 + 0 * lon, sensor="AMSR-E")
    from annsm_plugin.core.matching.calibration import Table
    from annsm_plugin.core.matching.channels import parse

    table = tmp_path / "table.csv"
    lines = [f"{c},V,descending,1.01,{number}" for number, c in enumerate(("06", "10", "18", "23", "36"))]
    table.write_text("channel,polarisation,orbit,slope,offset\n" + "\n".join(lines) + "\n")
    applied = Table(table, parse("paper", "V"), "descending").apply(np.array([[200.0]]), "f3", "18", "v", None)
    assert applied[0, 0] == pytest.approx(204.0)
    table.write_text("channel,polarisation,orbit,slope,offset\n06,V,descending,1.01,2\n")
    with pytest.raises(ParameterError, match="no line for channel 10"):
        Table(table, parse("common", "V"), "descending")
    table.write_text("channel,polarisation,orbit,slope,offset\n06,V,descending,11,2\n")
    with pytest.raises(ParameterError, match="line 2: the slope"):
        Table(table, parse("06", "V"), "descending")


def test_extra_predictors_take_part(arguments, tmp_path):
    from osgeo import gdal

    raster = gdal.GetDriverByName("GTiff").Create(str(tmp_path / "elevation.tif"), 40, 40, 1, gdal.GDT_Float32)
    raster.SetGeoTransform((89.0, 0.1, 0, 34.0, 0, -0.1))
    raster.SetProjection(store.WGS84)
    raster.GetRasterBand(1).Fill(4500.0)
    raster.GetRasterBand(1).SetUnitType("m")
    raster = None
    said = []

    class Listen(Progress):
        def info(self, text):
            said.append(text)

    result = _match(arguments, end=DAYS[4], extra=[tmp_path / "elevation.tif"], progress=Listen())
    assert "elevation.tif: mean of its pixels in a cell." in said and ", elevation." in result.summary[0]
    with store.open_grid(result.path, kind="cube") as data:
        assert data["elevation"].dims == ("lat", "lon")
        assert data["elevation"].attrs["long_name"] == "mean of elevation" and data["elevation"].attrs["units"] == "m"
        assert data["elevation"].attrs["source"] == "elevation.tif" and data["elevation"].attrs["cell_methods"] == "area: mean"
        assert data["elevation"].values == pytest.approx(np.full((4, 8), 4500.0))
        assert data.attrs["extra_predictors"] == "elevation"
    assert (result.pairs == 3).all()


@pytest.mark.parametrize("workers", [1, 2])
def test_decoding_processes_change_no_bit(arguments, read_here, workers):
    here, about_here = read_here
    messages = []

    class Listen(Progress):
        def info(self, text):
            messages.append(text)

    there, about_there = _stored(_match(arguments, workers=workers, progress=Listen()).path)
    assert any(f"decoded in {('a process', '2 processes')[workers - 1]} of" in text for text in messages)
    assert about_there == about_here
    for name in here:
        assert here[name].tobytes() == there[name].tobytes(), name
