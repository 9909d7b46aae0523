"""SMAP's quality flags as they are documented, the choice of the retrieval, and rows that GLDAS has not."""

from __future__ import annotations

import h5py
import matching_archive as archive
import netCDF4
import numpy as np
import pytest

from annsm_plugin.core import matching
from annsm_plugin.core.foundation.errors import AnnsmError, ParameterError
from annsm_plugin.core.products.readers import ease

DAYS = np.arange("2016-03-01", "2016-03-12", dtype="datetime64[D]")
EXTENT = (90, 31, 92, 33)

#: Flag values that occur in real files (FORMATS 3.1): bit 0 set is "not recommended", 65534 is fill.
GOOD, BAD = (0, 8), (1, 5, 7, 9, 13, 15, 65534)


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    root = tmp_path_factory.mktemp("flags")
    for date in DAYS:
        archive.amsr(root / "amsr", date, lambda lon: 250.0 + 0 * lon, channels=("06",))
        for hour in (18, 21):
            fields = {"SoilMoi0_10cm_inst": 20.0, "SoilTMP0_10cm_inst": 280.0, "AvgSurfT_inst": 281.0}
            archive.gldas(root / "gldas", date.astype("datetime64[s]") + np.timedelta64(hour, "h"), fields)
    archive.lai(root / "lai", ["2016-02-18", "2016-02-26", "2016-03-05", "2016-03-13"], lambda *_: 10, west=89, east=93, south=30, north=34)
    return root


def smap(folder, flag, days=DAYS[:5], **variables):
    """Days of SMAP with a ``flag`` of all pixels, or of those of a local day, and more variables of one number each."""
    for date in days:
        values, seconds = archive.smap_day(date, lambda _: 0.2)
        flags, _ = archive.smap_day(date, flag if callable(flag) else lambda _: flag)
        archive.smap(folder, date, values, seconds, flag=flags)
        path = folder / f"SMAP_L3_SM_P_{str(date).replace('-', '')}_R18290_001.h5"
        with h5py.File(path, "r+") as file:
            for name, value in variables.items():
                file[f"Soil_Moisture_Retrieval_Data_AM/{name}"] = np.full((406, 964), value, "u2" if "flag" in name else "f4")
    return folder


def target(source, folder, tmp_path, end=DAYS[3], **settings):
    folders = {name: source / name for name in ("amsr", "gldas", "lai")}
    result = matching.match(tmp_path / "cube.nc", smap=folder, **folders, extent=EXTENT, start=DAYS[1], end=end, channels="06", **settings)
    with netCDF4.Dataset(result.path) as file:
        return np.ma.filled(file["sm_smap"][:].astype(float), np.nan)


@pytest.fixture(scope="module")
def by_flag(source, tmp_path_factory):
    """For each flag, which all pixels of a local day have, that day's target of all retrievals and of the recommended ones."""
    root, flags = tmp_path_factory.mktemp("by_flag"), GOOD + BAD
    of_day = dict(zip(DAYS[1:], flags))
    folder = smap(root / "smap", lambda day: of_day.get(day, 0), DAYS)
    every, good = (target(source, folder, root, end=DAYS[len(flags)], smap_quality=quality) for quality in ("retrieved", "recommended"))
    assert len(every) == len(good) == len(flags)
    return {flag: (every[number], good[number]) for number, flag in enumerate(flags)}


@pytest.mark.parametrize("flag", GOOD + BAD)
def test_recommended_is_bit_zero_clear(by_flag, flag):
    every, found = by_flag[flag]
    assert every == pytest.approx(0.2)  # every retrieval counts, whatever its flag
    assert np.isfinite(found).all() if flag in GOOD else np.isnan(found).all()


@pytest.fixture(scope="module")
def retrievals(tmp_path_factory):
    """All retrievals, each with a value and a flag of its own."""
    others = {"soil_moisture_dca": 0.21, "soil_moisture_scav": 0.22, "soil_moisture_scah": 0.23}
    flags = {"retrieval_qual_flag_dca": 1, "retrieval_qual_flag_scav": 8, "retrieval_qual_flag_scah": 5}
    return smap(tmp_path_factory.mktemp("retrievals") / "smap", 0, **others, **flags)


