"""What the runs of the four experiments are, and in which order they are decided (paper section 3.2)."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import Any

#: The experiments in the paper's order; each runs at the best setting of the one before.
EXPERIMENTS = ("inputs", "neurons", "ratios", "thresholds")

#: The samples whose error chooses: the paper's, and those that the networks have never seen.
CHOOSE = ("overall", "testing")

#: Short names of inputs in labels.
_SHORT = {"sm_gldas": "SM", "st_gldas": "ST", "lst_gldas": "LST", "lai": "LAI", "precipitation_7h": "rain"}


@dataclass(frozen=True)
class Run:
    """One setting of the network of every cell: ``inputs`` in the cube's order, ``hidden`` neurons, ``ratio`` (training, validation,
    testing in percent), ``threshold`` (mm in 7 h, None: not screened).
    """

    inputs: tuple[str, ...]
    hidden: int
    ratio: tuple[int, int, int]
    threshold: float | None = None

    @property
    def weights(self) -> int:
        """Weights of each network."""
        return self.hidden * (len(self.inputs) + 2) + 1


def short(name: str) -> str:
    """A variable's name as a label shows it."""
    return _SHORT.get(name, name)


def input_label(inputs: Sequence[str], base: Sequence[str]) -> str:
    """Such as "F1-F5 + SM + LAI"; "TB" instead where the brightness temperatures are not five."""
    first = "F1-F5" if len(base) == 5 else "TB"
    return " + ".join([first, *(short(name) for name in inputs if name not in base)])


def ratio_text(ratio: Any) -> str:
    """Such as "80/10/10"."""
    return "/".join(map(str, ratio))


def threshold_text(threshold: float | None) -> str:
    """Such as "8.75"; "none" without screening."""
    return "none" if threshold is None else f"{threshold:g}"


def rounds(experiment: str, setting: Run, asked: Any) -> Generator[list[tuple[str, Run]], Run, None]:
    """The rounds of an experiment around ``setting``, each a list of (label, run) that may be trained together.

    A generator: it is sent the best run of each round. Forward selection has a round per input added; the others have one.
    """
    if experiment == "inputs":
        yield from _forward_selection(setting, asked)
    elif experiment == "neurons":
        yield [(str(hidden), replace(setting, hidden=hidden)) for hidden in asked.neurons]
    elif experiment == "ratios":
        yield [(ratio_text(ratio), replace(setting, ratio=ratio)) for ratio in asked.ratios]
    else:
        yield [(threshold_text(threshold), replace(setting, threshold=threshold)) for threshold in asked.thresholds]


def _forward_selection(setting: Run, asked: Any) -> Generator[list[tuple[str, Run]], Run, None]:
    """The brightness temperatures alone, then each candidate beside the best so far, until all are in."""
    chosen: set[str] = set()

    def entry(names: Any) -> Any:
        inputs = tuple(name for name in asked.inputs if name in asked.base or name in names)
        return input_label(inputs, asked.base), replace(setting, inputs=inputs)

    yield [entry(())]
    while len(chosen) < len(asked.candidates):
        best = yield [entry(chosen | {name}) for name in asked.candidates if name not in chosen]
        chosen = {name for name in best.inputs if name in asked.candidates}


def expected(experiment: str, setting: Run, asked: Any) -> list[Run]:
    """Runs of the size that an experiment will have, before its choices are known: for the time left."""
    runs, stages = [], rounds(experiment, setting, asked)
    stage = next(stages)
    while True:
        runs += [run for _, run in stage]
        try:
            stage = stages.send(stage[0][1])
        except StopIteration:
            return runs


def simplicity(experiment: str, run: Run) -> Any:
    """What decides between runs of the same error: fewer inputs, fewer neurons, less screening; smaller is preferred."""
    if experiment == "thresholds":
        return float("-inf") if run.threshold is None else -run.threshold
    return {"inputs": len(run.inputs), "neurons": run.hidden}.get(experiment, 0)
