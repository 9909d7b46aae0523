"""sensor_change: a planted step is found, a season that is cut differently is not taken for one."""

import numpy as np
import pytest

from annsm_plugin.core.statistics import sensor_change

DATES = np.arange(np.datetime64("2010-08-01"), np.datetime64("2015-04-01"))


def series(jump=0.0, factor=1.0, seed=0):
    random = np.random.default_rng(seed)
    season = 0.08 * np.sin(2 * np.pi * np.arange(DATES.size) / 365.25)
    reference = 0.2 + np.stack([season + random.normal(0, 0.03, DATES.size) for _ in range(6)])
    record = reference.copy()
    after = sensor_change.FIRST_AMSR2 <= DATES
    record[:, after] = 0.2 + (reference[:, after] - 0.2) * factor + jump
    record += random.normal(0, 0.005, record.shape)
    gap = (sensor_change.LAST_AMSRE < DATES) & ~after
    record[:, gap] = np.nan
    return record, reference


def test_a_planted_step_is_found():
    found = sensor_change.step(*series(jump=0.03), DATES)
    assert found.cells == 6 and found.mean == pytest.approx(0.03, abs=0.002)
    assert found.ratio == pytest.approx(1.0, abs=0.1)
    assert "+0.03" in sensor_change.sentence(found, "the stations")


def test_no_step_is_no_step():
    assert abs(sensor_change.step(*series(), DATES).mean) < 0.002


def test_a_change_of_variability():
    assert sensor_change.step(*series(factor=1.5), DATES).ratio == pytest.approx(1.5, abs=0.15)


def test_summer_before_and_winter_after_are_not_compared():
    record, reference = series()
    month = DATES.astype("datetime64[M]").astype(int) % 12
    summer = (month >= 4) & (month <= 8)
    record[:, (sensor_change.LAST_AMSRE >= DATES) & ~summer] = np.nan
    record[:, (sensor_change.FIRST_AMSR2 <= DATES) & summer] = np.nan
    assert sensor_change.step(record, reference, DATES) is None


def test_one_sensor_only():
    record, reference = series()
    early = DATES < sensor_change.FIRST_AMSR2
    assert sensor_change.step(record[:, early], reference[:, early], DATES[early]) is None
