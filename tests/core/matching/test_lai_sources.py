"""Leaf area index of MODIS first and of VIIRS after it: one series, said day by day, compared where both are, told in the validations."""

from __future__ import annotations

import matching_archive as archive
import netCDF4
import numpy as np
import pytest

from annsm_plugin.core import matching, products
from annsm_plugin.core.matching import assemble
from annsm_plugin.core.matching.composites import overlap
from annsm_plugin.core.products import reading
from annsm_plugin.core.statistics import sensor_change

STARTS = np.arange("2016-02-02", "2016-04-14", 8, dtype="datetime64[D]")
PERIOD = np.arange("2016-03-10", "2016-04-05", dtype="datetime64[D]")
MODIS, VIIRS = 1, 8


def green(lat, lon, start):
    """Codes that differ in place and time: 20 to 60."""
    return np.round(20 + 20 * (lat - 30) / 3 + 5 * (lon - 89) + (start - STARTS[0]).astype(int) / 8)


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """MODIS until its seventh composite, VIIRS from the fourth on, higher by 0.4 (m2 m-2)."""
    root = tmp_path_factory.mktemp("leaves")
    for date in np.arange(PERIOD[0] - 1, PERIOD[-1] + 2):
        archive.amsr(root / "amsr", date, lambda lon: np.full(lon.size, 250.0), channels=("06",))
        for hour in (18, 21):
            fields = {"SoilMoi0_10cm_inst": 20.0, "SoilTMP0_10cm_inst": 280.0, "AvgSurfT_inst": 281.0}
            archive.gldas(root / "gldas", date.astype("datetime64[s]") + np.timedelta64(hour, "h"), fields)
    archive.lai(root / "both", STARTS[:7], green)
    archive.lai(root / "both", STARTS[3:], lambda *at: green(*at) + 4, product="VNP15A2H.002", extra_qc=0)
    archive.lai(root / "modis", STARTS, green)
    return root


def match(source, output, folder="both", days=PERIOD, **changed):
    inputs = {"amsr": source / "amsr", "gldas": source / "gldas", "lai": source / folder, "channels": "06", "lai_method": "area"}
    return matching.match(output, extent=(90, 31, 91, 32), start=days[0], end=days[-1], **{**inputs, **changed})


def held(path):
    with netCDF4.Dataset(path) as file:
        file.set_auto_maskandscale(False)
        return file["lai"][...], file["lai_source"][...], {name: file.getncattr(name) for name in file.ncattrs()}


@pytest.fixture(scope="module")
def whole(source, tmp_path_factory):
    """The result of a match of both instruments over the whole period, by area."""
    return match(source, tmp_path_factory.mktemp("whole") / "cube.nc")


@pytest.mark.parametrize("method", ["linear", "area"])
def test_two_instruments_make_one_series_with_a_step_that_is_said(source, whole, tmp_path, method):
    result = whole if method == "area" else match(source, tmp_path / "cube.nc", lai_method=method)
    lai, bits, about = held(result.path)
    modis, alone, _ = held(match(source, tmp_path / "modis.nc", "modis", lai_method=method).path)
    assert np.isfinite(lai).all() and (lai > 0).all() and set(alone.tolist()) == {MODIS}
    # the seventh composite of MODIS begins on 21 March and stands at 25 March, the next one, of VIIRS, at 2 April
    middle = STARTS[6] + 4
    of_modis = middle >= PERIOD
    assert (bits[of_modis] == MODIS).all() and (lai[of_modis] == modis[of_modis]).all()
    if method == "linear":
        assert sorted(set(bits[~of_modis].tolist())) == [MODIS, VIIRS]
    else:
        assert set(bits[~of_modis].tolist()) == {MODIS | VIIRS, VIIRS}
    assert bits[-1] == VIIRS and (lai[-1] - modis[-1]) == pytest.approx(np.full((4, 4), 0.4), abs=1e-4)
    between = (lai - modis)[~of_modis].mean(axis=(1, 2))
    assert (np.diff(between) > -1e-6).all() and between[-1] == pytest.approx(0.4, abs=1e-4)
    assert about["lai_overlap_composites"] == 4 and about["lai_overlap_difference"] == pytest.approx(0.4, abs=1e-5)
    assert about["lai_overlap_r"] == pytest.approx(1.0, abs=1e-6) and about["lai_overlap_ratio"] > 1.05
    text = " ".join(result.summary)
    assert "VIIRS less MODIS is +0.400 m2 m-2" in text and "4 composites that both have" in text and "Neither was adjusted" in text
    assert "Leaf area index is of MCD15A2H on" in text and "VNP15A2H on" in text
    assert any("from MODIS on some days and from VIIRS on others" in line for line in result.warnings)
    days = {name: about[f"lai_days_{name}"] for name in ("MCD15A2H", "VNP15A2H")}
    assert days["MCD15A2H"].startswith("2016-03-10/") and days["VNP15A2H"].endswith("/2016-04-04")


