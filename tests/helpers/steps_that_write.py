"""Every step that writes, asked for all its outputs on small inputs, and whether two folders of outputs are the same."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import numpy as np

#: Days of the archive that is matched, in blocks of so many.
DAYS, BLOCK = 10, 2

#: Steps -> the module of the core that takes its request.
MODULES = {
    "match": "matching",
    "screenprecipitation": "matching.precipitation",
    "train": "training",
    "train regional": "training",
    "train refined": "training",
    "sensitivity": "sensitivity",
    "comparemethods": "comparison",
    "reconstruct": "reconstruction",
    "fillgaps": "gaps.filling",
    "aggregate": "record.aggregation",
    "extractseries": "record.extraction",
    "validatestations": "validation.stations",
    "validatesatellite": "validation.satellite",
    "triplecollocation": "triple_collocation.maps",
    "studyreport": "study.report",
}


def archive(folder: Path) -> None:
    """An archive of ``DAYS`` days for matching."""
    import matching_archive as made

    first = np.datetime64("2016-03-01")
    for number in range(DAYS + 2):
        date = first + number
        made.amsr(folder / "amsr", date, lambda lon, n=number: 220.0 + n + 0.01 * lon)
        made.smap(folder / "smap", date, *made.smap_day(date, lambda day: 0.1 + 0.001 * made.ordinal(day) % 0.3))
        for hour in range(0, 24, 3):
            fields = {"SoilMoi0_10cm_inst": 20.0 + number + 0.1 * hour, "SoilTMP0_10cm_inst": 280.0, "AvgSurfT_inst": 281.0}
            fields["Rainf_f_tavg"] = 1e-4
            made.gldas(folder / "gldas", date.astype("datetime64[s]") + np.timedelta64(hour, "h"), fields)
    starts = np.arange("2016-02-18", "2016-04-01", 8, dtype="datetime64[D]")
    made.lai(folder / "lai", starts, lambda lat, lon, start: np.where(lon < 91.0, 10, 253))


def originals(folder: Path, *, study: bool = True, matched: bool = True) -> Path:
    """The inputs of all steps, in ``folder``: those of a small study (or its cube alone), and an archive to match."""
    import studies

    folder.mkdir(parents=True, exist_ok=True)
    if matched:
        archive(folder / "archive")
    if study:
        studies.make(folder)
    else:
        studies.write_cube(folder / "cube.nc", days=studies.DAYS, attributes=studies.MATCHED)
        (folder / "screened.nc").write_bytes((folder / "cube.nc").read_bytes())
    return folder


def small_blocks() -> None:
    """Let there be several blocks of small work, so that there is something to go on from."""
    from annsm_plugin.core.comparison import cube as comparison
    from annsm_plugin.core.matching import assemble
    from annsm_plugin.core.training import cube as training

    assemble.BLOCK_DAYS = BLOCK
    training.CELLS_PER_BLOCK = {"cpu": 3, "cuda": 3}
    comparison.CELLS_PER_BLOCK = 3


def asked(step: str, good: Path, out: Path, *, more: bool = True):
    """(run, request, further arguments) of a step with its files in ``out``; ``more``: with its maps, figures and reports."""
    import importlib

    import studies

    module = importlib.import_module(f"annsm_plugin.core.{MODULES[step]}")
    cube, screened, model, annsm, series = (good / f"{n}.nc" for n in ("cube", "screened", "model", "annsm", "series"))
    given: dict = {}
    if step == "match":
        from annsm_plugin.core.matching.request import MatchRequest as Request

        given = {name: good / "archive" / name for name in ("amsr", "smap", "gldas", "lai")}
        given.update(extent=(90, 32, 92, 33), start="2016-03-02", end=str(np.datetime64("2016-03-01") + DAYS), output=out / "made.nc")
        extra = {"pairs": out / "pairs.tif"}
    elif step == "screenprecipitation":
        from annsm_plugin.core.matching.request import ScreenRequest as Request

        given, extra = {"cube": cube, "output": out / "marked.nc"}, {"dropped": out / "dropped.tif"}
    elif step.startswith("train"):
        from annsm_plugin.core.training.request import TrainRequest as Request

        given = {"cube": screened, **studies.PERIOD, "hidden": 6, "output": out / "net.nc", "method": step.partition(" ")[2] or "cell"}
        given["restarts"] = 3 if given["method"] == "cell" else 1
        extra = {"r": out / "r.tif", "status": out / "status.tif", "report": out / "training.html"}
    elif step == "sensitivity":
        from annsm_plugin.core.sensitivity.request import SensitivityRequest as Request

        given = {"cube": cube, **studies.PERIOD, "hidden": 3, "experiments": ["neurons", "thresholds"], "neurons": "2,3,5",
                 "thresholds": "none,8.75", "table": out / "runs.csv", "best": out / "best.json"}  # fmt: skip
        extra = {"days": out / "days.tif", "figure": out / "errors.png", "report": out / "sensitivity.html"}
    elif step == "comparemethods":
        from annsm_plugin.core.comparison.request import CompareRequest as Request

        methods = ["network", "linear", "forest", "regional", "climatology"]
        given = {"cube": screened, **studies.PERIOD, "hidden": 4, "methods": methods, "table": out / "methods.csv"}
        extra = {"report": out / "methods.html", "importance": out / "importance.tif", "importance_table": out / "importance.csv"}
    elif step == "reconstruct":
        from annsm_plugin.core.reconstruction.request import ReconstructRequest as Request

        given, extra = {"model": model, "cube": screened, "output": out / "record.nc"}, {}
    elif step == "fillgaps":
        from annsm_plugin.core.gaps.request import FillRequest as Request

        given = {"annsm": annsm, "cube": cube, "method": "best", "output": out / "filled.nc"}
        extra = {"report": out / "filled.html"}
    elif step == "aggregate":
        from annsm_plugin.core.record.request import AggregateRequest as Request

        given, extra = {"source": annsm, "output": out / "months.nc"}, {"trend": out / "trend.tif", "significance": out / "p.tif"}
    elif step == "extractseries":
        from annsm_plugin.core.record.request import ExtractRequest as Request

        source = module.look(annsm)
        places = [module.Place(f"place {n}", np.array([n]), np.array([n]), np.ones(1)) for n in range(3)]
        request = Request(source=annsm, places=places, table=out / "series.csv", figure=out / "series.png" if more else None)
        return module.run, request, (source, source.grid)
    elif step == "validatestations":
        from annsm_plugin.core.validation.request import StationsRequest as Request

        given = {"annsm": annsm, "stations": series, "cube": cube, "table": out / "at.csv", "sites": out / "sites.csv"}
        extra = {"output": out / "at.gpkg", "report": out / "at.html", "figures": out / "figures", "strata_table": out / "strata.csv"}
    elif step == "validatesatellite":
        from annsm_plugin.core.validation.request import SatelliteRequest as Request

        given = {"annsm": annsm, "reference": cube, **studies.TEST, "report": out / "smap.html", "table": out / "cells.csv"}
        extra = {"r": out / "r.tif", "bias": out / "bias.tif", "figures": out / "figures"}
    elif step == "triplecollocation":
        from annsm_plugin.core.triple_collocation.request import TripleRequest as Request

        given = {"x": annsm, "y": cube, "z": cube, "y_variable": "smap", "z_variable": "gldas", "draws": 40, "report": out / "triple.html"}
        extra = {"std_x": out / "x.tif", "r_y": out / "y.tif", "n": out / "n.tif", "figures": out / "figures"}
    else:
        from annsm_plugin.core.study.request import StudyRequest as Request

        given, extra = {"folder": good, "report": out / "study.html"}, {"pdf": out / "study.pdf", "figures": out / "figures"}
    plain = {name: str(value) if isinstance(value, Path) else value for name, value in {**given, **(extra if more else {})}.items()}
    return module.run, Request(**plain), ()


def names(folder: Path) -> list[str]:
    """Everything in a folder, hidden files too."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() or not any(path.iterdir()))


