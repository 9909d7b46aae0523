"""End steps from outside at random moments and see what is lost: ``python scripts/torture_kills.py [KILLS] [SEED]``.

Every step that writes is killed in turn, through the core; some of their workers alone, and some steps through the real qgis_process.
Prints kills by step, how many runs went on where they had been, and a line for everything that was wrong.
"""

from __future__ import annotations

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


def main() -> int:
    import kills
    import steps_that_write as steps

    wanted, seed = (int(text) for text in (*sys.argv[1:3], *("200", "0")[len(sys.argv) - 1 :]))
    begun = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="annsm-kills-"))
    try:
        harness = kills.Harness(steps.originals(folder / "good"), folder, seed)
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
            for line in harness.problems:
                print(f"  {line}", flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{sum(harness.counts.values())} kills, {len(harness.problems)} problems, {time.monotonic() - begun:.0f} s")
    for step, count in harness.counts.items():
        print(f"{count:5d} {step}" + (f" ({harness.resumed[step]} went on where they had been)" if harness.resumed[step] else ""))
    for line in harness.problems:
        print(line)
    return int(bool(harness.problems))


if __name__ == "__main__":
    sys.exit(main())
