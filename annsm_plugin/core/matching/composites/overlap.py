"""Two sources of one quantity compared where both have a composite: mean difference, ratio and correlation over cells and composites."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

#: Values in common from which a correlation is said.
FEWEST = 10


@dataclass
class Overlap:
    """Sums over the cells in which two sources have a value, by the first day of the composite.

    Each entry of ``sums``: number of cells, sums of the first and of the second source, of their squares and of their product. A
    composite counts once however often it is taken in, so that a run that was stopped and goes on counts the same.
    """

    sums: dict[str, list[float]] = field(default_factory=dict)

    def take(self, start: str, one: np.ndarray, two: np.ndarray) -> None:
        """Take in the fields (rows, columns; NaN = missing) of both sources for the composite that begins on ``start``."""
        both = np.isfinite(one) & np.isfinite(two)
        a, b = one[both].astype(float), two[both].astype(float)
        self.sums[start] = [float(a.size), *(float(v.sum()) for v in (a, b, a * a, b * b, a * b))]

    @property
    def total(self) -> np.ndarray:
        """(7,): composites with a cell in common, and the six sums over all of them."""
        shared = [part for _, part in sorted(self.sums.items()) if part[0]]
        return np.array([float(len(shared)), *np.sum(shared, axis=0)]) if shared else np.zeros(7)


def written(overlap: Overlap) -> dict[str, str]:
    """Year -> the sums of its composites as a text that gives them back exactly: first day and six numbers of each."""
    years: dict[str, list[str]] = {}
    for start, part in sorted(overlap.sums.items()):
        if part[0]:
            years.setdefault(start[:4], []).append(" ".join([start, *(repr(float(value)) for value in part)]))
    return {year: "; ".join(lines) for year, lines in years.items()}


def read(texts: Iterable[object]) -> Overlap:
    """What ``written`` wrote; what is no composite's line is passed over."""
    found = Overlap()
    for line in ";".join(map(str, texts)).split(";"):
        start, *numbers = line.split() or [""]
        try:
            part = [float(number) for number in numbers]
        except ValueError:
            continue
        if len(part) == 6 and np.isfinite(part).all() and re.fullmatch(r"\d{4}-\d\d-\d\d", start):
            found.sums[start] = part
    return found


def measures(total: np.ndarray) -> dict[str, float]:
    """Mean of (second - first), ratio of the means (second / first), and correlation r; NaN where it is not defined."""
    _, n, a, b, aa, bb, ab = (float(value) for value in total)
    if not n:
        return dict.fromkeys(("difference", "ratio", "r"), float("nan"))
    spread = (aa - a * a / n) * (bb - b * b / n)
    r = (ab - a * b / n) / np.sqrt(spread) if n >= FEWEST and spread > 1e-12 * max(aa, bb, 1.0) ** 2 else float("nan")
    return {"difference": (b - a) / n, "ratio": b / a if a > 0 else float("nan"), "r": float(np.clip(r, -1.0, 1.0))}


def sentence(total: np.ndarray) -> str:
    """What was found where MODIS and VIIRS both have leaf area index; empty if they nowhere have."""
    if not total[1]:
        return ""
    found = measures(total)
    parts = [f"VIIRS less MODIS is {found['difference']:+.3f} m2 m-2 on average"]
    if np.isfinite(found["ratio"]):
        parts.append(f"their means have the ratio {found['ratio']:.3f}")
    parts.append(f"r is {found['r']:.3f}" if np.isfinite(found["r"]) else "there are too few or too equal values for r")
    return (
        f"Leaf area index of MODIS and VIIRS compared in {int(total[0])} composites that both have ({int(total[1])} values): "
        f"{parts[0]}, {', '.join(parts[1:])}. Neither was adjusted to the other."
    )