@pytest.fixture(scope="module")
def baseline(tmp_path_factory):
    """The baseline's retrieval alone."""
    return smap(tmp_path_factory.mktemp("baseline") / "smap", 0)


@pytest.mark.parametrize(("variable", "value", "own"), [("baseline", 0.2, 0), ("dca", 0.21, 1), ("scav", 0.22, 8), ("scah", 0.23, 5)])
def test_each_retrieval_has_its_own_flag(source, retrievals, tmp_path, variable, value, own):
    assert target(source, retrievals, tmp_path, smap_variable=variable) == pytest.approx(value)
    found = target(source, retrievals, tmp_path, smap_variable=variable, smap_quality="recommended")
    assert np.isnan(found).all() if own & 1 else found == pytest.approx(value)


@pytest.mark.parametrize("variable", ["SCA-V", "scav", "sca-v"])
def test_the_dialog_and_scripts_spell_a_retrieval_differently(source, retrievals, tmp_path, variable):
    assert target(source, retrievals, tmp_path, smap_variable=variable) == pytest.approx(0.22)


def test_an_unknown_retrieval_is_refused(source, baseline, tmp_path):
    with pytest.raises(ParameterError, match="SMAP_VARIABLE is 'scax'; expected one of baseline, DCA, SCA-V, SCA-H"):
        target(source, baseline, tmp_path, smap_variable="scax")


def test_a_release_without_the_retrieval_stops_the_run_by_name(source, baseline, tmp_path):
    with pytest.raises(AnnsmError, match=r"soil_moisture_scah.*no such variable"):
        target(source, baseline, tmp_path, smap_variable="scah")


def test_pixels_off_the_swath_have_neither_value_nor_place(source, tmp_path):
    """Latitudes are fill off the swaths: the grid's own are used, and the hole stays where it is."""
    lat, lon = ease.centres(*ease.SMAP_36KM)
    hole = (lat[:, None] < 32.0) & (lon[None, :] > 91.0)
    folder = tmp_path / "smap"
    for date in DAYS[:5]:
        values, seconds = archive.smap_day(date, lambda _: 0.2)
        archive.smap(folder, date, np.where(hole, np.nan, values), np.where(hole, np.nan, seconds))
    found = target(source, folder, tmp_path)
    assert np.isnan(found[:, -2:, -2:]).all() and np.isfinite(found[:, :2, :2]).all()


def test_rows_south_of_gldas_stay_empty_and_are_said(tmp_path):
    extent = (-71, -60.5, -70, -59.5)
    for date in DAYS[:5]:
        archive.amsr(tmp_path / "amsr", date, lambda lon: 250.0 + 0 * lon, channels=("06",))
        for hour in (6, 9):
            fields = {"SoilMoi0_10cm_inst": 20.0, "SoilTMP0_10cm_inst": 280.0, "AvgSurfT_inst": 281.0}
            archive.gldas(tmp_path / "gldas", date.astype("datetime64[s]") + np.timedelta64(hour, "h"), fields)
    archive.lai(tmp_path / "lai", ["2016-02-26", "2016-03-05"], lambda *_: 10, west=-72, east=-69, south=-61, north=-59)
    folders = {name: tmp_path / name for name in ("amsr", "gldas", "lai")}
    result = matching.match(tmp_path / "cube.nc", **folders, extent=extent, start=DAYS[1], end=DAYS[2], channels="06")
    with netCDF4.Dataset(result.path) as file:
        lat = file["lat"][:]
        soil = np.ma.filled(file["sm_gldas"][:].astype(float), np.nan)
        assert np.ma.count_masked(file["tb_06v"][:]) == 0
    there = np.isfinite(soil).all(axis=(0, 2))
    assert np.array_equal(np.asarray(lat)[there] > -60.0, np.ones(there.sum(), bool)) and there.sum() == 2
    assert np.isnan(soil[:, ~there]).all()
    assert any("GLDAS files cover 8 of the 16 cells" in line for line in result.warnings)