def differences(folder: Path, whole: Path, *, finished: bool = True) -> list[str]:
    """How the outputs in ``folder`` differ from the undisturbed ones in ``whole``; before the step has finished some may be lacking."""
    found = []
    own, wanted = names(folder), names(whole)
    if finished and own != wanted:
        found.append(f"too many: {sorted(set(own) - set(wanted))}, too few: {sorted(set(wanted) - set(own))}")
    for name in own:
        if name in wanted and not any(part.startswith(".") for part in Path(name).parts) and (folder / name).is_file():
            if content(folder / name) != content(whole / name):
                found.append(f"{name} differs")
        elif not finished and name not in wanted and not any(part.startswith(".") for part in Path(name).parts):
            found.append(f"{name} under a final name")
    return found


def content(path: Path):
    """What counts of a file: arrays bit by bit, text without times."""
    try:
        if path.suffix == ".nc":
            return _arrays(path)
        if path.suffix == ".tif":
            from osgeo import gdal

            raster = gdal.Open(str(path))
            bands = [raster.GetRasterBand(n + 1) for n in range(raster.RasterCount)]
            return raster.GetGeoTransform(), [(band.GetDescription(), _digest(band.ReadAsArray())) for band in bands]
        if path.suffix == ".gpkg":
            from osgeo import ogr

            source = ogr.Open(str(path))
            return [feature.ExportToJson() for feature in source.GetLayer(0)]
        if path.suffix == ".npz":
            with np.load(path, allow_pickle=False) as arrays:
                return {name: _digest(arrays[name]) for name in arrays.files}
        if path.suffix == ".pdf":
            found = path.read_bytes()
            return found[:5], found.rstrip()[-5:], found.count(b"/Type /Page ")
        if path.suffix == ".png":
            return hashlib.sha256(path.read_bytes()).hexdigest()
        return _text(path)
    except Exception as error:  # a file that is not whole
        return f"{path} {type(error).__name__}: {error}"


def _arrays(path: Path):
    import netCDF4

    with netCDF4.Dataset(path) as file:
        file.set_auto_maskandscale(False)
        values = {name: (variable.dimensions, _digest(np.asarray(variable[...]))) for name, variable in file.variables.items()}
        attributes = {name: _timeless(str(file.getncattr(name))) for name in file.ncattrs() if name not in ("history", "seconds")}
        return values, attributes


def _digest(values: np.ndarray) -> str:
    data = repr(values.tolist()).encode() if values.dtype.kind == "O" else np.ascontiguousarray(values).tobytes()
    return f"{values.shape} {values.dtype} {hashlib.sha256(data).hexdigest()}"


def _text(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".csv":
        lines = [line.split(",") for line in text.splitlines()]
        kept = [n for n, name in enumerate(lines[0]) if "second" not in name]
        return "\n".join(",".join(line[n] for n in kept if n < len(line)) for line in lines)
    if path.suffix == ".json":
        return json.dumps(json.loads(text), sort_keys=True)
    return _timeless(re.sub(r"data:image/[^\"]*", "", text))


def _timeless(text: str) -> str:
    text = re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?Z?", "TIME", text)
    return re.sub(r"[\d.]+ ?(s|seconds|min|minutes)\b|<td>[\d.]+</td>(?=</tr>)", "DURATION", text)
