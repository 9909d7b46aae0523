"""What is drawn of a validation against SMAP: the layers of its maps and histograms, and its figures for a publication."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..reports import figures
from ..reports.figure_files import Figure, map_rows
from . import strata_figure


def publication(result: Any) -> Any:
    """The figures of a ``validation.SatelliteResult``, one after the other."""
    found = result.maps
    days = np.where(found["n"] > 0, found["n"], np.nan)
    header, rows = map_rows(result.grid, {**{name: found[name] for name in ("r", "rmse", "bias")}, "n": days})
    yield Figure("figure4_maps", figures.draw_maps(result.grid, maps(result)), header, rows)
    others = {name: found[name] for name in ("anomaly_r", "ubrmse", "p", "r_low", "r_high")}
    yield Figure("further_maps", figures.draw_maps(result.grid, more_maps(result)), *map_rows(result.grid, others))
    spread = {"r": found["r"], "rmse": found["rmse"], "abs_bias": np.abs(found["bias"])}
    yield Figure("histograms", figures.draw_histograms(histograms(result)), *map_rows(result.grid, spread))
    yield from strata_figure.publication(result.strata)


def maps(result: Any) -> list:
    """The layers of the paper's Figure 4, and the number of days."""
    found = result.maps
    return [
        ("(a) R", found["r"], "r"),
        ("(b) RMSE", found["rmse"], "rmse"),
        ("(c) BIAS = SMAP − ANN-SM", found["bias"], "bias"),
        ("(d) Common days", np.where(found["n"] > 0, found["n"], np.nan), "days"),
    ]


def more_maps(result: Any) -> list:
    """Correlation of anomalies, unbiased RMSE, and how sure R is."""
    found = result.maps
    return [
        ("(a) Anomaly R", found["anomaly_r"], "r"),
        ("(b) ubRMSE", found["ubrmse"], "rmse"),
        ("(c) p of R", found["p"], "significance"),
        ("(d) R, lower end of its 95 % interval", found["r_low"], "r"),
    ]


def histograms(result: Any) -> list:
    """Distributions over the cells with the paper's means."""
    found, paper = result.maps, result.paper
    return [
        ("R", found["r"], paper["r"]),
        ("RMSE (m³ m⁻³)", found["rmse"], paper["rmse"]),
        ("|BIAS| (m³ m⁻³)", np.abs(found["bias"]), paper["bias"]),
    ]
