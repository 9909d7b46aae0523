"""Steps of the plugin on damaged files of every kind that it opens, in child processes with little memory: what comes of it, by kind.

``python steps_on_files.py GOOD OUT SEED ...`` is the child; ``torture`` starts two and watches them.
"""

from __future__ import annotations

import collections
import contextlib
import json
import multiprocessing
import os
import resource
import select
import shutil
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]

#: Bytes of memory and seconds of a processor that one damaged file may take; seconds of the clock, on a machine that does other things.
MEMORY, SECONDS, PATIENCE = 2 * 2**30, 30.0, 150.0

#: What of the plugin's own NetCDF files is damaged: how often, and the file.
KINDS = {"cube": (8, "screened.nc"), "annsm": (8, "annsm.nc"), "model": (5, "model.nc"), "shared": (2, "shared.nc"),
         "series": (4, "series.nc"), "filled": (2, "filled.nc"), "months": (2, "months.nc")}  # fmt: skip

#: How often a step is taken that takes longer than others, which are taken once each.
RARE = {"study": 0.01, "sensitivity": 0.3, "comparison": 0.3, "train": 0.5, "fillgaps": 0.5}

#: Part of the seeds whose file two steps open.
TWICE = 0.2

#: What may come of a step.
GOOD = ("fine", "project error")


def originals(folder: Path) -> Path:
    """The whole files, in ``folder``: those of a small study, a model that all cells share, a filled record, and those of others."""
    import files_of_strangers
    import studies

    from annsm_plugin.core import gaps, training

    if not (folder / "whole").is_file():
        studies.make(folder)
        training.train(folder / "screened.nc", folder / "shared.nc", **studies.PERIOD, method="regional")
        gaps.fill(folder / "annsm.nc", folder / "screened.nc", folder / "filled.nc", method="dct")
        files_of_strangers.originals(folder)
        (folder / "whole").touch()
    return folder


def often() -> dict[str, float]:
    """Kind -> how often it is damaged."""
    import files_of_strangers

    return {kind: found[0] for kind, found in (*KINDS.items(), *files_of_strangers.KINDS.items())}


def kind_of(seed: int) -> str:
    """What the damaged file of a seed is."""
    return _drawn(np.random.default_rng([seed, 3]), often())


def _drawn(random: np.random.Generator, weights: dict[str, float]) -> str:
    names = list(weights)
    share = np.cumsum([weights[name] for name in names])
    return names[int(np.searchsorted(share, random.random() * share[-1], side="right"))]


def path_of(kind: str, good: Path) -> Path:
    """The whole file of a kind."""
    import files_of_strangers

    return good / KINDS[kind][1] if kind in KINDS else files_of_strangers.path_of(kind, good)


def chosen(kind: str, seed: int, bad: Path, good: Path, out: Path) -> dict:
    """Name -> call of the steps that the damaged file of a seed is given to: one, or two."""
    import files_of_strangers

    own = kind in KINDS
    calls = (steps_of if own else files_of_strangers.steps_of)(kind, bad, good, out)
    random = np.random.default_rng([seed, 5])
    weights = {name: RARE.get(name, 1.0) for name in calls} if own else files_of_strangers.KINDS[kind][2]
    names = {_drawn(random, weights) for _ in range(2 if random.random() < TWICE else 1)}
    return {name: calls[name] for name in sorted(names)}


