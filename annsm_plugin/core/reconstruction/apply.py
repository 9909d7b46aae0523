"""Applies a trained model to a cube: daily soil moisture with flags, in numpy alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..foundation import blocks, bounds, machine, needs, store
from ..foundation.errors import CubeError
from ..foundation.grid import Grid
from ..foundation.needs import steps
from ..foundation.paths import PathLike
from ..foundation.progress import SILENT, Progress
from ..foundation.variables import FLAGS, POSSIBLE, SENSORS
from ..inputs import derived
from ..network import ensemble, function, scaling
from ..training import model, refinement
from ..training.shared import OWN
from ..workers import run as workers
from ..workers.run import Where
from ..workers.tasks import Arrays, Block, Values
from .request import ReconstructRequest

FREEZING = 273.15

#: Precipitation threshold of the flag where the cube was never screened, mm in 7 h (paper section 4.1).
RAIN = 8.75

#: Values predicted at once per cell block: keeps the hidden layer of a block within some ten megabytes.
VALUES_PER_BLOCK = 200_000


@dataclass
class ReconstructResult:
    """The ANN-SM file's path, its grid, sentences for the user, and counts by name."""

    path: Path
    grid: Grid
    summary: list[str]
    warnings: list[str]
    counts: dict[str, int]


def check(request: ReconstructRequest) -> model.Model:
    """Check before work starts; return the model. Raises ``ParameterError`` or ``CubeError``."""
    request.check_values()
    cube, model_path = Path(request.cube), Path(request.model)
    store.check_output(request.output, ".nc")
    if request.start is not None and request.end is not None:
        blocks.check_dates(request.start, request.end)
    workers.check(_place(request))
    trained = model.read(model_path)
    with store.open_grid(cube, kind="cube") as data:
        model.check_cube(trained, model_path, data, cube)
        blocks.days_between(blocks.dates_of(data), request.start, request.end, cube)
        rows, columns = blocks.places(trained.grid, store.grid_of(blocks.north_first(data)))
        if not ((rows >= 0).any() and (columns >= 0).any()):
            raise CubeError(cube, f"cells in {_where(data)}", f"some of the cells of the model {model_path}")
    return trained


def _place(request: ReconstructRequest) -> Where:
    """Where the networks are applied: on the cluster if there is one, else here, since reading and writing take longer."""
    return Where(scheduler=request.scheduler or "", need="", here=not request.scheduler)


def _where(data: Any) -> str:
    lat, lon = data["lat"].values, data["lon"].values
    return f"{lon.min():g} to {lon.max():g} E, {lat.min():g} to {lat.max():g} N"


def reconstruct(
    model_path: PathLike, cube: PathLike, output: PathLike, *, progress: Progress | None = None, **options: Any
) -> ReconstructResult:
    """Apply a model to ``cube`` and write ``output``: ``run`` with its request written as keywords (see ``ReconstructRequest``)."""
    return run(ReconstructRequest(model=model_path, cube=cube, output=output, **options), progress)


@store.step
def run(request: ReconstructRequest, progress: Progress | None = None) -> ReconstructResult:
    """Write the soil moisture of every cell and day of the cube (``start``-``end``, None: all) with complete inputs.

    Each value carries ``quality_flag``: 1 an input outside the range of the training period, 2 soil at or below 273.15 K,
    4 too much rain (the cube's screening, or 8.75 mm where it was not screened), 8 AMSR-E day, 32 held at a bound. With more than one
    restart also ``soil_moisture_spread`` (their standard deviation) and ``soil_moisture_uncertainty`` (root of squared spread plus
    testing mean squared error). The network's output is held within 0-1 m3 m-3, which is all that soil can have; how often
    is counted and said, and so is how often it lies far beyond SMAP's range in the training period. Raises what ``check`` raises, and
    ``Cancelled``.
    """
    progress = progress or SILENT
    trained = check(request)
    model_path, cube, output, place = request.model, request.cube, request.output, _place(request)
    counts = dict.fromkeys(("values", "held", "beyond_reference", "cells", "incomplete", *FLAGS), 0)
    with store.open_grid(cube, kind="cube", needs=derived.needs(trained.inputs)) as data:
        warnings = model.check_cube(trained, model_path, data, cube)
        data = blocks.north_first(data)
        grid, dates = store.grid_of(data), blocks.dates_of(data)
        days = blocks.days_between(dates, request.start, request.end, cube)
        amsre = _amsre_days(data, days)
        if amsre.any() and str(data.attrs.get("channels", "")) == "paper":
            warnings.append(
                f"{int(amsre.sum())} days are of AMSR-E: under the channel preset 'paper' its F2-F5 are other frequencies "
                "(10.65, 18.7, 23.8, 36.5 GHz) than those of AMSR2 in training (7.3, 10.65, 18.7, 23.8 GHz)."
            )
        names = ["soil_moisture", *(["soil_moisture_spread", "soil_moisture_uncertainty"] if trained.several else []), "quality_flag"]
        attributes = _attributes(trained, model_path, data, cube)
        length = days.stop - days.start
        need = steps.reconstruction(output, int(trained.trained.sum()), length, len(trained.inputs), len(names), trained.bytes_of_a_cell)
        with needs.granted(need, progress), store.GridWriter(output, grid, dates[days], names, attributes) as out:
            tiles = list(blocks.tiles(grid.shape, store.CHUNKS[0], len(trained.inputs) + 2))
            for number, tile in enumerate(tiles):
                part = progress.part(number / len(tiles), (number + 1) / len(tiles))
                _tile(data, trained, grid, days, tile, amsre, out, counts, place, part)
            warnings += blocks.sieve(data).sentences()
            for name, count in counts.items():
                out.attribute(f"count_{name}", np.int64(count))
    return _result(Path(output), grid, days, counts, warnings)


