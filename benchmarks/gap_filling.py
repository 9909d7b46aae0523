"""Do filled values come back right, and does the plateau fit into ten minutes and 3 GB?

    .venv/bin/python benchmarks/gap_filling.py hiding [seed ...]   archives with known truth: hidden values by way, gaps against truth
    .venv/bin/python benchmarks/gap_filling.py plateau [method]    6 900 days x 56 x 128 cells of made-up fields: seconds and peak memory

In ``hiding`` the record is an ANN-SM reconstruction of the demo archive (120 cells, three years, AMSR2). The known values are hidden by
the step itself; what it fills in the record's own gaps is compared with the archive's true soil moisture, which nothing else reads,
beside linear interpolation of the record and GLDAS matched by its CDF. Errors against truth hold the record's own error too: that of
the estimated values is printed beside.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from annsm_plugin.core import demo, gaps, matching, metrics, reconstruction, training
from annsm_plugin.core.foundation import blocks, store
from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.foundation.progress import Progress
from annsm_plugin.core.gaps import experiment, geometry, source
from annsm_plugin.core.gaps.request import CLASSES

KEPT = os.environ.get("ANNSM_GAPS_FOLDER", "")


def archive(folder: Path, seed: int, region: str = "demo", years: int = 2) -> Path:
    """truth.nc, cube.nc and annsm.nc of a synthetic archive."""
    made = demo.write_archive(folder / "archive", region=region, years=years, seed=seed)
    days, folders = made.periods, made.folders
    matching.match(
        output=folder / "cube.nc", amsr=folders["amsr"], gldas=folders["gldas"], lai=folders["lai"], smap=folders["smap"],
        extent=made.extent, channels="common", lai_method="area", rain_hours="interval", start=days["train_start"], end=days["test_end"],
    )  # fmt: skip
    training.train(folder / "cube.nc", folder / "model.nc", start=days["train_start"], end=days["train_end"], restarts=3,
                   combine="average", split="blocks")  # fmt: skip
    reconstruction.reconstruct(folder / "model.nc", folder / "cube.nc", folder / "annsm.nc")
    return folder


def line_of(line: experiment.Line) -> str:
    covered = f"{100 * line.coverage:5.1f} %" if np.isfinite(line.coverage) else "      –"
    return f"    {line.kind:6}{line.name:12}{line.n:8}  RMSE {line.rmse:.4f}  R {line.r:.3f}  BIAS {line.bias:+.4f}  covered {covered}"


def hiding(seeds: list[int]) -> None:
    for seed in seeds:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(KEPT) if KEPT else archive(Path(temporary), seed)
            print(f"seed {seed}", flush=True)
            for method in ("best", "network", "dct", "convolution"):
                output = Path(temporary) / f"{method}.nc"
                begun = time.perf_counter()
                result = gaps.fill(folder / "annsm.nc", folder / "cube.nc", output, method=method, seed=seed)
                print(f"  {method}: {time.perf_counter() - begun:.0f} s, {result.chosen}, {result.counts['filled']} filled")
                for line in result.lines:
                    print(line_of(line))
                against_truth(folder, output)


def against_truth(folder: Path, output: Path) -> None:
    """RMSE of filled values against the truth at the time of the overpass of SMAP, on unfrozen days."""
    with store.open_grid(output, kind="record") as filled, store.open_grid(folder / "archive" / "truth.nc", kind="truth") as true:
        dates = np.intersect1d(blocks.dates_of(filled), blocks.dates_of(true))
        at, of = (np.searchsorted(blocks.dates_of(d), dates) for d in (filled, true))
        way = np.nan_to_num(filled["fill_way"].values[at], nan=0.0)
        value, sigma = (filled[name].values[at] for name in ("soil_moisture", "soil_moisture_uncertainty"))
        truth = np.where(true["frozen"].values[of] > 0, np.nan, true["soil_moisture_0600"].values[of])
    with store.open_grid(folder / "annsm.nc", kind="record") as record, store.open_grid(folder / "cube.nc", kind="cube") as cube:
        opened = source.Source(record, cube, "record", "cube", True)
        whole = slice(0, opened.grid.shape[0]), slice(0, opened.grid.shape[1])
        part = opened.read(whole)
    gap = ~np.isfinite(part.values)
    others = {"linear": geometry.interpolated(part.values, part.known), "gldas": experiment.gldas(part, opened.inputs, part.known, gap)}
    long = geometry.is_long(part.known).T.reshape(truth.shape)
    print(f"    against the truth: estimated values RMSE {metrics.rmse(truth[way == 0], value[way == 0]):.4f}")
    for kind, own in ((CLASSES[0], (way > 0) & ~long), (CLASSES[1], (way > 0) & long)):
        beside = "".join(f", {n} {metrics.rmse(truth[own], v.T.reshape(truth.shape)[own]):.4f}" for n, v in others.items())
        there = own & np.isfinite(truth)
        if there.any():
            share = np.mean(np.abs(truth - value)[there] <= 1.96 * sigma[there])
            print(f"    filled, {kind:6} RMSE {metrics.rmse(truth[own], value[own]):.4f}{beside}; {100 * share:.0f} % covered "
                  f"({there.sum()} values)")  # fmt: skip


def made_up(folder: Path, days: int = 6900, extent: tuple[float, float, float, float] = (73.0, 26.0, 105.0, 40.0)) -> None:
    """A record and a cube of 19 years: fields that remember, a season, swaths that move from day to day, nine months without any value."""
    grid, random = Grid.from_extent(extent), np.random.default_rng(0)
    dates = np.datetime64("2002-06-19") + np.arange(days)
    season = np.sin(2 * np.pi * ((dates - dates.astype("datetime64[Y]")).astype(int) - 110) / 365.25)
    rows, columns = grid.shape
    mean = 0.2 + 0.05 * np.sin(np.arange(columns) / 15.0) + 0.03 * np.cos(np.arange(rows) / 9.0)[:, None]
    inputs = {"cube": ["sm_gldas", "st_gldas", "lst_gldas", "lai", "precipitation_7h"], "record": ["soil_moisture", "quality_flag"]}
    cube = store.GridWriter(folder / "cube.nc", grid, dates, inputs["cube"], {"annsm_kind": "cube", "synthetic": "made up"})
    record = store.GridWriter(folder / "annsm.nc", grid, dates, inputs["record"], {"annsm_kind": "annsm", "synthetic": "made up"})
    state, error = np.zeros((2, rows, columns))
    with cube as c, record as r:
        for first in range(0, days, 64):
            span = slice(first, min(first + 64, days))
            out = {name: np.empty((span.stop - first, rows, columns), dtype=np.float32) for names in inputs.values() for name in names}
            for at, day in enumerate(range(first, span.stop)):
                push = np.kron(random.normal(size=(rows // 8, columns // 8)), np.ones((8, 8)))
                rain = np.maximum(0.0, push - 1.2) * 8.0
                state = 0.93 * state + 0.02 * push
                error = 0.9 * error + 0.01 * random.normal(size=state.shape)
                truth = np.clip(mean + 0.06 * season[day] + 0.5 * state, 0.02, 0.5)
                gone = ((np.arange(columns) + 37 * day + np.arange(rows)[:, None] // 4) % 90) < 30
                gone = gone | (3396 <= day < 3670)
                out["sm_gldas"][at] = 0.7 * truth + 0.08 + 0.7 * error
                out["st_gldas"][at] = 276 + 12 * season[day] + random.normal(size=truth.shape)
                out["lst_gldas"][at] = out["st_gldas"][at] + random.normal(size=truth.shape)
                out["lai"][at] = 0.6 + 0.5 * season[day]
                out["precipitation_7h"][at] = rain
                out["soil_moisture"][at] = np.where(gone, np.nan, truth + 0.015 * random.normal(size=truth.shape))
                out["quality_flag"][at] = np.where(gone, 255, np.where(out["st_gldas"][at] <= 273.15, 2, 0))
            for name in inputs["cube"]:
                c.put(name, span, out[name])
            r.put("soil_moisture", span, out["soil_moisture"])
            r.put("quality_flag", span, out["quality_flag"].astype(np.uint8))


class Told(Progress):
    """Prints when a stage begins."""

    def __init__(self):
        self.begun, self.stage = time.perf_counter(), ""

    def report(self, fraction, text=""):
        stage = text.split(",")[0]
        if stage != self.stage:
            self.stage = stage
            print(f"  {time.perf_counter() - self.begun:5.0f} s  {stage}", flush=True)


def plateau(method: str) -> None:
    folder = Path(KEPT) if KEPT else Path(tempfile.mkdtemp(dir=os.environ.get("TMPDIR")))
    if not (folder / "annsm.nc").is_file():
        print("writing made-up fields", flush=True)
        if os.fork() == 0:  # so that what this takes does not count
            made_up(folder)
            os._exit(0)
        os.wait()
    begun = time.perf_counter()
    result = gaps.fill(folder / "annsm.nc", folder / "cube.nc", folder / f"filled_{method}.nc", method=method, progress=Told())
    used, seconds = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter() - begun
    print(f"{method}: {seconds:.0f} s ({used.ru_utime + used.ru_stime:.0f} s of processor time), peak {used.ru_maxrss / 2**20:.2f} GB, "
          f"{result.chosen}, {result.counts['filled']} filled")  # fmt: skip
    for line in result.lines:
        print(line_of(line))


def main() -> None:
    what, rest = (sys.argv[1] if len(sys.argv) > 1 else "hiding"), sys.argv[2:]
    if what == "plateau":
        plateau(rest[0] if rest else "best")
    else:
        hiding([int(word) for word in rest] or [0])


if __name__ == "__main__":
    main()
