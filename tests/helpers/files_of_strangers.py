"""Whole files of every kind that a user brings or that lies beside a result, and the steps that open them."""

from __future__ import annotations

import contextlib
import datetime
import io
import os
import shutil
import tarfile
import zipfile
from pathlib import Path

import faithful_files
import lai_rasters
import matching_archive as archive
import netCDF4
import numpy as np
import pandas as pd
import studies

#: Kind -> how often it is damaged, the whole file, and how often each step takes it.
KINDS: dict[str, tuple[float, str, dict[str, float]]] = {
    "table csv": (4, "tables/table.csv", {"read": 8, "load": 1, "validate": 1}),
    "table xlsx": (4, "tables/table.xlsx", {"read": 8, "load": 1}),
    "ISMN zip": (4, "ismn/Data_x.zip", {"read": 8, "load": 1, "validate": 1, "triple": 0.5}),
    "ISMN values": (3, "ismn/a/NET_NET_Ford_sm_0.050000_0.050000_5TM_20150401_20160930.stm", {"read": 8, "folder": 2, "load": 0.5}),
    "ISMN CEOP": (2, "ismn/b/NET_NET_Mill_sm_0.050000_0.050000_5TM_20150401_20160930.stm", {"read": 8, "folder": 2}),
    "calibration": (2, "tables/calibration.csv", {"calibrate": 1}),
    "sensitivity table": (1.5, "sensitivity.csv", {"tables": 4, "study": 0.01}),
    "stations table": (1, "stations.csv", {"tables": 4, "study": 0.01}),
    "methods table": (1, "methods.csv", {"tables": 4, "study": 0.01}),
    "BEST": (4, "best.json", {"screen": 3, "train": 1, "settings": 3}),
    "record": (4, "annsm.run.json", {"records": 6, "know": 3, "study": 0.02}),
    "record of stations": (3, "stations.run.json", {"records": 6, "know": 3, "study": 0.02}),
    "lock": (1, "lock/.x.nc.lock", {"lock": 1}),
    "memory": (4, "memory/x.series.npz", {"memory": 1}),
    "block": (3, "blocks/block.npz", {"block": 1}),
    "classes": (4, "rasters/classes.tif", {"classes": 4, "validate by class": 1}),
    "extra raster": (4, "rasters/slope.tif", {"extra": 1}),
    "raster of days": (2, "days.tif", {"bands": 4, "study": 0.01}),
    "trend raster": (1, "trend.tif", {"bands": 4, "study": 0.01}),
    "extra": (4, "extra/extra.nc", {"extra": 6, "match": 0.08}),
    "LAI raster": (4, f"lai/{lai_rasters.TIF}", {"decode": 4, "inventory": 0.15}),
    "LAI export": (4, "export/MCD15A2H.061_500m_aid0001.nc", {"export": 6, "inventory": 0.2}),
    "LAI tile": (4, "arch/lai/MCD15A2H.A2016065.h25v05.061.2016065000000.hdf", {"decode": 6, "match": 0.15, "inventory": 0.1}),
    "AMSR": (3, "arch/amsr/GW1AM2_20160305_01D_EQMD_L3SGT06LA2220220.h5", {"decode": 6, "match": 0.15, "inventory": 0.1}),
    "SMAP": (3, "arch/smap/SMAP_L3_SM_P_20160306_R18290_001.h5", {"decode": 6, "match": 0.15, "inventory": 0.1, "series": 0.2}),
    "GLDAS": (3, "arch/gldas/GLDAS_NOAH025_3H.A20160307.2100.021.nc4", {"decode": 6, "match": 0.15, "inventory": 0.1, "series": 0.2}),
    "LPRM": (3, "lprm", {"decode": 6, "inventory": 0.1, "series": 0.25}),
    "JAXA": (3, "jaxa", {"decode": 6, "inventory": 0.1, "series": 0.25}),
    "SMOS": (3, "smos", {"decode": 6, "inventory": 0.1, "series": 0.25}),
    "SMOS delivery": (4, "delivery", {"decode": 6, "inventory": 0.1, "series": 0.25}),
}  # fmt: skip

DAYS = np.arange("2016-03-03", "2016-03-09", dtype="datetime64[D]")
EXTENT = (90, 32, 91, 33)


