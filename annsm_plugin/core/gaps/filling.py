"""Fills the gaps of an ANN-SM file: learns the ways, writes every value of the record as it is, and fills what is missing."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ..foundation import blocks, needs, store
from ..foundation.errors import CubeError, MissingLibrary
from ..foundation.grid import Grid
from ..foundation.needs import steps
from ..foundation.paths import PathLike
from ..foundation.progress import SILENT, Progress
from ..foundation.variables import Variable
from ..workers import run as workers
from ..workers.run import Where
from . import learning, report, words, writing
from .cells import FEWEST
from .experiment import Line, table
from .request import CANDIDATES, CLASSES, FillRequest
from .source import STEADY, Source
from .uncertainty import Hidden

#: The variable that says how far a value may be off: of an estimated value what the reconstruction said, of a filled one what hiding said.
UNCERTAINTY = Variable("standard uncertainty; of filled values from known values hidden in gaps of the same shape", "m3 m-3")


@dataclass
class FillResult:
    """The file, its grid, the ways by class of gaps, the table of the experiment, counts, and sentences for the user."""

    path: Path
    grid: Grid
    chosen: dict[str, str]
    lines: list[Line]
    counts: dict[str, int]
    summary: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def line(self, kind: str, name: str | None = None) -> Line | None:
        """The line of a class for a way (None: the chosen one)."""
        wanted = name or self.chosen.get(kind)
        return next((line for line in self.lines if line.kind == kind and line.name == wanted), None)


def check(request: FillRequest) -> tuple[list[str], list[str]]:
    """Check before work starts; the ways that will be learnt, and warnings. Raises ``AnnsmError``."""
    request.check_values()
    annsm, cube = Path(request.annsm), Path(request.cube)
    store.check_output(request.output, ".nc")
    if request.report:
        store.check_output(request.report, ".html")
    if request.start is not None and request.end is not None:
        blocks.check_dates(request.start, request.end)
    with store.open_grid(annsm, kind="ANN-SM file", needs=("soil_moisture",)) as record, _cube(cube) as data:
        source = Source(record, data, annsm, cube, request.frozen)
        blocks.days_between(source.dates, request.start, request.end, annsm)
    return _ways(request)


def _cube(path: Path) -> Any:
    """The open cube; says what it lacks."""
    data = store.open_grid(path, kind="cube")
    if STEADY not in data.data_vars:
        data.close()
        raise CubeError(path, "no GLDAS soil moisture (sm_gldas)", "a cube that was matched with the GLDAS folder")
    return data


def _place(request: FillRequest) -> Where:
    return Where(python=str(request.python or ""), need="torch")


def _ways(request: FillRequest) -> tuple[list[str], list[str]]:
    """The ways to learn; of 'best' those that need no PyTorch where there is none, with a warning."""
    if request.method == "dct":
        return ["dct"], []
    wanted = list(CANDIDATES) if request.method == "best" else [request.method]
    try:
        workers.check(_place(request))
    except MissingLibrary as error:
        if request.method != "best" or request.python:
            raise
        return ["dct"], [f"Without PyTorch only the discrete cosine transform can fill gaps; the network errs less. {error}"]
    return wanted, []


def fill(annsm: PathLike, cube: PathLike, output: PathLike, *, progress: Progress | None = None, **options: Any) -> FillResult:
    """Fill the gaps of ``annsm`` and write ``output``: ``run`` with its request written as keywords (see ``FillRequest``)."""
    return run(FillRequest(annsm=annsm, cube=cube, output=output, **options), progress)


@store.step
def run(request: FillRequest, progress: Progress | None = None) -> FillResult:
    """Write the record with its gaps filled, and the report if it is asked for.

    Every value of the record that soil can have stays as it is; the others are counted, and gaps. A filled value has the flag
    ``filled``, its way in ``fill_way``, and an uncertainty from known values that were hidden in gaps of the same class at the same
    distance. Days that the record lacks between its first and its last become days of the output. Raises what ``check`` raises,
    ``CubeError`` where too little is known to learn from, and ``Cancelled``.
    """
    progress = progress or SILENT
    ways, warnings = check(request)
    place = _place(request)
    annsm, cube = Path(request.annsm), Path(request.cube)
    with contextlib.ExitStack() as stack:
        record = stack.enter_context(store.open_grid(annsm, kind="ANN-SM file", needs=("soil_moisture",)))
        source = Source(record, stack.enter_context(_cube(cube)), annsm, cube, request.frozen)
        days = blocks.days_between(source.dates, request.start, request.end, annsm)
        names: list[Any] = ["soil_moisture", *source.copied(), ("soil_moisture_uncertainty", UNCERTAINTY), "quality_flag", "fill_way"]
        stack.enter_context(needs.granted(_need(source, days, request, len(names)), progress))
        learnt = learning.learn(source, ways, int(request.seed), request.device, place, progress.part(0.0, 0.6))
        _enough(source, learnt, annsm)
        if request.method != "best":
            learnt.chosen = dict.fromkeys(CLASSES, request.method)
        lines = table(learnt.hidden, ways)
        learnt.errors = report.errors_by_distance(learnt.hidden) if request.report else {}
        learnt.hidden = Hidden.none(ways)  # it is as large as the tiles
        attributes = _attributes(source, request, learnt, lines)
        with store.GridWriter(request.output, source.grid, source.dates[days], names, attributes) as out:
            counts = writing.by_tiles(source, learnt, days, request.frozen, out, progress.part(0.6, 0.8))
            writing.by_days(source, learnt, days, out, counts, place, request.device, progress.part(0.8, 0.98))
            counts["impossible"] = blocks.sieve(source.record).impossible("soil_moisture")
            for name, count in counts.items():
                out.attribute(f"count_{name}", np.int64(count))
        result = FillResult(Path(request.output), source.grid, learnt.chosen, lines, counts, [], warnings)
        words.tell(result, source, learnt, days)
        if request.report:
            progress.report(0.98, "Writing the report")
            report.write(request.report, result, source, learnt, days, attributes)
    progress.report(1.0, "")
    return result


def _need(source: Source, days: slice, request: FillRequest, variables: int) -> needs.Need:
    """Space for the filled record, which holds every value of the record, and memory."""
    whole, written = source.dates.size, days.stop - days.start
    rows, columns = source.grid.shape
    return steps.filling(
        request.output, Path(request.annsm).stat().st_size, written / whole, rows * columns, written, variables, len(source.inputs)
    )


def _enough(source: Source, learnt: learning.Learnt, annsm: Path) -> None:
    """Raise ``CubeError`` if nothing can be learnt from the record."""
    if not learnt.cells.count.any():
        raise CubeError(annsm, "no value that is unflagged", "an ANN-SM file with daily values to learn from")
    usable = learnt.cells.usable
    if not usable.any() or not learnt.hidden.truth.size or not learnt.uncertainty.tables:
        raise CubeError(
            annsm,
            f"{int(learnt.cells.count.max())} unflagged values in its fullest cell, on {source.dates.size} days",
            f"cells with at least {FEWEST} that vary, in a record long enough to hide some of them (about half a year)",
        )


def _attributes(source: Source, request: FillRequest, learnt: learning.Learnt, lines: list[Line]) -> dict[str, Any]:
    """Provenance: the record's own, and how it was filled."""
    left_out = ("Conventions", "software", "history", "title")
    files = [store.provenance.one("record", request.annsm), store.provenance.one("cube", request.cube)]
    copied = {n: v for n, v in source.record.attrs.items() if n not in left_out and not str(n).startswith("count_")}
    told: dict[str, Any] = {
        "annsm_kind": "annsm",
        "title": "ANN-SM: daily surface soil moisture, gaps filled; filled values have the flag 'filled'",
        "filled_from": Path(request.annsm).name,
        "fill_cube": Path(request.cube).name,
        store.provenance.INPUT_FILES: store.provenance.joined(files, source.record.attrs, source.cube.attrs),
        "fill_method": request.method,
        "fill_inputs": " ".join(source.inputs),
        "fill_seed": np.int64(request.seed),
        "fill_frozen": "yes" if request.frozen else "no",
    }
    for kind in CLASSES:
        told[f"fill_{kind}_gaps"] = learnt.chosen[kind]
        for line in lines:
            if line.kind == kind and line.name == learnt.chosen[kind]:
                told[f"fill_{kind}_rmse"], told[f"fill_{kind}_coverage"] = np.float64(line.rmse), np.float64(line.coverage)
    if learnt.smoother is not None and "dct" in learnt.chosen.values():
        found = learnt.smoother
        told["fill_dct"] = f"smoothing {found.s:g}, weight of time {found.time:g}, power {found.power}"
    if learnt.regional is not None and "network" in learnt.chosen.values():
        memory = learnt.regional.memory
        told["fill_memory"], told["fill_memory_share"] = np.float64(memory.phi), np.float64(memory.share)
    history = [str(source.record.attrs.get("history", "")), store.history(f"gaps of {Path(request.annsm).name} filled, {request.method}")]
    return {**copied, **told, "history": "\n".join(filter(None, history))}
