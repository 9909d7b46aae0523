"""Time and peak memory of every long step on a long record of the plateau: does each stay under 1 GB?

    python benchmarks/long_steps.py [--days 6900] [--folder FOLDER] [--seconds 600] [--matched 60 120] [STEP ...]

Writes a planted record of DAYS x 56 x 128 cells (``planted_record``), and product files of some days for matching, into FOLDER (default: a
temporary one; one that holds them already is used as it is). Each step then runs in a process of its own: a JSON line says its seconds, its
peak memory (MB, high-water mark of the resident set) and that of its largest worker; a table follows. A step that takes longer than
SECONDS is asked to stop; the line says how far it came. Workers are watched ten times a second, on Linux only.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks"), str(ROOT / "tests" / "helpers")]

#: Peak that no step may have, MB.
MOST = 1000

MATCH_START = "2016-01-03"


def steps(folder: Path, days: int, matched: list[int]) -> dict[str, dict]:
    """Step -> module and name of what runs it, its request's class and keywords."""
    cube, annsm, out = str(folder / "cube.nc"), str(folder / "annsm.nc"), folder / "out"
    whole = {"start": "2002-06-19", "end": "2030-01-01"}

    def step(name: str, call: str, request: str, **given) -> None:
        found[name] = {"call": call, "request": request, "given": given}

    found: dict[str, dict] = {}
    archive = {name: str(folder / "archive" / name) for name in ("amsr", "gldas", "smap", "lai")}
    for count in matched:
        span = {"start": MATCH_START, "end": _after(MATCH_START, count - 1)}
        step(f"match, {count} days", "matching.assemble.run", "matching.request.MatchRequest", **archive, **span,
             output=str(out / f"matched{count}.nc"))  # fmt: skip
    if len(matched) > 1:
        span = {"start": _after(MATCH_START, matched[0]), "end": _after(MATCH_START, matched[-1] - 1)}
        step(f"match, appended to {matched[0]} days", "matching.assemble.run", "matching.request.MatchRequest", **archive, **span,
             output=str(out / f"matched{matched[0]}.nc"))  # fmt: skip
    step("screenprecipitation", "matching.precipitation.run", "matching.request.ScreenRequest", cube=cube, output=str(out / "screened.nc"))
    for method in ("regional", "refined", "cell"):
        step(f"train, {method}", "training.cube.run", "training.request.TrainRequest", cube=cube, **whole, method=method,
             output=str(out / f"{method}.nc"))  # fmt: skip
    for name in ("model", "out/regional"):
        step(f"reconstruct, {'cells' if name == 'model' else 'regional'}", "reconstruction.apply.run",
             "reconstruction.request.ReconstructRequest", model=str(folder / f"{name}.nc"), cube=cube,
             output=str(out / f"annsm_{Path(name).name}.nc"))  # fmt: skip
    for method in ("best", "network", "dct", "convolution"):
        step(f"fillgaps, {method}", "gaps.filling.run", "gaps.request.FillRequest", annsm=annsm, cube=cube, method=method,
             output=str(out / f"filled_{method}.nc"), report=str(out / f"filled_{method}.html"))  # fmt: skip
    for period in ("month", "year"):
        step(f"aggregate, {period}", "record.aggregation.run", "record.request.AggregateRequest", source=annsm, period=period,
             output=str(out / f"{period}.nc"))  # fmt: skip
    step("validatesatellite", "validation.satellite.run", "validation.request.SatelliteRequest", annsm=annsm, reference=cube,
         r=str(out / "r.tif"), report=str(out / "satellite.html"))  # fmt: skip
    step("validatestations", "validation.stations.run", "validation.request.StationsRequest", annsm=annsm, cube=cube,
         stations=str(folder / "stations.nc"), table=str(out / "stations.csv"), report=str(out / "stations.html"))  # fmt: skip
    for draws in (200, 0):
        step(f"triplecollocation, {draws} draws", "triple_collocation.maps.run", "triple_collocation.request.TripleRequest", x=annsm,
             y=cube, y_variable="sm_smap", z=cube, z_variable="sm_gldas", draws=draws, report=str(out / f"triple{draws}.html"),
             std_x=str(out / "std.tif"))  # fmt: skip
    step("extractseries, area", "long_steps.extract_area", "record.request.ExtractRequest", source=annsm,
         variables="soil_moisture,soil_moisture_uncertainty", table=str(out / "series.csv"), figure=str(out / "series.png"))  # fmt: skip
    step("sensitivity", "sensitivity.outputs.run", "sensitivity.request.SensitivityRequest", cube=cube, **whole,
         table=str(out / "sensitivity.csv"), best=str(out / "best.json"))  # fmt: skip
    step("comparemethods, of cells", "comparison.cube.run", "comparison.request.CompareRequest", cube=cube, **whole, split="blocks",
         methods=["network", "linear", "forest", "grnn", "cdf"], table=str(out / "compared.csv"))  # fmt: skip
    step("comparemethods, to its end", "comparison.cube.run", "comparison.request.CompareRequest", cube=cube, **whole, split="blocks",
         methods=["linear", "cdf"], table=str(out / "quick.csv"), report=str(out / "quick.html"))  # fmt: skip
    step("comparemethods, of the region", "comparison.cube.run", "comparison.request.CompareRequest", cube=cube, **whole, split="blocks",
         methods=WHOLE, table=str(out / "regions.csv"), report=str(out / "regions.html"))  # fmt: skip
    step("comparemethods, published", "comparison.cube.run", "comparison.request.CompareRequest", cube=cube, **whole, split="blocks",
         methods=["linear", "rfsm", "nnsm"], table=str(out / "published.csv"), report=str(out / "published.html"))  # fmt: skip
    step("studyreport", "study.report.run", "study.request.StudyRequest", folder=str(folder), report=str(out / "study.html"),
         pdf=str(out / "study.pdf"))  # fmt: skip
    return found