def originals(folder: Path) -> None:
    """Write the whole files into ``folder``, which has those of a small study already."""
    for name in (
        "tables",
        "ismn/a",
        "ismn/b",
        "lock",
        "memory",
        "blocks",
        "rasters",
        "extra",
        "lai",
        "export",
        "lprm",
        "jaxa",
        "smos",
        "delivery",
    ):
        (folder / name).mkdir(parents=True, exist_ok=True)
    _stations(folder)
    _kept(folder)
    _rasters(folder)
    _extra(folder / "extra" / "extra.nc")
    archive.lai(folder / "export", np.arange("2016-02-10", "2016-03-28", 8, dtype="datetime64[D]"), lambda lat, lon, start: 12)
    _archive(folder / "arch")
    for product in ("lprm", "jaxa"):
        faithful_files.FILES[product](folder / product)
    path = faithful_files.smos(folder / "smos")
    with tarfile.open(folder / "delivery" / path.name.replace(".DBL.nc", ".tgz"), "w:gz") as file:
        for name, content in ((path.name.replace(".nc", ""), path.read_bytes()), (path.name.replace(".DBL.nc", ".HDR"), b"<xml/>" * 50)):
            info = tarfile.TarInfo(f"{path.name[:30]}/{name}")
            info.size = len(content)
            file.addfile(info, io.BytesIO(content))


def path_of(kind: str, good: Path) -> Path:
    """The whole file of a kind."""
    path = good / KINDS[kind][1]
    return next(path.iterdir()) if path.is_dir() else path


def _stations(folder):
    times = pd.date_range("2015-04-01", periods=400, freq="D") + pd.Timedelta("17h30min")
    values = 0.2 + 0.1 * np.sin(np.arange(400) / 20)
    table = pd.concat([pd.DataFrame({"time": times, "soil_moisture": values, "station": name, "lat": lat, "lon": 90.4})
                       for name, lat in (("Ford", 32.4), ("Mill", 32.6))])  # fmt: skip
    table.to_csv(folder / "tables" / "table.csv", index=False)
    table.iloc[::5].to_excel(folder / "tables" / "table.xlsx", index=False)
    lines = [f"{t:%Y/%m/%d %H:%M} {v:.4f} G M" for t, v in zip(times, values)]
    header = "NET NET Ford 32.40000 90.40000 3431.00 0.05 0.05 5TM"
    header_values = "\n".join([header, *lines, ""])
    (folder / KINDS["ISMN values"][1]).write_text(header_values)
    ceop = [
        f"{t:%Y/%m/%d %H:%M} {t:%Y/%m/%d %H:%M} NET NET Mill 32.60000 90.40000 3431.00 0.05 0.05 {v:.4f} G M" for t, v in zip(times, values)
    ]
    (folder / KINDS["ISMN CEOP"][1]).write_text("\n".join([*ceop, ""]))
    with zipfile.ZipFile(folder / "ismn" / "Data_x.zip", "w", zipfile.ZIP_DEFLATED) as file:
        for name in ("Ford", "Mill", "Weir"):
            file.writestr(f"NET/{name}/NET_NET_{name}_sm_0.050000_0.050000_5TM_20150401_20160930.stm", header_values.replace("Ford", name))
    rows = [f"{channel},{letter},descending,1.0,0.5" for channel in ("06", "10", "18", "23", "36") for letter in "VH"]
    (folder / "tables" / "calibration.csv").write_text("\n".join(["channel,polarisation,orbit,slope,offset", *rows, ""]))


def _kept(folder):
    from annsm_plugin.core.foundation import store
    from annsm_plugin.core.foundation.store import locks
    from annsm_plugin.core.series.memory import SeriesMemory

    product = folder / "best.json"
    memory = SeriesMemory(folder / "memory" / "x.series.npz")
    memory.of(product="x").put(str(product), [(np.datetime64("2016-03-01") + n, np.arange(6.0)) for n in range(5)])
    memory.save()
    checkpoint = store.Checkpoint(folder / "blocks" / "x.nc", {})
    checkpoint.save("block", record=np.array('{"smap": {}}'), values=np.random.default_rng(0).normal(size=(20, 4, 4)).astype("f4"))
    shutil.copy(checkpoint.folder / "block.npz", folder / "blocks" / "block.npz")
    checkpoint.clear()
    with locks.held(folder / "lock" / "x.nc"):
        for path in (folder / "lock").iterdir():
            shutil.copy(path, folder / "kept.lock")
    shutil.move(folder / "kept.lock", folder / KINDS["lock"][1])


