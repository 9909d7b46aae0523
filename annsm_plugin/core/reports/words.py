"""How numbers, intervals and settings are written in reports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def show(value: Any, digits: int = 3) -> str:
    return f"{value:.{digits}f}" if value is not None and np.isfinite(value) else "–"


def interval(ends: Sequence[float], digits: int = 3) -> str:
    low, high = ends
    return f"95 % {low:.{digits}f} to {high:.{digits}f}" if np.isfinite(low) and np.isfinite(high) else ""


def settings(attributes: dict, extra: dict | None = None) -> dict:
    """The attributes worth showing, long histories shortened."""
    hidden = ("Conventions", "grid_mapping", "status_meanings", "stop_meanings", "sample_kinds", "synthetic")
    shown = {name: value for name, value in attributes.items() if name not in hidden}
    return {**(extra or {}), **{k: v if len(str(v)) < 600 else f"{str(v)[:600]} …" for k, v in shown.items()}}


def value_range(low: float, high: float, digits: int) -> str:
    return f"{low:.{digits}f} to {high:.{digits}f}" if np.isfinite(low) and np.isfinite(high) else "–"


def with_range(means: Any, digits: int) -> str:
    """A mean with its interval in brackets."""
    mean, low, high = means
    return f"{show(mean, digits)} ({value_range(low, high, digits)})" if np.isfinite(low) else show(mean, digits)


def p_value(value: Any) -> str:
    return "–" if not np.isfinite(value) else "<0.001" if value < 0.001 else f"{value:.3f}"
