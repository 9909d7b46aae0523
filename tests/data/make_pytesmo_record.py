"""Writes pytesmo_record.json: series with gaps and what pytesmo says of them. Run with a Python that has pytesmo; no test needs pytesmo."""

from __future__ import annotations

import importlib.metadata
import json
import platform
from pathlib import Path

import numpy as np
import pandas as pd
from pytesmo import scaling
from pytesmo.cdf_matching import CDFMatching
from pytesmo.metrics import pairwise, tcol
from pytesmo.time_series.filters import exp_filter
from pytesmo.validation_framework.upscaling import Upscaling
from scipy.stats import linregress

HERE = Path(__file__).resolve().parent


def series(
    seed, days, *, gaps, decimals, level=0.2, span=0.06, noise=(0.02, 0.03, 0.04), slopes=(1.0, 0.7, 1.4), shifts=(0.0, 0.05, -0.03)
):
    """Three series of one autocorrelated truth with their own slope, shift, noise and gaps, rounded so that JSON holds them exactly."""
    random = np.random.default_rng(seed)
    truth = np.zeros(days)
    for day in range(1, days):
        truth[day] = 0.9 * truth[day - 1] + random.normal(0, np.sqrt(1 - 0.9**2))
    found = []
    for slope, shift, spread in zip(slopes, shifts, noise):
        values = level + shift + slope * span * truth + random.normal(0, spread, days)
        found.append(np.where(random.random(days) < gaps, np.nan, np.round(values, decimals)))
    return found


CASES = {
    "gaps": {"seed": 1, "days": 420, "gaps": 0.3, "decimals": 5},
    "short": {"seed": 2, "days": 25, "gaps": 0.1, "decimals": 5},
    "whole": {"seed": 3, "days": 200, "gaps": 0.0, "decimals": 6},
    "coarse": {"seed": 4, "days": 300, "gaps": 0.2, "decimals": 2},
    "kelvin": {"seed": 5, "days": 260, "gaps": 0.3, "decimals": 3, "level": 270.0, "span": 4.0, "noise": (1.0, 2.0, 1.5)},
    "reversed": {"seed": 9, "days": 300, "gaps": 0.2, "decimals": 5, "slopes": (1.0, 0.7, -1.4)},
    "noisy": {"seed": 8, "days": 60, "gaps": 0.1, "decimals": 5, "noise": (0.004, 0.2, 0.2)},
}

#: Fewest values in a bin of the CDF matching, where it is not 20.
SMALLEST_BINS = {"whole": 2, "coarse": 3}


def plain(values):
    """A list for JSON: null where not a number."""
    return [None if not np.isfinite(v) else float(v) for v in np.asarray(values, dtype=float).ravel()]


def record(x, y, z, smallest_bin: int) -> dict:
    both = np.isfinite(x) & np.isfinite(y)
    a, b = x[both], y[both]
    metrics = {
        "n": int(both.sum()),
        "pearson_r": float(pairwise.pearson_r(a, b)),
        "rmsd": float(pairwise.rmsd(a, b)),
        "bias": float(pairwise.bias(a, b)),
        "ubrmsd": float(pairwise.ubrmsd(a, b)),
    }
    all_three = both & np.isfinite(z)
    collocated = {}
    for reference in range(3):
        snr, scaled, beta = tcol.tcol_metrics(x[all_three], y[all_three], z[all_three], ref_ind=reference)
        collocated[str(reference)] = {"snr_db": plain(snr), "scaled_err_std": plain(scaled), "beta": plain(beta)}
    matcher = CDFMatching(nbins=100, minobs=smallest_bin, linear_edge_scaling=False, combine_invalid=True).fit(y, x)
    filled = np.isfinite(matcher.x_perc_)
    beyond = np.array([np.nanmin(y) - 0.1 * np.ptp(b), np.nanmax(y) + 0.1 * np.ptp(b), np.nanmean(y)])
    cdf = {
        "smallest_bin": smallest_bin,
        "source_levels": plain(matcher.x_perc_[filled]),
        "target_levels": plain(matcher.y_perc_[filled]),
        "y_matched_to_x": plain(matcher.predict(y)),
        "probe": plain(beyond),
        "probe_matched": plain(matcher.predict(beyond)),
        "y_matched_to_x_default_edges": plain(scaling.cdf_match(y, x, minobs=smallest_bin)),
    }
    return {
        "x": plain(x),
        "y": plain(y),
        "z": plain(z),
        "metrics_x_y": metrics,
        "tcol": {"n": int(all_three.sum()), **collocated},
        "cdf": cdf,
    }


def filters(seed: int) -> dict:
    """A series with gaps, some of weeks, and what the exponential filter makes of it."""
    random = np.random.default_rng(seed)
    values, _, _ = series(seed, 200, gaps=0.3, decimals=5)
    values[60:95] = np.nan
    days = np.arange(200.0) + np.round(random.uniform(0, 0.9, 200), 3)
    return {
        "values": plain(values),
        "days": plain(days),
        "filtered": {str(constant): plain(exp_filter(values, days, ctime=constant)) for constant in (1, 5, 20)},
    }


def stability(seed: int) -> dict:
    """Eight sites without gaps, two of them strangers to the rest, and which of them the time-stability filter keeps."""
    random = np.random.default_rng(seed)
    truth = 0.2 + 0.05 * np.sin(np.arange(150) / 12.0) + 0.02 * random.normal(size=150)
    gains, noise = [1.0, 0.8, 1.2, 0.9, 1.1, 1.0, 0.0, 2.5], [0.01, 0.02, 0.015, 0.05, 0.01, 0.02, 0.03, 0.04]
    sites = np.round([0.05 + random.normal(0, 0.03) + g * truth + random.normal(0, n, truth.size) for g, n in zip(gains, noise)], 5)
    frame = pd.DataFrame(sites.T, columns=[str(n) for n in range(len(sites))])
    fits = [linregress(frame.mean(axis=1), frame[name]) for name in frame]
    return {
        "sites": [plain(site) for site in sites],
        "r": [float(fit.rvalue) for fit in fits],
        "slope_error": [float(fit.stderr) for fit in fits],
        "kept": {
            f"{r} {see}": [int(name) for name in Upscaling.tstability_filter(frame, r_min=r, see_max=see).columns]
            for r, see in ((0.6, 0.05), (0.8, 0.05), (0.5, 0.1), (0.9, 0.03))
        },
    }


if __name__ == "__main__":
    versions = {name: importlib.metadata.version(name) for name in ("pytesmo", "numpy", "scipy")}
    source = {
        "source": "pytesmo (TU Wien, https://github.com/TUW-GEO/pytesmo, BSD 3-Clause): pytesmo.metrics.pairwise, pytesmo.metrics.tcol, "
        "pytesmo.cdf_matching.CDFMatching(nbins=100, minobs=smallest_bin, linear_edge_scaling=False, combine_invalid=True), "
        "pytesmo.scaling.cdf_match; pytesmo.time_series.filters.exp_filter; "
        "pytesmo.validation_framework.upscaling.Upscaling.tstability_filter, with scipy.stats.linregress as it takes it",
        "versions": {**versions, "python": platform.python_version()},
        "written_by": "tests/data/make_pytesmo_record.py",
    }
    content = {**source, "cases": {name: record(*series(**asked), SMALLEST_BINS.get(name, 20)) for name, asked in CASES.items()}}
    content.update(exponential_filter=filters(11), temporal_stability=stability(12))
    (HERE / "pytesmo_record.json").write_text(json.dumps(content, separators=(",", ":")).replace('"cases":', '\n"cases":') + "\n")
