"""What a filling of gaps says: the summary, and what the user should know."""

from __future__ import annotations

from typing import Any

import numpy as np

from .experiment import BESIDE
from .learning import Learnt
from .request import CLASSES, LONGEST_SHORT
from .source import Source

#: Shares of hidden values that 1.96 of a right uncertainty covers.
COVERAGE = (0.90, 0.97)

#: How the ways are called in sentences.
CALLED = {"network": "the network", "dct": "the discrete cosine transform", "convolution": "partial convolutions"}


def tell(result: Any, source: Source, learnt: Learnt, days: slice) -> None:
    """Write the summary and the warnings of a ``filling.FillResult``."""
    counts, total = result.counts, days.stop - days.start
    share = 100.0 * counts["filled"] / max(1, counts["filled"] + counts["estimated"])
    result.summary.append(
        f"{counts['filled']} values filled in {counts['cells']} cells on {total} days ({share:.1f} % of all values); "
        f"{counts['estimated']} values of the record stay as they are."
    )
    for kind in CLASSES:
        if counts[kind]:
            what = f"up to {LONGEST_SHORT} days" if kind == "short" else f"more than {LONGEST_SHORT} days"
            result.summary.append(f"{counts[kind]} of them in gaps of {what}, by {CALLED[learnt.chosen[kind]]}.")
    if counts["days_added"]:
        result.summary.append(f"{counts['days_added']} days that the record lacked are days of the output.")
    for kind in CLASSES:
        result.summary += _hidden(result, kind)
        result.warnings += _lost(result, kind)
    if counts["left"]:
        frozen = f" ({counts['left_frozen']} of them with frozen soil)" if counts["left_frozen"] else ""
        result.summary.append(f"{counts['left']} cell days stay missing{frozen}.")
    if counts["held"]:
        result.warnings.append(f"{counts['held']} filled values were outside what soil can hold and were set to 0 or 1 m3 m-3.")
    result.warnings += source.left_out()
    if counts["filled"] == 0:
        result.warnings.append("No gap could be filled: the output is the record as it was.")
    if source.without_inputs and "network" in learnt.chosen.values():
        result.warnings.append(f"The cube lacks {source.without_inputs} days of the record: the network fills nothing on them.")
    _far(result, source, learnt, days)


def _hidden(result: Any, kind: str) -> list[str]:
    """How well hidden values came back, in a sentence."""
    line = result.line(kind)
    if line is None or not np.isfinite(line.rmse):
        return []
    beside = "; ".join(f"{text} {other.rmse:.4f}" for name, text in BESIDE.items() if (other := result.line(kind, name)) is not None)
    covers = f" The stated uncertainty covers {100 * line.coverage:.0f} % of them (95 % expected)." if np.isfinite(line.coverage) else ""
    return [f"{line.n} values hidden in {kind} gaps come back with RMSE {line.rmse:.4f} m3 m-3, R {line.r:.2f} ({beside}).{covers}"]


def _lost(result: Any, kind: str) -> list[str]:
    """Warnings of a way that does not do better than what needs no learning, or whose uncertainty is off."""
    line, found = result.line(kind), []
    if line is None or not result.counts[kind]:
        return []
    for name, text in BESIDE.items():
        other = result.line(kind, name)
        if other is not None and line.rmse >= other.rmse and line.n == other.n:
            found.append(f"In {kind} gaps {text} errs less (RMSE {other.rmse:.4f}) than {CALLED[line.name]} ({line.rmse:.4f}).")
    if np.isfinite(line.coverage) and not COVERAGE[0] <= line.coverage <= COVERAGE[1]:
        found.append(
            f"The uncertainty of values filled in {kind} gaps covers {100 * line.coverage:.0f} % of hidden values instead of 95 %: "
            "too little could be hidden to fit it well."
        )
    return found


def _far(result: Any, source: Source, learnt: Learnt, days: slice) -> None:
    """Say where gaps reach farther from known days than anything that was hidden."""
    way = learnt.chosen["long"]
    reached = learnt.reached
    farthest = result.counts["farthest"]
    if result.counts["long"] and farthest > reached:
        result.summary.append(
            f"Filled days are up to {farthest} days from a known value, hidden ones up to {reached}: beyond that the uncertainty of "
            f"{CALLED[way]} is that of the farthest hidden ones."
        )
