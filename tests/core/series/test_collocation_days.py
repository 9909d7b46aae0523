"""LPRM, JAXA and SMOS on the local day of each pixel's own time: over the plateau, across 180 E and at 70 W."""

from __future__ import annotations

import matching_archive as archive
import numpy as np
import product_files as make
import pytest

from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.products.readers import ease
from annsm_plugin.core.series import collocation

DAYS = np.arange("2016-02-26", "2016-03-06", dtype="datetime64[D]")
WANTED = DAYS[3:6]
REGIONS = [(73, 33, 105, 34), (170, 33, 190, 34), (-75, 33, -65, 34)]


def percent(local):
    """Whole percent that a local date is carried as, 10 to 29."""
    return 10 + (local - DAYS[0]).astype(int)


def passes(date, lon, hour):
    """UTC hour within the file's day of the pass at local solar ``hour``, and the local date it belongs to."""
    utc = np.mod(hour - archive.solar(lon), 24.0)
    local = date.astype("datetime64[s]") + np.round((utc + archive.solar(lon)) * 3600).astype("timedelta64[s]")
    return utc, local.astype("datetime64[D]")


def lprm(folder, date):
    utc, local = passes(date, -179.875 + 0.25 * np.arange(1440), 1.5)
    seconds = float((date - np.datetime64("1993-01-01")).astype(int)) * 86400.0 + utc * 3600.0
    full = (720, 1440)
    make.lprm(
        folder, np.broadcast_to(percent(local), full).astype(float), np.broadcast_to(seconds, full), date=str(date).replace("-", ""),
        bands=("soil_moisture_c1",),
    )  # fmt: skip


def jaxa(folder, date):
    utc, local = passes(date, archive.AMSR_LON, 1.5)
    make.jaxa(
        folder, np.broadcast_to(10 * percent(local), (720, 1440)), np.broadcast_to(np.round(utc * 60), (720, 1440)),
        date=str(date).replace("-", ""),
    )  # fmt: skip


def smos(folder, date):
    lat, lon = ease.centres(*ease.SMOS_25KM)
    rows = (lat > 30) & (lat < 37)
    utc, local = passes(date, lon, 6.0)
    shape = (rows.sum(), lon.size)
    days = (date - np.datetime64("2000-01-01")).astype(int)
    fields = (np.broadcast_to(values, shape).astype(float) for values in (percent(local) / 100.0, days, np.round(utc * 3600)))
    make.smos(folder, lat[rows][::-1], lon, *fields, date=str(date).replace("-", ""))


WRITERS = {"lprm": lprm, "jaxa": jaxa, "smos": smos}


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    root = tmp_path_factory.mktemp("products")
    for product, write in WRITERS.items():
        (root / product).mkdir()
        for date in DAYS:
            write(root / product, date)
    return root


@pytest.mark.parametrize("extent", REGIONS)
@pytest.mark.parametrize("product", WRITERS)
def test_every_cell_holds_its_local_date(folders, product, extent):
    grid = Grid.from_extent(extent)
    lon = np.tile(grid.lon[::3], 2)
    lat = np.repeat(grid.lat[[0, -1]], lon.size // 2)
    found = collocation.product_series(folders / product, product, lat, lon, start=WANTED[0], end=WANTED[-1])
    assert not found.problems
    there = np.isfinite(found.values)
    expected = np.broadcast_to(percent(WANTED)[:, None] / 100.0, found.values.shape)
    assert found.values[there] == pytest.approx(expected[there], abs=1e-4)
    seam = np.abs(archive.solar(lon) * 15 - {"smos": 90.0}.get(product, 22.5)) < 0.5  # of SMOS: half of the neighbours are of another day
    dateline = np.abs(np.abs(archive.solar(lon)) * 15 - 180.0) < 0.5
    assert there[:, ~(seam | dateline)].all()


def test_without_pixel_times_the_nominal_hour_dates(folders, tmp_path):
    import h5py

    folder = tmp_path / "jaxa"
    folder.mkdir()
    for date in DAYS:
        jaxa(folder, date)
    for path in folder.iterdir():
        with h5py.File(path, "r+") as file:
            del file["Time Information"]
    for extent in REGIONS:
        grid = Grid.from_extent(extent)
        lat = np.full(grid.lon.size, grid.lat[0])
        found = collocation.product_series(folder, "jaxa", lat, grid.lon, start=WANTED[0], end=WANTED[-1])
        assert found.values == pytest.approx(np.broadcast_to(percent(WANTED)[:, None] / 100.0, found.values.shape), abs=1e-4)
