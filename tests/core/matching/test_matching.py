"""A matching run: what is refused before work, bad files, stopping, resuming, adding days, settings and calibration."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import zlib
from pathlib import Path

import h5py
import matching_archive as archive
import netCDF4
import numpy as np
import pytest

from annsm_plugin.core import matching
from annsm_plugin.core.foundation import store
from annsm_plugin.core.foundation.errors import AnnsmError, Cancelled, CubeError, ParameterError
from annsm_plugin.core.foundation.progress import Progress
from annsm_plugin.core.matching import appended, assemble

EXTENT = (90, 32, 92, 33)
DAYS = np.arange("2016-03-01", "2016-03-15", dtype="datetime64[D]")
RAIN = 0.5 / 3600.0


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    root = tmp_path_factory.mktemp("run")
    for number, date in enumerate(DAYS):
        archive.amsr(root / "amsr", date, lambda lon, n=number: 220.0 + n + 0 * lon)
        values, seconds = archive.smap_day(date, lambda _: 0.2)
        flag = np.where(np.arange(964)[None, :] % 2 == 0, 0, 1) * np.ones((406, 1), int)
        archive.smap(root / "smap", date, values, seconds, flag=flag)
        for hour in range(0, 24, 3):
            fields = {"SoilMoi0_10cm_inst": 20.0 + number, "SoilTMP0_10cm_inst": 280.0, "AvgSurfT_inst": 281.0, "Rainf_f_tavg": RAIN}
            archive.gldas(root / "gldas", date.astype("datetime64[s]") + np.timedelta64(hour, "h"), fields)
    starts = np.arange("2016-02-18", "2016-04-01", 8, dtype="datetime64[D]")
    archive.lai(root / "lai", starts, lambda lat, lon, start: np.where(lon < 91.0, 10, 253))
    return root


@pytest.fixture
def arguments(source, tmp_path):
    folders = {name: source / name for name in ("amsr", "gldas", "lai", "smap")}
    return {"output": tmp_path / "cube.nc", **folders, "extent": EXTENT, "start": DAYS[2], "end": DAYS[9]}


def _match(arguments, **changed):
    settings = {**arguments, **changed}
    return matching.match(settings.pop("output"), **settings)


def _stored(path):
    with netCDF4.Dataset(path) as file:
        file.set_auto_maskandscale(False)
        values = {name: file[name][...] for name in file.variables}
        return values, {name: file.getncattr(name) for name in file.ncattrs() if name != "history"}


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


def test_recommended_quality_and_no_target(arguments):
    every, _ = _stored(_match(arguments).path)
    good, _ = _stored(_match(arguments, smap_quality="recommended").path)
    assert (every["sm_smap"] > 0).all()
    assert 0 < (good["sm_smap"] > 0).sum() < good["sm_smap"].size  # every second column is not recommended
    values, attributes = _stored(_match(arguments, smap=None).path)
    assert "sm_smap" not in values and attributes["smap_variable"] == "none"


def test_lai_barren_and_area(arguments):
    values, _ = _stored(_match(arguments, lai_barren_zero=False, lai_method="area").path)
    assert values["lai"][0, 0].tolist() == pytest.approx([1, 1, 1, 1, -9999, -9999, -9999, -9999])


def test_mask_empties_cells(arguments):
    mask = np.zeros((4, 8), dtype=bool)
    mask[1, 2:5] = True
    result = _match(arguments, mask=mask)
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


class _StopWith(Progress):
    """Asks to stop once so many blocks of an output are finished."""

    def __init__(self, output, blocks):
        self.folder, self.blocks = output.with_name(f".{output.name}.resume"), blocks

    def cancelled(self):
        return len(list(self.folder.glob("[!.]*.npz"))) >= self.blocks


def test_cancelling_then_resuming_gives_the_same_cube(arguments, tmp_path, monkeypatch):
    monkeypatch.setattr(assemble, "BLOCK_DAYS", 2)
    whole, about = _stored(_match(arguments, output=tmp_path / "whole.nc").path)
    for blocks in (0, 1, 3):
        with pytest.raises(Cancelled):
            _match(arguments, progress=_StopWith(arguments["output"], blocks))
        assert not arguments["output"].exists()
    assert (tmp_path / ".cube.nc.resume").is_dir()
    messages = []

    class Listen(Progress):
        def info(self, text):
            messages.append(text)

    again, about_again = _stored(_match(arguments, progress=Listen()).path)
    assert any("were there from a run that was stopped" in text for text in messages)
    assert about == about_again
    for name in whole:
        assert np.array_equal(whole[name], again[name]), name
    assert not (tmp_path / ".cube.nc.resume").exists()


def test_blocks_of_other_settings_are_not_used(arguments, tmp_path, monkeypatch):
    monkeypatch.setattr(assemble, "BLOCK_DAYS", 2)
    with pytest.raises(Cancelled):
        _match(arguments, progress=_StopWith(arguments["output"], 2))
    again, _ = _stored(_match(arguments, rain_hours="interval", time="+8").path)
    fresh, _ = _stored(_match(arguments, output=tmp_path / "fresh.nc", rain_hours="interval", time="+8").path)
    assert all(np.array_equal(again[name], fresh[name]) for name in fresh)


def test_a_product_file_that_changed_between_two_runs_is_told_and_matched_anew(arguments, tmp_path, monkeypatch):
    monkeypatch.setattr(assemble, "BLOCK_DAYS", 2)
    folder = tmp_path / "amsr"
    shutil.copytree(arguments["amsr"], folder)
    arguments["amsr"] = folder
    original = assemble._Run._block

    def stopped(run, number, *given):
        if number == 2:
            raise Cancelled()
        original(run, number, *given)

    with monkeypatch.context() as patch, pytest.raises(Cancelled):
        patch.setattr(assemble._Run, "_block", stopped)
        _match(arguments)
    path = sorted(folder.glob("*_20160304_*06LA*"))[0]
    before = path.stat()
    with h5py.File(path, "a") as file:
        data = file["Brightness Temperature (V)"]
        chunk = data.id.read_direct_chunk((0, 0))[1]  # the same size and time, other numbers
        data.id.write_direct_chunk((0, 0), zlib.compress(b"\0" * (720 * 1440 * 2), 9).ljust(len(chunk), b"\0"))
    assert path.stat().st_size == before.st_size
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    messages = []

    class Listen(Progress):
        def info(self, text):
            messages.append(text)

    again, _ = _stored(_match(arguments, progress=Listen()).path)
    assert any(
        f"2 finished blocks of an earlier run are not gone on with, but made anew: of the input files 1 changed (such as {path})" in text
        for text in messages
    )
    fresh, _ = _stored(_match(arguments, output=tmp_path / "fresh.nc").path)
    assert all(np.array_equal(again[name], fresh[name]) for name in fresh)


def test_a_product_file_that_changes_while_it_is_matched_keeps_the_cube_from_its_name(arguments, tmp_path, monkeypatch):
    folder = tmp_path / "gldas"
    shutil.copytree(arguments["gldas"], folder)
    path = sorted(folder.rglob("*20160304*"))[0]
    original = assemble._Run._block

    def rewritten(run, *given):
        original(run, *given)
        shutil.copy(path, tmp_path / "same")
        (tmp_path / "same").replace(path)

    with monkeypatch.context() as patch, pytest.raises(AnnsmError, match=rf"{path.name} changed while .*cube\.nc was made of it"):
        patch.setattr(assemble._Run, "_block", rewritten)
        _match(arguments, gldas=folder, start=DAYS[2], end=DAYS[3])
    assert sorted(p.name for p in tmp_path.iterdir()) == [".cube.nc.resume", "gldas"]


_KILLED = """
import os, signal, sys
sys.path[:0] = [{root!r}]
from annsm_plugin.core import matching
from annsm_plugin.core.foundation import store
from annsm_plugin.core.matching import appended, assemble
from annsm_plugin.core.foundation.progress import Progress
assemble.BLOCK_DAYS = 2
class Kill(Progress):
    left = {questions}
    def cancelled(self):
        Kill.left -= 1
        if Kill.left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return False
