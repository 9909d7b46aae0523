"""Kill, starve and double the steps, and see what is lost: ``python scripts/torture_kills.py [KILLS] [SEED]``.

Every step that writes is killed at random moments, through the core; some of their workers alone, and some steps through the real
qgis_process. Then each is refused room, large files, its folder, its input and memory, and started twice at once. Prints counts by step,
how many runs went on where they had been, and a line for everything that was wrong.
"""

from __future__ import annotations

import collections
import shutil
import sys
import tempfile
import time
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


def killed(harness, wanted: int, begun: float) -> None:
    """Rounds of kills until there are enough."""
    import kills
    import steps_that_write as steps

    rounds = 0
    while sum(harness.counts.values()) < wanted:
        for step in steps.MODULES:
            for _ in range(ROUND.get(step, 1)):
                harness.kill(step)
        for step in WORKERS:
            harness.kill(step, worker=True)
        if (ROOT / "build" / "annsm_plugin").is_dir():
            for step, (algorithm, parameters) in THROUGH_QGIS.items():
                kills.through_qgis(harness, step, algorithm, **parameters)
        rounds += 1
        print(f"{rounds} rounds, {sum(harness.counts.values())} kills, {time.monotonic() - begun:.0f} s", flush=True)


def starved_steps(harness, seed: int) -> tuple[collections.Counter, list[str]]:
    """What came of refusing everything to every step once."""
    import starved
    import steps_that_write as steps

    counts, problems = collections.Counter(), []
    for step in steps.MODULES:
        for how in starved.HOW:
            came, found = starved.starve(step, how, seed, harness.good, harness.folder, harness.whole(step, seed % 2 == 1))
            counts[f"{how}: {came}"] += 1
            problems += [f"{step}, {how}, {seed}: {problem}" for problem in found]
    return counts, problems


def main() -> int:
    import kills
    import steps_that_write as steps

    wanted, seed = (int(text) for text in (*sys.argv[1:3], *("200", "0")[len(sys.argv) - 1 :]))
    begun = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="annsm-kills-"))
    try:
        harness = kills.Harness(steps.originals(folder / "good"), folder, seed)
        killed(harness, wanted, begun)
        for step in steps.MODULES:
            harness.pair(step)
        refused, problems = starved_steps(harness, seed)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{sum(harness.counts.values())} kills, {time.monotonic() - begun:.0f} s")
    for step, count in harness.counts.items():
        print(f"{count:5d} {step}" + (f" ({harness.resumed[step]} went on where they had been)" if harness.resumed[step] else ""))
    for (step, came), count in harness.pairs.items():
        print(f"{count:5d} {step} twice at once: {'one said so' if came == 'said' else 'one after the other'}")
    for what, count in sorted(refused.items()):
        print(f"{count:5d} {what}")
    for line in (*harness.problems, *problems):
        print(line)
    print(f"{len(harness.problems) + len(problems)} problems")
    return int(bool(harness.problems or problems))


if __name__ == "__main__":
    sys.exit(main())
