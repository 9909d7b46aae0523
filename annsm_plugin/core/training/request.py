"""What is asked of a training run, checked before work starts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..foundation import blocks, cluster, store
from ..foundation.errors import CubeError, ParameterError
from ..foundation.libraries import load
from ..network import splits
from . import best_settings

TARGET = "sm_smap"
COMBINE = ("best", "average", "best_half")

#: Variables of a cube that are no inputs of the network unless asked for by name.
NOT_INPUTS = (TARGET, "precipitation_7h", "screened", "sensor", "crs")


@dataclass(frozen=True)
class Settings:
    """What is asked of a training run, checked. See ``train`` for the meaning of each field."""

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


def check(
    cube,
    output,
    *,
    start,
    end,
    variables=None,
    hidden=12,
    ratio=(80, 10, 10),
    split="random",
    restarts=1,
    combine="best",
    seed=0,
    min_pairs=50,
    device="auto",
    scheduler=None,
    settings=None,
    regularization=None,
    trainer=None,
) -> Settings:
    """Check every parameter of ``train`` before work starts, and return them in order.

    Raises ``ParameterError`` (a setting that cannot work), ``CubeError`` (a cube without target or inputs) or ``MissingLibrary``.
    """
    store.check_output(output, ".nc")
    if Path(output).resolve() == Path(cube).resolve():
        raise ParameterError(f"The output {output} is the cube itself; choose another file.")
    asked = settings_of(
        cube,
        start=start,
        end=end,
        variables=variables,
        hidden=hidden,
        ratio=ratio,
        split=split,
        restarts=restarts,
        combine=combine,
        seed=seed,
        min_pairs=min_pairs,
        device=device,
        settings=settings,
    )
    ratios_of(regularization)
    load("torch")
    cluster.check(scheduler)
    from ..network import block as training

    training.choose_device(device)
    return asked


def settings_of(
    cube,
    *,
    start,
    end,
    variables=None,
    hidden=12,
    ratio=(80, 10, 10),
    split="random",
    restarts=1,
    combine="best",
    seed=0,
    min_pairs=50,
    device="auto",
    settings=None,
) -> Settings:
    """The settings of a run on ``cube``, checked, whether or not torch is there. Raises ``ParameterError`` or ``CubeError``."""
    variables, hidden, ratio = _from_settings(settings, variables, hidden, ratio)
    start, end = blocks.check_dates(start, end, "training period")
    ratio = splits.check_ratio(ratio)
    splits.check_split(split, start, end)
    hidden = _whole("HIDDEN", hidden, 1, 100)
    restarts = _whole("RESTARTS", restarts, 1, 1000)
    min_pairs = _whole("MIN_PAIRS", min_pairs, 2, None)
    seed = _whole("SEED", seed, 0, None)
    if combine not in COMBINE:
        raise ParameterError(f"COMBINE is '{combine}'; expected one of {', '.join(COMBINE)}.")
    with store.open_grid(cube, kind="cube") as data:
        if TARGET not in data.data_vars:
            raise CubeError(
                cube,
                "no SMAP soil moisture (sm_smap); it was matched for reconstruction only",
                "a cube with the training target: run matching with the SMAP folder",
            )
        inputs = choose_inputs(data, variables, cube)
        blocks.days_between(blocks.dates_of(data), start, end, cube, "training period")
    return Settings(start, end, tuple(inputs), hidden, ratio, split, restarts, combine, seed, min_pairs, device)


def choose_inputs(data, variables, path) -> list[str]:
    """The inputs in the cube's order: all predictors, or those of ``variables`` (names, or one text with commas or blanks)."""
    predictors = [str(n) for n, v in data.data_vars.items() if str(n) not in NOT_INPUTS and {"lat", "lon"} <= set(v.dims)]
    if variables is None or variables == "" or variables == "all":
        if not predictors:
            raise CubeError(path, "no predictor", "a cube with brightness temperatures and other inputs")
        return predictors
    names = variables.replace(",", " ").replace(";", " ").split() if isinstance(variables, str) else [str(v) for v in variables]
    allowed = [*predictors, "precipitation_7h"]
    unknown = [name for name in names if name not in allowed]
    if unknown:
        raise ParameterError(f"VARIABLES names {', '.join(unknown)}, which {path} has not as an input; it has {', '.join(predictors)}.")
    if not names:
        raise ParameterError(f"VARIABLES names no input; {path} has {', '.join(predictors)}.")
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise ParameterError(f"VARIABLES names {', '.join(doubled)} more than once.")
    return [name for name in (*predictors, "precipitation_7h") if name in names]


def _from_settings(settings, variables, hidden, ratio):
    """Let a sensitivity analysis's best settings (a dict or a JSON file) replace the variables, neurons and ratio."""
    if settings is None or settings == "":
        return variables, hidden, ratio
    found = settings if isinstance(settings, dict) else best_settings.read(settings)
    return found.get("variables", variables), found.get("hidden", hidden), found.get("ratio", ratio)


def ratios_of(regularization) -> tuple[float, ...]:
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


def _whole(name: str, value, low: int, high: int | None) -> int:
    """``value`` as a whole number within its bounds; raises ``ParameterError``."""
    bounds = f"a whole number from {low} to {high}" if high is not None else f"a whole number of at least {low}"
    try:
        number = int(value)
    except (TypeError, ValueError):
        raise ParameterError(f"{name} is '{value}'; expected {bounds}.") from None
    if number != float(value) or number < low or (high is not None and number > high):
        raise ParameterError(f"{name} is {value}; expected {bounds}.")
    return number