def _tile(
    data: Any, trained: model.Model, grid: Grid, days: slice, tile: tuple[slice, slice], amsre: np.ndarray, out: Any,
    counts: dict[str, int], place: Where, progress: Progress,
) -> None:  # fmt: skip
    """Predict one tile, slab of days by slab of days."""
    rows, columns = blocks.places(trained.grid, grid)
    row, column = (v.ravel() for v in np.meshgrid(rows[tile[0]], columns[tile[1]], indexing="ij"))
    inside = (row >= 0) & (column >= 0)
    known = np.zeros(row.size, dtype=bool)
    known[inside] = trained.trained[row[inside], column[inside]]
    cells = np.flatnonzero(known)
    counts["cells"] += cells.size
    if cells.size == 0:
        return
    row, column = row[cells], column[cells]
    cell = _of_cells(trained, row, column)
    shape = (tile[0].stop - tile[0].start, tile[1].stop - tile[1].start)
    size = shape[0] * shape[1]
    slabs = blocks.slabs(days.stop - days.start, size, len(trained.inputs) + 2, machine.memory(blocks.BUDGET) // 4)
    for number, slab in enumerate(slabs):
        progress.check()
        progress.report(number / len(slabs), "Reconstructing")
        where = slice(days.start + slab.start, days.start + slab.stop)
        inputs = np.stack([derived.series(data, name, where, tile)[cells] for name in trained.inputs], axis=2)
        complete = np.isfinite(inputs).all(axis=2)
        values = _predict(trained, cell, inputs, complete, place, progress.part(number / len(slabs), (number + 1) / len(slabs)))
        flag = _flags(data, inputs, cell, amsre[slab], where, tile, cells)
        if trained.shared is not None:
            beyond = ((inputs < trained.shared.low) | (inputs > trained.shared.high)).any(axis=2)
            flag = flag | np.where(beyond, FLAGS["input_outside_region_range"], 0)
        flag = flag | bounds.at_bounds(values["soil_moisture"])
        complete = complete & np.isfinite(values["soil_moisture"])  # a model's numbers may be too large for any result
        counts["beyond_reference"] += int(bounds.beyond(values["soil_moisture"], cell["low"][:, -1:], cell["high"][:, -1:]).sum())
        counts["held"] += values.pop("held")
        counts["values"] += int(complete.sum())
        counts["incomplete"] += int((~complete).sum())
        for name, bit in FLAGS.items():
            counts[name] += int((complete & (flag & bit > 0)).sum())
        values["quality_flag"] = np.where(complete, flag, 255).astype(np.uint8)
        for name, value in values.items():
            empty, kind = (255, np.uint8) if name == "quality_flag" else (np.nan, np.float64)
            whole = np.full((size, value.shape[1]), empty, dtype=kind)
            whole[cells] = value
            out.put(name, slab, whole.T.reshape(-1, *shape), cells=tile)


def _of_cells(trained: model.Model, row: np.ndarray, column: np.ndarray) -> Arrays:
    """What the task needs of the model's cells (B,)."""
    cell = {name: getattr(trained, name)[row, column] for name in ("low", "high")}
    if trained.shared is None:
        cell.update({name: getattr(trained, name)[row, column] for name in ("weights", "best")})
        cell["testing"] = (trained.error("rmse", "testing") * trained.width)[row, column]
        return cell
    names = ("centre", "scale", "descriptors", "source", "residual", "correction")
    return {**cell, **{name: getattr(trained.shared, name)[row, column] for name in names}}


def _predict(trained: model.Model, cell: Arrays, inputs: np.ndarray, complete: np.ndarray, place: Where, progress: Progress) -> Any:
    """soil_moisture, its spread and uncertainty (B, days) in m3 m-3 of inputs (B, days, F), and how many values were ``held``."""
    step = max(1, VALUES_PER_BLOCK // complete.shape[1])
    values = {"hidden": trained.hidden, "combine": trained.combine}
    task, common = "reconstruction.apply:predict", {}
    if trained.shared is not None:
        task, values = "reconstruction.apply:predict_shared", {"factor": trained.shared.factor}
        common = ensemble.layers(trained.shared.ensemble)
    parts = [slice(first, first + step) for first in range(0, complete.shape[0], step)]
    of = (
        {**{name: array[part] for name, array in cell.items()}, "inputs": inputs[part], "complete": complete[part], **common}
        for part in parts
    )
    source = (Block(str(number), values, arrays) for number, arrays in enumerate(of))
    done = {}
    for name, told, arrays in workers.run(task, source, place, total=float(len(parts)), progress=progress):
        done[name] = {**arrays, "held": told["held"]}
    found = [done[str(number)] for number in range(len(parts))]
    result = {name: np.concatenate([part[name] for part in found]) for name in found[0] if name != "held"}
    return {**result, "held": sum(part["held"] for part in found)}


def predict(values: Values, arrays: Arrays, progress: Progress) -> tuple[Values, Arrays]:
    """The task of ``predict_cells``: values hidden and combine, arrays of the cells beside inputs and complete; value ``held``."""
    inputs, complete = arrays.pop("inputs"), arrays.pop("complete")
    found = predict_cells(arrays, inputs, complete, values["hidden"], values["combine"], progress)
    return {"held": found.pop("held")}, found


def predict_shared(values: Values, arrays: Arrays, progress: Progress) -> tuple[Values, Arrays]:
    """Apply the shared network to the days of B cells; value ``held``, and soil_moisture, its spread and uncertainty (B, days), m3 m-3.

    arrays: what ``_of_cells`` gives, inputs (B, days, F), complete (B, days) and the layers. The uncertainty is the root of the squared
    spread of the members plus the squared ``residual``, times the ``factor`` that left-out training days ask for.
    """
    progress.check()
    inputs, complete, scale, centre = (arrays[name] for name in ("inputs", "complete", "scale", "centre"))
    standard = ensemble.standardise(inputs.astype(np.float32), centre[:, :-1].astype(np.float32), scale[:, :-1].astype(np.float32))
    cell, day = np.nonzero(complete)
    standard = standard[cell, day]
    found = ensemble.members(ensemble.of(arrays), standard, arrays["descriptors"], cell)
    kept = found.mean(axis=0, dtype=float)
    if (arrays["correction"] != 0).any():
        own = arrays["correction"][cell]
        kept = kept + (refinement.features(kept, standard) * own).sum(axis=1)
    unit = scale[cell, -1]
    raw, spread = centre[cell, -1] + unit * kept, unit * found.std(axis=0, ddof=1)
    result = {"soil_moisture": bounds.held(raw), "soil_moisture_spread": spread}
    result["soil_moisture_uncertainty"] = values["factor"] * np.hypot(spread, arrays["residual"][cell])
    whole = {}
    for name, value in result.items():
        whole[name] = np.full(complete.shape, np.nan)
        whole[name][cell, day] = value
    return {"held": int(bounds.outside(raw).sum())}, whole


def predict_cells(cell: Arrays, inputs: np.ndarray, complete: np.ndarray, hidden: int, combine: str, progress: Progress) -> dict[str, Any]:
    """Apply the networks of B cells to their days: pure, arrays in, arrays out.

    cell: weights (B, K, P), best (B,), low and high (B, F + 1), testing (B,) the RMSE of the testing samples in m3 m-3; inputs
    (B, days, F); complete (B, days). Values outside ``POSSIBLE`` are set to its bounds and counted as ``held``.
    """
    progress.check()
    weights, low, high = cell["weights"], cell["low"], cell["high"]
    scaled = scaling.scale(inputs.astype(float), low[:, :-1], high[:, :-1])
    scaled = np.where(complete[..., np.newaxis], scaled, 0.0)
    members = np.stack([function.predict(weights[:, k], scaled, hidden) for k in range(weights.shape[1])])
    if combine == "average":
        kept = members.mean(axis=0)
    else:
        kept = np.take_along_axis(members, cell["best"][np.newaxis, :, np.newaxis].astype(int), axis=0)[0]
    raw = scaling.unscale(kept, low[:, -1], high[:, -1])
    result = {"soil_moisture": np.where(complete, bounds.held(raw), np.nan)}
    if members.shape[0] > 1:
        spread = np.where(complete, members.std(axis=0, ddof=1) * (high - low)[:, -1:], np.nan)
        result["soil_moisture_spread"] = spread
        result["soil_moisture_uncertainty"] = np.sqrt(spread**2 + cell["testing"][:, np.newaxis] ** 2)
    return {**result, "held": int((complete & bounds.outside(raw)).sum())}


def _flags(
    data: Any, inputs: np.ndarray, cell: Arrays, amsre: np.ndarray, days: slice, tile: tuple[slice, slice], cells: np.ndarray
) -> np.ndarray:
    """(B, days) uint8 bits of ``FLAGS``."""
    flag = np.where(scaling.outside(inputs, cell["low"][:, :-1], cell["high"][:, :-1]), FLAGS["input_outside_training_range"], 0)
    if "source" in cell:
        own = (cell["source"] == OWN)[:, np.newaxis]
        flag = np.where(own, flag, FLAGS["cell_not_trained"])
    if "st_gldas" in data.data_vars:
        frozen = blocks.series(data, "st_gldas", days, tile)[cells] <= FREEZING
        flag = flag | np.where(frozen, FLAGS["soil_frozen"], 0)
    if "screened" in data.data_vars:
        wet = blocks.series(data, "screened", days, tile)[cells] == 1
    elif "precipitation_7h" in data.data_vars:
        wet = blocks.series(data, "precipitation_7h", days, tile)[cells] > RAIN
    else:
        wet = np.zeros(flag.shape, dtype=bool)
    flag = flag | np.where(wet, FLAGS["precipitation_above_threshold"], 0)
    return flag | np.where(amsre, FLAGS["amsre_day"], 0)[np.newaxis, :]


def _amsre_days(data: Any, days: slice) -> np.ndarray:
    """(days,) bool: days of AMSR-E, by the cube's ``sensor``; by the date (before its end in 2011) where it has none."""
    if "sensor" in data.data_vars:
        seen = blocks.maps(data, "sensor", days)
        if seen.ndim != 1:
            raise CubeError(data.encoding.get("source", "the cube"), "'sensor' of cells", "one sensor for each day")
        return seen == SENSORS["AMSR-E"]
    return blocks.dates_of(data)[days] <= np.datetime64("2011-10-04")


def _attributes(trained: model.Model, model_path: PathLike, data: Any, cube: PathLike) -> dict[str, Any]:
    """Provenance: the cube's and the model's, each by its own name."""
    left_out = ("Conventions", "software", "annsm_kind", "history", "title")
    copied = {name: value for name, value in data.attrs.items() if name not in left_out}
    kept = ("training_start", "training_end", "ratio", "split", "restarts", "seed", "combine", "inputs", "hidden", "min_pairs", "method")
    said = str(data.attrs.get("history", ""))
    return {
        **copied,
        "annsm_kind": "annsm",
        "title": f"ANN-SM: daily surface soil moisture reconstructed by {model.TITLES[str(trained.attributes.get('method', 'cell'))]}",
        "model": Path(model_path).name,
        "cube": Path(cube).name,
        store.provenance.INPUT_FILES: store.provenance.joined(
            [store.provenance.one("model", model_path), store.provenance.one("cube", cube)], data.attrs, trained.attributes
        ),
        **{name: trained.attributes[name] for name in kept if name in trained.attributes},
        "history": "\n".join(filter(None, [said, store.history(f"reconstruct with {Path(model_path).name}")])),
    }


def _result(path: Path, grid: Grid, days: slice, counts: dict[str, int], warnings: list[str]) -> ReconstructResult:
    """Write the counts as summary and warnings."""
    total = counts["values"]
    if total == 0:
        warnings.append("No cell has a day with complete inputs and a trained network: the result is empty.")
    summary = [
        f"{total} values on {days.stop - days.start} days in {counts['cells']} of {grid.shape[0] * grid.shape[1]} cells; "
        f"{counts['incomplete']} cell days have incomplete inputs."
    ]
    for name in FLAGS:
        if counts[name] and name != "held_at_bounds":  # a warning says it
            summary.append(f"{name.replace('_', ' ').capitalize()}: {counts[name]} values ({100 * counts[name] / total:.1f} %).")
    if counts["held"]:
        warnings.append(
            f"{counts['held']} values ({100 * counts['held'] / total:.2f} %) were outside what soil can hold and were set to "
            f"{POSSIBLE[0]:g} or {POSSIBLE[1]:g} m3 m-3."
        )
    if counts["beyond_reference"]:
        warnings.append(
            f"{counts['beyond_reference']} values ({100 * counts['beyond_reference'] / total:.2f} %) lie beyond SMAP's range in their "
            f"cell's training period by more than {100 * bounds.MARGIN:.0f} % of that range: no value seen supports them."
        )
    return ReconstructResult(path, grid, summary, warnings, counts)