def _rasters(folder):
    from osgeo import gdal

    codes = np.repeat(np.repeat(np.arange(1, 6, dtype="u1"), 40)[None], 200, axis=0)
    for name, kind in (("classes", gdal.GDT_Byte), ("slope", gdal.GDT_Float32)):
        lai_rasters.raster(folder / "rasters" / f"{name}.tif", codes, (90.0, 0.02, 0.0, 34.0, 0.0, -0.02), "EPSG:4326", kind)
    transform = (8_400_000.0, 463.3127, 0.0, 3_700_000.0, 0.0, -463.3127)
    lai_rasters.raster(folder / "lai" / lai_rasters.TIF, codes, transform, lai_rasters.SINUSOIDAL)


def _extra(path):
    random = np.random.default_rng(0)
    with netCDF4.Dataset(path, "w") as file:
        for name, values in (("time", np.arange(40)), ("lat", 34 - 0.1 * np.arange(25)), ("lon", 89 + 0.1 * np.arange(30))):
            file.createDimension(name, values.size)
            file.createVariable(name, "f8", (name,))[:] = values
        file["time"].units = "days since 2016-02-10"
        for name, dims in (("ndvi", ("time", "lat", "lon")), ("elevation", ("lat", "lon"))):
            made = file.createVariable(name, "f4", dims, zlib=True, fill_value=-9999.0)
            made[:] = random.random([len(file.dimensions[d]) for d in dims])
            made.units = "1"


def _archive(root):
    """Six days of all products around one cell."""
    from annsm_plugin.core.demo import lai_tiles

    for number, date in enumerate(np.arange(DAYS[0] - 1, DAYS[-1] + 2)):
        archive.one_day(root, date, number)
    (root / "lai").mkdir()
    for number, start in enumerate(np.arange("2016-02-26", "2016-03-20", 8, dtype="datetime64[D]")):
        start = np.datetime64("2016-03-05") if number == 1 else start
        codes = np.full((2400, 2400), 10 + number, "uint8")
        lai_tiles.write_tile(root / "lai" / lai_tiles.tile_name(start, (25, 5)), (25, 5), codes, np.zeros_like(codes))


_POOL: list = []


def _pool():
    from annsm_plugin.core.products.decoding import Pool

    if not _POOL:
        _POOL.append(Pool(1))
    return _POOL[0]


def steps_of(kind: str, bad: Path, good: Path, out: Path) -> dict:
    """Name -> call of the steps that open a file of ``kind``, on the damaged file ``bad``, the others being whole."""
    calls = {
        **_of_stations(bad, good, out),
        **_of_settings(bad, good, out),
        **_of_rasters(bad, good, out),
        **_of_products(kind, bad, good, out),
    }
    return {name: calls[name] for name in KINDS[kind][2]}


def _of_stations(bad, good, out):
    from annsm_plugin.core import stations
    from annsm_plugin.core.stations.request import StationsRequest
    from annsm_plugin.core.triple_collocation import maps
    from annsm_plugin.core.validation import stations as at_stations

    annsm = good / "annsm.nc"

    def load():
        asked = StationsRequest(file=str(bad), output=str(out / "points.gpkg"), series=str(out / "loaded.nc"))
        stations.run(asked)

    return {
        "read": lambda: stations.read(bad),
        "folder": lambda: stations.read(bad.parent),
        "load": load,
        "validate": lambda: at_stations.validate_stations(annsm, bad),
        "triple": lambda: maps.collocate(annsm, bad, good / "screened.nc", draws=0, min_n=20, variables=("", "", "gldas")),
    }


