"""What went where in a study, from the run records of its steps: products, files and steps with what was chosen and counted in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath
from typing import Any, NamedTuple

from ..comparison.request import CompareRequest
from ..foundation import store
from ..foundation.errors import AnnsmError, check_enough
from ..foundation.paths import file_of
from ..foundation.requests import OUTPUTS, Request
from ..gaps.request import FillRequest
from ..matching.request import MatchRequest, ScreenRequest
from ..reconstruction.request import ReconstructRequest
from ..record.request import AggregateRequest, ExtractRequest
from ..sensitivity.request import SensitivityRequest
from ..stations.request import StationsRequest as LoadRequest
from ..statistics.sensor_change import FIRST_AMSR2, LAST_AMSRE
from ..training.request import TrainRequest
from ..triple_collocation.request import TripleRequest
from ..validation.request import SatelliteRequest, StationsRequest


@dataclass(frozen=True)
class Node:
    """A box: ``kind`` is "product", "file" (both go in), "step" or "result" (a step that only judges or sums up); ``lines`` under its title
    say versions, counts and choices."""

    key: str
    kind: str
    title: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Flow:
    """Boxes and what goes from one (key) to another."""

    nodes: tuple[Node, ...]
    edges: tuple[tuple[str, str], ...]


class Step(NamedTuple):
    """A step as a reader knows it. ``choices``: lines of (field, words about its value; with "!" in front they are said of the default
    too); ``counts``: words about the numbers among the results."""

    title: str
    request: type[Request]
    choices: tuple[tuple[tuple[str, str], ...], ...]
    counts: tuple[str, ...] = ()
    judges: bool = False


_SPLIT = (("split", "!split {}"), ("ratio", "{}"), ("seed", "!seed\u00a0{}"))
_NETWORKS = (("method", "method {}"), ("hidden", "!{}\u00a0neurons"), ("restarts", "{} restarts"), ("combine", "combined by {}"))
_SMAP = (("smap_variable", "SMAP {}"), ("smap_quality", "SMAP {}"), ("calibration", "AMSR-E by {}"))
_DETAILS = (("lai_method", "LAI by {}"), ("rain_hours", "rain {}"), ("time", "time {}"), ("overpass", "{}"))

STEPS = {
    "match": Step(
        "Match products",
        MatchRequest,
        ((("channels", "!{} channels"), ("polarisation", "!polarisation\u00a0{}")), (*_SMAP, *_DETAILS)),
        ("{COMPLETE:,.0f} complete cell days",),
    ),
    "screenprecipitation": Step(
        "Screen precipitation", ScreenRequest, ((("threshold", "!more than {} mm in 7 h"),),), ("{DROPPED_DAYS:,.0f} cell days marked",)
    ),
    "sensitivity": Step(
        "Analyse sensitivity",
        SensitivityRequest,
        ((("experiments", "{}"), ("choose", "by {}"), ("repeats", "{} repeats")), _SPLIT),
        ("best: {BEST_HIDDEN:.0f} neurons, {BEST_RATIO}", "{RUNS:,.0f} runs"),
    ),
    "train": Step("Train networks", TrainRequest, (_NETWORKS, _SPLIT), ("R {MEAN_R:.2f}, {CELLS:,.0f} cells", "{CELLS:,.0f} cells")),
    "reconstruct": Step("Reconstruct soil moisture", ReconstructRequest, (), ("{VALUES:,.0f} values, {CELLS:,.0f} cells",)),
    "fillgaps": Step(
        "Fill gaps",
        FillRequest,
        ((("method", "!method {}"), ("frozen", "frozen soil: {}"), ("seed", "seed {}")),),
        ("{FILLED:,.0f} values filled",),
    ),
    "loadstations": Step(
        "Load stations", LoadRequest, ((("networks", "{}"), ("depth", "{} m"), ("flags", "flags {}")),), ("{COUNT:,.0f} stations",)
    ),
    "validatesatellite": Step(
        "Validate against SMAP",
        SatelliteRequest,
        ((("min_n", "at least {} days"),),),
        ("R {MEAN_R:.2f}, ubRMSE {MEAN_UBRMSE:.3f} m³\u00a0m⁻³",),
        True,
    ),
    "validatestations": Step(
        "Validate against stations",
        StationsRequest,
        ((("hour", "hour {}"), ("lprm_band", "LPRM band {}"), ("networks", "{}")),),
        ("R {MEAN_R:.2f}, RMSE {MEAN_RMSE:.3f} m³\u00a0m⁻³",),
        True,
    ),
    "triplecollocation": Step(
        "Triple collocation",
        TripleRequest,
        (
            (("x_variable", "X {}"), ("y_variable", "Y {}"), ("z_variable", "Z {}")),
            (("anomaly_days", "anomalies, {} days"), ("min_n", "N ≥ {}")),
        ),
        ("R {MEAN_R_X:.2f}, {MEAN_R_Y:.2f}, {MEAN_R_Z:.2f}", "{CELLS:,.0f} cells"),
        True,
    ),
    "comparemethods": Step(
        "Compare methods", CompareRequest, ((("methods", "{}"),), _SPLIT), ("best: {BEST}, RMSE {BEST_RMSE:.3f} m³\u00a0m⁻³",), True
    ),
    "aggregate": Step(
        "Aggregate and trend",
        AggregateRequest,
        ((("period", "!by {}"), ("base", "base {}"), ("min_days", "at least {} days")),),
        ("{PERIODS:,.0f} periods",),
        True,
    ),
    "extractseries": Step("Extract series", ExtractRequest, ((("variables", "{}"),),), ("{PLACES:,.0f} places",), True),
}

#: What a folder or file of a field holds: name, its word in summaries, its name in the attributes of cubes.
_HOLDS = {
    "amsr": ("AMSR L3 TB", "AMSR", "amsr_tb"),
    "smap": ("SMAP L3 SPL3SMP", "SMAP", "smap"),
    "gldas": ("GLDAS-2.1 Noah", "GLDAS", "gldas"),
    "lai": ("MODIS 15A2H LAI", "LAI", "lai"),
    "lprm": ("LPRM soil moisture", "LPRM", ""),
    "jaxa": ("JAXA soil moisture", "JAXA", ""),
    "smos": ("SMOS soil moisture", "SMOS", ""),
    "stations": ("Stations", "stations", ""),
    "folder": ("Stations", "stations", ""),
    "file": ("Stations", "stations", ""),
}

#: Fields that name an input though their kind does not say so, and one that names no data.
_INPUTS, _NO_INPUTS = ("x", "y", "z", "stations"), ("python",)


@dataclass
class _Run:
    """A record that is a step of the flow: the step, what it was asked, when it started, files out and in (field, path)."""

    name: str
    record: dict[str, Any]
    request: dict[str, Any]
    outputs: list[str] = field(default_factory=list)
    inputs: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name, known in STEPS[self.name].request.options().items():
            value = self.request.get(name)
            for path in value if isinstance(value, list) else [value]:
                if not isinstance(path, str) or not path or name in _NO_INPUTS:
                    continue
                if known.kind in OUTPUTS:
                    self.outputs.append(path)
                elif known.kind in ("file", "folder", "files") or name in _INPUTS:
                    self.inputs.append((name, file_of(path)))

    @property
    def key(self) -> str:
        """Name of its node."""
        return f"{self.name}:{self.outputs[0] if self.outputs else self.record.get('started')}"

    @property
    def summary(self) -> str:
        """What it said."""
        lines = self.record.get("summary")
        return "\n".join(map(str, lines)) if isinstance(lines, list) else ""


def of_records(records: Iterable[Any]) -> Flow:
    """The flow that run records (``NAME.run.json``, read) tell of; one of another algorithm or without a request is left out.

    What one step wrote and another was given joins them, by its path or, where the file that was written is no longer there (its folder was
    moved), by its name. Everything else that a step was given is a node of its own, a product or a file. Keys: "step:path" and "in:path".
    """
    runs: dict[str, _Run] = {}
    told = [record for record in records if isinstance(record, dict)]
    for record in sorted(told, key=lambda record: str(record.get("started", ""))):
        name, request = str(record.get("algorithm", "")).rpartition(":")[2], record.get("request")
        if name in STEPS and isinstance(request, dict) and request:
            run = _Run(name, record, request)
            runs.pop(run.key, None)
            runs[run.key] = run
    made = {path: run.key for run in runs.values() for path in run.outputs}
    given: dict[str, _Given] = {}
    edges: dict[tuple[str, str], None] = {}
    for run in runs.values():
        for name, path in run.inputs:
            found = _same(path, list(made))
            source = made[found] if found is not None else _enter(given, name, path, run)
            if not _leads(edges, run.key, source):
                edges[source, run.key] = None
    used = {source for source, _ in edges}
    nodes = [given[key].node() for key in given]
    for run in runs.values():
        step = STEPS[run.name]
        nodes.append(Node(run.key, "result" if step.judges and run.key not in used else "step", step.title, tuple(_lines(run))))
    return Flow(tuple(nodes), tuple(edges))


def _resolved(path: str) -> str:
    try:
        return str(Path(path).resolve())
    except (OSError, ValueError):
        return path


def _same(path: str, others: Sequence[str]) -> str | None:
    """Which of ``others`` is this file; the last of those with its name, if none is and they are gone."""
    here = {_resolved(other): other for other in others}
    if _resolved(path) in here:
        return here[_resolved(path)]
    name = PureWindowsPath(path).name.lower()
    named = [other for other in others if PureWindowsPath(other).name.lower() == name and not (_exists(other) and _exists(path))]
    return named[-1] if named else None


def _exists(path: str) -> bool:
    try:
        return Path(path).exists()
    except (OSError, ValueError):
        return False


def _leads(edges: Iterable[tuple[str, str]], source: str, target: str) -> bool:
    """Whether ``target`` is ``source`` or is reached from it: an edge back would close a circle."""
    reached, grown = {source}, True
    while grown:
        more = {below for above, below in edges if above in reached} - reached
        reached |= more
        grown = bool(more)
    return target in reached


@dataclass
class _Given:
    """An input that no step has made, with what the steps that took it say of it."""

    key: str
    kind: str
    title: str
    name: str
    versions: dict[str, None] = field(default_factory=dict)
    counts: list[str] = field(default_factory=list)
    known: bool = False

    def node(self) -> Node:
        title = self.title if self.known or self.kind == "file" else f"{self.title} folder"
        lines = [f"version {' '.join(self.versions)}"] if self.versions else []
        lines += [f"{' + '.join(self.counts)} files"] if self.counts else []
        return Node(self.key, self.kind, title, (self.name,) if self.kind == "file" else tuple(lines))


def _enter(given: dict[str, _Given], name: str, path: str, run: _Run) -> str:
    """Key of the node of an input; what this run says of it is added there."""
    option = STEPS[run.name].request.options()[name]
    title, word, attribute = _HOLDS.get(name, (option.label, "", ""))
    kind = "product" if name in _HOLDS or option.kind == "folder" else "file"
    suffix = PureWindowsPath(path).suffix
    if name in ("x", "y", "z"):
        kind = "file" if suffix else "product"
        title = str(run.request.get(f"{name}_variable") or PureWindowsPath(path).name).upper() if kind == "product" else option.label
    versions, count = _said(run, word, attribute) if word else ("", "")
    sensor = _sensor(run) if name == "amsr" and count else ""
    found = _same(path, [key[len("in:") :].split("#")[0] for key in given])
    key = f"in:{found or path}" + (f"#{sensor}" if sensor else "")
    entry = given.setdefault(key, _Given(key, kind, title.replace("AMSR", sensor) if sensor else title, PureWindowsPath(path).name))
    entry.known = entry.known or bool(count) or bool(word and re.search(rf"^{word}:|\d {word}\b", run.summary, re.MULTILINE))
    entry.versions.update(dict.fromkeys(versions.split()))
    if count:
        entry.counts.append(count)
    return key


def _sensor(run: _Run) -> str:
    """Which sensor the days of a match can have."""
    first, last = (str(run.request.get(name))[:10] for name in ("start", "end"))
    if last <= str(LAST_AMSRE):
        return "AMSR-E"
    return "AMSR2" if first >= str(FIRST_AMSR2) else "AMSR-E and AMSR2"


def _said(run: _Run, word: str, attribute: str) -> tuple[str, str]:
    """Versions and number of files of a product, from the attributes of what a match wrote, if it is there, and from its summary."""
    versions, count = "", re.search(rf"^Files read:.*?(\d+) {word}\b", run.summary, re.MULTILINE)
    if run.name == "match" and run.outputs and Path(run.outputs[0]).is_file():
        try:
            with store.open_grid(run.outputs[0], kind="cube") as cube:
                versions = str(cube.attrs.get(f"{attribute.replace('amsr_tb', 'amsr')}_versions", ""))
        except AnnsmError as error:
            check_enough(error)
    return ("" if versions in ("unknown", "none") else versions), _grouped(f"{int(count[1]):,.0f}") if count else ""


def _grouped(text: str) -> str:
    """Thousands apart by a thin space, at which no line is broken."""
    return re.sub(r"(?<=\d),(?=\d{3})", "\u2009", text)


def _lines(run: _Run) -> list[str]:
    """Up to four lines: the period, what was chosen other than by default, and what came out."""
    step, request = STEPS[run.name], run.request
    start, end = (str(request.get(name) or "")[:10] for name in ("start", "end"))
    lines = [f"{start} to {end}" if start and end else f"from {start}" if start else f"until {end}"] if start or end else []
    for group in step.choices:
        said = [_choice(step.request, name, words, request) for name, words in group]
        lines.append(", ".join(word for word in said if word))
    lines = [line for line in lines if line][:3]
    results = run.record.get("results")
    for counts in step.counts if isinstance(results, dict) else ():
        try:
            told = _grouped(counts.format(**dict(results or {})))
        except (KeyError, ValueError, TypeError):
            continue
        if "nan" not in told:
            lines.append(told)
            break
    return lines


def _choice(asked: type[Request], name: str, words: str, request: dict[str, Any]) -> str:
    """What was chosen for a field in ``words``; nothing if it is the default or says nothing."""
    value, default = request.get(name), asked.default(name)
    if value is None or value == "" or value == [] or (name == "hidden" and request.get("method", "cell") != "cell"):
        return ""
    if isinstance(value, list):
        default = list(default) if isinstance(default, (list, tuple)) else default
    if not words.startswith("!") and value == default:
        return ""
    shown = ", ".join(map(str, value)) if isinstance(value, list) else f"{value:g}" if isinstance(value, float) else str(value)
    return words.lstrip("!").format({"True": "yes", "False": "no"}.get(shown, shown.replace("_", " ")))
