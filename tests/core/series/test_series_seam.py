"""Series of SPL3SMP files: the seam between the files of two UTC days leaves no trace, and what has no time has no date."""

import numpy as np
import product_files
import pytest

from annsm_plugin.core.products.readers import ease
from annsm_plugin.core.series import collocation

SEAM = 95.0
CELLS = np.arange(90.125, 100, 0.25)
PERIOD = {"start": "2016-06-02", "end": "2016-06-03"}


def write(folder, timeless=None):
    """Three files; west of the seam each holds the local morning of its date, east of it that of the next, seen before midnight UTC."""
    lat, lon = ease.centres(*ease.SMAP_36KM)
    lon, lat = np.meshgrid(lon, lat)
    field = 0.2 + 0.001 * (lon - 90) + 0.002 * (lat - 33)
    inside = (lon > 70) & (lon < 115) & (lat > 25) & (lat < 40)
    for day in np.arange("2016-06-01", "2016-06-04", dtype="datetime64[D]"):
        local = np.where(lon < SEAM, day, day + 1).astype("datetime64[s]") + np.timedelta64(6 * 3600 + 20 * 60, "s")
        stamps = local - np.round(lon / 15 * 3600).astype("timedelta64[s]")
        seconds = (stamps - np.datetime64("2000-01-01T12:00")) / np.timedelta64(1, "s")
        seen = inside if timeless is None else inside & (lon < timeless)
        date = str(day).replace("-", "")
        product_files.smap(folder, date, np.where(inside, field, -9999.0), np.where(seen, seconds, -9999.0))
    return folder


def test_a_linear_field_is_exact_across_the_seam(tmp_path):
    lat = np.full(CELLS.size, 33.125)
    series = collocation.product_series(write(tmp_path), "smap", lat, CELLS, **PERIOD)
    expected = 0.2 + 0.001 * (CELLS - 90) + 0.002 * (lat - 33)
    assert series.problems == [] and series.files == 3
    np.testing.assert_allclose(series.values, np.broadcast_to(expected, (2, CELLS.size)), atol=2e-8)


def test_pixels_without_a_time_are_left_out(tmp_path):
    series = collocation.product_series(write(tmp_path, timeless=97.0), "smap", np.full(CELLS.size, 33.125), CELLS, **PERIOD)
    assert np.isfinite(series.values[:, CELLS < 96.5]).all() and np.isnan(series.values[:, CELLS > 97.5]).all()


@pytest.mark.parametrize("memory", [True, False])
def test_the_seam_is_remembered(tmp_path, memory):
    from annsm_plugin.core.series.memory import SeriesMemory

    folder = tmp_path / "smap"
    folder.mkdir()
    write(folder)
    found = []
    for _ in range(2):
        kept = SeriesMemory(tmp_path / "kept.npz" if memory else None)
        found.append(collocation.product_series(folder, "smap", np.full(CELLS.size, 33.125), CELLS, **PERIOD, memory=kept).values)
        kept.save()
    np.testing.assert_array_equal(*found)
