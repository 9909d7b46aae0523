"""What belongs together: from the files that a project shows to the record's other files, its periods and its stations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath
from typing import Any

import numpy as np

from ..foundation import store
from ..foundation.errors import CubeError, ProductError
from ..foundation.outside import read_json
from ..foundation.paths import PathLike, file_of, there
from .gridded import GriddedFile

#: Most run records of a folder that are looked at, and their bytes altogether.
MOST_RECORDS, MOST_BYTES = 400, 16_000_000


@dataclass(frozen=True)
class Period:
    """A stretch of days with a meaning: "training" or "test"; both ends included."""

    name: str
    first: np.datetime64
    last: np.datetime64


@dataclass(frozen=True)
class StationSource:
    """Where the series of stations come from: ``asked`` are the fields of the request of the step (a validation against stations, or the
    loading of stations) that wrote ``points``; ``memory``: what that validation kept of the products, None if it is gone.
    """

    step: str
    asked: dict[str, Any]
    points: Path | None = None
    memory: Path | None = None

    @property
    def path(self) -> Path:
        """The stations' own folder or file."""
        return Path(self.asked["stations"] if self.step == "validatestations" else self.asked["folder"] or self.asked["file"])


@dataclass
class Known:
    """The files of a study: each path once, in the order in which they were found."""

    annsm: list[GriddedFile] = field(default_factory=list)
    cubes: list[GriddedFile] = field(default_factory=list)
    models: list[GriddedFile] = field(default_factory=list)
    stations: list[StationSource] = field(default_factory=list)
    periods: list[Period] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def gridded(self) -> list[GriddedFile]:
        """All gridded files with days."""
        return [*self.annsm, *self.cubes]

    def __bool__(self) -> bool:
        return bool(self.annsm or self.cubes)


def know(paths: Iterable[PathLike]) -> Known:
    """What the files ``paths`` are and what belongs to them; a file that cannot be read is told in ``problems``.

    The cube and model of an ANN-SM file are found by its run record or, if that is gone, under their names in its folder. Stations and
    the test period are found in the run records of the folders.
    """
    known, records, seen = Known(), {}, set()
    queue = [Path(path) for path in dict.fromkeys(map(str, paths))]
    asked = set(queue)
    while queue:
        path = queue.pop(0)
        folder = path.parent
        if folder not in records:
            records[folder] = _records(folder, known.problems)
        key = _key(path)
        if key in seen or path.suffix.lower() not in (".nc", ".nc4"):
            continue
        seen.add(key)
        try:
            file = GriddedFile(path)
        except CubeError as error:
            if path in asked:
                known.problems.append(str(error))
            continue
        kind = {"annsm": known.annsm, "cube": known.cubes, "model": known.models}.get(file.kind)
        if kind is None:
            kind = known.annsm if "soil_moisture" in file.units else known.cubes if file.units else None
        if kind is None:
            continue
        kind.append(file)
        queue += _inputs(file, records[folder])
    _periods(known, records)
    _stations(known, records)
    return known


def _key(path: Path) -> str:
    try:
        return str(path.resolve())
    except (OSError, ValueError, RuntimeError):  # too long, odd, a link to itself
        return str(path)


def _records(folder: Path, problems: list[str]) -> list[tuple[Path, dict[str, Any]]]:
    """The run records of a folder, the newest first; what is none is left out, and told in ``problems``."""
    try:
        paths = sorted(folder.glob(f"*{store.RECORD}"), key=lambda path: -path.stat().st_mtime)[:MOST_RECORDS]
    except OSError:
        return []
    found, rest = [], MOST_BYTES
    for path in paths:
        try:
            rest -= path.stat().st_size
            content = read_json(path, "a run record", finite=False) if rest >= 0 else None
        except OSError:
            continue
        except ProductError as error:
            problems.append(str(error))
            continue
        if isinstance(content, dict) and isinstance(content.get("parameters"), dict):
            found.append((path, content))
    return found


