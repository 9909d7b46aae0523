"""An analysis with all its files: what is asked for is checked first, and finished work is kept until the files are whole."""

from __future__ import annotations

from ..foundation import store
from ..foundation.libraries import load
from ..foundation.progress import Progress
from ..reports import figure_files
from . import figures, files, report, settings
from .analysis import SensitivityResult, experiment
from .request import SensitivityRequest
from .settings import Asked


def check(request: SensitivityRequest) -> Asked:
    """Check a request before work starts; raises what ``settings.check`` raises, also for outputs that cannot be written."""
    check_outputs(request)
    return settings.check(request)


def check_outputs(request: SensitivityRequest) -> None:
    """Raise ``ParameterError`` for a path that cannot be written, ``MissingLibrary`` if there is no matplotlib for the figures."""
    request.check_values()
    for name, known in request.options().items():
        if name in request.outputs():
            store.check_output(getattr(request, name), f".{known.extension or 'tif'}")
    if request.figure or request.report:
        load("matplotlib")
    if request.figure:
        figure_files.check_names(request.figure, TABLE=request.table)


def _figure_base(request: SensitivityRequest) -> str:
    return str(request.figure)[: -len(".png")]


@store.step
def run(request: SensitivityRequest, progress: Progress | None = None) -> SensitivityResult:
    """Run the experiments and write the files asked for, the table last, since a run is finished when it is there.

    A stopped run goes on where it was when it is started again with the same table.
    """
    check_outputs(request)
    result = experiment(request, request.table, progress)
    files.write_best(request.best, result)
    if request.days:
        files.write_days(request.days, result)
    if request.figure:
        figure_files.save(_figure_base(request), figures.errors(result))
    if request.report:
        report.write_report(request.report, result)
    files.write_table(request.table, result)
    if result.checkpoint:
        result.checkpoint.clear()
    return result
