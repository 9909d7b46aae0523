"""Which way of training gives the better record? On synthetic archives of known truth, their cells alike (demo) or unlike (patchwork).

For each archive and seed: RMSE and R with ``truth.nc`` on the unfrozen days of the test year and of the AMSR-E year (calibrated by the
table), for the paper's network per cell, 60 restarts of it with a ladder of regularization, the regional ensemble and the refined one; the
same in cells that were left 60 complete days, and in cells that were left none (beside GLDAS and the climatology of SMAP in the trained
cells); the regional ensemble with brightness temperatures shuffled in time, and without them; how many values of SMAP lie within the
stated 68 % and 95 %, in the test year and, of a SMAP made of the truth as the demo makes it, in the AMSR-E year.
Run: .venv/bin/python benchmarks/record_quality.py [REGION ...] [--seeds 0 1 2] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

import netCDF4
import numpy as np
from scipy import interpolate

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))
from reconstruction_quality import FEWEST, climatology, field, inputs_of, shuffled

from annsm_plugin.core import demo, matching, metrics
from annsm_plugin.core.demo.archive import periods as archive_periods
from annsm_plugin.core.demo.scene import SMAP_NOISE
from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.foundation.regrid import Linear
from annsm_plugin.core.matching import precipitation
from annsm_plugin.core.products.readers import ease
from annsm_plugin.core.reconstruction import apply as reconstruction
from annsm_plugin.core.training import cube as train_cube

LADDER = {"restarts": 60, "regularization": "0, 0.001, 0.01, 0.1, 0.3", "combine": "best_half"}
WAYS = {
    "cell": ("few.nc", {}),
    "cell, 60 restarts": ("few.nc", LADDER),
    "regional": ("few.nc", {"method": "regional"}),
    "refined": ("few.nc", {"method": "refined"}),
    "regional, TB shuffled": ("shuffled.nc", {"method": "regional"}),
    "regional, without TB": ("few.nc", {"method": "regional", "variables": ["sm_gldas", "st_gldas", "lst_gldas", "lai"]}),
}
FEW, NONE = "60 days", "no day"


def thinned(source: Path, target: Path, train: tuple[str, str], seed: int) -> np.ndarray:
    """A copy of a cube in which a fifth of the cells keep 60 complete days of training and a sixth none; (rows, columns) of words."""
    shutil.copy(source, target)
    rng = np.random.default_rng([seed, 60])
    with netCDF4.Dataset(target, "a") as file:
        days = np.datetime64("2000-01-01") + file["time"][:].astype(int)
        inside = (days >= np.datetime64(train[0])) & (days <= np.datetime64(train[1]))
        values = {n: np.ma.filled(file[n][:].astype(float), np.nan) for n in file.variables if n[:3] in ("tb_", "sm_", "st_", "lst", "lai")}
        complete = np.all([np.isfinite(v) for v in values.values()], axis=0) & (np.ma.filled(file["screened"][:], 0) != 1)
        smap, kind = values["sm_smap"], np.full(file["sm_smap"].shape[1:], "", dtype="U8")
        order = rng.permutation(kind.size)
        kind.ravel()[order[: kind.size // 5]], kind.ravel()[order[kind.size // 5 : kind.size // 5 + kind.size // 6]] = FEW, NONE
        for row, column in zip(*np.nonzero(kind)):
            own = np.flatnonzero(complete[:, row, column] & inside)
            lost = rng.permutation(own)[60:] if kind[row, column] == FEW else np.flatnonzero(inside)
            smap[lost, row, column] = np.nan
        file["sm_smap"][:] = np.ma.masked_invalid(smap)
    return kind


def as_smap(truth: np.ndarray, lat: np.ndarray, lon: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """What SMAP would have given for the ``truth`` (days, rows, columns): sampled at its pixels, with its noise, interpolated back."""
    pixel_lat, pixel_lon = ease.centres(*ease.SMAP_36KM)
    rows = np.flatnonzero((pixel_lat <= lat.max()) & (pixel_lat >= lat.min()))
    columns = np.flatnonzero((pixel_lon >= lon.min()) & (pixel_lon <= lon.max()))
    pixel_lat, pixel_lon = pixel_lat[rows], pixel_lon[columns]
    at = np.stack(np.meshgrid(pixel_lat, pixel_lon, indexing="ij"), axis=-1)
    up = Linear(pixel_lat, pixel_lon, Grid(lat, lon))
    result = np.full(truth.shape, np.nan)
    for day in range(truth.shape[0]):
        seen = interpolate.RegularGridInterpolator((lat[::-1], lon), truth[day, ::-1])(at)
        result[day] = up(np.clip(seen + SMAP_NOISE * rng.standard_normal(seen.shape), 0.02, 0.5))
    return result


def archive(region: str, seed: int, work: Path) -> tuple[dict[str, str], np.ndarray]:
    """Write and match an archive, unless it is there; returns its periods and which cells were thinned."""
    mark = work / "kind.npy"
    periods = archive_periods(2)
    if mark.is_file():
        return periods, np.load(mark)
    made = demo.write_archive(work / "archive", region=region, years=2, seed=seed)
    folders, common = made.folders, inputs_of(made)
    matching.match(work / "cube.nc", smap=folders["smap"], start=periods["train_start"], end=periods["test_end"], **common)
    precipitation.screen(work / "cube.nc", work / "screened.nc")
    table = {"calibration": "table", "calibration_table": made.calibration}
    matching.match(work / "history.nc", start=periods["history_start"], end=periods["history_end"], **table, **common)
    kind = thinned(work / "screened.nc", work / "few.nc", (periods["train_start"], periods["train_end"]), seed)
    shuffled(work / "few.nc", work / "shuffled.nc", seed)
    shutil.copy(made.truth, work / "truth.nc")
    shutil.rmtree(work / "archive")
    np.save(mark, kind)
    return periods, kind


def unfrozen(work: Path, start: str, end: str) -> np.ndarray:
    return np.where(field(work / "truth.nc", "frozen", start, end) > 0, np.nan, field(work / "truth.nc", "soil_moisture_0600", start, end))


def measured(truth: np.ndarray, values: np.ndarray, cells: np.ndarray) -> tuple[float, float]:
    """Mean R and RMSE over the ``cells`` with at least 20 days."""
    enough = (metrics.n(truth, values, axis=0) >= FEWEST) & cells
    if not enough.any():
        return float("nan"), float("nan")
    return float(metrics.r(truth, values, axis=0)[enough].mean()), float(metrics.rmse(truth, values, axis=0)[enough].mean())


def within(reference: np.ndarray, values: np.ndarray, uncertainty: np.ndarray) -> tuple[float, float]:
    ratio = np.abs(reference - values) / uncertainty
    ratio = ratio[np.isfinite(ratio)]
    return float(np.mean(ratio < 1.0)), float(np.mean(ratio < 1.959964))


def one(region: str, seed: int, work: Path) -> dict[str, dict[str, float]]:
    """All numbers of an archive, by way and name."""
    periods, kind = archive(region, seed, work)
    test, history = (periods["test_start"], periods["test_end"]), (periods["history_start"], periods["history_end"])
    train = periods["train_start"], periods["train_end"]
    truth, old = unfrozen(work, *test), unfrozen(work, *history)
    with netCDF4.Dataset(work / "few.nc") as file:
        lat, lon = np.asarray(file["lat"][:], float), np.asarray(file["lon"][:], float)
    smap = field(work / "screened.nc", "sm_smap", *test)
    smap_then = as_smap(old, lat, lon, np.random.default_rng([seed, 9]))
    found = {}
    for way, (cube, options) in WAYS.items():
        began = time.monotonic()
        train_cube.train(work / cube, work / "model.nc", start=train[0], end=train[1], seed=seed, split="blocks", **options)
        took = time.monotonic() - began
        values = {}
        for label, source, period in (("test", work / cube, test), ("then", work / "history.nc", history)):
            reconstruction.reconstruct(work / "model.nc", source, work / "out.nc", start=period[0], end=period[1])
            with netCDF4.Dataset(work / "out.nc") as file:
                names = [n for n in ("soil_moisture", "soil_moisture_uncertainty") if n in file.variables]
            values[label] = [field(work / "out.nc", n, *period) for n in names]
        row = {"training s": took}
        for label, cells in (("", kind == ""), (f", {FEW}", kind == FEW), (f", {NONE}", kind == NONE)):
            row[f"R{label}"], row[f"RMSE{label}"] = measured(truth, values["test"][0], cells)
        row["R, AMSR-E"], row["RMSE, AMSR-E"] = measured(old, values["then"][0], kind == "")
        if len(values["test"]) > 1:
            row["68 %"], row["95 %"] = within(np.where(np.isfinite(truth), smap, np.nan), *values["test"])
            row["68 %, AMSR-E"], row["95 %, AMSR-E"] = within(smap_then, *values["then"])
        found[way] = row
    dates, train_dates = (np.arange(np.datetime64(a), np.datetime64(b) + 1) for a, b in (test, train))
    known = field(work / "few.nc", "sm_smap", *train)
    table = climatology(np.where((kind == NONE)[np.newaxis], np.nan, known), train_dates, dates)
    table = np.where((kind == NONE)[np.newaxis], np.nanmean(table, axis=(1, 2), keepdims=True), table)
    for name, values in (("GLDAS", field(work / "few.nc", "sm_gldas", *test)), ("SMAP", smap), ("SMAP climatology", table)):
        found[name] = {}
        for label, cells in (("", kind == ""), (f", {FEW}", kind == FEW), (f", {NONE}", kind == NONE)):
            found[name][f"R{label}"], found[name][f"RMSE{label}"] = measured(truth, values, cells)
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("regions", nargs="*", default=["demo", "patchwork"])
    parser.add_argument("--seeds", nargs="*", type=int, default=[0, 1, 2])
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    for region in given.regions:
        results = []
        for seed in given.seeds:
            with tempfile.TemporaryDirectory() as scratch:
                work = Path(scratch) if given.keep is None else given.keep / f"{region}-{seed}"
                work.mkdir(parents=True, exist_ok=True)
                results.append(one(region, seed, work))
            print(f"{region}, seed {seed} done", file=sys.stderr, flush=True)
        columns = list(results[0]["regional"])
        print(f"\n{region}: means over the seeds {', '.join(map(str, given.seeds))}")
        print(" | ".join(["way", *columns]))
        means = {way: {c: float(np.mean([r[way].get(c, np.nan) for r in results])) for c in columns} for way in results[0]}
        for way, row in means.items():
            print(" | ".join([way, *(f"{row[c]:.4f}" if c != "training s" else f"{row[c]:.1f}" for c in columns)]))
        for name, over, part in (("RMSE", "cell", 0.75), ("RMSE", "cell, 60 restarts", 0.90), (f"RMSE, {FEW}", "cell", 0.70)):
            ratios = [r["regional"][name] / r[over][name] for r in results]
            print(f"{name} of regional over {over}: {', '.join(f'{v:.3f}' for v in ratios)} (wanted: at most {part:.2f})")
        later = [r["regional"]["RMSE, AMSR-E"] / r["regional"]["RMSE"] for r in results]
        print(f"RMSE in the AMSR-E year over the test year: {', '.join(f'{v:.3f}' for v in later)} (wanted: at most 1.15)", flush=True)


if __name__ == "__main__":
    main()
