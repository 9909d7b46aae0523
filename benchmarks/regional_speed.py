"""How long the plateau takes: the regional ensemble trained on 7 168 cells and 4 years, and applied, beside the paper's network per cell.

Prints seconds of training (with as many workers as there are cores), the share of the time that training itself takes, and the time that
applying takes over that of one network per cell. Run: .venv/bin/python benchmarks/regional_speed.py [CELLS [DAYS]]
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))
import large_cube

from annsm_plugin.core.reconstruction import apply as reconstruction
from annsm_plugin.core.training import cube as train_cube


def main(cells: int = 7168, days: int = 1461) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        large_cube.write_cube(work / "cube.nc", cells, days, columns=128)
        period = {"start": "2015-04-01", "end": "2019-03-31", "split": "blocks"}
        applied = {}
        for method in ("regional", "refined", "cell"):
            began = time.monotonic()
            train_cube.train(work / "cube.nc", work / f"{method}.nc", method=method, **period)
            trained = time.monotonic() - began
            times = []
            for _ in range(2):
                began = time.monotonic()
                reconstruction.reconstruct(work / f"{method}.nc", work / "cube.nc", work / "out.nc")
                times.append(time.monotonic() - began)
            applied[method] = min(times)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
            print(
                f"{method}: trained in {trained:.0f} s, applied in {applied[method]:.1f} s; peak of memory so far {peak:.2f} GiB",
                flush=True,
            )
        for method in ("regional", "refined"):
            print(f"applying {method} takes {applied[method] / applied['cell']:.2f} times a network per cell (wanted: at most 3)")


if __name__ == "__main__":
    main(*(int(a) for a in sys.argv[1:]))
