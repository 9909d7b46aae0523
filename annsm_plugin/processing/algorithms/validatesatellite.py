"""annsm:validatesatellite: ANN-SM against SMAP."""

from __future__ import annotations

from typing import ClassVar

from ...core.validation.request import SatelliteRequest
from ..base import AnnsmAlgorithm


class ValidateSatellite(AnnsmAlgorithm):
    NAME, TITLE = "validatesatellite", "Validate against SMAP"
    GROUP = ("validate", "2 - Validate")
    TAGS = ("validation", "SMAP", "R", "RMSE", "BIAS", "ubRMSE")
    ICON = "validate.svg"
    HELP = (
        "Compares ANN-SM with the SMAP soil moisture of a cube on their common days, cell by cell: maps of R, RMSE and "
        "BIAS = mean(SMAP - ANN-SM), and a report with the paper's numbers beside."
    )
    NUMBERS: ClassVar[dict[str, str]] = {
        "MEAN_R": "Mean R",
        "MEAN_RMSE": "Mean RMSE (m3 m-3)",
        "MEAN_BIAS": "Mean |BIAS| (m3 m-3)",
        "MEAN_UBRMSE": "Mean ubRMSE (m3 m-3)",
    }

    MAIN = "REPORT"
    REQUEST, STEP = SatelliteRequest, "validation.satellite"
    LAYERS: ClassVar[dict[str, tuple[str, str]]] = {
        name: (f"{title} against SMAP", style)
        for name, title, style in (
            ("R", "R", "r"),
            ("RMSE", "RMSE", "rmse"),
            ("BIAS", "BIAS", "bias"),
            ("UBRMSE", "ubRMSE", "rmse"),
            ("N", "Common days", "days"),
            ("P", "p-value of R", "significance"),
            ("ANOMALY_R", "Anomaly R", "r"),
            ("R_LOW", "R, low", "r"),
            ("R_HIGH", "R, high", "r"),
        )
    }

    def numbers(self, result):
        return {f"MEAN_{name.upper()}": result.means[name][0] for name in ("r", "rmse", "bias", "ubrmse")}
