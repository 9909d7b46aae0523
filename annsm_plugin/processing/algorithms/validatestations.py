"""annsm:validatestations: ANN-SM and other products against stations."""

from __future__ import annotations

from typing import ClassVar

from ...core.validation.request import StationsRequest
from ..base import AnnsmAlgorithm


class ValidateStations(AnnsmAlgorithm):
    NAME, TITLE = "validatestations", "Validate against stations"
    GROUP = ("validate", "2 - Validate")
    TAGS = ("validation", "ISMN", "in situ", "LPRM", "JAXA", "SMOS")
    ICON = "validate.svg"
    NEEDS = ("xarray", "netCDF4")
    HELP = (
        "Compares ANN-SM, and beside it LPRM, JAXA, SMOS, GLDAS and SMAP where they are given, with in situ soil moisture: stations in one "
        "cell are averaged and compared at the local hour of the overpass. BIAS = in situ - product, negative where the "
        "product is too wet. What was read of the products at the cells is kept beside the table (.series.npz), "
        "so that the next run opens new and changed files only."
    )
    NUMBERS: ClassVar[dict[str, str]] = {
        "MEAN_R": "Mean R",
        "MEAN_RMSE": "Mean RMSE (m3 m-3)",
        "MEAN_BIAS": "Mean |BIAS| (m3 m-3)",
        "CELLS": "Station cells",
    }

    MAIN = "TABLE"
    REQUEST, STEP = StationsRequest, "validation.stations"
    LAYERS: ClassVar[dict[str, tuple[str, str]]] = {"OUTPUT": ("Stations: R of ANN-SM", "stations")}

    def numbers(self, result):
        own = result.means["own days"]["ANN-SM"]
        return {**{f"MEAN_{name.upper()}": own[name][0] for name in ("r", "rmse", "bias")}, "CELLS": own["cells"]}