matching.match({output!r}, amsr={amsr!r}, gldas={gldas!r}, lai={lai!r}, smap={smap!r}, extent={extent!r}, start={start!r}, end={end!r},
               progress=Kill())
"""


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_a_killed_run_leaves_nothing_finished_and_resumes(arguments, tmp_path, monkeypatch):
    text = {name: str(value) for name, value in arguments.items() if name != "extent"}
    root = str(Path(__file__).parents[3])
    code = _KILLED.format(root=root, questions=45, extent=EXTENT, **text)
    done = subprocess.run([sys.executable, "-c", code], timeout=60, check=False)
    assert done.returncode == -9
    assert not list(tmp_path.glob("*.nc"))
    monkeypatch.setattr(assemble, "BLOCK_DAYS", 2)
    resumed, _ = _stored(_match(arguments).path)
    fresh, _ = _stored(_match(arguments, output=tmp_path / "fresh.nc").path)
    assert all(np.array_equal(resumed[name], fresh[name]) for name in fresh)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["cube.nc", "fresh.nc"]


def test_cancelling_is_quick(arguments):
    class Late(Progress):
        since = None

        def cancelled(self):
            if self.since is None and self.seen > 40:
                self.since = time.monotonic()
            self.seen += 1
            return self.since is not None

        seen = 0

    progress = Late()
    with pytest.raises(Cancelled):
        _match(arguments, progress=progress)
    assert time.monotonic() - progress.since < 1.0


def test_adding_days(arguments, tmp_path):
    whole, _ = _stored(_match(arguments, output=tmp_path / "whole.nc").path)
    _match(arguments, end=DAYS[5])
    result = _match(arguments, start=DAYS[5], end=DAYS[9])
    values, attributes = _stored(result.path)
    assert all(np.array_equal(values[name], whole[name]) for name in whole)
    assert any("4 days were added to the 4" in line for line in result.summary)
    assert (result.pairs == 8).all()
    assert attributes["channels"] == "paper"


def test_a_cube_of_odd_attributes_is_not_extended(arguments):
    """Its counts are added up, its matched days continued: what is none is said before anything is read."""
    path = _match(arguments, end=DAYS[2]).path
    with netCDF4.Dataset(path, "a") as file:
        file.setncattr("files_amsr_tb", np.nan)
    with pytest.raises(CubeError, match=r"a cube with files_amsr_tb 'nan'.*to add days to it; or choose another output"):
        _match(arguments, start=DAYS[4], end=DAYS[4])


@pytest.mark.parametrize("value", ["junk", "2016-13-99/x", "1999-01-01/1999-01-05", 3.0, "NaT"])
def test_matched_days_are_days_of_the_cube(value):
    with pytest.raises(CubeError, match="a cube with matched_days"):
        appended.matched("cube.nc", {"matched_days": value}, DAYS)
    assert appended.matched("cube.nc", {}, DAYS) is DAYS


@pytest.mark.parametrize("value", ["many", np.nan, np.arange(3), "9" * 40, ""])
def test_counts_are_whole_numbers(value):
    appended.check_counts("cube.nc", {"files_lai": np.int64(3), "values_lai": "4", "title": "junk"})
    with pytest.raises(CubeError, match="a cube with files_lai"):
        appended.check_counts("cube.nc", {"files_lai": value})


def test_a_gap_between_matches_is_said_and_filled_later(arguments):
    _match(arguments, end=DAYS[4])
    result = _match(arguments, start=DAYS[8], end=DAYS[9])
    values, attributes = _stored(result.path)
    assert [w for w in result.warnings if f"3 days between the matched ones were never matched and are empty: {DAYS[5]} to {DAYS[7]}." in w]
    assert attributes["matched_days"] == f"{DAYS[2]}/{DAYS[4]} {DAYS[8]}/{DAYS[9]}"
    assert attributes["missing_days_sm_gldas"] == 0 and (values["sm_gldas"][3:6] == -9999).all()
    result = _match(arguments, start=DAYS[4], end=DAYS[7])
    assert any("3 days were added to the 5 that the cube held and 1 were matched anew" in line for line in result.summary)
    assert not any("never matched" in w for w in result.warnings)


def test_counts_and_versions_are_of_all_matches(arguments):
    first = _match(arguments, end=DAYS[5]).counts
    second = _match(arguments, start=DAYS[6], end=DAYS[9]).counts
    _, attributes = _stored(arguments["output"])
    assert attributes["files_gldas"] == first["files_gldas"] + second["files_gldas"]
    assert attributes["smap_versions"] == "R18290"


def test_releases_of_smap_side_by_side_are_warned_of(arguments, tmp_path):
    assert not any("releases" in w for w in _match(arguments, end=DAYS[5]).warnings)
    renamed = tmp_path / "smap_new"
    shutil.copytree(arguments["smap"], renamed)
    for path in renamed.rglob("*R18290*"):
        path.rename(path.with_name(path.name.replace("R18290", "R19240")))
    result = _match(arguments, start=DAYS[6], end=DAYS[9], smap=renamed)
    assert any("SMAP files are of 2 releases (R18290, R19240)" in w for w in result.warnings)
    assert _stored(result.path)[1]["smap_versions"] == "R18290 R19240"


def test_adding_days_of_other_settings_is_refused(arguments):
    _match(arguments, end=DAYS[5])
    before = arguments["output"].read_bytes()
    with pytest.raises(CubeError, match="polarisation"):
        _match(arguments, start=DAYS[6], polarisation="H")
    with pytest.raises(CubeError, match="region"):
        _match(arguments, start=DAYS[6], extent=(90, 32, 91, 33))
    assert arguments["output"].read_bytes() == before


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

    result = _match(arguments, extra=[tmp_path / "elevation.tif"], progress=Listen())
    assert "elevation.tif: mean of its pixels in a cell." in said and ", elevation." in result.summary[0]
    with store.open_grid(result.path, kind="cube") as data:
        assert data["elevation"].dims == ("lat", "lon")
        assert data["elevation"].attrs["long_name"] == "mean of elevation" and data["elevation"].attrs["units"] == "m"
        assert data["elevation"].attrs["source"] == "elevation.tif" and data["elevation"].attrs["cell_methods"] == "area: mean"
        assert data["elevation"].values == pytest.approx(np.full((4, 8), 4500.0))
        assert data.attrs["extra_predictors"] == "elevation"
    assert (result.pairs == 8).all()


@pytest.mark.parametrize("workers", [1, 2])
def test_decoding_processes_change_no_bit(arguments, tmp_path, workers):
    here, about_here = _stored(_match(arguments, output=tmp_path / "here.nc", workers=0).path)
    messages = []

    class Listen(Progress):
        def info(self, text):
            messages.append(text)

    there, about_there = _stored(_match(arguments, workers=workers, progress=Listen()).path)
    assert any(f"decoded in {('a process', '2 processes')[workers - 1]} of" in text for text in messages)
    assert about_there == about_here
    for name in here:
        assert here[name].tobytes() == there[name].tobytes(), name
