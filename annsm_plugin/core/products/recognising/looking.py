"""Looks into the files of a folder whose names say nothing: in workers, within bounds, and each file once."""

from __future__ import annotations

import os
import re
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from ...foundation import machine, store
from ...foundation.errors import AnnsmError, check_enough
from ...foundation.progress import Progress
from ...workers import process as workers
from .. import naming
from . import content, first_bytes, foreign

#: So many files of one folder and format that differ in numbers only are looked into before the verdict on all counts for the others.
ALIKE = 12

#: Files that a worker looks into at a time, and from how many on there are several workers.
BATCH, MANY = 25, 200

#: Files whose verdict is kept until the program ends.
KEPT = 100_000

#: What is said of a file on which a worker ended.
ENDED = "a file on which the process that looked into it ended"

_Key = tuple[Any, ...]
_known: OrderedDict[_Key, content.Found] = OrderedDict()


def looked_into(paths: Sequence[str], progress: Progress) -> dict[str, content.Found]:
    """Path -> the entries that a file is and what it is in words, of files whose names say nothing.

    First bytes are read in this process, of every file; what is in a format of product files is opened in workers, which a damaged file may
    end. Of many files alike (one folder and format, names that differ in digits only) of which the sample is all of one other product,
    only the sample is looked into: what is said of a file for itself, such as that no pixel was seen, does not count for others.
    """
    found, families = _by_first_bytes(paths, progress.part(0.0, 0.2))
    samples = {name: _sample(family) for name, family in families.items()}
    found.update(_all([path for sample in samples.values() for path in sample], progress.part(0.2, 0.4)))
    rest = []
    for name, family in families.items():
        sample = samples[name]
        left = [path for path in family if path not in found]
        verdicts = {(bool(found[path][0]), found[path][1]) for path in sample}
        if left and len(verdicts) == 1 and foreign.is_general(*found[sample[0]]):
            found.update(dict.fromkeys(left, found[sample[0]]))
        else:
            rest += left
    found.update(_all(rest, progress.part(0.4, 1.0)))
    return found


def _by_first_bytes(paths: Sequence[str], progress: Progress) -> tuple[dict[str, content.Found], dict[tuple[str, ...], list[str]]]:
    """The verdicts on files that are in no format of product files, and the others: folder, format and name without digits -> files."""
    found: dict[str, content.Found] = {}
    families: dict[tuple[str, ...], list[str]] = {}
    for number, path in enumerate(paths):
        if number % 100 == 0:
            progress.check()
            progress.report(number / len(paths), "First bytes of files of unknown names")
        kind, words = first_bytes.what(path)
        if kind:
            families.setdefault((str(Path(path).parent), kind, re.sub(r"\d+", "#", Path(path).name)), []).append(path)
        else:
            found[path] = [], words
    return found, families


def _sample(family: list[str]) -> list[str]:
    """At most ``ALIKE`` files of many, evenly spaced, with the first and the last."""
    if len(family) <= ALIKE:
        return family
    return [family[round(n * (len(family) - 1) / (ALIKE - 1))] for n in range(ALIKE)]


def _all(paths: Sequence[str], progress: Progress) -> dict[str, content.Found]:
    """The verdict on the contents of each of the files."""
    found = {path: known for path in paths if (known := _known.get(_key(path))) is not None}
    inside = [path for path in paths if path not in found]
    for path, verdict in _inside(inside, progress) if inside else ():
        found[path] = _known[_key(path)] = verdict
    while len(_known) > KEPT:
        _known.popitem(last=False)
    return found


def _key(path: str) -> _Key:
    """Path, size and times of a file's last changes."""
    try:
        return tuple(store.fingerprint(path))
    except OSError:
        return (path,)


def kept(folder: str) -> dict[str, list[Any]]:
    """Path -> state, packed entries and words of the files below a folder that have been looked into and have not changed since.

    All of it is for JSON, to be given to ``recall`` by another process. What was said because a process ended may pass and is not kept.
    """
    found = {}
    inside = folder.rstrip(os.sep) + os.sep
    for key, (entries, words) in list(_known.items()):
        if key[0].startswith(inside) and len(key) > 1 and key == _key(key[0]) and words != ENDED and "MemoryError" not in words:
            found[key[0]] = [list(key[1:]), [naming.packed(entry) for entry in entries], words]
    return found


def recall(path: str, state: list[int], entries: list[dict[str, Any]], words: str) -> None:
    """Take over what ``kept`` gave of a file; it counts if the file is still as it was."""
    _known.setdefault((path, *state), ([replace(naming.unpacked(entry), path=path) for entry in entries], words))


def _inside(paths: Sequence[str], progress: Progress) -> Iterator[tuple[str, content.Found]]:
    """The verdicts of workers, or of this process where no Python can be one."""
    count = min(machine.cores(), 1 + len(paths) // MANY)
    batches = [list(paths[n : n + BATCH]) for n in range(0, len(paths), BATCH)]
    with machine.Threads(count) as threads:
        free: list[_Worker] = [_Worker() for _ in range(count)]
        waiting = iter(batches)
        running: list[tuple[_Worker, list[str], object]] = []
        try:
            done = 0
            running = [(w, batch, threads.submit(w.look, batch)) for w, batch in zip(free, islice(waiting, count))]
            while running:
                worker, batch, job = running.pop(0)
                verdicts = job.result()  # type: ignore[attr-defined]
                following = next(waiting, None)
                if following is not None:
                    running.append((worker, following, threads.submit(worker.look, following)))
                yield from zip(batch, verdicts)
                done += len(batch)
                progress.check()
                progress.report(done / len(paths), f"Looking into files of unknown names ({done} of {len(paths)})")
        finally:
            for worker in free:
                worker.close()


class _At(Progress):
    """Knows the file that a worker is at."""

    path = ""

    def info(self, text: str) -> None:
        self.path = text


class _Worker:
    """A process that looks into files; another one is started if it ends on one of them, but none once the worker is closed."""

    def __init__(self) -> None:
        self._process: workers.Process | None = None
        self._closed = False
        self._lock = threading.Lock()

    def look(self, paths: list[str]) -> list[content.Found]:
        """The verdict on each file."""
        at = _At()
        try:
            return self._ask(paths, at)
        except (AnnsmError, RuntimeError, EOFError, OSError, ValueError) as error:
            check_enough(error)
            with self._lock:
                overdue = self._end(patience=1.0)
            if len(paths) == 1 or self._closed:
                return [([], ENDED)] * len(paths)
            endless = at.path if overdue else None  # it would take its time once more
            return [([], ENDED) if path == endless else self.look([path])[0] for path in paths]

    def _ask(self, paths: list[str], at: Progress) -> list[content.Found]:
        process = self._running()
        if process is None:
            return [content.identify(path) for path in paths]
        values, _ = process.do("products.recognising.task:look", {"paths": paths}, {}, at)
        return [([naming.unpacked(entry) for entry in entries], words) for entries, words in values["found"]]

    def _running(self) -> workers.Process | None:
        """The process, started if there is none; None where no Python can be one. Raises ``AnnsmError`` if the worker is closed."""
        with self._lock:
            if self._closed:
                raise AnnsmError("The worker is closed.")
            if self._process is None:
                self._process = workers.start("files")
            return self._process

    def _end(self, patience: float = 0.0) -> bool:
        """End the process; whether it has ended itself, since a file took too long."""
        process, self._process = self._process, None
        return process is not None and -process.close(patience) in workers.OVERDUE

    def close(self) -> None:
        """End the process for good, also one that a thread is just starting."""
        self._closed = True
        with self._lock:
            self._end()
