"""The settings of a training run, made from its request and checked against the cube before work starts."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..foundation import blocks, machine, store
from ..foundation.errors import CubeError, ParameterError
from ..foundation.variables import PER_DAY
from ..inputs import derived
from ..matching import best_settings
from ..network import block, splits
from ..workers import run as workers
from ..workers.run import Where
from ..workers.tasks import Values
from .request import NetworksRequest, TrainRequest

TARGET = "sm_smap"

#: Seconds of work on all cores from which on a GPU is worth its start.
GPU_START = 5.0

#: Variables of a cube that are no inputs of the network unless asked for by name.
NOT_INPUTS = (TARGET, "precipitation_7h", "screened", *PER_DAY, "crs")


@dataclass(frozen=True)
class Settings:
    """A request, checked: the fields of ``TrainRequest`` in the types that the trainer wants."""

    start: np.datetime64
    end: np.datetime64
    inputs: tuple[str, ...]
    hidden: int
    ratio: tuple[int, int, int]
    split: str
    restarts: int
    combine: str
    seed: int
    min_pairs: int
    device: str
    method: str = "cell"

    def values(self) -> Values:
        """The settings in the words of JSON, for a task."""
        return {**dataclasses.asdict(self), "start": str(self.start), "end": str(self.end)}

    @classmethod
    def of(cls, values: Values) -> Settings:
        """The settings that ``values`` were made from."""
        days = {name: np.datetime64(values[name]) for name in ("start", "end")}
        return cls(**{**values, **days, "inputs": tuple(values["inputs"]), "ratio": tuple(values["ratio"])})


def check(request: TrainRequest) -> Settings:
    """Check a request before work starts, and return its settings.

    Raises ``ParameterError`` (a setting that cannot work), ``CubeError`` (a cube without target or inputs) or ``MissingLibrary``.
    """
    store.check_output(request.output, ".nc")
    asked = settings_of(request)
    ratios_of(request.regularization)
    check_place(request)
    return asked


def where(request: NetworksRequest) -> Where:
    """Where the request wants its blocks to run."""
    return Where(scheduler=request.scheduler or "", python=str(request.python or ""))


def check_place(request: NetworksRequest) -> None:
    """Raise ``AnnsmError`` if networks cannot be trained where the request wants it: no PyTorch, no such cluster, Python or device."""
    workers.check(where(request))
    if request.device == "cuda":
        block.choose_device(request.device)


def placed(request: NetworksRequest, seconds: float) -> tuple[str, Where]:
    """On which device and where the blocks of a request are trained; ``seconds``: about how long they take on one core.

    'auto' takes the GPU where there is one and the cores of this computer would need longer than it takes to start.
    """
    place = where(request)
    wanted = machine.device() if request.device == "auto" else request.device
    if place.scheduler or place.python or wanted == "cpu":
        return "cpu", place
    if wanted == "auto" and (seconds / machine.cores() < GPU_START or workers.lacking("torch")):
        return "cpu", place
    device = block.choose_device(wanted)
    return device, dataclasses.replace(place, here=device != "cpu")


def settings_of(request: NetworksRequest) -> Settings:
    """The settings of a run on a cube, checked, whether or not torch is there. Raises ``ParameterError`` or ``CubeError``."""
    if isinstance(request, TrainRequest):
        request = with_best(request)
    request.check_values(outputs=False)
    start, end = blocks.check_dates(request.start, request.end, "training period")
    ratio = splits.check_ratio(request.ratio)
    splits.check_split(request.split, start, end)
    with store.open_grid(request.cube, kind="cube") as data:
        if TARGET not in data.data_vars:
            raise CubeError(
                request.cube,
                "no SMAP soil moisture (sm_smap); it was matched for reconstruction only",
                "a cube with the training target: run matching with the SMAP folder",
            )
        inputs = choose_inputs(data, request.variables, request.cube)
        blocks.days_between(blocks.dates_of(data), start, end, request.cube, "training period")
    return Settings(
        start=start,
        end=end,
        inputs=tuple(inputs),
        hidden=int(request.hidden),
        ratio=ratio,
        split=request.split,
        restarts=int(request.restarts),
        combine=request.combine if isinstance(request, TrainRequest) else "best",
        seed=int(request.seed),
        min_pairs=int(request.min_pairs),
        device=request.device,
        method=request.method if isinstance(request, TrainRequest) else "cell",
    )


def choose_inputs(data: Any, variables: Any, path: Any) -> list[str]:
    """The inputs in the cube's order: all predictors, or those of ``variables`` (names, or one text with commas or blanks)."""
    predictors = [str(n) for n, v in data.data_vars.items() if str(n) not in NOT_INPUTS and {"lat", "lon"} <= set(v.dims)]
    if variables is None or variables == "" or variables == "all":
        if not predictors:
            raise CubeError(path, "no predictor", "a cube with brightness temperatures and other inputs")
        return predictors
    names = variables.replace(",", " ").replace(";", " ").split() if isinstance(variables, str) else [str(v) for v in variables]
    allowed = [*predictors, *(["precipitation_7h"] if "precipitation_7h" in data.data_vars else [])]
    allowed += [name for name in names if name not in allowed and derived.describe(name) and not derived.lacking(data, name)]
    unknown = [name for name in names if name not in allowed]
    if unknown:
        more = derived.available(data)
        also = f"; derived inputs: {', '.join(more)}" if more else ""
        raise ParameterError(
            f"VARIABLES names {', '.join(unknown)}, which {path} has not as an input; it has {', '.join(predictors)}{also}."
        )
    if not names:
        raise ParameterError(f"VARIABLES names no input; {path} has {', '.join(predictors)}.")
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise ParameterError(f"VARIABLES names {', '.join(doubled)} more than once.")
    return [name for name in allowed if name in names]


def with_best(request: TrainRequest) -> TrainRequest:
    """The request with the variables, neurons and ratio of a sensitivity analysis's best settings, if it names them."""
    if request.settings is None or request.settings == "":
        return request
    given = request.settings
    found = best_settings.checked(given, "SETTINGS") if isinstance(given, dict) else best_settings.read(given)
    return request.but(**{name: found[name] for name in ("variables", "hidden", "ratio") if name in found})


def ratios_of(regularization: Any) -> tuple[float, ...]:
    """Ratios of regularization from a number, numbers or a text with commas; (0,) for None or "". Raises ``ParameterError``."""
    if regularization is None or isinstance(regularization, (int, float)):
        regularization = str(regularization or 0)
    given = regularization.replace(",", " ").replace(";", " ").split() if isinstance(regularization, str) else list(regularization)
    try:
        ratios = tuple(float(value) for value in given) or (0.0,)
    except (TypeError, ValueError):
        ratios = (-1.0,)
    if not all(0 <= ratio < 1 for ratio in ratios):
        raise ParameterError(f"REGULARIZATION is '{regularization}'; expected numbers of at least 0 and below 1, with commas between.")
    return ratios
