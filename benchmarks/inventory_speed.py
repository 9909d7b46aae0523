"""Time of the inventory of a year's files: the first time, the second, and after some files have changed.

    python benchmarks/inventory_speed.py [FILES] [FOLDER]

Writes FILES (20 000) small files in the products' own formats and under their names (GLDAS every 3 hours, AMSR2 of seven channels and both
passes, SMAP) into FOLDER (a temporary one) and asks for their inventory as the algorithm does by default.
"""

from __future__ import annotations

import datetime
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "helpers")]

import product_files as make  # noqa: E402
from small_archive import files_of  # noqa: E402

from annsm_plugin.core import inventory  # noqa: E402
from annsm_plugin.core.inventory.request import InventoryRequest  # noqa: E402

CHANNELS = ("06", "07", "10", "18", "23", "36", "89")


def fill(folder: Path, count: int) -> int:
    """Write the files; those of AMSR, which hold no date, are links to one."""
    for place in ("gldas", "amsr", "smap"):
        (folder / place).mkdir(parents=True)
    counts, made = np.full((720, 1440), 25000), 0
    amsr = {orbit: make.amsr(folder, "20130101", tb_v=counts, orbit=orbit).rename(folder / orbit) for orbit in "AD"}
    for number in range(100_000):
        day = datetime.date(2013, 1, 1) + datetime.timedelta(number)
        for name, content in files_of(folder / "new", [f"{day:%Y%m%d}.{h:02d}00" for h in range(0, 24, 3)]).items():
            (folder / "gldas" / name).write_bytes(content)
        shutil.rmtree(folder / "new")
        seconds = (np.datetime64(day) - np.datetime64("2000-01-01T12:00")).astype("timedelta64[s]").astype(float)
        make.smap(folder / "smap", f"{day:%Y%m%d}", np.full((406, 964), 0.2), np.full((406, 964), seconds + 3600.0))
        for orbit, channel in ((o, c) for o in "AD" for c in CHANNELS):
            os.link(amsr[orbit], folder / "amsr" / f"GW1AM2_{day:%Y%m%d}_01D_EQM{orbit}_L3SGT{channel}LA2220220.h5")
        made += 9 + 2 * len(CHANNELS)
        if made >= count:
            break
    for path in amsr.values():
        path.unlink()
    return made


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as place:
        folder = Path(sys.argv[2] if len(sys.argv) > 2 else place) / "archive"
        os.environ["ANNSM_CACHE"] = str(Path(place) / "cache")
        if not folder.exists():
            print(f"{fill(folder, count)} files", flush=True)
        for check in ("headers", "sample", "all"):
            for title in ("first", "second", "after 100 have changed"):
                if title.startswith("after"):
                    for path in sorted(folder.rglob("GLDAS*"))[:100]:
                        os.utime(path)
                clock, cpu = time.perf_counter(), time.process_time()
                request = InventoryRequest(folder=folder, check=check, table=Path(place) / "t.csv", report=Path(place) / "r.html")
                found = inventory.run(request).found
                seconds, cpu = time.perf_counter() - clock, time.process_time() - cpu
                print(f"check {check}, {title}: {seconds:.1f} s ({cpu:.1f} s of this process), "
                      f"{len(found.entries)} files, {found.checked} looked at, "
                      f"{found.opened} opened, {len(found.unreadable)} unreadable", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
