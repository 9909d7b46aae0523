"""Where and from what: the study area (the paper's Figure 1), the products (Table 1) and the flow of the data (Figure 2)."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from ..foundation import blocks, store
from ..foundation.errors import ParameterError, check_enough
from ..foundation.grid import Grid
from ..matching.predictors import sampling
from ..reports import area
from ..reports.area_page import degrees
from ..reports.figure_files import Figure
from . import flow
from .document import UNREADABLE, Cell, Document, Fact, reason
from .flow_records import STEPS
from .request import StudyRequest
from .results import Run, Study
from .sentences import data
from .sentences.telling import Told, listed

#: Most days whose leaf area index is averaged for the map, evenly spread over the cube's.
MOST_DAYS = 240

#: What helps a cube that cannot be read.
MATCH_AGAIN = f"Run '{STEPS['match'].title}' again."

#: Most pixels of a raster behind the stations, along its longer side.
MOST_PIXELS = 1200

#: Product of a cube: title, what it serves as, resolution, its name in the attributes, the variables it gives.
PRODUCTS = (
    ("{sensors} L3 brightness temperature (JAXA)", "input", "0.25°, daily", "amsr", "amsr_tb"),
    ("SMAP L3 SPL3SMP soil moisture", "target", "36 km, daily", "smap", "smap"),
    ("GLDAS-2.1 Noah", "input", "0.25°, 3 hours", "gldas", "gldas"),
    ("MODIS 15A2H leaf area index", "input", "500 m, 8 days", "lai", "lai"),
)

#: Products that stand beside ANN-SM at the stations, by the field of the request that gives them.
BESIDE = (
    ("lprm", "LPRM AMSR soil moisture", "0.25°, daily", "descending"),
    ("jaxa", "JAXA AMSR soil moisture", "0.25°, daily", "descending"),
    ("smos", "SMOS L3 soil moisture (CATDS)", "25 km, daily", "ascending"),
    ("cube", "GLDAS-2.1 Noah soil moisture (of the cube)", "0.25°, 3 hours", "as above"),
    ("stations", "In situ soil moisture", "points", "{hour}"),
)


def cubes(study: Study) -> list[tuple[Run, Path]]:
    """The matched cubes of a study, those with a target first, then from the newest to the oldest."""
    found = [(run, path) for run in study.of("match") if (path := run.output("output")) is not None]
    return sorted(found, key=lambda pair: not pair[0].request.smap)


def region_of(study: Study) -> Grid | None:
    """The grid of the first cube, or of the first record."""
    for path in [path for _, path in cubes(study)] + [p for run in study.of("reconstruct") if (p := run.output("output"))]:
        try:
            with store.open_grid(path, kind="cube or ANN-SM file") as data:
                return store.grid_of(blocks.north_first(data))
        except UNREADABLE as error:
            check_enough(error)
            continue
    return None


def place_of(grid: Grid) -> str:
    """The region in degrees with the letters of the hemispheres."""
    west, south, east, north = (float(bound) for bound in grid.bounds)
    return f"{degrees(south, 'y')} to {degrees(north, 'y')}, {degrees(west, 'x')} to {degrees(east, 'x')}"


def study_area(doc: Document, study: Study, request: StudyRequest, stations: Any) -> None:
    """Figure 1: the region, a raster, the stations by network, enlarged where they crowd."""
    grid = region_of(study)
    if grid is None:
        doc.missing.append(("Study area", "Keep the matched cube ('Match products') or the record in the folder."))
        return
    sites, cells = [], []
    if stations is not None:
        for cell in stations.cells:
            networks = cell.network if "+" not in cell.network else "several networks"
            sites += [area.Site(name, networks, lat, lon) for name, (lat, lon) in zip(cell.sites, cell.positions)]
            cells.append((float(grid.lat[0]), float(grid.lon[0])) if cell.place is None else _centre(stations.grid, cell.place))
    values, lat, lon, kind, label, said = _background(doc, study, request, grid)
    drawing = area.draw_area(grid.bounds, values, lat, lon, sites, kind=kind, label=label, cells=cells)
    header, rows = area.area_numbers(sites)
    counted = f"; {len(sites)} stations in {len(cells)} cells of 0.25°" if sites else "; no stations were compared with"
    text = f"{grid.shape[0]} x {grid.shape[1]} cells of 0.25°, {place_of(grid)}{counted}."
    doc.figure("Study area", Figure("study_area", drawing, header, rows), f"The study area: {said} (compare the paper's Figure 1).", text)


def _centre(grid: Grid, place: tuple[int, int]) -> tuple[float, float]:
    return float(grid.lat[place[0]]), float(grid.lon[place[1]])


def _background(doc: Document, study: Study, request: StudyRequest, grid: Grid) -> tuple[np.ndarray, np.ndarray, np.ndarray, str, str, str]:
    """Values, latitudes, longitudes, kind of colours, label and words of what is shown behind the stations."""
    if request.area_map:
        values, lat, lon = raster(Path(str(request.area_map)), grid)
        label = request.area_label or Path(str(request.area_map)).stem
        return values, lat, lon, "other", label, f"{label} and the stations"
    for _, path in cubes(study):
        try:
            with store.open_grid(path, kind="cube", needs=("lai",)) as cube:
                cube = blocks.north_first(cube)
                days = np.unique(np.linspace(0, cube.sizes["time"] - 1, MOST_DAYS).astype(int))
                sums, count = np.zeros(grid.shape), np.zeros(grid.shape)
                for day in days:
                    own = blocks.maps(cube, "lai", slice(int(day), int(day) + 1))[0].astype(float)
                    count += np.isfinite(own)
                    sums += np.nan_to_num(own)
                mean = np.where(count > 0, sums / np.maximum(count, 1), np.nan)
                return mean, grid.lat, grid.lon, "lai", "leaf area index (m² m⁻²)", "mean leaf area index of the cube and the stations"
        except UNREADABLE as error:
            check_enough(error)
            doc.missing.append((f"Leaf area index behind the stations: {path.name} cannot be read ({reason(error)})", MATCH_AGAIN))
    return np.full(grid.shape, np.nan), grid.lat, grid.lon, "lai", "", "the stations"


def raster(path: Path, grid: Grid) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A raster's first band over the region of ``grid``, at no more than ``MOST_PIXELS`` along a side, with the centres of its rows and
    columns. Raises ``ParameterError`` for a file that is no georeferenced raster."""
    from osgeo import gdal

    west, south, east, north = grid.bounds
    scale = MOST_PIXELS / max(east - west, north - south)
    columns, rows = max(2, round((east - west) * scale)), max(2, round((north - south) * scale))
    with sampling.opened_raster(path, "AREA_MAP:") as source:
        if not source.GetProjection():
            raise ParameterError(f"AREA_MAP: {path} has no projection; expected a georeferenced raster.")
        size = {"outputBounds": (west, south, east, north), "width": columns, "height": rows, "dstSRS": "EPSG:4326"}
        part = gdal.Warp("", source, format="MEM", resampleAlg="bilinear", outputType=gdal.GDT_Float64, dstNodata=np.nan, **size)
        found = np.frombuffer(part.GetRasterBand(1).ReadRaster(buf_type=gdal.GDT_Float64), dtype=float).reshape(rows, columns)
    if not np.isfinite(found).any():
        raise ParameterError(f"AREA_MAP: {path} has no value in the region ({place_of(grid)}).")
    lat = north - (np.arange(rows) + 0.5) * (north - south) / rows
    return found, lat, west + (np.arange(columns) + 0.5) * (east - west) / columns