WHOLE = ["regional", "refined"]


def _after(date: str, days: int) -> str:
    import numpy as np

    return str(np.datetime64(date) + days)


def extract_area(request, progress) -> None:
    """``record.extraction.run`` with the whole grid as one area."""
    import numpy as np

    from annsm_plugin.core.record import extraction

    source = extraction.look(request.source, request.variables)
    rows, columns = (v.ravel() for v in np.indices(source.grid.shape))
    place = extraction.Place("all", rows, columns, np.ones(rows.size))
    extraction.run(request.but(places=[place]), source, source.grid, progress)


def child(name: str, told: dict, seconds: float) -> None:
    """Run one step here and print what it took."""
    import importlib

    from annsm_plugin.core.foundation.errors import Cancelled
    from annsm_plugin.core.foundation.progress import Progress

    class Watched(Progress):
        share, text, until = 0.0, "", 0.0

        def report(self, fraction, text=""):
            self.share, self.text = fraction, text or self.text

        def cancelled(self):
            return time.perf_counter() > self.until

    def named(path: str):
        package, _, last = path.rpartition(".")
        return getattr(importlib.import_module(package if package == "long_steps" else f"annsm_plugin.core.{package}"), last)

    work, asked, watched, peaks = named(told["call"]), named(told["request"])(**told["given"]), Watched(), _Peaks()
    begun, stopped = time.perf_counter(), ""
    watched.until = begun + seconds
    try:
        work(asked, watched)
    except Cancelled:
        stopped = f"stopped at {100 * watched.share:.0f} % ({watched.text})"
    spent = time.perf_counter() - begun
    own, worker = peaks.end()
    main_output = told["given"].get("output") or told["given"].get("table") or told["given"].get("report")
    if not stopped and name != "studyreport":
        _record(main_output, name, asked)
    print(json.dumps({"step": name, "seconds": round(spent, 1), "peak_mb": own, "worker_mb": worker, "stopped": stopped}), flush=True)


