"""What a folder of results, or files named one by one, tell of a study: the run record of every step, and the files that are there."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PureWindowsPath
from typing import Any

from ..foundation import store
from ..foundation.errors import ParameterError, ProductError, check_enough
from ..foundation.libraries import load
from ..foundation.outside import read_json
from ..foundation.paths import PathLike, file_of, there
from ..foundation.requests import OUTPUTS, Request
from .flow_records import STEPS

#: Ending of a run record, and most of them that are read in a folder.
ENDING, MOST_RECORDS = store.RECORD, 400

#: Steps of which all runs count, since each makes another file of the record; of the others the newest does.
SEVERAL = ("match", "screenprecipitation", "reconstruct", "fillgaps")

#: Names of temporary files, which say nothing of what is in them.
TEMPORARY = ("output", "table", "report")

#: Bytes of one run record, and of all altogether, that are read.
LARGEST, MOST_BYTES = 5_000_000, 32_000_000


@dataclass(frozen=True)
class Run:
    """A step that was run: its ``step`` (the algorithm without "annsm:"), the ``record`` as written, and what it was asked as ``request``,
    in which paths that moved with their folder are where they are now."""

    step: str
    path: Path
    record: dict[str, Any]
    request: Any

    def output(self, name: str) -> Path | None:
        """The file or folder that was written for a field of the request; None if it was not asked for or is gone."""
        value = getattr(self.request, name, None)
        path = Path(value) if isinstance(value, str) and value else None
        return path if path is not None and there(path) else None

    @property
    def summary(self) -> list[str]:
        """The sentences that the step said at its end."""
        return _lines(self.record.get("summary"))

    @property
    def warnings(self) -> list[str]:
        """What the step warned of."""
        return _lines(self.record.get("warnings"))

    @property
    def results(self) -> dict[str, Any]:
        """Names and values that the step handed on."""
        found = self.record.get("results")
        return found if isinstance(found, dict) else {}

    @property
    def files(self) -> list[Path]:
        """Everything that it wrote and that is there."""
        names = (name for name, known in self.request.options().items() if known.kind in OUTPUTS)
        return [path for path in map(self.output, names) if path is not None]

    @property
    def main(self) -> Path | None:
        """The first table, gridded file, page or layer that it wrote and that is there, or else raster; folders, which steps share, are
        none."""
        kinds = {name: known.kind for name, known in self.request.options().items() if known.kind in OUTPUTS and known.kind != "folder_out"}
        ordered = sorted(kinds, key=lambda name: kinds[name] == "raster_out")
        return next((path for name in ordered if (path := self.output(name)) is not None), None)

    @property
    def called(self) -> str:
        """What a reader calls what it wrote: the file's name, or the step's where QGIS made up the name of a temporary file."""
        main = self.main or next(iter(self.files), self.path)
        return STEPS[self.step].title if main.stem in TEMPORARY else main.name

    @cached_property
    def attributes(self) -> dict[str, Any]:
        """Global attributes of the gridded file or model that it wrote; empty without one."""
        for path in self.files:
            if path.suffix.lower() in (".nc", ".nc4"):
                return attributes_of(path)
        return {}


@dataclass
class Study:
    """The runs of a study, the newest first; ``problems``: records and files that could not be read; ``out_of_date``: files that have
    changed since they were used; ``older``: runs of a step of which a newer one counts."""

    runs: list[Run] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    out_of_date: list[str] = field(default_factory=list)
    older: list[Run] = field(default_factory=list)

    def of(self, step: str) -> list[Run]:
        """The runs of a step, the newest first."""
        return [run for run in self.runs if run.step == step]

    def newest(self, step: str) -> Run | None:
        """The newest run of a step."""
        return next(iter(self.of(step)), None)

    def written(self, step: str, name: str) -> tuple[Run, Path] | None:
        """The newest run of a step with what it wrote for a field of its request; None if there is none."""
        run = self.newest(step)
        path = None if run is None else run.output(name)
        return None if run is None or path is None else (run, path)

    @property
    def synthetic(self) -> str:
        """What the data are if they are made up; empty for real data."""
        return next((str(run.attributes["synthetic"]) for run in self.runs if "synthetic" in run.attributes), "")


def look(folder: PathLike | None = None, files: Iterable[PathLike] = ()) -> Study:
    """The study whose results lie in ``folder`` and the folders in it, or beside ``files``.

    A run counts if its record is read, it is a step of the chain, and something that it wrote is still there; of two with the same main
    output the newer. Raises ``ParameterError`` if there is none.
    """
    study = Study()
    records = dict.fromkeys([*_in(folder), *_beside(files, study)])
    seen: set[str] = set()
    found = [run for run in (_read(path, study) for path in _within(records, study)) if run is not None]
    for run in sorted(found, key=_started, reverse=True):
        key = _resolved(run.main or run.path)
        if not run.files or key in seen:
            continue
        seen.add(key)
        once = run.step not in SEVERAL and study.newest(run.step) is not None
        (study.older if once else study.runs).append(run)
    if not study.runs:
        where = f"{folder}" if folder else "FILES"
        said = f" ({study.problems[0]})" if study.problems else ""
        raise ParameterError(
            f"{where} holds no result of a step with its run record (NAME{ENDING}){said}; expected a folder with a cube, a model, ANN-SM, "
            "validations or other results of this plugin's steps."
        )
    _out_of_date(study)
    return study


def _in(folder: PathLike | None) -> list[Path]:
    if not folder:
        return []
    folder = Path(folder)
    if not there(folder) or not folder.is_dir():
        raise ParameterError(f"FOLDER: {folder} is no folder; expected the folder with the results of the steps.")
    near = [*folder.glob(f"*{ENDING}"), *folder.glob("run.json"), *folder.glob(f"*/*{ENDING}"), *folder.glob("*/run.json")]
    return sorted(near, key=lambda path: -_changed(path))[:MOST_RECORDS]


def _changed(path: Path) -> float:
    """When a file was changed; 0 for a link that leads nowhere."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _resolved(path: Path) -> str:
    try:
        return str(path.resolve())
    except (OSError, RuntimeError, ValueError):
        return str(path)


