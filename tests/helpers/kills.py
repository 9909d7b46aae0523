"""Ends steps from outside at random moments, and says what was wrong afterwards: half files, other results, leftovers, orphans.

A step runs in a process that is forked from one that has everything imported, so that a kill costs the step's own time.
"""

from __future__ import annotations

import collections
import contextlib
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import steps_that_write as steps

#: Libraries that steps import when they need them.
IMPORTED = ("matplotlib.figure", "matplotlib.backends.backend_agg", "xarray", "netCDF4", "torch", "osgeo.gdal", "scipy.stats", "sklearn")

#: Seconds after which a step is taken to hang, and within which all processes of a killed one must be gone.
PATIENCE, GONE = 300.0, 6.0


def work(step: str, good: Path, out: Path, tell, workers: bool, more: bool) -> None:
    """What the child process does: the step, told through the pipe ``tell``."""
    import warnings

    warnings.simplefilter("ignore")
    os.setsid()
    os.environ.pop("ANNSM_PYTHON", None)
    if workers:
        os.environ["ANNSM_PYTHON"] = sys.executable
    from annsm_plugin.core.foundation.errors import AnnsmError
    from annsm_plugin.core.foundation.progress import Progress

    class Told(Progress):
        def info(self, text):
            tell.send(("log", text))

        warning = info

    steps.small_blocks()
    run, request, given = steps.asked(step, good, out, more=more)
    tell.send(("begin", ""))
    try:
        run(request, *given, progress=Told())
        tell.send(("end", ""))
    except AnnsmError as error:
        tell.send(("said", str(error)))
    except BaseException as error:
        import traceback

        frames = [f for f in traceback.extract_tb(error.__traceback__) if "annsm_plugin" in f.filename][-1:]
        where = "".join(f" [{Path(frame.filename).name}:{frame.lineno}]" for frame in frames)
        tell.send(("bare", f"{type(error).__name__}: {error}{where}"))


def forks():
    """Where children come from: a process that has imported what the steps need and has done nothing."""
    os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"), QT_QPA_PLATFORM="offscreen")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["kills", "studies", *IMPORTED])
    return context


class Run:
    """A step that runs in a process of its own."""

    def __init__(self, context, step: str, good: Path, out: Path, *, workers: bool = False, more: bool = True):
        out.mkdir(exist_ok=True, parents=True)
        self._pipe, theirs = context.Pipe(duplex=False)
        self.process = context.Process(target=work, args=(step, good, out, theirs, workers, more))
        self.process.start()
        theirs.close()
        self.log: list[str] = []
        self.came, self.words = "", ""
        while not self.came:
            self._hear(PATIENCE)
        self.begun = time.monotonic()

    def _hear(self, seconds: float) -> None:
        try:
            if not self._pipe.poll(seconds):
                return
            kind, text = self._pipe.recv()
            if kind == "log":
                self.log.append(text)
            else:
                self.came, self.words = kind, text
        except (EOFError, OSError):
            self.came = self.came if self.came in ("end", "said", "bare") else "ended"

    def wait(self, seconds: float = PATIENCE) -> str:
        """How it came to its end: end, said (one sentence), bare (another error), ended (a signal, or was killed), late."""
        deadline = time.monotonic() + seconds
        while self.came == "begin" and time.monotonic() < deadline:
            self._hear(max(0.0, min(1.0, deadline - time.monotonic())))
        return self.came if self.came != "begin" else "late"

    def end(self) -> list[int]:
        """Kill it, if it is still there, and return the processes that outlive it."""
        if self.process.is_alive():
            os.kill(self.process.pid, signal.SIGKILL)
        self.process.join(PATIENCE)
        self._pipe.close()
        return orphans(self.process.pid)


