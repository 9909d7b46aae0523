"""Is the reconstruction right, and for the right reason? The chain on synthetic archives of several seeds, against their truth.

For each seed: mean R with ``truth.nc`` and BIAS on unfrozen days of the test period, for ANN-SM, GLDAS, LPRM, JAXA and SMOS; R of
anomalies from the day-of-year mean, for ANN-SM, for the same network without brightness temperatures, for the same network with
brightness temperatures shuffled in time, and for the climatology of the training years; R and BIAS in the AMSR-E years, with
and without inter-calibration. Run: .venv/bin/python benchmarks/reconstruction_quality.py [seed ...]
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import warnings
from pathlib import Path

import netCDF4
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from annsm_plugin.core import demo, matching, metrics
from annsm_plugin.core.matching import precipitation
from annsm_plugin.core.reconstruction import apply as reconstruction
from annsm_plugin.core.series import collocation
from annsm_plugin.core.training import cube as train_cube

TRAINING = {"restarts": 5, "combine": "average", "split": "blocks"}
FEWEST = 20


def field(path, name, start, end):
    """(days, rows, columns) of a variable between two dates."""
    with netCDF4.Dataset(path) as file:
        days = np.datetime64("2000-01-01") + file["time"][:].astype(int)
        inside = (days >= np.datetime64(start)) & (days <= np.datetime64(end))
        return np.ma.filled(file[name][np.flatnonzero(inside)].astype(float), np.nan)


def shuffled(source, target, seed):
    """A copy of a cube with each cell's days of brightness temperature in random order among the complete ones."""
    shutil.copy(source, target)
    rng = np.random.default_rng(seed)
    with netCDF4.Dataset(target, "a") as file:
        names = [n for n in file.variables if n.startswith("tb_")]
        stacked = np.stack([np.ma.filled(file[n][:].astype(float), np.nan) for n in names])
        for row in range(stacked.shape[2]):
            for column in range(stacked.shape[3]):
                there = np.flatnonzero(np.isfinite(stacked[:, :, row, column]).all(axis=0))
                stacked[:, there, row, column] = stacked[:, rng.permutation(there), row, column]
        for name, values in zip(names, stacked):
            file[name][:] = np.ma.masked_invalid(values)


def day_of_year(dates):
    return (dates - dates.astype("datetime64[Y]")).astype(int)


def climatology(values, dates, wanted, half=15):
    """Mean of ``values`` (days, ...) over +-15 days of the year, for the ``wanted`` dates."""
    year = day_of_year(dates)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a day of the year that is always frozen has no mean
        table = np.stack([np.nanmean(values[np.minimum(np.abs(year - d), 366 - np.abs(year - d)) <= half], axis=0) for d in range(366)])
    return table[day_of_year(wanted)]


def measures(truth, product):
    """Mean over cells of R and BIAS, cells with at least 20 days."""
    enough = metrics.n(truth, product, axis=0) >= FEWEST
    return np.nanmean(metrics.r(truth, product, axis=0)[enough]), np.nanmean(metrics.bias(truth, product, axis=0)[enough])


def inputs_of(archive):
    """What matching is asked for the folders of a demo archive: channels of both radiometers, mean LAI, rain by interval."""
    folders = archive.folders
    return {
        "amsr": folders["amsr"], "gldas": folders["gldas"], "lai": folders["lai"], "extent": archive.extent, "channels": "common",
        "lai_method": "area", "rain_hours": "interval",
    }  # fmt: skip


