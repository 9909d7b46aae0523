"""The measures, triple collocation and CDF matching against pytesmo's numbers (tests/data/pytesmo_record.json names version and source)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from annsm_plugin.core import metrics
from annsm_plugin.core.statistics import cdf_matching, triple_collocation

RECORD = json.loads((Path(__file__).resolve().parents[2] / "data" / "pytesmo_record.json").read_text(encoding="utf-8"))
CASES = RECORD["cases"]

#: Agreement asked for, relative to the size of the numbers.
EXACT = {"rtol": 1e-10, "atol": 1e-12}


def array(values) -> np.ndarray:
    return np.array([np.nan if v is None else v for v in values])


def three(case) -> list[np.ndarray]:
    return [array(CASES[case][name]) for name in "xyz"]


def test_the_record_names_its_source():
    assert RECORD["source"].startswith("pytesmo") and RECORD["versions"]["pytesmo"]
    assert sum(np.isnan(values).any() for case in CASES for values in three(case)) >= 10  # the series have gaps


@pytest.mark.parametrize("case", CASES)
def test_measures(case):
    x, y, _ = three(case)
    theirs = CASES[case]["metrics_x_y"]
    assert metrics.n(x, y) == theirs["n"]
    for ours, name in ((metrics.r, "pearson_r"), (metrics.rmse, "rmsd"), (metrics.bias, "bias"), (metrics.ubrmse, "ubrmsd")):
        np.testing.assert_allclose(ours(x, y), theirs[name], **EXACT, err_msg=name)
    if case != "kelvin":
        assert theirs["bias"] < 0 < np.nanmean(y) - np.nanmean(x)  # the paper's sign: target - prediction, too wet is negative


@pytest.mark.parametrize("case", CASES)
def test_triple_collocation(case):
    series = three(case)
    theirs = CASES[case]["tcol"]
    for reference in range(3):
        order = [reference, *(i for i in range(3) if i != reference)]
        found = triple_collocation.estimate(*(series[i] for i in order), min_n=3)
        assert found.n[0] == theirs["n"]
        expected = {name: array(theirs[str(reference)][name])[order] for name in ("scaled_err_std", "beta", "snr_db")}
        if (
            case == "noisy"
        ):  # one of the three covariances is negative: the variance of the truth would be, too; pytesmo takes absolute values
            assert found.status[0] == 4 and np.isnan(found.std).all() and np.isnan(found.r).all()
            continue
        np.testing.assert_allclose(found.scale[:, 0], expected["beta"], **EXACT)
        np.testing.assert_allclose(found.std[:, 0] * found.scale[:, 0], expected["scaled_err_std"], **EXACT)
        np.testing.assert_array_equal(found.negative[:, 0], np.isnan(expected["scaled_err_std"]))
        signal_to_noise = 10 ** (expected["snr_db"] / 10)
        correlation = np.where(found.negative[:, 0], np.nan, np.sqrt(signal_to_noise / (1 + signal_to_noise)))
        np.testing.assert_allclose(np.abs(found.r[:, 0]), correlation, **EXACT)
        against = -1 if case == "reversed" else 1
        np.testing.assert_array_equal(np.sign(found.r[order.index(2), 0]), np.nan if found.negative[order.index(2), 0] else against)


@pytest.mark.parametrize("case", CASES)
def test_cdf_matching(case):
    x, y, _ = three(case)
    theirs = CASES[case]["cdf"]
    match = cdf_matching.fit(y, x, smallest_bin=theirs["smallest_bin"])
    np.testing.assert_allclose(match.source, array(theirs["source_levels"]), **EXACT)
    np.testing.assert_allclose(match.target, array(theirs["target_levels"]), **EXACT)
    np.testing.assert_allclose(match(y), array(theirs["y_matched_to_x"]), **EXACT)
    np.testing.assert_allclose(match(array(theirs["probe"])), array(theirs["probe_matched"]), **EXACT)


@pytest.mark.parametrize("case", CASES)
def test_cdf_matching_differs_from_their_default_only_in_the_outermost_bins(case):
    """pytesmo's default replaces the first and the last level by a regression; all between is the same."""
    x, y, _ = three(case)
    theirs = CASES[case]["cdf"]
    match = cdf_matching.fit(y, x, smallest_bin=theirs["smallest_bin"])
    inner = (y >= match.source[1]) & (y <= match.source[-2])
    np.testing.assert_allclose(match(y)[inner], array(theirs["y_matched_to_x_default_edges"])[inner], **EXACT)
    assert match.source.size < 5 or inner.sum() > 0.2 * np.isfinite(y).sum()