def steps_of(kind: str, bad: Path, good: Path, out: Path) -> dict:
    """Name -> call of the steps that open a file of ``kind``, on the damaged file ``bad``, the others being whole."""
    import studies

    from annsm_plugin.core import comparison, gaps, reconstruction, sensitivity, training
    from annsm_plugin.core.exploration import known, story
    from annsm_plugin.core.matching import appended, precipitation
    from annsm_plugin.core.record import aggregation, extraction
    from annsm_plugin.core.stations import reading
    from annsm_plugin.core.triple_collocation import maps
    from annsm_plugin.core.validation import satellite, stations

    cube, annsm, model = good / "screened.nc", good / "annsm.nc", good / "model.nc"
    period = studies.PERIOD

    def look(_=None):
        found = known.know([bad])
        for _story in story.read(found, 32.4, 90.4):
            pass

    def extract():
        source = extraction.look(bad)
        cells = np.array([0, min(source.grid.shape) - 1])
        extraction.extract(source, [extraction.Place("one", cells, cells, np.ones(2))], source.grid)

    def study():
        from annsm_plugin.core.study import report
        from annsm_plugin.core.study.request import StudyRequest

        copy = out / "study"
        copy.mkdir(exist_ok=True)
        for path in filter(Path.is_file, good.iterdir()):
            here = copy / path.name
            here.unlink(missing_ok=True)
            here.symlink_to(bad if path.name == KINDS[kind][1] else path)
        report.run(StudyRequest(folder=str(copy), report=str(out / "study.html")))

    def triple(x, y, z, *variables):
        return maps.collocate(x, y, z, draws=0, min_n=20, variables=variables)

    both = {
        "extract": extract,
        "explorer": look,
        "aggregate": lambda: aggregation.aggregate(bad, out / "a.nc"),
        "study": study,
    }
    if kind == "cube":
        return {
            **both,
            "train": lambda: training.train(bad, out / "m.nc", **period, hidden=2),
            "reconstruct": lambda: reconstruction.reconstruct(model, bad, out / "r.nc"),
            "satellite": lambda: satellite.validate_satellite(annsm, bad),
            "stations": lambda: stations.validate_stations(annsm, good / "series.nc", cube=bad),
            "triple": lambda: triple(annsm, bad, cube, "", "smap", "gldas"),
            "screen": lambda: precipitation.screen(bad, out / "s.nc"),
            "fillgaps": lambda: gaps.fill(annsm, bad, out / "f.nc", method="dct"),
            "sensitivity": lambda: sensitivity.analyse(bad, **period, hidden=2, experiments=["neurons"], neurons="2"),
            "comparison": lambda: comparison.compare(bad, **period, hidden=2, methods=["linear", "climatology"]),
            "append": lambda: appended.about(bad),
        }
    if kind in ("annsm", "filled"):
        return {
            **both,
            "satellite": lambda: satellite.validate_satellite(bad, cube),
            "stations": lambda: stations.validate_stations(bad, good / "series.nc", cube=cube),
            "triple": lambda: triple(bad, cube, cube, "", "smap", "gldas"),
            "fillgaps": lambda: gaps.fill(bad, cube, out / "f.nc", method="dct"),
        }
    if kind in ("model", "shared"):
        return {"reconstruct": lambda: reconstruction.reconstruct(bad, cube, out / "r.nc"), "explorer": look, "study": study}
    if kind == "series":
        return {
            "read": lambda: reading.read(bad),
            "stations": lambda: stations.validate_stations(annsm, bad),
            "triple": lambda: triple(annsm, bad, cube, "", "", "gldas"),
            "study": study,
        }
    return {name: call for name, call in both.items() if name != "aggregate"}


def one(seed: int, good: Path, out: Path, tell) -> None:
    """Damage a file by ``seed``, take steps on it, and ``tell`` of each what came of it."""
    kind = kind_of(seed)
    whole = path_of(kind, good)
    bad = out / "bad" / whole.name
    shutil.rmtree(bad.parent, ignore_errors=True)  # a file that was damaged before would cost its time again in the list of a folder
    bad.parent.mkdir(parents=True)
    try:
        done = damaged(whole, bad, seed)
    except RuntimeError as error:  # this damage cannot be done
        tell(undone=f"{kind}: {error}"[:200], seed=seed)
        return
    os.utime(bad, ns=(10**18 + seed,) * 2)
    for name, call in chosen(kind, seed, bad, good, out).items():
        begun = time.perf_counter()
        tell(begin=f"{kind}: {name}", seed=seed, damage=done)
        came, words = _came(call, MEMORY)
        tell(came=came, words=words, seconds=time.perf_counter() - begun)


