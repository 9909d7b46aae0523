"""Kill, starve and double the steps, and see what is lost: ``python scripts/torture_kills.py [KILLS] [SEED]``.

Every step that writes is killed at random moments, through the core; some of their workers alone, and some steps through the real
qgis_process. Then each is refused room, large files, its folder, its input and memory, and started twice at once. Prints counts by step,
how many runs went on where they had been, and a line for everything that was wrong.
"""

from __future__ import annotations

import collections
import os
import shutil
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "helpers"), str(ROOT / "scripts")]

#: How often of a round each step is killed, and a worker of it.
ROUND = {"match": 2, "train": 2, "sensitivity": 2}
WORKERS = ("match", "train", "train regional", "sensitivity", "comparemethods", "fillgaps")

#: Steps through qgis_process.
PERIOD = {"START": "2015-04-01", "END": "2016-03-31"}
THROUGH_QGIS = {
    "train": ("annsm:train", {"INPUT": "{good}/screened.nc", **PERIOD, "HIDDEN": 6, "RESTARTS": 4, "OUTPUT": "{out}/net.nc"}),
    "reconstruct": ("annsm:reconstruct", {"MODEL": "{good}/model.nc", "INPUT": "{good}/screened.nc", "OUTPUT": "{out}/record.nc"}),
    "aggregate": ("annsm:aggregate", {"INPUT": "{good}/annsm.nc", "OUTPUT": "{out}/months.nc", "TREND": "{out}/trend.tif"}),
}


def killed(harnesses: list, number: int, mine: list[str], wanted: int, begun: float) -> None:
    """Rounds of kills of one harness's steps until all harnesses have enough."""
    import kills

    harness, rounds = harnesses[number], 0
    while sum(sum(other.counts.values()) for other in harnesses) < wanted or not rounds:
        for step in mine:
            for _ in range(ROUND.get(step, 1)):
                harness.kill(step)
        for step in (step for step in WORKERS if step in mine):
            harness.kill(step, worker=True)
        if (ROOT / "build" / "annsm_plugin").is_dir():
            for step in (step for step in THROUGH_QGIS if step in mine):
                algorithm, parameters = THROUGH_QGIS[step]
                kills.through_qgis(harness, step, algorithm, **parameters)
        rounds += 1
        print(f"{rounds} rounds, {sum(harness.counts.values())} kills, {time.monotonic() - begun:.0f} s", flush=True)


def starved_steps(harness, mine: list[str], seed: int) -> tuple[collections.Counter, list[str]]:
    """What came of refusing everything to each of the steps once."""
    import starved

    counts, problems = collections.Counter(), []
    for step in mine:
        for how in starved.HOW:
            came, found = starved.starve(step, how, seed, harness.good, harness.folder, harness.whole(step, seed % 2 == 1))
            counts[f"{how}: {came}"] += 1
            problems += [f"{step}, {how}, {seed}: {problem}" for problem in found]
    return counts, problems


def torture(harnesses: list, number: int, wanted: int, seed: int, begun: float) -> tuple[collections.Counter, list[str]]:
    """All that one harness does with its share of the steps, so that no undisturbed run is needed twice; what came of the starved ones."""
    import steps_that_write as steps

    mine = list(steps.MODULES)[number :: len(harnesses)]
    killed(harnesses, number, mine, wanted, begun)
    for step in mine:
        harnesses[number].pair(step)
    return starved_steps(harnesses[number], mine, seed)


def main() -> int:
    import kills
    import steps_that_write as steps

    wanted, seed = (int(text) for text in (*sys.argv[1:3], *("200", "0")[len(sys.argv) - 1 :]))
    begun, jobs = time.monotonic(), max(1, min(4, os.cpu_count() or 1))
    sys.stderr = os.fdopen(os.dup(2), "w")  # HDF5 tells there, in threads but the first, of every attribute that a file lacks
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    folder = Path(tempfile.mkdtemp(prefix="annsm-kills-"))
    try:
        good = steps.originals(folder / "good")
        for number in range(jobs):
            (folder / str(number)).mkdir()
        harnesses = [kills.Harness(good, folder / str(number), seed + 1000 * number) for number in range(jobs)]
        with ThreadPoolExecutor(jobs) as threads:
            done = [threads.submit(torture, harnesses, number, wanted, seed, begun) for number in range(jobs)]
            starved = [job.result() for job in done]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    counts, resumed, pairs = (
        sum((getattr(one, name) for one in harnesses), collections.Counter()) for name in ("counts", "resumed", "pairs")
    )
    print(f"{sum(counts.values())} kills, {time.monotonic() - begun:.0f} s")
    for step, count in counts.items():
        print(f"{count:5d} {step}" + (f" ({resumed[step]} went on where they had been)" if resumed[step] else ""))
    for (step, came), count in pairs.items():
        print(f"{count:5d} {step} twice at once: {'one said so' if came == 'said' else 'one after the other'}")
    for what, count in sorted(sum((refused for refused, _ in starved), collections.Counter()).items()):
        print(f"{count:5d} {what}")
    problems = [line for one in harnesses for line in one.problems] + [line for _, lines in starved for line in lines]
    for line in problems:
        print(line)
    print(f"{len(problems)} problems")
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
