"""Time of matching beside the pure decoding of the files that it must read; one core beside two; memory of a year.

``python benchmarks/matching_speed.py [DAYS] [YEAR_DAYS]`` writes a plateau archive of global files and prints JSON lines. Decoding is
what GDAL takes to open the same files and read the same windows of the same variables, nothing else; ratios are of one run.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

START = "2016-01-03"
REPEATS = 3

#: Run in a process of its own, on so many cores: the time of a match and its peak memory with its decoding processes' together.
_MATCH = """
import json, os, resource, sys, threading, time
cores, workers, folder, start, end, root = json.loads(sys.argv[1])
sys.path.insert(0, root)
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
from annsm_plugin.core import matching
matching.match  # imported before the clock starts
from annsm_plugin.core.foundation.libraries import load
load("netCDF4"), load("xarray")

def resident(pid):
    try:
        with open(f"/proc/{pid}/status") as file:
            size = next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            return size + sum(resident(child) for child in file.read().split())
    except (OSError, StopIteration):
        return 0

peak, going = [0], [True]

def watch():
    while going[0]:
        peak[0] = max(peak[0], resident(os.getpid()))
        time.sleep(0.1)

watcher = threading.Thread(target=watch, daemon=True)
watcher.start()
began = time.perf_counter()
out = os.path.join(folder, f"cube_{os.getpid()}.nc")
folders = {n: os.path.join(folder, n) for n in ("amsr", "gldas", "smap", "lai")}
result = matching.match(out, **folders, start=start, end=end, workers=workers)
seconds = time.perf_counter() - began
going[0] = False
watcher.join()
os.remove(out)
read = sum(count for name, count in result.counts.items() if name in ("files_amsr_tb", "files_gldas", "files_smap", "files_lai"))
print(json.dumps({"seconds": seconds, "peak": peak[0] / 1024.0, "files": read}))
"""


def matched(folder, days: int, cores: int, workers) -> dict:
    import numpy as np

    end = str(np.datetime64(START) + days - 1)
    arguments = json.dumps([cores, workers, str(folder), START, end, str(ROOT)])
    done = subprocess.run([sys.executable, "-c", _MATCH, arguments], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def requests(folder, days: int) -> list:
    """(entry, window, variables) of every file that a match reads."""
    import numpy as np

    from annsm_plugin.core.foundation.progress import SILENT
    from annsm_plugin.core.matching import MatchRequest, assemble
    from annsm_plugin.core.matching.settings import planned

    folders = {name: str(Path(folder) / name) for name in ("amsr", "gldas", "smap", "lai")}
    end = str(np.datetime64(START) + days - 1)
    plan = planned(MatchRequest(output=Path(folder) / "none.nc", **folders, start=START, end=end))
    run = assemble._Run(plan, None, SILENT)
    found = {}
    for block in run.blocks:
        for source in run.sources:
            for entry, window, names in source.requests(block):
                found[entry.path] = entry, window, names
    run.checkpoint.clear()
    return list(found.values())


def decode(wanted: list) -> float:
    """Seconds that GDAL takes to open the files and read the windows."""
    from osgeo import gdal

    from annsm_plugin.core import products

    gdal.UseExceptions()
    jobs = []
    for entry, window, names in wanted:
        shape = products.read_arrays(entry, window=window, variables=names)
        jobs.append((entry, names, shape))
    places = {}
    began = None
    for _ in range(2):  # the first round only finds the windows
        began = time.perf_counter()
        for entry, names, arrays in jobs:
            if entry.product == "lai":
                key = Path(entry.path).name.split(".")[2]
                if key not in places:
                    places[key] = _lai_window(entry, arrays)
                subdataset, size = places[key]
                gdal.Open(subdataset.replace("@", entry.path)).ReadAsArray(*size)
                continue
            root = gdal.OpenEx(f'NETCDF:"{entry.path}"', gdal.OF_MULTIDIM_RASTER).GetRootGroup()
            for group, name in _variables(entry, names):
                array = (root.OpenGroup(group) if group else root).OpenMDArray(name)
                key = (entry.product, name)
                if key not in places:
                    places[key] = _window(entry, arrays, array)
                array.ReadAsArray(*places[key])
    return time.perf_counter() - began


def _variables(entry, names):
    if entry.product == "amsr_tb":
        return [("", f"Brightness Temperature ({name[-1].upper()})") for name in names]
    if entry.product == "smap":
        group = "Soil_Moisture_Retrieval_Data_AM"
        return [(group, {"observation_time": "tb_time_seconds"}.get(name, name)) for name in names]
    return [("", name) for name in names]


def _window(entry, arrays, array):
    import numpy as np

    from annsm_plugin.core.products.readers import amsr, ease

    if entry.product == "amsr_tb":
        lat, lon = amsr.LAT, amsr.LON
    elif entry.product == "smap":
        lat, lon = ease.centres(*ease.SMAP_36KM)
    else:
        lat, lon = -59.875 + 0.25 * np.arange(600), -179.875 + 0.25 * np.arange(1440)
    first = [int(np.abs(lat - arrays.lat[0]).argmin()), int(np.abs(lon - arrays.lon[0]).argmin())]
    count = [arrays.lat.size, arrays.lon.size]
    more = len(array.GetDimensions()) - 2
    return [0] * more + first, [1] * more + count


def _lai_window(entry, arrays):
    from osgeo import gdal

    name = next(n for n, _ in gdal.Open(entry.path).GetSubDatasets() if n.endswith("Lai_500m"))
    left, step, _, top, _, down = gdal.Open(name).GetGeoTransform()
    x, y = arrays.coords["x"], arrays.coords["y"]
    size = round((x[0] - left) / step - 0.5), round((y[0] - top) / down - 0.5), x.size, y.size
    return name.replace(entry.path, "@"), tuple(int(v) for v in size)


def main() -> None:
    from global_archive import write

    days = int(sys.argv[1]) if len(sys.argv) > 1 else 64
    year = int(sys.argv[2]) if len(sys.argv) > 2 else 366
    with tempfile.TemporaryDirectory() as folder:
        write(folder, START, max(days, year))
        rows = {name: [] for name in ("decoding", "one core", "two cores", "in this process")}
        wanted = requests(folder, days)
        for _ in range(REPEATS):
            rows["decoding"].append(decode(wanted))
            rows["in this process"].append(matched(folder, days, 1, 0)["seconds"])
            rows["one core"].append(matched(folder, days, 1, 1)["seconds"])
            rows["two cores"].append(matched(folder, days, 2, 2)["seconds"])
        best = {name: sorted(values)[len(values) // 2] for name, values in rows.items()}
        for what, value, unit in (
            ("files", len(wanted), "1"),
            ("decoding alone, one core", best["decoding"], "s"),
            ("match in one process, one core", best["in this process"], "s"),
            ("match in one process over decoding alone", best["in this process"] / best["decoding"], "1"),
            ("match with one decoding process, one core", best["one core"], "s"),
            ("match with two decoding processes, two cores", best["two cores"], "s"),
            ("one core over two cores, with processes", best["one core"] / best["two cores"], "1"),
            ("one core in one process over two cores", best["in this process"] / best["two cores"], "1"),
        ):
            print(
                json.dumps({"name": f"matching, plateau, {days} days: {what}", "value": round(float(value), 3), "unit": unit}), flush=True
            )
        if year:
            found = matched(folder, year, 2, None)
            for what, unit in (("seconds", "s"), ("files", "1"), ("peak", "MiB")):
                name = f"matching, plateau, {year} days, all cores: {what}"
                print(json.dumps({"name": name, "value": round(found[what], 1), "unit": unit}), flush=True)


if __name__ == "__main__":
    main()