def damaged(whole: Path, bad: Path, seed: int) -> str:
    """What was done to the copy ``bad`` of a file. In a process of its own: what a library keeps of the memory that the making of a file
    took would be wanting in the steps. Raises ``RuntimeError`` if it cannot be done."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["damages"])
    mine, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_damage, args=(whole, bad, seed, theirs))
    process.start()
    theirs.close()
    try:
        done, wrong = mine.recv() if mine.poll(SECONDS) else ("", "its process does not end")
    except EOFError:
        done, wrong = "", "its process ended"
    process.kill()
    process.join()
    if wrong:
        raise RuntimeError(wrong)
    return done


def _damage(whole: Path, bad: Path, seed: int, answers) -> None:
    from damages import damage

    try:
        answers.send((damage(whole, bad, seed), ""))
    except Exception as error:
        answers.send(("", f"{type(error).__name__}: {error}"))


def _came(call, memory: int) -> tuple[str, str]:
    """What came of a step, and its words."""
    from annsm_plugin.core.foundation.errors import AnnsmError

    try:
        call()
    except AnnsmError as error:
        words = str(error)
        if "\n" in words or len(words) > 2000:
            return "bare error", words[:500]
        # what is refused for lack of memory has asked for more than there may be
        greedy = any(word in words for word in ("MemoryError", "more memory than", "out of memory", "Unable to allocate", "bad_alloc"))
        return ("too much memory" if greedy else "project error"), words
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in last if "annsm_plugin" in frame.filename]
        where = f"{Path(own[-1].filename).name}:{own[-1].lineno}" if own else f"{Path(last[-1].filename).name}:{last[-1].lineno}"
        return "bare error", f"{type(error).__name__}: {' '.join(str(error).split())[:150]} [{where}]"
    return "fine", ""


def child(good: Path, out: Path, seeds: list[int]) -> None:
    """What the child process does: the answers go to what was its standard output, one JSON object a line."""
    import warnings

    import files_of_strangers

    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    with contextlib.suppress(ImportError):
        import torch

        torch.set_num_threads(1)
    if not os.environ.get("ANNSM_UNEXAMINED"):
        from annsm_plugin.core.workers import examining

        examining.install()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    (out / "bad").mkdir(parents=True, exist_ok=True)
    for seed in seeds:
        one(seed, good, out, lambda **told: answers.write(json.dumps(told) + "\n"))
        answers.write(json.dumps({"done": seed}) + "\n")
    files_of_strangers.forget()


def _spent(process: int) -> float:
    """Seconds of the processor that a process and those that it has started have taken."""
    total = 0.0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            if int(path.parent.name) == process or int(fields[1]) == process:
                total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


class Torture:
    """Damaged files by kind of file and outcome, in ``children`` processes at once.

    ``counts``: (kind, outcome) -> steps; ``lines``: one for everything that is neither fine nor a project error; ``finished``: files;
    ``slowest``: kind -> seconds of the slowest step; ``say`` is told every line at once.
    """

    def __init__(self, good: Path, out: Path, children: int = 2, say: Callable[[str], object] = str) -> None:
        self.good, self.out, self.children, self.say = good, out, children, say
        self.counts: collections.Counter = collections.Counter()
        self.lines: list[str] = []
        self.slowest: dict[str, float] = {}
        self.finished = 0
        self._lock = threading.Lock()

    def run(self, seeds: list[int], seconds: float = float("inf")) -> Torture:
        """Take the seeds, in order, for so many seconds."""
        left, deadline = collections.deque(seeds), time.monotonic() + seconds
        threads = [threading.Thread(target=self._one, args=(number, left, deadline)) for number in range(self.children)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return self

    def outcomes(self) -> collections.Counter:
        """Outcome -> steps."""
        found: collections.Counter = collections.Counter()
        for (_, came), count in self.counts.items():
            found[came] += count
        return found

    def _one(self, number: int, left: collections.deque, deadline: float) -> None:
        """Let children take what is left, one after the other."""
        mine: list[int] = []
        while time.monotonic() < deadline:
            with self._lock:
                while left and len(mine) < 200:
                    mine.append(left.popleft())
            if not mine:
                return
            mine = self._watch(self.out / str(number), mine, deadline)

    def _watch(self, out: Path, seeds: list[int], deadline: float) -> list[int]:
        """Let a child take the seeds; what it has left when it ends."""
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        environment.update(MALLOC_ARENA_MAX="2", PYTHONPATH=os.pathsep.join([str(ROOT), str(ROOT / "tests" / "helpers")]))
        running, left, late = {}, list(seeds), False
        command = [sys.executable, __file__, str(self.good), str(out), *map(str, seeds)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, text=True) as process:
            while time.monotonic() < deadline:
                begun, spent = time.monotonic(), _spent(process.pid)
                while not late and not select.select([process.stdout], [], [], 1.0)[0]:
                    late = time.monotonic() - begun > PATIENCE or _spent(process.pid) - spent > SECONDS
                if late:
                    break
                line = process.stdout.readline()
                if not line:
                    break
                told = json.loads(line)
                if "begin" in told:
                    running = told
                elif "came" in told:
                    self._note(running, told["came"], told["words"], told["seconds"])
                    running = {}
                elif "done" in told:
                    left.remove(told["done"])
                    with self._lock:
                        self.finished += 1
                else:
                    self._note({**told, "begin": told["undone"], "damage": ""}, "not damaged", "", 0.0)
            else:
                process.kill()
                return left
            if late:
                process.kill()
            status = process.wait()
        if running:
            left.remove(running["seed"])
            with self._lock:
                self.finished += 1
            self._note(running, "too slow" if late else "crash", f"status {status}", 0.0)
        elif status or late:
            with self._lock:
                self._line(f"the child ended with status {status} between two files, before seed {left[0] if left else None}")
            left = left[1:]
        return left

    def _note(self, running: dict, came: str, words: str, seconds: float) -> None:
        kind = running["begin"].partition(":")[0]
        with self._lock:
            self.counts[kind, came] += 1
            self.slowest[kind] = max(self.slowest.get(kind, 0.0), seconds)
            if came not in (*GOOD, "not damaged") or seconds > SECONDS:
                self._line(f"{came}, {seconds:.1f} s: seed {running['seed']} {running['begin']} ({running['damage']}): {words}")

    def _line(self, line: str) -> None:
        self.lines.append(line)
        self.say(line)

    def table(self) -> list[str]:
        """The counts by kind of file and outcome, as lines."""
        columns = [*GOOD, *sorted({came for _, came in self.counts} - set(GOOD))]
        lines = [f"{'':20}" + "".join(f"{name:>17}" for name in columns) + f"{'slowest (s)':>14}"]
        for kind in [*dict.fromkeys(kind for kind in often() if kind in self.slowest), ""]:
            own = [sum(n for (k, c), n in self.counts.items() if c == name and kind in ("", k)) for name in columns]
            slow = self.slowest[kind] if kind else max(self.slowest.values(), default=0.0)
            lines.append(f"{kind or 'all':20}" + "".join(f"{n:17d}" for n in own) + f"{slow:14.1f}")
        return lines


if __name__ == "__main__":
    child(Path(sys.argv[1]), Path(sys.argv[2]), [int(text) for text in sys.argv[3:]])