def products(doc: Document, study: Study) -> None:
    """Table 1: products, versions, resolution, period, overpass, files used and missing."""
    rows: list[list[Cell]] = []
    for run, path in sorted(cubes(study), key=lambda pair: str(pair[0].request.start)):
        doc.attempt(path.name, STEPS["match"].title, partial(_of_cube, rows, study, run, path))
    judged = study.newest("validatestations")
    for name, title, resolution, hour in BESIDE if judged is not None else ():
        if judged is not None and getattr(judged.request, name, None):
            span = " to ".join(str(day)[:10] for day in (judged.request.start, judged.request.end) if day) or "that of ANN-SM"
            period = Fact(span, span, judged.path, "request start, end")
            rows.append([title, "validation", "–", resolution, hour.format(hour=judged.request.hour), period, "–", "–", "–"])
    header = ["product", "serves as", "version", "resolution", "local hour", "period", "files read", "files without use", "days missing"]
    text = (
        "Files read are those that the periods and the region need. A file of SMAP is that of a day of UTC and holds parts of two local "
        "days, so that there can be more files than days. Compare the paper's Table 1."
    )
    doc.table("Products", header, rows, text)


def _of_cube(rows: list[list[Cell]], study: Study, run: Run, path: Path) -> None:
    """Add the rows of the products of a cube."""
    held = run.attributes
    if "files_amsr_tb" not in held:
        raise ParameterError(f"{path.name} is damaged, another file or an older one: it does not say which files it was made of.")
    told = Told(run)
    sensors = listed(data.sensors(told)) or "AMSR"
    for title, role, resolution, version, files in PRODUCTS:
        count = held.get(f"files_{files}")
        if count is None or (version == "smap" and not run.request.smap):
            continue
        if version == "smap" and str(held.get("smap_product", "")).startswith("SPL3SMP_E"):
            title, resolution = "SMAP L3 SPL3SMP_E soil moisture", "9 km, daily"
        name = f"files_{files}"
        lost = [(f"{name}_unreadable", "unreadable"), (f"{name}_empty", "without a value here")]
        lacking = [Fact(f"{int(held[key])} {word}", int(held[key]), path, f"attribute {key}") for key, word in lost if held.get(key)]
        versions = str(held.get(f"{version}_versions", "")) or "–"
        screens = version == "gldas" and study.newest("screenprecipitation") is not None and data.has_rain(told)
        rows.append(
            [
                title.format(sensors=sensors),
                f"{role}, screening" if screens else role,
                Fact(versions, versions, path, f"attribute {version}_versions"),
                resolution,
                data.hours(told)[version],
                _period(run, path),
                Fact(str(int(count)), int(count), path, f"attribute {name}"),
                lacking[0] if lacking else "–",
                _missing(held, path, files),
            ]
        )