def _lines(value: Any) -> list[str]:
    """The sentences of a record; none where it has no list of them."""
    return [str(line) for line in value] if isinstance(value, list) else []


def _beside(files: Iterable[PathLike], study: Study) -> list[Path]:
    found = []
    for name in files:
        path = Path(file_of(str(name)))
        if not there(path):
            raise ParameterError(f"FILES: {path} does not exist; expected results of this plugin's steps.")
        record = store.run_record(path)
        if record.is_file():
            found.append(record)
        else:
            # a secondary output has no record of its own: the step's main output has it, in the same folder
            own = [other for other in path.parent.glob(f"*{ENDING}") if path.name in _text(other)]
            found += own
            if not own:
                study.problems.append(f"{path.name} has no run record beside it: it is left out")
    return found


def _within(records: Iterable[Path], study: Study) -> Iterable[Path]:
    """The records, as many as may be read together."""
    rest = MOST_BYTES
    for path in records:
        try:
            rest -= min(path.stat().st_size, LARGEST + 1)
        except OSError:
            rest -= 1
        if rest < 0:
            study.problems.append(f"{path.name} and what is older is left out: run records of more than {MOST_BYTES / 1e6:.0f} MB")
            return
        yield path


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8") if path.is_file() and path.stat().st_size <= LARGEST else ""
    except (OSError, ValueError):
        return ""


def _read(path: Path, study: Study) -> Run | None:
    """The run of a record; None for another algorithm, a problem for one that cannot be read or asks for what no step can be asked."""
    try:
        content = read_json(path, "a run record", finite=False)
        step, asked = str(content["algorithm"]).rpartition(":")[2], content["request"]
        if step not in STEPS or not isinstance(asked, dict):
            return None
        request = _request(STEPS[step].request, asked, path.parent)
        request.check_values(outputs=False)
    except (ProductError, KeyError) as error:
        check_enough(error)
        study.problems.append(f"{path.name} is no run record that can be read: it is left out")
        return None
    except (ParameterError, TypeError) as error:
        study.problems.append(f"{path.name} is left out: {str(error).rstrip('.')}")
        return None
    return Run(step, path, content, request)


def _started(run: Run) -> str:
    """When a run started, as its record says; before all others where it says something else."""
    given = run.record.get("started")
    return given if isinstance(given, str) and given[:4].isdecimal() else ""


def _request(kind: type[Request], asked: dict[str, Any], folder: Path) -> Request:
    """The request of a record; fields that this version does not know are left out, paths that moved with the record's folder are found
    there."""
    known = {f.name for f in dataclasses.fields(kind)}
    outputs = [asked.get(name) for name, option in kind.options().items() if option.kind in OUTPUTS]
    homes = {str(PureWindowsPath(value).parent) for value in outputs if isinstance(value, str) and value}
    return kind(**{name: _moved(value, folder, homes) for name, value in asked.items() if name in known})


def _moved(value: Any, folder: Path, homes: Collection[str] = ()) -> Any:
    """A value; a path that lies in ``folder`` under its name now, if it is gone or was in a folder in which the step wrote (``homes``)."""
    if isinstance(value, list):
        return [_moved(one, folder, homes) for one in value]
    if not isinstance(value, str) or not value or len(value) > 1000 or ("/" not in value and "\\" not in value):
        return value
    name = PureWindowsPath(value)
    beside = folder / name.name
    try:
        stays = there(Path(value)) and str(name.parent) not in homes
        return value if stays or not there(beside) else str(beside)
    except ValueError:
        return value


def attributes_of(path: Path) -> dict[str, Any]:
    """Global attributes of a NetCDF file of this plugin; empty for one that cannot be read."""
    netcdf = load("netCDF4")
    try:
        store.examine(path, "a file of this plugin")
        with netcdf.Dataset(str(path)) as data:
            return {name: data.getncattr(name) for name in data.ncattrs()}
    except Exception as error:  # the library raises many kinds; the part of the report that needs the file says what is wrong with it
        check_enough(error)
        return {}


def _out_of_date(study: Study) -> None:
    """Sentences on steps whose inputs have changed since: their numbers belong to other files than those that are there now."""
    for run in study.runs:
        homes = {str(PureWindowsPath(str(value)).parent) for value in run.results.values() if isinstance(value, str) and value}
        inputs = run.record.get("inputs")
        for row in inputs if isinstance(inputs, list) else ():
            try:
                path, size, changed = Path(_moved(row["path"], run.path.parent, homes)), int(row["bytes"]), str(row["changed"])
                status = path.stat()
            except (OSError, KeyError, TypeError, ValueError, OverflowError):
                continue
            time = datetime.datetime.fromtimestamp(status.st_mtime, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
            moved = str(path) != str(row["path"])
            if path.is_file() and (status.st_size != size or (time != changed and not moved)):
                study.out_of_date.append(f"{path.name} has changed since {STEPS[run.step].title.lower()} used it: run that step again")