def _record(output: str, name: str, asked) -> None:
    """The run record that QGIS's algorithm would write, for the report of the study."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from studies import record

    numbers = dict.fromkeys(("MEAN_R", "MEAN_RMSE", "MEAN_BIAS", "MEAN_UBRMSE"), 0.5)
    record(output, name.split(",")[0], asked, results=numbers if name.startswith("validate") else None)


class _Peaks:
    """Watches the high-water marks of this process and of what it starts. (``getrusage`` counts what a parent had before a child began.)"""

    def __init__(self) -> None:
        self.largest, self._going = 0.0, True
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while self._going:
            for pid in _below(os.getpid()):
                self.largest = max(self.largest, _mark(pid))
            time.sleep(0.1)

    def end(self) -> tuple[float, float]:
        """MB of this process, and of the largest below it."""
        self._going = False
        self._thread.join()
        return _mark(os.getpid()), self.largest


def _mark(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        return round(next(int(line.split()[1]) / 1000 * 1.024 for line in lines if line.startswith("VmHWM")), 1)
    except (OSError, StopIteration):
        return 0.0


def _below(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            for one in map(int, task.read_text().split()):
                found += [one, *_below(one)]
        except OSError:
            continue
    return found


def prepare(folder: Path, days: int, matched: list[int]) -> None:
    """What the steps read, unless it is there."""
    import global_archive
    import planted_record

    (folder / "out").mkdir(parents=True, exist_ok=True)
    if not (folder / "model.nc").is_file():
        planted_record.write(folder, days)
    if matched and not (folder / "archive").is_dir():
        global_archive.write(folder / "archive", MATCH_START, max(matched))


def main() -> None:
    known = argparse.ArgumentParser()
    known.add_argument("--days", type=int, default=6900)
    known.add_argument("--folder", type=Path)
    known.add_argument("--seconds", type=float, default=600.0)
    known.add_argument("--matched", type=int, nargs="*", default=[60, 120])
    known.add_argument("--child", help=argparse.SUPPRESS)
    known.add_argument("steps", nargs="*", help="beginnings of the steps' names; none: all")
    given = known.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp())
    wanted = steps(folder, given.days, given.matched)
    if given.child:
        child(given.child, wanted[given.child], given.seconds)
        return
    try:
        again = [sys.executable, __file__, "--days", str(given.days), "--folder", str(folder), "--seconds", str(given.seconds)]
        again += ["--matched", *map(str, given.matched), "--child"]
        subprocess.run([sys.executable, "-c", _PREPARE, str(folder), str(given.days), json.dumps(given.matched), *sys.path[:3]], check=True)
        rows = []
        for name in wanted:
            if given.steps and not name.startswith(tuple(given.steps)):
                continue
            done = subprocess.run([*again, name], capture_output=True, text=True)
            line = done.stdout.splitlines()[-1] if done.returncode == 0 and done.stdout else ""
            rows.append(json.loads(line) if line else {"step": name, "failed": done.stderr.strip().splitlines()[-1:]})
            print(json.dumps(rows[-1]), flush=True)
        print(f"\n| step | seconds | peak MB | largest worker MB | |\n|---|---|---|---|---|\n{_table(rows)}")
    finally:
        if given.folder is None:
            shutil.rmtree(folder, ignore_errors=True)


_PREPARE = "import json, sys; sys.path[:0] = sys.argv[4:]; import long_steps; from pathlib import Path; "
_PREPARE += "long_steps.prepare(Path(sys.argv[1]), int(sys.argv[2]), json.loads(sys.argv[3]))"


def _table(rows: list[dict]) -> str:
    lines = []
    for row in rows:
        if "failed" in row:
            lines.append(f"| {row['step']} | failed | | | {' '.join(row['failed'])} |")
        else:
            over = f"over {MOST} MB" if max(row["peak_mb"], row["worker_mb"]) > MOST else ""
            words = "; ".join(filter(None, [row["stopped"], over]))
            lines.append(f"| {row['step']} | {row['seconds']:.0f} | {row['peak_mb']:.0f} | {row['worker_mb']:.0f} | {words} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
