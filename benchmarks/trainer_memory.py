"""Peak memory and time of training a large region from a cube: 60 000 cells of 480 complete days, read in blocks.

``python benchmarks/trainer_memory.py [cells]``; needs about 1.5 GB of disk under build/bench, which it gives back. Prints JSON lines.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from large_cube import write_cube  # noqa: E402

DAYS = 480
CHILD = """
import json, resource, sys, time
sys.path.insert(0, sys.argv[1])
from annsm_plugin.core.training import cube as train_cube
begin = time.perf_counter()
result = train_cube.train(sys.argv[2], sys.argv[3], start="2015-04-01", end="2017-12-31", device="cpu")
spent = time.perf_counter() - begin
peaks = [resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(json.dumps([spent, *peaks, result.summary]))
"""


def main() -> None:
    cells = int(sys.argv[1]) if len(sys.argv) > 1 else 60000
    place = ROOT / "build" / "bench"
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place) as folder:
        cube = Path(folder) / "cube.nc"
        write_cube(cube, cells, DAYS)
        size = cube.stat().st_size / 2**20
        done = subprocess.run(
            [sys.executable, "-c", CHILD, str(ROOT), str(cube), str(Path(folder) / "model.nc")], capture_output=True, text=True
        )
        if done.returncode:
            raise SystemExit(done.stderr)
        spent, peak, worker, summary = json.loads(done.stdout.splitlines()[-1])
    print("\n".join(summary))
    for name, value, unit in (
        (f"{cells} cells of {DAYS} days from a cube: size of the cube", size, "MiB"),
        (f"{cells} cells of {DAYS} days from a cube: time, trainlm's stops", spent, "s"),
        (f"{cells} cells of {DAYS} days from a cube: peak resident memory", peak, "MiB"),
        (f"{cells} cells of {DAYS} days from a cube: peak resident memory of a worker", worker, "MiB"),
    ):
        print(json.dumps({"name": name, "value": round(value, 1), "unit": unit}))
        with open(place / "trainer.jsonl", "a") as file:
            file.write(json.dumps({"name": name, "value": round(value, 1), "unit": unit}) + "\n")


if __name__ == "__main__":
    main()
