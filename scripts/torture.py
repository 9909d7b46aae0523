"""Damage thousands of files of every kind and take steps on them: ``python scripts/torture.py [FILES] [FIRST_SEED] [SECONDS]``.

Prints a line for everything that is neither fine nor an error of the project's own (bare error, crash, too slow, too much memory), and a
table of how often what came of which kind of file.
"""

from __future__ import annotations

import sys
import tempfile
import time
from functools import partial
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
        done = steps_on_files.Torture(good, Path(folder) / "out", say=partial(print, flush=True))
        done.run(list(range(first, first + files)), seconds)
    print("\n".join(done.table()))
    print(f"{done.finished} damaged files, {sum(done.counts.values())} steps on them, {time.monotonic() - begun:.0f} s")
    return int(any(came not in (*steps_on_files.GOOD, "not damaged") for came in done.outcomes()))


if __name__ == "__main__":
    sys.exit(main())
