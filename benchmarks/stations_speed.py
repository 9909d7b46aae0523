"""Time of a validation against stations with five products beside the pure decoding of what it must read; and of the second time.

``python benchmarks/stations_speed.py [DAYS]`` writes 15 station cells and years of global files and prints JSON lines. Decoding is what
GDAL takes in one process to open the same files and read the windows that hold the cells, of the variables that are needed, and
netCDF4 to read the chunks of ANN-SM and the cube that hold them; ratios are of one run. The report is the whole: table, points, page.
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

START = "2012-08-01"
REPEATS = 3

#: Variables that a comparison must read of each product's files.
NEEDED = {
    "lprm": ("soil_moisture_c1", "scantime"),
    "jaxa": ("Geophysical Data", "Time Information"),
    "smos": ("Soil_Moisture", "Mean_Acq_Time_Days", "Mean_Acq_Time_Seconds", "Rfi_Prob", "Science_Flags", "Soil_Moisture_Dqx"),
}

#: Run in a process of its own: the validation with everything that it writes.
_REPORT = """
import json, sys, time
from pathlib import Path
paths, folder, root = json.loads(sys.argv[1])
sys.path.insert(0, root)
began = time.perf_counter()
from annsm_plugin.core import validation
from annsm_plugin.core.foundation import store
from annsm_plugin.core.stations.points import write_points
from annsm_plugin.core.validation import station_report
from annsm_plugin.core.validation import station_result
table = Path(folder) / "table.csv"
given = {name: paths[name] for name in ("lprm", "jaxa", "smos", "cube")}
result = validation.validate_stations(paths["annsm"], paths["stations"], **given, memory=table.with_suffix(".series.npz"))
read = time.perf_counter()
store.write_text(table, station_result.stations_csv(result))
write_points(Path(folder) / "points.gpkg", result.points)
station_report.write(Path(folder) / "report.html", result)
print(json.dumps({"seconds": time.perf_counter() - began, "series": read - began}))
"""


def reported(paths: dict, folder) -> dict:
    arguments = json.dumps([{name: str(path) for name, path in paths.items()}, str(folder), str(ROOT)])
    done = subprocess.run([sys.executable, "-c", _REPORT, arguments], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def decode(paths: dict) -> dict[str, float]:
    """Seconds by what is decoded."""
    import netCDF4
    from station_archive import CELLS

    from annsm_plugin.core.foundation import store
    from annsm_plugin.core.foundation.grid import Grid

    taken = {}
    for product, names in NEEDED.items():
        files = [str(path) for path in sorted(paths[product].iterdir()) if not any(w in path.name for w in ("_L3_A_", "_EQMA_"))]
        began = time.perf_counter()
        _read(files, names, product)
        taken[product] = time.perf_counter() - began
    grid = Grid.from_extent()
    chunks = sorted({tuple(p // c for p, c in zip(grid.cell_of(*cell), store.CHUNKS[1:])) for cell in CELLS})
    began = time.perf_counter()
    for path, names in ((paths["annsm"], ["soil_moisture"]), (paths["cube"], ["sm_gldas", "sm_smap"])):
        with netCDF4.Dataset(path) as file:
            file.set_auto_maskandscale(False)
            for name in names:
                for row, column in chunks:
                    tile = [slice(p * c, (p + 1) * c) for p, c in zip((row, column), store.CHUNKS[1:])]
                    file[name][(slice(None), *tile)]
    taken["gridded files"] = time.perf_counter() - began
    return taken


def _read(files, names, product) -> None:
    from osgeo import gdal

    gdal.UseExceptions()
    places = {}
    for path in files:
        root = gdal.OpenEx(f'NETCDF:"{path}"', gdal.OF_MULTIDIM_RASTER).GetRootGroup()
        for name in names:
            array = root.OpenMDArray(name)
            if name not in places:
                places[name] = _window(product, array)
            array.ReadAsArray(*places[name])


def _window(product, array):
    """Start and count of the cells' window in an array."""
    import numpy as np
    from station_archive import CELLS

    from annsm_plugin.core.products.readers import amsr, ease

    if product == "smos":
        lat, lon = ease.centres(*ease.SMOS_25KM)
        lat = lat[::-1]
    else:
        lat, lon = amsr.LAT, (amsr.LON if product == "jaxa" else -179.875 + 0.25 * np.arange(1440))
    south, west = (min(c[i] for c in CELLS) - 0.5 for i in (0, 1))
    north, east = (max(c[i] for c in CELLS) + 0.5 for i in (0, 1))
    rows, columns = np.flatnonzero((lat > south) & (lat < north)), np.flatnonzero((lon > west) & (lon < east))
    start, count = [int(rows[0]), int(columns[0])], [rows.size, columns.size]
    if product == "lprm":
        start, count = start[::-1], count[::-1]
    more = len(array.GetDimensions()) - 2
    return start + [0] * more, count + [1] * more


def main() -> None:
    from station_archive import write

    days = int(sys.argv[1]) if len(sys.argv) > 1 else 1680
    with tempfile.TemporaryDirectory() as folder:
        paths = write(folder, START, days)
        files = sum(len(list(paths[product].iterdir())) for product in NEEDED)
        rows = {"decoding": [], "first": [], "second": []}
        for repeat in range(REPEATS):
            parts = decode(paths)
            rows["decoding"].append(sum(parts.values()))
            out = Path(folder) / f"out{repeat}"
            out.mkdir()
            rows["first"].append(reported(paths, out))
            rows["second"].append(reported(paths, out))
        middle = len(rows["decoding"]) // 2
        best = {"decoding": sorted(rows["decoding"])[middle]}
        for which in ("first", "second"):
            for part in ("seconds", "series"):
                best[which, part] = sorted(row[part] for row in rows[which])[middle]
        for what, value, unit in (
            ("files in the folders", files, "1"),
            *((f"decoding of {name}", seconds, "s") for name, seconds in parts.items()),
            ("decoding, one process", best["decoding"], "s"),
            ("series read, first time", best["first", "series"], "s"),
            ("whole report, first time", best["first", "seconds"], "s"),
            ("whole report over decoding", best["first", "seconds"] / best["decoding"], "1"),
            ("whole report, second time", best["second", "seconds"], "s"),
        ):
            print(json.dumps({"name": f"stations, {days} days: {what}", "value": round(float(value), 3), "unit": unit}), flush=True)


if __name__ == "__main__":
    main()