def test_modis_alone_says_no_more_than_which(source, tmp_path):
    result = match(source, tmp_path / "modis.nc", "modis", PERIOD[:5])
    _, bits, about = held(result.path)
    assert set(bits.tolist()) == {MODIS} and about["lai_days_MCD15A2H"] == "2016-03-10/2016-03-14"
    assert not [name for name in about if name.startswith("lai_overlap")]
    assert not any("MODIS" in line for line in (*result.summary, *result.warnings))


def test_the_bad_pixels_of_viirs_are_left_out_by_its_own_bits(source, tmp_path):
    """A cloud is in FparExtra_QC; of FparLai_QC 80 is the main algorithm over another biome, which in MODIS's bits is a back-up."""
    for name, more in (("clear", {"qc": 80, "extra_qc": 1}), ("cloudy", {"qc": 80, "extra_qc": 2}), ("backup", {"qc": 2, "extra_qc": 0})):
        archive.lai(tmp_path / name, STARTS, green, product="VNP15A2H.002", **more)
        lai, bits, _ = held(match(source, tmp_path / f"{name}.nc", days=PERIOD[:3], lai=tmp_path / name).path)
        assert (lai > 0).all() == (name == "clear") and bits[0] == (VIIRS if name == "clear" else 0)


def test_a_cube_that_grows_knows_the_source_of_all_its_days(source, whole, tmp_path):
    right = held(whole.path)
    path = match(source, tmp_path / "cube.nc", days=PERIOD[:12]).path
    match(source, path, days=PERIOD[8:])  # some days, and composites about the seam, are matched twice
    lai, bits, about = held(path)
    assert np.array_equal(bits, right[1]) and lai == pytest.approx(right[0], abs=1e-6)
    assert about["lai_days_VNP15A2H"] == right[2]["lai_days_VNP15A2H"] and {
        name: value for name, value in about.items() if name.startswith("lai_overlap")
    } == {name: value for name, value in right[2].items() if name.startswith("lai_overlap")}


def test_a_cube_of_a_former_version_grows(source, tmp_path, monkeypatch):
    monkeypatch.setattr(assemble.Lai, "names", ("lai",))
    with monkeypatch.context() as patch:
        patch.setattr(assemble.sources, "days_of", lambda *_: {})
        patch.setattr(assemble.store.GridWriter, "stored", lambda *_: None)
        path = match(source, tmp_path / "cube.nc", days=PERIOD[:5]).path
    monkeypatch.undo()
    match(source, path, days=PERIOD[5:10])
    _, bits, about = held(path)
    assert bits.tolist() == [255] * 5 + [MODIS] * 5 and about["lai_days_MCD15A2H"] == "2016-03-15/2016-03-19"