def _of_settings(bad, good, out):
    from annsm_plugin.core import training
    from annsm_plugin.core.exploration import known, story
    from annsm_plugin.core.foundation import store
    from annsm_plugin.core.foundation.store import locks
    from annsm_plugin.core.matching import best_settings, calibration, channels, precipitation
    from annsm_plugin.core.sensitivity import files as sensitivity_files
    from annsm_plugin.core.series.memory import SeriesMemory
    from annsm_plugin.core.study import chain_parts, report, results
    from annsm_plugin.core.study.request import StudyRequest

    cube = good / "screened.nc"

    def beside():
        """A copy of the study with the damaged file in it."""
        copy = out / "study"
        copy.mkdir(exist_ok=True)
        for path in good.iterdir():
            if path.is_file():
                here = copy / path.name
                here.unlink(missing_ok=True)
                here.symlink_to(bad if path.name == bad.name else path)
        return copy

    def know():
        found = known.know([beside() / "annsm.nc"])
        for _story in story.read(found, 32.4, 90.4):
            pass

    def records():
        for run in results.look(beside()).runs:
            _ = run.summary, run.warnings, run.results, run.files, run.called, run.attributes

    def tables():
        if bad.name == "sensitivity.csv":
            sensitivity_files.read_table(bad)
        chain_parts.table_of(bad)

    def lock():
        for path in out.glob("*.lock"):
            path.unlink()
        shutil.copy(bad, out / bad.name)
        with locks.held(out / "x.nc"):
            pass

    def block():
        checkpoint = store.Checkpoint(out / "c.nc", {})
        shutil.copy(bad, checkpoint.folder / "block.npz")
        checkpoint.load("block")
        checkpoint.clear()

    parsed = channels.parse("common", "both")
    return {
        "calibrate": lambda: calibration.check("table", bad, parsed, "descending"),
        "tables": tables,
        "study": lambda: report.run(StudyRequest(folder=str(beside()), report=str(out / "study.html"))),
        "screen": lambda: precipitation.screen(cube, out / "s.nc", settings=bad),
        "train": lambda: training.train(cube, out / "m.nc", **studies.PERIOD, settings=bad),
        "settings": lambda: best_settings.read(bad),
        "records": records,
        "know": know,
        "lock": lock,
        "block": block,
        "memory": lambda: SeriesMemory(bad).of(product="x").get(str(good / "best.json")),
    }


def _of_rasters(bad, good, out):
    from annsm_plugin.core.foundation.grid import Grid
    from annsm_plugin.core.matching import extra
    from annsm_plugin.core.study import chain_parts
    from annsm_plugin.core.validation import stations, strata

    grid = Grid.from_extent(EXTENT)

    def predictors():
        from annsm_plugin.core.foundation.progress import SILENT

        found = extra.check([bad], ())
        for one in found:
            if not one.daily:
                extra.static(one, grid)
        extra.Daily(found, grid).block(DAYS, SILENT)

    return {
        "classes": lambda: strata.classes_of(bad, studies.GRID),
        "validate by class": lambda: stations.validate_stations(good / "annsm.nc", good / "series.nc", strata=bad),
        "extra": predictors,
        "bands": lambda: chain_parts.bands_of(bad),
    }


def _of_products(kind, bad, good, out):
    from annsm_plugin.core import inventory, matching, products
    from annsm_plugin.core.foundation.grid import Grid
    from annsm_plugin.core.inventory.request import InventoryRequest
    from annsm_plugin.core.products.readers.lai import exports
    from annsm_plugin.core.series import collocation
    from annsm_plugin.core.series.gldas import gldas_series

    product = {"SMOS delivery": "smos"}.get(kind, kind.lower())

    def read(entry, window):
        """As matching reads it."""
        _pool().expect([(entry, window, None)])
        return _pool().take(entry, window, None)

    def decode():
        read(products.entry(bad) or bad, (*EXTENT,) if bad.stat().st_mtime_ns % 2 else None)

    def listed():
        inventory.run(InventoryRequest(folder=str(bad.parent), check="all", table=str(out / "inventory.csv"), report=str(out / "i.html")))

    def match():
        root = out / "arch"
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(good / "arch", root, copy_function=os.link)
        folders = {name: root / name for name in ("amsr", "gldas", "lai", "smap")}
        for path in root.rglob(bad.name):
            path.unlink()
            shutil.copy(bad, path)
        more = {"extra": [bad]} if kind == "extra" else {}
        (out / "matched.nc").unlink(missing_ok=True)
        matching.match(out / "matched.nc", **folders, extent=EXTENT, start=DAYS[0], end=DAYS[-1], channels="06", workers=1, **more)

    def series():
        if product == "gldas":
            gldas_series(bad.parent, Grid.from_extent(EXTENT), DAYS)
        else:
            date = products.entry(bad).date
            week = date - datetime.timedelta(3), date + datetime.timedelta(3)
            collocation.product_series(bad.parent, product, [32.375], [90.375], start=week[0], end=week[1])

    def export():
        for window in ((*EXTENT,), None):
            parts = exports.parts(products.entry(bad), window, DAYS[0] - 30, DAYS[-1]) if window else [products.entry(bad)]
            for part in parts:
                read(part, window).variables["lai_class"].sum()

    return {"decode": decode, "inventory": listed, "match": match, "series": series, "export": export}


def forget() -> None:
    """End what this process has started."""
    while _POOL:
        with contextlib.suppress(OSError):
            _POOL.pop().__exit__()
