"""Steps to which something is refused: room, large files, a folder, an input, memory. ``python starved.py STEP HOW SEED GOOD PLACE``.

The child process is refused it, must say so in one sentence and leave nothing half done, is given it, and must then do the step, in the
same process, and end without a crash. What it did is one JSON line.
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import os
import random
import resource
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

#: What can be refused. The first two need a disk of their own, which root can mount.
HOW = ("disk", "readonly", "limit", "vanished", "input", "memory")

#: Seconds after which a step is taken to hang; then its process says where it was, and ends.
PATIENCE = 400

#: What a step reads that is spoilt while it works.
READ = {"match": "archive/gldas/GLDAS_NOAH025_3H.A20160305.0300.021.nc4", "screenprecipitation": "cube.nc", "sensitivity": "cube.nc",
        "reconstruct": "screened.nc", "train": "screened.nc", "comparemethods": "screened.nc"}  # fmt: skip


class Refused:
    """A way to refuse something to the process: from ``__enter__`` to ``__exit__``; ``event`` is called when the step has gone on."""

    def __init__(self, how: str, step: str, given: Path, good: Path, place: Path, whole: int, chance: random.Random):
        self.how, self.place, self.out, self.chance = how, place, place / "out", chance
        self.victim, self.original = (folder / READ.get(step.split()[0], "annsm.nc") for folder in (given, good))
        self.whole, self.left = whole, chance.randrange(1, 6) if how in ("vanished", "input") else 0

    def __enter__(self):
        if self.how == "disk":
            part = self.chance.choice([0.0, 0.0, 0.2, 0.5, 0.8, 0.95])
            fill(self.place, int(part * self.whole) + self.chance.choice([0, 4096, 16384]))
        elif self.how == "readonly":
            subprocess.run(["mount", "-o", "remount,ro", str(self.place)], check=True)
        elif self.how == "limit":
            resource.setrlimit(resource.RLIMIT_FSIZE, (self.chance.choice([0, 100, 5000, 20_000]), resource.RLIM_INFINITY))
        elif self.how == "memory":
            used = int(Path("/proc/self/statm").read_text().split()[0]) * 4096
            resource.setrlimit(resource.RLIMIT_AS, (used + self.chance.choice([0, 60, 140, 180, 250, 400]) * 2**20, resource.RLIM_INFINITY))

    def event(self) -> None:
        self.left -= 1
        if self.left != 0:
            return
        if self.how == "vanished":
            shutil.rmtree(self.out, ignore_errors=True)
        elif self.chance.random() < 0.5:
            os.truncate(self.victim, self.victim.stat().st_size // 2)
        else:
            self.victim.unlink()
            self.victim.write_bytes(b"something else" * 1000)

    def __exit__(self, *error):
        self.left = 0
        for kind in (resource.RLIMIT_FSIZE, resource.RLIMIT_AS):
            resource.setrlimit(kind, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        if self.how == "readonly":
            subprocess.run(["mount", "-o", "remount,rw", str(self.place)], check=True)
        if self.how == "input":
            shutil.copy2(self.original, self.victim)

    def free(self) -> int:
        """Bytes of the disk that nobody has a name for."""
        disk = os.statvfs(self.place)
        used = (disk.f_blocks - disk.f_bfree) * disk.f_frsize
        return used - sum(path.stat().st_blocks * 512 for path in self.place.rglob("*") if path.is_file())


def child(step: str, how: str, seed: int, good: Path, place: Path, whole: Path) -> dict:
    """What the child process does."""
    import importlib
    import warnings

    import kills
    import steps_that_write as steps

    from annsm_plugin.core.foundation import store
    from annsm_plugin.core.foundation.errors import AnnsmError
    from annsm_plugin.core.foundation.progress import Progress

    warnings.simplefilter("ignore")
    steps.small_blocks()
    given, out, problems, came = good, place / "out", [], []
    if how == "input":
        given = place / "given"
        shutil.copytree(good, given)
    size = sum(path.stat().st_size for path in whole.rglob("*") if path.is_file())
    steps.asked(step, given, out)
    for name in kills.IMPORTED:  # a library that finds no memory while it is imported stays half imported
        importlib.import_module(name)
    refused = Refused(how, step, given, good, place, size, random.Random(seed))

    class Told(Progress):
        def report(self, fraction, text=""):
            refused.event()

    def attempt() -> tuple[str, str]:
        out.mkdir(exist_ok=True)
        try:
            run, request, others = steps.asked(step, given, out, more=whole.name.endswith("all"))
            run(request, *others, progress=Told())
            return "end", ""
        except AnnsmError as error:
            words = str(error)
            return ("said", words) if "\n" not in words and len(words) < 1500 else ("bare", words)
        except BaseException as error:
            import traceback

            frames = [f for f in traceback.extract_tb(error.__traceback__) if "annsm_plugin" in f.filename][-2:]
            return "bare", f"{type(error).__name__}: {error} {[f'{Path(f.filename).name}:{f.lineno}' for f in frames]}"

    atomic = store.whole._settled

    def settled(part):
        refused.event()
        atomic(part)

    store.whole._settled = settled
    out.mkdir()
    for _ in range(2):
        with refused:
            found, words = attempt()
            came.append([found, words])
            if found == "bare":
                problems.append(f"{found}: {words}")
            if how == "disk" and refused.free() > 65536:
                problems.append(f"{refused.free()} bytes are not free again")
        if out.is_dir():
            problems += steps.differences(out, whole, finished=False) if how != "input" or found == "said" else []
        refused.left = 0
    with contextlib.suppress(OSError):
        (place / "ballast").unlink()
    found, words = attempt()
    if found != "end":
        problems.append(f"when it is given: {found} {words}")
    else:
        problems += steps.differences(out, whole)
    return {"came": came, "problems": problems}


def fill(place: Path, free: int) -> None:
    """Fill a disk with ``ballast`` but for so many bytes."""
    with open(place / "ballast", "wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(4096, os.statvfs(place).f_bavail * 4096 - free // 4096 * 4096))


@contextlib.contextmanager
def disk(folder: Path, megabytes: int = 64):
    """A small disk; None where none can be had."""
    folder.mkdir(parents=True, exist_ok=True)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)], capture_output=True).returncode:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], capture_output=True)


def starve(step: str, how: str, seed: int, good: Path, folder: Path, whole: Path) -> tuple[str, list[str]]:
    """Refuse ``how`` to a step in a process of its own: what came of it ("said", "end", "no disk") and what was wrong."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "tests" / "helpers")])
    place = folder / f"{how} {step} {seed}"
    with disk(place) if how in ("disk", "readonly") else contextlib.nullcontext(place) as there:
        if there is None:
            return "no disk", []
        there.mkdir(exist_ok=True)
        command = [sys.executable, __file__, step, how, str(seed), str(good), str(there), str(whole)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
    shutil.rmtree(place, ignore_errors=True)
    try:
        told = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        return "crash", [f"status {done.returncode}: {done.stderr[-3000:]}"]
    if done.returncode:
        told["problems"].append(f"a crash at exit: status {done.returncode} {done.stderr[-300:]}")
    return told["came"][0][0], [f"{problem} (first: {told['came'][0]})" for problem in told["problems"]]


if __name__ == "__main__":
    faulthandler.dump_traceback_later(PATIENCE, exit=True)
    print("\n" + json.dumps(child(sys.argv[1], sys.argv[2], int(sys.argv[3]), *map(Path, sys.argv[4:7]))))