def test_a_stopped_run_counts_each_composite_once(source, whole, tmp_path, monkeypatch):
    """And so do blocks that share a composite: ``whole`` is of another number of blocks."""
    right = held(whole.path)[2]
    monkeypatch.setattr(assemble, "BLOCK_DAYS", 9)
    original = assemble._Run._block

    def stopped(run, number, *rest):
        if number == 2:
            raise KeyboardInterrupt
        original(run, number, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(assemble._Run, "_block", stopped)
        with pytest.raises(KeyboardInterrupt):
            match(source, tmp_path / "cube.nc")
    found = held(match(source, tmp_path / "cube.nc").path)[2]
    compared = [{name: value for name, value in about.items() if name.startswith("lai_overlap")} for about in (found, right)]
    assert compared[0] == compared[1] and len(compared[0]) > 4 and found["lai_days_VNP15A2H"] == right["lai_days_VNP15A2H"]


def test_exports_are_read_in_another_process(source, tmp_path, monkeypatch):
    """Libraries may crash on damaged headers; the values are those that this process reads."""
    here = held(match(source, tmp_path / "here.nc", days=PERIOD[:4], workers=0).path)
    read = reading.read_arrays

    def never(path, **asked):
        assert products.entry(getattr(path, "path", path)).product != "lai", "read here"
        return read(path, **asked)

    monkeypatch.setattr(reading, "read_arrays", never)
    found = held(match(source, tmp_path / "cube.nc", days=PERIOD[:4], workers=1).path)
    assert np.array_equal(found[0], here[0]) and np.array_equal(found[1], here[1])


def test_what_the_sums_say():
    """Against numpy, with cells that only one of the two has."""
    random = np.random.default_rng(4)
    one = random.random((3, 30, 40))
    two = 0.8 * one + 0.3 + 0.1 * random.random(one.shape)
    one[random.random(one.shape) < 0.3], two[random.random(one.shape) < 0.3] = np.nan, np.nan
    found = overlap.Overlap()
    for number in (0, 1, 2, 1):
        found.take(f"202{number}-01-01", one[number], two[number])
    both = np.isfinite(one) & np.isfinite(two)
    measures = overlap.measures(overlap.read(overlap.written(found).values()).total)
    a, b = one[both], two[both]
    assert measures["difference"] == pytest.approx((b - a).mean()) and measures["ratio"] == pytest.approx(b.mean() / a.mean())
    assert measures["r"] == pytest.approx(np.corrcoef(a, b)[0, 1]) and found.total[0] == 3
    assert overlap.sentence(np.zeros(7)) == "" and not overlap.read(["no numbers", "2020-01-01 1 2", 3]).sums


def test_the_step_of_a_record_at_the_change():
    """A record that jumps by 0.03 when its leaves come from VIIRS, against a steady reference."""
    dates = np.arange("2019-01-01", "2023-01-01", dtype="datetime64[D]")
    about = {"lai_days_MCD15A2H": "2019-01-01/2020-12-31", "lai_days_VNP15A2H": "2020-12-30/2022-12-31"}
    (change,) = sensor_change.changes(about, dates)
    assert (str(change.last), str(change.first)) == ("2020-12-31", "2021-01-01")
    season = 0.1 * np.sin(2 * np.pi * (dates - dates[0]).astype(int) / 365.25)
    record = np.stack([season + 0.2 + 0.03 * (dates >= change.first)] * 2)
    found = sensor_change.step(record, np.stack([season] * 2), dates, change)
    assert found.mean == pytest.approx(0.03, abs=1e-3)
    text = sensor_change.sentence(found, "GLDAS", change)
    assert text.startswith("From leaf area index of MODIS (to 2020-12-31) to that of VIIRS (from 2021-01-01) ANN-SM changes by +0.03")
    (said,) = sensor_change.told(about, dates)
    assert "MODIS on 731 of them" in said and "VIIRS on 732 of them" in said
    assert sensor_change.told(about, dates[:300]) == [] and sensor_change.changes(about, dates[:300]) == []
    assert sensor_change.told({}, dates) == [] and sensor_change.of_leaves({"lai_days_MCD15A2H": "nonsense"}) is None
