"""Damage thousands of the plugin's own files and take every step on them: ``python scripts/torture.py [FILES] [FIRST_SEED] [SECONDS]``.

Prints a count by kind (fine, project error, bare error, crash, too slow) and a line for each that is neither of the first two.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "helpers")]


def main() -> int:
    import steps_on_files

    files, first, seconds = (int(text) for text in (*sys.argv[1:4], *("2000", "0", "100000")[len(sys.argv) - 1 :]))
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        good = Path(folder) / "good"
        good.mkdir()
        steps_on_files.originals(good)
        counts, lines, finished = steps_on_files.torture(good, Path(folder) / "out", list(range(first, first + files)), seconds)
    for line in lines:
        print(line)
    print(f"{finished} damaged files, {sum(counts.values())} steps on them, {time.monotonic() - begun:.0f} s")
    for came, count in sorted(counts.items(), key=lambda pair: -pair[1]):
        print(f"{count:7d} {came}")
    return int(any(came not in ("fine", "project error") for came in counts))


if __name__ == "__main__":
    sys.exit(main())
