"""annsm:triplecollocation: the errors of three independent products, without a reference."""

from __future__ import annotations

from typing import ClassVar

from ...core.triple_collocation.request import INDEPENDENCE, NAMES, TripleRequest
from .. import layers
from ..base import AnnsmAlgorithm

MAPS = {"STD": ("error standard deviation", "rmse"), "R": ("R with the truth", "r")}


class TripleCollocation(AnnsmAlgorithm):
    NAME, TITLE = "triplecollocation", "Triple collocation"
    GROUP = ("validate", "2 - Validate")
    TAGS = ("triple collocation", "error", "uncertainty", "LPRM", "JAXA", "SMOS", "GLDAS", "SMAP", "validation")
    ICON = "validate.svg"
    HELP = (
        "Estimates the error standard deviation of three products and their correlation with the unknown truth, cell by cell, from their "
        f"common days alone. {INDEPENDENCE} Pairs that are known to share something are named in the log and in the report."
    )
    MAIN = "REPORT"
    NUMBERS: ClassVar[dict[str, str]] = {
        "CELLS": "Cells estimated",
        **{f"MEAN_STD_{name}": f"Mean error standard deviation of {name} (m3 m-3)" for name in NAMES},
        **{f"MEAN_R_{name}": f"Mean R of {name} with the truth" for name in NAMES},
    }

    REQUEST, STEP = TripleRequest, "triple_collocation"

    def numbers(self, result):
        return {"CELLS": result.cells, **{f"MEAN_{kind}_{own}": result.means[f"{kind}_{own}".lower()][0] for kind in MAPS for own in NAMES}}

    def show(self, given, result, context):
        for name in (f"{kind}_{own}" for kind in MAPS for own in NAMES):
            if given[name]:
                kind, own = name.split("_")
                words, style = MAPS[kind]
                layers.style_output(context, given[name], f"{result.titles[NAMES.index(own)]}: {words}", style)
        if given["N"]:
            layers.style_output(context, given["N"], "Triple collocation: common days", "days")
