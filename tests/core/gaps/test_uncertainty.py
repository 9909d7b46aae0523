"""Uncertainty from hidden values: by class, distance and spread, judged by other values."""

from __future__ import annotations

import numpy as np
import pytest

from annsm_plugin.core.gaps import experiment, uncertainty
from annsm_plugin.core.gaps.hiding import FITS, TESTS
from annsm_plugin.core.gaps.uncertainty import Hidden


def planted(n=60_000, groups=200, seed=0, common=0.0):
    """Hidden values whose errors grow with distance and spread, a part of them ``common`` to a group."""
    random = np.random.default_rng(seed)
    group = random.integers(0, groups, n)
    long = group % 2 == 0
    distance = np.where(long, random.integers(1, 40, n), random.integers(1, 4, n))
    spread = random.choice([0.02, 0.05], n)
    shared = random.normal(size=groups)[group]
    error = spread * (0.3 + 0.02 * distance) * (np.sqrt(common) * shared + np.sqrt(1 - common) * random.normal(size=n))
    truth = random.uniform(0.1, 0.4, n)
    estimates = {"network": truth - error, "dct": truth - 1.5 * error, "linear": truth - 2 * error, "gldas": truth - 3 * error}
    use = np.where((group // 2) % 2 == 0, FITS, TESTS)
    return Hidden(truth, estimates, spread, distance, long, use, np.zeros(n, dtype=bool), group)


def test_it_finds_the_planted_uncertainty():
    found = uncertainty.fit(planted(), ["network"])
    one = lambda long, distance, spread: float(found("network", np.array([long]), np.array([distance]), np.array([spread]))[0])  # noqa: E731
    assert one(False, 1, 0.05) == pytest.approx(0.05 * 0.32, rel=0.05)
    assert one(False, 1, 0.02) == pytest.approx(0.02 * 0.32, rel=0.05)
    assert one(True, 35, 0.05) == pytest.approx(0.05 * (0.3 + 0.02 * 34.5), rel=0.08)
    assert one(True, 10_000, 0.05) == one(True, 35, 0.05)


def test_coverage_is_that_of_the_other_half():
    hidden = planted()
    by = uncertainty.halves(hidden, ["network"])
    assert uncertainty.covered(hidden, "network", by) == pytest.approx(0.95, abs=0.01)
    louder = planted()
    tests = louder.use == TESTS
    louder.estimates["network"][tests] -= 3 * (louder.truth - louder.estimates["network"])[tests]
    assert uncertainty.covered(louder.of(tests), "network", uncertainty.halves(louder, ["network"])) < 0.5


def test_few_gaps_are_less_sure():
    random = np.random.default_rng(1)
    assert uncertainty.student(random.normal(size=5000), np.repeat(np.arange(500), 10)) == pytest.approx(1.0, abs=0.01)
    shared = np.repeat(random.normal(size=6), 1000)
    assert 1.2 < uncertainty.student(shared, np.repeat(np.arange(6), 1000)) <= 1.4
    assert uncertainty.student(shared[:2000], np.repeat([0, 1], 1000)) == uncertainty.WIDEST


def test_a_class_that_could_not_be_hidden_takes_the_others():
    hidden = planted()
    found = uncertainty.fit(hidden.of(~hidden.long), ["network"])
    assert np.isfinite(found("network", np.array([True]), np.array([50]), np.array([0.05]))).all()


def test_table_and_choice():
    hidden = planted()
    lines = experiment.table(hidden, ["network", "dct"])
    assert [(line.kind, line.name) for line in lines] == [
        (kind, name) for kind in ("short", "long") for name in ("network", "dct", "linear", "gldas")
    ]
    errors = [line.rmse for line in lines[:4]]
    assert errors == sorted(errors) and lines[0].n == ((hidden.use == TESTS) & ~hidden.long).sum()
    assert np.isfinite(lines[1].coverage) and np.isnan(lines[2].coverage)
    assert experiment.choose(hidden, ["network", "dct"]) == {"short": "network", "long": "network"}
    hidden.estimates["network"][hidden.long] = np.nan
    assert experiment.choose(hidden, ["network", "dct"]) == {"short": "network", "long": "dct"}