def _period(run: Run, path: Path) -> Fact:
    span = f"{str(run.request.start)[:10]} to {str(run.request.end)[:10]}"
    return Fact(span, span, run.path, "request start, end")


def _missing(held: dict[str, Any], path: Path, files: str) -> Cell:
    """Days without any value of a product, the largest number among its variables."""
    variables = {"amsr_tb": "tb_", "smap": "sm_smap", "gldas": "sm_gldas", "lai": "lai"}[files]
    own = {name: int(value) for name, value in held.items() if name.startswith(f"missing_days_{variables}")}
    if not own:
        return "–"
    name = max(own, key=lambda key: own[key])
    return Fact(str(own[name]), own[name], path, f"attribute {name}")


def data_flow(doc: Document, study: Study) -> None:
    """Figure 2: what went where."""
    found = flow.of_records([{**run.record, "request": run.request.record()} for run in study.runs])
    if not found.nodes:
        return
    rows = [(node.key.split("/")[-1], node.kind, node.title, "; ".join(node.lines)) for node in found.nodes]
    caption = "The flow of the data as it was run: products, steps, what was chosen and what came out (compare the paper's Figure 2)."
    figure = Figure("flow", flow.draw_flow(found), ("node", "kind", "title", "said"), rows)
    doc.figure("Flow of the data", figure, caption, alt="A diagram of boxes for products and steps, joined by lines.")
