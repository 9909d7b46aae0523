"""annsm:comparemethods: the network beside other methods on the same cube, cells and split."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from ...core.foundation.errors import ParameterError
from .. import layers
from .. import parameters as p
from ..base import AnnsmAlgorithm, Outcome

METHODS = ("network", "cdf", "linear", "forest", "grnn", "network_without_tb", "climatology")


class CompareMethods(AnnsmAlgorithm):
    NAME, TITLE = "comparemethods", "Compare methods"
    GROUP = ("validate", "2 - Validate")
    TAGS = ("random forest", "GRNN", "linear regression", "CDF matching", "climatology", "importance", "machine learning")
    ICON = "validate.svg"
    HELP = (
        "Shows whether the network earns its place in your region: the paper's network beside CDF matching, multiple linear regression, "
        "random forest and GRNN, and two controls, the network without brightness temperatures and the day-of-year climatology. All "
        "have the same cells, days and split and are judged on the testing samples. Shuffling one input at a time shows which inputs the "
        "network uses. A method whose Python package is missing is left out and named."
    )
    MAIN = "TABLE"
    NUMBERS: ClassVar[dict[str, str]] = {
        "CELLS": "Cells compared",
        "NETWORK_R": "Mean R of the network",
        "NETWORK_RMSE": "Mean RMSE of the network (m3 m-3)",
        "BEST_RMSE": "Lowest mean RMSE (m3 m-3)",
    }
    STRINGS: ClassVar[dict[str, str]] = {"BEST": "Method with the lowest mean RMSE"}

    def parameters(self):
        return [
            p.file("INPUT", "Cube", "A cube with the target, matched with the SMAP folder; screened or not."),
            p.date("START", "First day", "Local date."),
            p.date("END", "Last day", "Local date."),
            p.choices("METHODS", "Methods", f"Any of {', '.join(METHODS)}; all by default.", METHODS),
            p.words("RATIO", "Training/validation/testing (%)", "Three whole numbers that add up to 100.", "80/10/10"),
            p.choice(
                "SPLIT",
                "Split",
                "'random' is the paper's; 'blocks' and 'leave_one_year_out' do not flatter.",
                ("random", "blocks", "leave_one_year_out"),
            ),
            p.integer("HIDDEN", "Hidden neurons", "Size of each network; the paper uses 12.", 12, 1, 100, advanced=True),
            p.integer("RESTARTS", "Restarts", "Networks per cell; the best on the validation samples counts.", 1, 1, 1000, advanced=True),
            p.words(
                "VARIABLES", "Inputs", "Names of the cube's variables with commas between; empty: all.", "", optional=True, advanced=True
            ),
            p.words(
                "PRODUCT",
                "Product for CDF matching",
                "The input whose soil moisture is matched to SMAP; empty: sm_gldas.",
                "",
                optional=True,
                advanced=True,
            ),
            p.integer("SEED", "Random seed", "The same seed gives the same numbers.", 0, 0, advanced=True),
            p.integer("MIN_PAIRS", "Fewest complete days", "Cells with fewer complete days are left out.", 50, 2, advanced=True),
            p.choice("DEVICE", "Device", "'auto' takes a CUDA device if there is one.", ("auto", "cpu", "cuda"), advanced=True),
            p.file_out("TABLE", "Table", "One row per method: means and spread over the cells, and the time taken.", "csv"),
            p.file_out("REPORT", "Report", "Table, figure and maps in one page.", "html", optional=True),
            p.file_out(
                "FIGURE",
                "Figure",
                "The methods side by side as PNG at 300 dpi; PDF, SVG and the numbers (CSV) are written beside it.",
                "png",
                optional=True,
                default=False,
            ),
            p.raster_out(
                "IMPORTANCE", "Importance per cell", "One band per input: growth of the network's RMSE (m3 m-3) when it is shuffled."
            ),
            p.file_out(
                "IMPORTANCE_TABLE",
                "Table of importance",
                "One row per input: mean and spread over the cells.",
                "csv",
                optional=True,
                default=False,
            ),
        ]

    def _asked(self, given) -> dict:
        names = ("START", "END", "METHODS", "RATIO", "SPLIT", "HIDDEN", "RESTARTS", "VARIABLES", "PRODUCT", "SEED", "MIN_PAIRS", "DEVICE")
        return {name.lower(): given[name] for name in names}

    def check(self, given):
        from ...core import comparison
        from ...core.foundation import libraries
        from ...core.reports import figure_files

        _, kept, left_out, _ = comparison.check(given["INPUT"], **self._asked(given))
        for name in ("IMPORTANCE", "IMPORTANCE_TABLE"):
            if given[name] and "network" not in kept:
                raise ParameterError(f"{name} needs the network. {left_out.get('network', 'METHODS does not name it.')}")
        if given["REPORT"] or given["FIGURE"]:
            libraries.load("matplotlib")
        if given["FIGURE"]:
            figure_files.check_names(given["FIGURE"], **{name: given[name] for name in ("TABLE", "IMPORTANCE_TABLE")})

    def work(self, given, progress, context):
        from ...core import comparison
        from ...core.comparison import drawing, page, words
        from ...core.foundation import store
        from ...core.reports import figure_files

        result = comparison.compare(given["INPUT"], keep=given["TABLE"], progress=progress, **self._asked(given))
        store.write_text(given["TABLE"], words.table_csv(result))
        if given["IMPORTANCE_TABLE"]:
            store.write_text(given["IMPORTANCE_TABLE"], words.importance_csv(result))
        if given["IMPORTANCE"]:
            store.write_raster(
                given["IMPORTANCE"], list(result.importance.values()), result.grid, bands=tuple(result.importance), units="m3 m-3"
            )
            layers.style_output(context, given["IMPORTANCE"], "Importance of inputs", "importance")
        if given["FIGURE"]:
            figure_files.save(Path(given["FIGURE"]).with_suffix(""), drawing.methods_figure(result))
        if given["REPORT"]:
            page.report(given["REPORT"], result)
        numbers = {"CELLS": int(result.cells.sum())}
        if result.cells.any():
            best = min(result.means, key=lambda name: result.means[name]["rmse"][0])
            numbers.update(BEST=best, BEST_RMSE=result.means[best]["rmse"][0])
            if "network" in result.means:
                numbers.update(NETWORK_R=result.means["network"]["r"][0], NETWORK_RMSE=result.means["network"]["rmse"][0])
        return Outcome(numbers, result.summary, result.warnings)
