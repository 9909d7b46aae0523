"""The model file: a small network per cell, with all that applying, repeating and judging it takes. Arrays and text, never a pickle."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from .. import __version__
from ..foundation import store
from ..foundation.errors import CubeError
from ..foundation.grid import STEP, Grid
from ..foundation.libraries import load
from ..foundation.paths import PathLike, no_file
from ..inputs import derived
from ..network.choices import METHODS
from . import model_parts as parts
from . import shared
from .shared import NOWHERE, Shared

#: Sample kinds of the errors, in the order of the dimension ``kind``.
KINDS = ("training", "validation", "testing", "overall")

#: Measures kept per kind and cell, in 0-1 units (n without unit).
MEASURES = ("r", "rmse", "bias", "n")

#: Status of a cell in the model; the trainer adds its own codes (``network.block.STATUS``); these are given to cells that it never sees.
NO_DATA, TOO_FEW = 100, 101

#: What each method trains, in words.
TITLES = {
    "cell": "one small network per cell",
    "regional": "one ensemble of networks for all cells",
    "refined": "one ensemble of networks for all cells, with corrections of single cells",
}

#: Attributes of the cube that a model remembers and that another cube must share.
IDENTITY = ("channels", "channel_list", "polarisation", "overpass")

#: Choices of matching that should be the same too; where they are not, the user is warned.
MATCHED_ALIKE = ("local_time", "lai_method", "lai_barren", "tb_source")

#: What cubes and models of earlier versions, which do not say it, were matched with.
_UNSAID = {"tb_source": "JAXA"}


@dataclass
class Model:
    """A trained model in memory. ``F`` inputs, ``P`` weights per network, ``K`` restarts; NaN in cells without a network.

    weights (rows, columns, K, P); best (rows, columns) index of the restart that was kept; low, high (rows, columns, F + 1)
    scaling limits, the target last; errors (measure, kind, rows, columns) in 0-1 units; status, epochs, stop_reason, mu
    (rows, columns), of the restart that was kept; status_meanings and stop_meanings code -> words; attributes as stored.
    """

    grid: Grid
    inputs: list[str]
    hidden: int
    combine: str
    weights: np.ndarray
    best: np.ndarray
    low: np.ndarray
    high: np.ndarray
    errors: np.ndarray
    status: np.ndarray
    epochs: np.ndarray
    stop_reason: np.ndarray
    mu: np.ndarray
    status_meanings: dict[int, str]
    stop_meanings: dict[int, str]
    attributes: dict = field(default_factory=dict)
    #: (rows, columns) testing RMSE of one start, 0-1 units, mean over the starts; known right after training only.
    single_rmse: np.ndarray | None = None
    #: The network that all cells share, under the methods "regional" and "refined"; then there are no weights of single cells.
    shared: Shared | None = None

    @property
    def trained(self) -> np.ndarray:
        """(rows, columns) bool: cells that have a network, their own or the shared one."""
        if self.shared is not None:
            return self.shared.source != NOWHERE
        return np.isfinite(self.weights[..., -1]).all(axis=2)

    @property
    def several(self) -> bool:
        """Whether a value comes from more than one network, so that it has a spread."""
        return self.shared is not None or self.weights.shape[2] > 1

    @property
    def bytes_of_a_cell(self) -> float:
        """Bytes that the arrays of the model hold of a cell, about."""
        own = [self.weights, self.low, self.high, self.errors, self.status, self.epochs, self.stop_reason, self.mu, self.best]
        own += [] if self.shared is None else [self.shared.centre, self.shared.scale, self.shared.descriptors, self.shared.correction]
        return sum(array.nbytes for array in own) / max(1, self.status.size)

    def error(self, measure: str, kind: str = "overall") -> np.ndarray:
        """(rows, columns) of one measure for one sample kind, 0-1 units."""
        return self.errors[MEASURES.index(measure), KINDS.index(kind)]

    @property
    def width(self) -> np.ndarray:
        """(rows, columns) range of the target in the training period, m3 m-3: what one 0-1 unit is."""
        return self.high[..., -1] - self.low[..., -1]


def write(path: PathLike, model: Model, step: str) -> None:
    """Write a model file atomically; ``step`` becomes a line of its history."""
    netcdf = load("netCDF4")
    rows, columns, restarts, parameters = model.weights.shape
    with store.atomic(path) as part, store.closed(netcdf.Dataset(str(part), "w", format="NETCDF4"), part, Path(path)) as file:
        sizes = {"lat": rows, "lon": columns, "variable": len(model.inputs) + 1}
        if model.shared is None:
            sizes.update(restart=restarts, parameter=parameters)
        for name, size in (*sizes.items(), ("kind", len(KINDS))):
            file.createDimension(name, size)
        for name, values, units in (("lat", model.grid.lat, "degrees_north"), ("lon", model.grid.lon, "degrees_east")):
            axis = file.createVariable(name, "f8", (name,))
            axis.setncatts({"standard_name": {"lat": "latitude", "lon": "longitude"}[name], "units": units})
            axis[:] = values
        crs = file.createVariable("crs", "i4", ())
        crs.setncatts(
            {
                "grid_mapping_name": "latitude_longitude",
                "spatial_ref": store.WGS84,
                "GeoTransform": f"{model.grid.bounds[0]} {STEP} 0 {model.grid.bounds[3]} 0 {-STEP}",
            }
        )
        cell = ("lat", "lon")
        if model.shared is None:
            long_name = "network weights: input, hidden bias, output, output bias"
            _put(file, "weights", model.weights, (*cell, "restart", "parameter"), long_name, "1")
            _put(file, "best_restart", model.best, cell, "restart with the lowest validation error", "1")
        else:
            shared.put(file, model.shared, _put)
        _put(file, "low", model.low, (*cell, "variable"), "smallest value in the training period (inputs in order, target last)", "1")
        _put(file, "high", model.high, (*cell, "variable"), "largest value in the training period (inputs in order, target last)", "1")
        for number, name in enumerate(MEASURES):
            long_name = f"{name} of target and network per sample kind ({', '.join(KINDS)}), 0-1 units"
            _put(file, name, model.errors[number], ("kind", *cell), long_name, "1")
            if name in ("rmse", "bias"):
                long_name = f"{name} of target and network per sample kind ({', '.join(KINDS)})"
                _put(file, f"{name}_m3", model.errors[number] * model.width, ("kind", *cell), long_name, "m3 m-3")
        _put(file, "status", model.status, cell, "what became of the cell", "1", model.status_meanings)
        if model.shared is None:
            _put(file, "stop_reason", model.stop_reason, cell, "why training stopped", "1", model.stop_meanings)
            _put(file, "epochs", model.epochs, cell, "training epochs", "1")
            _put(file, "mu", model.mu, cell, "damping at the end", "1")
        file.setncatts(model.attributes)
        file.setncatts(
            {
                "Conventions": "CF-1.11",
                "annsm_kind": "model",
                "software": f"ANN-SM for QGIS {__version__}",
                "inputs": " ".join(model.inputs),
                "target": "sm_smap",
                "hidden": np.int32(model.hidden),
                "combine": model.combine,
                "sample_kinds": " ".join(KINDS),
                "status_meanings": json.dumps(model.status_meanings),
                "stop_meanings": json.dumps(model.stop_meanings),
                "history": "\n".join(filter(None, [str(model.attributes.get("history", "")), store.history(step)])),
            }
        )


def _put(file: Any, name: str, values: np.ndarray, dimensions: Any, long_name: str, units: str, meanings: Any = None) -> None:
    values = np.asarray(values)
    whole = np.issubdtype(values.dtype, np.integer)
    variable = file.createVariable(
        name, "i4" if whole else "f8", dimensions, zlib=True, complevel=1, shuffle=True, fill_value=None if whole else np.nan
    )
    variable.setncatts({"long_name": long_name, "units": units, "grid_mapping": "crs"})
    if meanings:
        variable.setncatts(
            {
                "flag_values": np.array(list(meanings), dtype="i4"),
                "flag_meanings": " ".join(str(text).replace(" ", "_") for text in meanings.values()),
            }
        )
    variable[...] = values


def read(path: PathLike) -> Model:
    """Read a model file; raises ``CubeError`` naming what is missing or does not fit together."""
    path = Path(path)
    if wrong := no_file(path):
        raise CubeError(path, wrong, "a model (NetCDF) written by training")
    store.examine(path, "a model written by training")
    netcdf = load("netCDF4")
    try:
        file = netcdf.Dataset(str(path))
    except Exception as error:  # damaged files raise many kinds
        found = f"a file that does not open as NetCDF ({store.words_of(error)})"
        raise CubeError(path, found, "a model written by training") from error
    with store.guard(path, parts.WHOLE), file:
        attributes = {name: file.getncattr(name) for name in file.ncattrs()}
        if str(attributes.get("annsm_kind")) != "model":
            kind = attributes.get("annsm_kind", "something else")
            raise CubeError(path, f"a file of the kind '{kind}'", "a model written by training")
        file.set_auto_mask(False)
        method = str(attributes.get("method", "cell"))
        if method not in METHODS:
            raise CubeError(path, f"a model of the method '{method}'", f"one of {', '.join(METHODS)}")
        wanted = [name for name in _ARRAYS if method == "cell" or name not in _OF_CELLS]
        parts.look(path, file, wanted)
        inputs, combine = parts.text(path, attributes, "inputs").split(), parts.text(path, attributes, "combine")
        hidden = parts.whole_number(path, attributes, "hidden")
        meanings = [parts.meanings(path, attributes, name) for name in ("status_meanings", "stop_meanings")]
        arrays = {}
        for name in wanted:
            with store.guard(path, parts.WHOLE, name):
                arrays[name] = np.asarray(file[name][...])
        shape = arrays["lat"].size, arrays["lon"].size
        together = None
        if method != "cell":
            together = shared.take(file, path, shape, len(inputs))
            empty = {"epochs": 0, "stop_reason": -1, "best_restart": 0}
            arrays.update({name: np.full(shape, value, dtype=np.int32) for name, value in empty.items()})
            arrays["mu"] = np.full(shape, np.nan)
            arrays["weights"] = np.broadcast_to(0.0, (*shape, 1, hidden * (len(inputs) + 2) + 1))
        parts.check(path, arrays, inputs, hidden, combine, dict.fromkeys(MEASURES, len(KINDS)))
    return Model(
        grid=Grid(arrays["lat"], arrays["lon"]),
        inputs=inputs,
        hidden=hidden,
        combine=combine,
        weights=arrays["weights"],
        best=arrays["best_restart"],
        low=arrays["low"],
        high=arrays["high"],
        errors=np.stack([arrays[name] for name in MEASURES]).astype(float),
        status=arrays["status"],
        epochs=arrays["epochs"],
        stop_reason=arrays["stop_reason"],
        mu=arrays["mu"],
        status_meanings=meanings[0],
        stop_meanings=meanings[1],
        attributes=attributes,
        shared=together,
    )


#: Arrays of models with a network per cell alone.
_OF_CELLS = ("weights", "best_restart", "epochs", "stop_reason", "mu")

_ARRAYS = ("lat", "lon", "weights", "best_restart", "low", "high", *MEASURES, "status", "epochs", "stop_reason", "mu")


def check_cube(model: Model, model_path: PathLike, data: Any, cube_path: PathLike) -> list[str]:
    """Raise ``CubeError`` unless the open cube ``data`` fits the model; return warnings (none, or sentences)."""
    for name in IDENTITY:
        wanted, found = str(model.attributes.get(name, "")), str(data.attrs.get(name, ""))
        if wanted != found:
            raise CubeError(cube_path, f"{name.replace('_', ' ')} '{found}'", f"'{wanted}', with which the model {model_path} was trained")
    missing = list(dict.fromkeys(lost for name in model.inputs for lost in derived.lacking(data, name)))
    if missing:
        present = ", ".join(map(str, data.data_vars))
        raise CubeError(cube_path, f"no {', '.join(missing)} (there is {present})", f"all inputs of the model {model_path}")
    warnings = []
    for name in MATCHED_ALIKE:
        wanted, found = (str(said.get(name, _UNSAID.get(name, ""))) for said in (model.attributes, data.attrs))
        if wanted != found:
            warnings.append(f"The cube was matched with {name.replace('_', ' ')} '{found}', the model's with '{wanted}'.")
    return warnings