def members(session: int) -> list[int]:
    """The living processes of a session."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            fields = path.read_text().rpartition(")")[2].split()
            if int(fields[3]) == session and fields[0] != "Z":
                found.append(int(path.parent.name))
    return found


def orphans(session: int) -> list[int]:
    """The processes of a session that do not end within ``GONE`` seconds after its first."""
    deadline = time.monotonic() + GONE
    while True:
        left = [process for process in members(session) if process != session]
        if not left or time.monotonic() > deadline:
            return left
        time.sleep(0.05)


class Harness:
    """Kills steps; ``problems`` and ``counts`` are what came of it."""

    def __init__(self, good: Path, folder: Path, seed: int = 0, *, more: bool = True):
        self.good, self.folder, self.more = good, folder, more
        self.random = np.random.default_rng(seed)
        self.context = forks()
        self.counts: collections.Counter = collections.Counter()
        self.resumed: collections.Counter = collections.Counter()
        self.pairs: collections.Counter = collections.Counter()
        self.problems: list[str] = []
        self.seconds: dict[str, float] = {}
        self.number = 0

    def whole(self, step: str, more: bool) -> Path:
        """The folder with the outputs of an undisturbed run."""
        out = self.folder / f"whole {step}{', all' if more else ''}"
        if out.name not in self.seconds:
            run = self.start(step, out, more=more)
            came = run.wait()
            self.seconds[out.name] = time.monotonic() - run.begun
            if came != "end" or run.end():
                raise RuntimeError(f"{step} undisturbed: {came} {run.words}")
        return out

    def start(self, step: str, out: Path, *, workers: bool = False, more: bool = False) -> Run:
        """Start a step."""
        return Run(self.context, step, self.good, out, workers=workers, more=more)

    def kill(self, step: str, *, worker: bool = False) -> None:
        """Kill a step, or one of its workers, at a random moment, up to three more times what goes on from there, then let it end and look.

        One time of three there are finished outputs from before; one of three (where ``more``) all maps, figures and reports are asked for.
        """
        more = self.more and bool(self.random.random() < 1 / 3)
        whole = self.whole(step, more)
        self.number += 1
        out = self.folder / f"{self.number} {step}"
        where = f"{step}, {'worker, ' if worker else ''}{self.number}"
        if self.random.random() < 1 / 3:
            shutil.copytree(whole, out)
        times = 1 if worker else int(self.random.integers(1, 5))
        while times and self.killed(step, out, whole, where, worker, more):
            times -= 1
        run = self.start(step, out, more=more)
        came = run.wait()
        words, left = run.words, run.end()
        if came != "end":
            self.problems.append(f"{where}: the second run: {came} {words}")
        elif left:
            self.problems.append(f"{where}: orphans of the second run {left}")
        else:
            self.resumed[step] += any("there from a run" in line or "Going on" in line or "earlier run" in line for line in run.log)
            self.problems += [f"{where}: {found}" for found in steps.differences(out, whole)]
        shutil.rmtree(out)

    def pair(self, step: str) -> None:
        """Start a step twice on the same outputs: one works, and one says so unless the other is done."""
        whole = self.whole(step, False)
        self.number += 1
        out = self.folder / f"{self.number} {step}, twice"
        runs = [self.start(step, out) for _ in range(2)]
        came = sorted(run.wait() for run in runs)
        words = [run.words for run in runs if run.came == "said"]
        left = [process for run in runs for process in run.end()]
        if came not in (["end", "said"], ["end", "end"]) or not all("is being written by process" in text for text in words) or left:
            self.problems.append(f"{step}, twice: {came} {[run.words for run in runs]} {left}")
        self.pairs[step, came[1]] += 1
        self.problems += [f"{step}, twice: {found}" for found in steps.differences(out, whole)]
        shutil.rmtree(out)

    def killed(self, step: str, out: Path, whole: Path, where: str, worker: bool, more: bool) -> bool:
        """Start and kill; whether it was still running."""
        run = self.start(step, out, workers=worker, more=more)
        run.wait(self.random.random() * self.seconds[whole.name] * (1.0 if not worker else 1.5))
        if worker:
            return self.worker_killed(step, run, out, whole, where)
        running = run.came == "begin"
        left = run.end()
        if left:
            self.problems.append(f"{where}: orphans {left}")
        if running:
            self.counts[step] += 1
        self.problems += [f"{where}, after the kill: {found}" for found in steps.differences(out, whole, finished=False)]
        return running

    def worker_killed(self, step: str, run: Run, out: Path, whole: Path, where: str) -> bool:
        """Kill a worker of a run; it must end well or in one sentence."""
        deadline = time.monotonic() + 10
        there: list[int] = []
        while run.came == "begin" and not there and time.monotonic() < deadline:
            there = [process for process in members(run.process.pid) if process != run.process.pid]
            run.wait(0.02)
        if there:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(self.random.choice(there)), signal.SIGKILL)
                self.counts[f"{step}, a worker"] += 1
        came, words = run.wait(), run.words
        left = run.end()
        if left:
            self.problems.append(f"{where}: orphans {left}")
        if came == "end":
            self.problems += [f"{where}, without its worker: {found}" for found in steps.differences(out, whole)]
        elif came != "said" or "\n" in words:
            self.problems.append(f"{where}, without its worker: {came} {words}")
        return bool(there)


def through_qgis(harness: Harness, step: str, algorithm: str, **parameters) -> None:
    """Kill a step that the real ``qgis_process`` runs, run it again and look."""
    import qgis_cli

    harness.number += 1
    whole, out = harness.folder / f"qgis {step}", harness.folder / f"{harness.number} qgis {step}"
    environment = qgis_cli.environment()

    def start(folder: Path):
        folder.mkdir(exist_ok=True)
        given = [f"--{name}={str(value).format(out=folder, good=harness.good)}" for name, value in parameters.items()]
        command = [qgis_cli.command(), "--json", "run", algorithm, *given]
        return subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )

    key = f"qgis_process {step}"
    if key not in harness.seconds:
        qgis_cli.enable(environment)
        begun = time.monotonic()
        process = start(whole)
        text = process.communicate(timeout=PATIENCE)[0]
        harness.seconds[key] = time.monotonic() - begun
        if process.returncode:
            raise RuntimeError(f"{key} undisturbed: {text[-1500:]}")
    process = start(out)
    begun, wait = time.monotonic(), (0.25 + 0.75 * harness.random.random()) * harness.seconds[key]
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.communicate(timeout=wait)
    if process.poll() is None:
        process.kill()
        harness.counts[key] += 1
    process.communicate()
    left = orphans(process.pid)
    if left:
        harness.problems.append(f"{key}: orphans {left}")
    record = {name for name in steps.names(out) if name.endswith(".run.json")}
    found = [f for f in steps.differences(out, whole, finished=False) if not any(f.startswith(name) for name in record)]
    harness.problems += [f"{key} after the kill: {f}" for f in found]
    process = start(out)
    text = process.communicate(timeout=PATIENCE)[0]
    if process.returncode or orphans(process.pid):
        harness.problems.append(f"{key}: the second run: {process.returncode} {text[-500:]}")
    found = [f for f in steps.differences(out, whole) if not f.split(" differs")[0].endswith(".run.json")]
    harness.problems += [f"{key}: {f}" for f in found]
    shutil.rmtree(out)
