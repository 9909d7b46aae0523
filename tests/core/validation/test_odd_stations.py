"""Stations with measurements that no soil can have, and a cube that has none of their cells: what is said names the reason."""

from __future__ import annotations

import numpy as np
import pytest
from record_cubes import write_annsm, write_cube

from annsm_plugin.core import validation
from annsm_plugin.core.foundation.errors import CubeError
from annsm_plugin.core.stations.station import Station

DAYS, START = 120, "2019-04-01"
TIMES = np.datetime64(f"{START}T19:30:00") + np.arange(-1, DAYS - 1) * np.timedelta64(86400, "s")  # 01:30 local at 90.5 E
SOIL = 0.2 + 0.05 * np.sin(np.arange(DAYS) / 9)


@pytest.fixture(scope="module")
def annsm(tmp_path_factory):
    values = SOIL[:, None, None] + np.random.default_rng(0).normal(0, 0.01, (DAYS, 4, 4))
    return write_annsm(tmp_path_factory.mktemp("odd") / "annsm.nc", values, start=START)


def station(values, name="A", lat=32.6, times=TIMES):
    return Station(name, "NET", lat, 90.4, (0.0, 0.05), "probe", times, values)


@pytest.mark.parametrize("factor, hint", [(100.0, " (in percent?)"), (-1.0, "")])
def test_a_cell_without_any_possible_measurement_says_so(annsm, factor, hint):
    result = validation.validate_stations(annsm, [station(factor * SOIL), station(SOIL, "B", 32.1)])
    note = next(row["note"] for row in result.table if row["cell"] == "NET 1" and row["n"] == 0)
    assert note == f"all {DAYS} measurements in the period are outside 0 to 1 m3 m-3{hint}; no common day"
    assert any(line.startswith(f"NET 1: all {DAYS} measurements") for line in result.warnings)


def test_the_hour_is_the_reason_where_it_is_one(annsm):
    noon = [station(np.where(np.arange(DAYS) % 3, SOIL, -9999.0), times=TIMES + np.timedelta64(11, "h")), station(SOIL, "B", 32.1)]
    note = next(row["note"] for row in validation.validate_stations(annsm, noon).table if row["n"] == 0)
    assert note.startswith("80 measurements in the period, none within an hour of 01:30")


def test_measurements_that_are_left_out_are_counted_once(annsm):
    bad = np.where(np.arange(DAYS) % 3, SOIL, -9999.0)
    result = validation.validate_stations(annsm, [station(bad), station(SOIL, "B", 32.1)])
    plain = validation.validate_stations(annsm, [station(np.where(bad < 0, np.nan, bad)), station(SOIL, "B", 32.1)])
    np.testing.assert_equal(result.table, plain.table)
    said = [line for line in result.warnings if line not in plain.warnings]
    assert said == ["40 of the 240 measurements of the stations are outside 0 to 1 m3 m-3, which no soil can have: they are left out."]


def test_a_cube_of_other_cells_is_refused(annsm, tmp_path):
    cube, _ = write_cube(tmp_path / "cube.nc", start=START, days=DAYS, extent=(95.0, 32.0, 96.0, 33.0))
    with pytest.raises(CubeError, match=r"cube\.nc: found other cells; expected some of the cells of"):
        validation.validate_stations(annsm, [station(SOIL)], cube=cube)


def test_a_cube_without_the_cells_of_the_stations_is_named(annsm, tmp_path):
    cube, _ = write_cube(tmp_path / "cube.nc", start=START, days=DAYS, extent=(90.0, 32.0, 91.0, 32.5))
    said = "cube.nc: it holds none of the cells with stations."
    assert said in validation.validate_stations(annsm, [station(SOIL)], cube=cube).warnings
    assert said not in validation.validate_stations(annsm, [station(SOIL), station(SOIL, "B", 32.1)], cube=cube).warnings