def _given(content: dict[str, Any], name: str, folder: Path) -> Path | None:
    """The path that a run was given for a parameter; one that has moved with the folder is found there."""
    value = content["parameters"].get(name)
    if not isinstance(value, str) or not value:
        return None
    path = Path(file_of(value))
    return next((place for place in (path, folder / path.name) if there(place)), None)


def _inputs(file: GriddedFile, records: list[tuple[Path, dict[str, Any]]]) -> list[Path]:
    """The cube and the model that an ANN-SM file was made with, those of them that are there."""
    if file.kind != "annsm":
        return []
    folder, found = file.path.parent, []
    own = _key(store.run_record(file.path))
    for path, content in records:
        if content.get("algorithm") == "annsm:reconstruct" and _key(path) == own:
            found = [_given(content, name, folder) for name in ("INPUT", "MODEL")]
    names = [file.attributes.get(name) for name in ("cube", "model")]
    found += [folder / str(name) for name in names if name and there(folder / str(name))]
    return [path for path in found if path is not None]


def _periods(known: Known, records: dict[Path, list[tuple[Path, dict[str, Any]]]]) -> None:
    """The training period, from the attributes of the ANN-SM files or models, and the test period of the newest validation of one."""
    for file in (*known.annsm, *known.models):
        _add_period(known, "training", file.attributes.get("training_start"), file.attributes.get("training_end"))
    mine = {_key(file.path) for file in known.annsm}
    for folder, found in records.items():
        for _, content in found:
            if content.get("algorithm") != "annsm:validatesatellite":
                continue
            path = _given(content, "INPUT", folder)
            if path is not None and _key(path) in mine and not any(period.name == "test" for period in known.periods):
                _add_period(known, "test", content["parameters"].get("START"), content["parameters"].get("END"))


def _add_period(known: Known, name: str, first: Any, last: Any) -> None:
    try:
        period = Period(name, np.datetime64(str(first)[:10], "D"), np.datetime64(str(last)[:10], "D"))
    except ValueError:
        return
    if not np.isnat(period.first) and not np.isnat(period.last) and period not in known.periods:
        known.periods.append(period)


def _stations(known: Known, records: dict[Path, list[tuple[Path, dict[str, Any]]]]) -> None:
    """Validations against stations, and loaded points: the newest of each for the same stations (and ANN-SM)."""
    seen = set()
    for folder, found in records.items():
        for path, content in found:
            step = str(content.get("algorithm", "")).rpartition(":")[2]
            if step not in ("validatestations", "loadstations") or not isinstance(content.get("request"), dict):
                continue
            asked = {name: _moved(value, folder) for name, value in content["request"].items()}
            series, annsm = asked.get("series"), asked.get("annsm")
            if step == "loadstations" and isinstance(series, str) and series and there(Path(series)):
                asked.update(folder=None, file=series)
            places = [asked.get(name) for name in (("stations",) if step == "validatestations" else ("folder", "file"))]
            if any(place is not None and not isinstance(place, str) for place in places) or not any(places):
                continue
            source = StationSource(step, asked, _given(content, "OUTPUT", folder), _memory(path, asked.get("table")))
            if not there(source.path) or (step == "validatestations" and not there(Path(str(annsm)))):
                continue
            key = (step, _key(source.path), str(annsm))
            if key not in seen:
                seen.add(key)
                known.stations.append(source)


def _moved(value: Any, folder: Path) -> Any:
    """A value of a request; a path that is gone but lies in ``folder`` under its name now, as that path."""
    if not isinstance(value, str) or not value or ("/" not in value and "\\" not in value) or there(Path(value)):
        return value
    beside = folder / Path(value).name
    return str(beside) if there(beside) else value


def _memory(record: Path, table: Any) -> Path | None:
    """What a validation against stations kept of the products, beside its table (its path; anything else: that of the record's name)."""
    name = PureWindowsPath(table).stem if isinstance(table, str) else record.name[: -len(store.RECORD)]
    kept = record.with_name(f"{name}.series.npz")
    return kept if kept.is_file() else None
