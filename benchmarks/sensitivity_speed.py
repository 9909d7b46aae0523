"""Time of a whole sensitivity analysis, beside the time that its networks take in the trainer alone.

``python benchmarks/sensitivity_speed.py`` runs the paper's plateau (3 942 cells, 600 synthetic days, one seed);
``... CUBE START END`` a cube of one's own, such as the demo's. Prints JSON lines.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from large_cube import write_cube  # noqa: E402

from annsm_plugin.core.sensitivity import analysis  # noqa: E402


def measure(name: str, cube, start: str, end: str) -> None:
    result = analysis.analyse(cube, start=start, end=end)
    runs = sum(not entry.reused for entry in result.entries)
    for what, value, unit in (
        ("runs", len(result.entries), "1"),
        ("runs that needed training of their own", runs, "1"),
        ("cells", int(result.cells.sum()), "1"),
        ("total time", result.seconds, "s"),
        ("total time over time in the trainer", result.seconds / result.training_seconds, "1"),
    ):
        print(json.dumps({"name": f"sensitivity, {name}: {what}", "value": round(float(value), 3), "unit": unit}), flush=True)


def main() -> None:
    if len(sys.argv) == 4:
        measure(Path(sys.argv[1]).name, *sys.argv[1:])
        return
    with tempfile.TemporaryDirectory() as folder:
        cube = Path(folder) / "plateau.nc"
        write_cube(cube, 3942, 600, columns=73)
        measure("plateau of 3942 cells, 600 days", cube, "2015-04-01", "2016-12-31")


if __name__ == "__main__":
    main()