def one_seed(seed: int, work: Path, region: str = "demo", years: int = 2) -> dict[str, float]:
    archive = demo.write_archive(work / "archive", region=region, years=years, seed=seed)
    days, folders = archive.periods, archive.folders
    common = inputs_of(archive)
    matching.match(work / "cube.nc", smap=folders["smap"], start=days["train_start"], end=days["test_end"], **common)
    precipitation.screen(work / "cube.nc", work / "screened.nc")
    shuffled(work / "screened.nc", work / "shuffled.nc", seed)
    period = {"start": days["train_start"], "end": days["train_end"], "seed": seed, **TRAINING}
    rest = ["sm_gldas", "st_gldas", "lst_gldas", "lai"]
    tests = {"ANN-SM": ("screened.nc", None), "without TB": ("screened.nc", rest), "shuffled TB": ("shuffled.nc", None)}
    test = days["test_start"], days["test_end"]
    truth = field(archive.truth, "soil_moisture_0600", *test)
    frozen = field(archive.truth, "frozen", *test) > 0
    truth = np.where(frozen, np.nan, truth)
    products = {}
    for name, (cube, variables) in tests.items():
        train_cube.train(work / cube, work / f"{name}.model.nc", variables=variables, **period)
        reconstruction.reconstruct(work / f"{name}.model.nc", work / cube, work / f"{name}.nc")
        products[name] = field(work / f"{name}.nc", "soil_moisture", *test)
    seen = np.isfinite(products["ANN-SM"])
    products["GLDAS"] = field(work / "cube.nc", "sm_gldas", *test)
    lat, lon = (v.ravel() for v in np.meshgrid(*_axes(work / "cube.nc"), indexing="ij"))
    for name in ("lprm", "jaxa", "smos"):
        series = collocation.product_series(folders[name], name, lat, lon, start=test[0], end=test[1])
        products[name.upper()] = series.values.reshape(truth.shape)
    train = days["train_start"], days["train_end"]
    dates, train_dates = (np.arange(np.datetime64(a), np.datetime64(b) + 1) for a, b in (test, train))
    products["climatology"] = climatology(field(work / "cube.nc", "sm_smap", *train), train_dates, dates)
    true_train = np.where(field(archive.truth, "frozen", *train) > 0, np.nan, field(archive.truth, "soil_moisture_0600", *train))
    normal = climatology(true_train, train_dates, dates)
    result = {}
    for name, values in products.items():
        result[f"R {name}"], result[f"BIAS {name}"] = measures(truth, values)
        if name in (*tests, "GLDAS", "climatology"):
            common_days = np.where(seen & np.isfinite(values), truth, np.nan)
            result[f"anomaly R {name}"] = measures(common_days - normal, values - normal)[0]
    history = days["history_start"], days["history_end"]
    truth = np.where(field(archive.truth, "frozen", *history) > 0, np.nan, field(archive.truth, "soil_moisture_0600", *history))
    for name in ("none", "table", "climatology"):
        cube = work / f"history_{name}.nc"
        matching.match(cube, start=history[0], end=history[1], calibration=name, calibration_table=archive.calibration, **common)
        reconstruction.reconstruct(work / "ANN-SM.model.nc", cube, work / "history.nc")
        result[f"AMSR-E R {name}"], result[f"AMSR-E BIAS {name}"] = measures(truth, field(work / "history.nc", "soil_moisture", *history))
    result["AMSR-E R GLDAS"], result["AMSR-E BIAS GLDAS"] = measures(truth, field(cube, "sm_gldas", *history))
    smap = np.where(frozen, np.nan, field(work / "cube.nc", "sm_smap", *test))
    result["ubRMSE SMAP"] = float(np.nanmean(metrics.ubrmse(field(archive.truth, "soil_moisture_0600", *test), smap, axis=0)))
    result["share of unfrozen days"] = float(np.mean(~frozen))
    return result


def _axes(path):
    with netCDF4.Dataset(path) as file:
        return np.asarray(file["lat"][:], float), np.asarray(file["lon"][:], float)


def main(seeds) -> None:
    results = {}
    for seed in seeds:
        with tempfile.TemporaryDirectory() as work:
            results[seed] = one_seed(seed, Path(work))
        print(f"seed {seed} done", file=sys.stderr)
    print(f"{'':28}" + "".join(f"{f'seed {s}':>10}" for s in results))
    for name in next(iter(results.values())):
        print(f"{name:28}" + "".join(f"{r[name]:10.3f}" for r in results.values()))
        print(json.dumps({"name": name, "value": [float(r[name]) for r in results.values()], "unit": "m3 m-3" if "BIAS" in name else "1"}))


if __name__ == "__main__":
    main([int(a) for a in sys.argv[1:]] or [0, 1, 2])
