"""What is asked of a sensitivity analysis, checked before work starts."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

from ..foundation import store
from ..foundation.errors import CubeError, ParameterError
from ..network import splits
from ..training.settings import Settings, check_place, settings_of
from .experiments import EXPERIMENTS, Run
from .request import SensitivityRequest

#: The paper's settings (sections 3.2.2 to 3.2.4); None: no screening.
NEURONS = tuple(range(2, 13))
RATIOS = tuple(
    (training, validation, 100 - training - validation)
    for training, validation in (
        (40, 15),
        (40, 30),
        (40, 45),
        (50, 15),
        (50, 20),
        (50, 25),
        (60, 10),
        (60, 20),
        (60, 30),
        (70, 10),
        (70, 15),
        (70, 20),
        (80, 10),
    )
)
THRESHOLDS = (None, 8.75, 10.0, 11.25, 12.5, 13.75, 15.0, 16.25, 17.5)


@dataclass(frozen=True)
class Asked:
    """A sensitivity analysis, checked. ``start`` holds the training's settings at the starting point, with all inputs.

    base: the brightness temperatures, in every run; candidates: the other inputs; thresholds: mm in 7 h, None for no screening.
    """

    start: Settings
    base: tuple[str, ...]
    candidates: tuple[str, ...]
    experiments: tuple[str, ...]
    neurons: tuple[int, ...]
    ratios: tuple[tuple[int, int, int], ...]
    thresholds: tuple[float | None, ...]
    choose: str
    seeds: tuple[int, ...]

    @property
    def inputs(self) -> tuple[str, ...]:
        """All inputs in the cube's order."""
        return self.start.inputs

    @property
    def setting(self) -> Run:
        """The starting point."""
        return Run(self.start.inputs, self.start.hidden, self.start.ratio, None)

    @property
    def strictest(self) -> float | None:
        """The lowest threshold that is tried; None if none is."""
        tried = [t for t in self.thresholds if t is not None] if "thresholds" in self.experiments else []
        return min(tried, default=None)


def check(request: SensitivityRequest) -> Asked:
    """Check everything but the outputs of a request before work starts.

    Raises ``ParameterError`` (a setting that cannot work), ``CubeError`` (a cube without target, inputs or, where thresholds are
    tried, precipitation) or ``MissingLibrary``.
    """
    first = settings_of(request)
    names = _experiments(request.experiments)
    base = tuple(name for name in first.inputs if name.startswith("tb_"))
    candidates = tuple(name for name in first.inputs if name not in base)
    if "inputs" in names and not (base and candidates):
        raise ParameterError(
            f"The experiment 'inputs' adds other inputs to the brightness temperatures; the inputs are {', '.join(first.inputs)}."
        )
    if "thresholds" in names:
        with store.open_grid(request.cube, kind="cube") as data:
            if "precipitation_7h" not in data.data_vars:
                raise CubeError(request.cube, "no precipitation_7h", "a cube with precipitation, or EXPERIMENTS without thresholds")
    neurons, ratios, thresholds = parse_neurons(request.neurons), parse_ratios(request.ratios), parse_thresholds(request.thresholds)
    if request.choose == "testing" and request.split != "leave_one_year_out":
        for one in (first.ratio, *(ratios if "ratios" in names else ())):
            if one[2] == 0:
                raise ParameterError(f"The ratio {'/'.join(map(str, one))} has no testing samples to choose by; choose by overall error.")
    check_place(request)
    return Asked(
        start=first,
        base=base,
        candidates=candidates,
        experiments=names,
        neurons=neurons,
        ratios=ratios,
        thresholds=thresholds,
        choose=request.choose,
        seeds=tuple(range(first.seed, first.seed + int(request.repeats))),
    )


def _experiments(given: Any) -> tuple[str, ...]:
    """The asked experiments in the paper's order; all if none is named."""
    names = _words(given) if given is not None else []
    unknown = [name for name in names if name not in (*EXPERIMENTS, "all")]
    if unknown:
        raise ParameterError(f"EXPERIMENTS names {', '.join(unknown)}; expected some of {', '.join(EXPERIMENTS)}.")
    return tuple(name for name in EXPERIMENTS if not names or name in names or "all" in names)


def _words(given: Any) -> list[str]:
    """The words of a text with commas, semicolons or blanks between, or the items of a list."""
    return [w for w in re.split(r"[,;\s]+", given) if w] if isinstance(given, str) else [str(v) for v in given]


def parse_neurons(given: Any) -> tuple[int, ...]:
    """Numbers of neurons from a list or a text such as "2-12" or "4, 8, 12"; the paper's if empty."""
    if given is None or given == "":
        return NEURONS
    found: list[int] = []
    for word in _words(given):
        span = re.fullmatch(r"(\d+)(?:[-–](\d+))?", word)
        low, high = (int(span[1]), int(span[2] or span[1])) if span else (0, 0)
        if not 1 <= low <= high <= 100:
            raise ParameterError(f"NEURONS holds '{word}'; expected whole numbers from 1 to 100, such as 2-12 or 4,8,12.")
        found += range(low, high + 1)
    return _distinct("NEURONS", found)


def parse_ratios(given: Any) -> tuple[tuple[int, int, int], ...]:
    """Ratios from a list or a text such as "70/15/15, 80/10/10"; the paper's thirteen if empty."""
    if given is None or given == "":
        return RATIOS
    return _distinct("RATIOS", [splits.check_ratio(one) for one in (_words(given) if isinstance(given, str) else given)])


def parse_thresholds(given: Any) -> tuple[float | None, ...]:
    """Thresholds (mm) from a list or a text such as "none, 8.75, 17.5"; the paper's nine if empty."""
    if given is None or given == "":
        return THRESHOLDS
    found: list[float | None] = []
    for word in _words(given):
        try:
            value = None if word.lower() == "none" else float(word)
        except ValueError:
            value = math.nan
        if value is not None and not (math.isfinite(value) and value >= 0):
            raise ParameterError(f"THRESHOLDS holds '{word}'; expected 'none' or mm in 7 h, such as none,8.75,12.5.")
        found.append(value)
    return _distinct("THRESHOLDS", found)


def _distinct(name: str, found: list[Any]) -> tuple[Any, ...]:
    doubled = sorted({str(v) for v in found if found.count(v) > 1})
    if doubled:
        raise ParameterError(f"{name} names {', '.join(doubled)} more than once.")
    if not found:
        raise ParameterError(f"{name} is empty; leave the parameter out for the paper's list.")
    return tuple(found)
