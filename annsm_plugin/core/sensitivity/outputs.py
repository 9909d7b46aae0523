"""An analysis with all its files: what is asked for is checked first, and finished work is kept until the files are whole."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..foundation import store
from ..foundation.errors import ParameterError
from ..foundation.libraries import load
from ..reports import figure_files
from . import figures, files, report
from .analysis import SensitivityResult, analyse


@dataclass(frozen=True)
class Outputs:
    """Paths of the files: ``table`` (csv), ``best`` (json), and, where wanted, ``days`` (tif), ``figure`` (png; a PDF, an SVG and the
    numbers as CSV are written beside it) and ``report`` (html).
    """

    table: str
    best: str
    days: str | None = None
    figure: str | None = None
    report: str | None = None

    def check(self) -> None:
        """Raise ``ParameterError`` for a path that cannot be written, ``MissingLibrary`` if there is no matplotlib for the figures."""
        for path, ending in (
            (self.table, ".csv"),
            (self.best, ".json"),
            (self.days, ".tif"),
            (self.figure, ".png"),
            (self.report, ".html"),
        ):
            if path:
                store.check_output(path, ending)
        if self.figure or self.report:
            load("matplotlib")
        if self.figure and Path(f"{self._figure_base()}_numbers.csv").absolute() == Path(self.table).absolute():
            raise ParameterError(f"The table {self.table} has the name of the figure's numbers; choose another.")

    def _figure_base(self) -> str:
        return str(self.figure)[: -len(".png")]

    def write(self, result: SensitivityResult) -> None:
        """Write everything that is wanted; the table last, since a run is finished when it is there."""
        files.write_best(self.best, result)
        if self.days:
            files.write_days(self.days, result)
        if self.figure:
            figure_files.save(self._figure_base(), figures.errors(result))
        if self.report:
            report.write_report(self.report, result)
        files.write_table(self.table, result)


def analyse_to_files(cube, outputs: Outputs, *, progress=None, **given) -> SensitivityResult:
    """``analyse`` and write the ``outputs``; a stopped run goes on where it was when it is started again with the same table."""
    outputs.check()
    result = analyse(cube, keep=outputs.table, progress=progress, **given)
    outputs.write(result)
    result.checkpoint.clear()
    return result
