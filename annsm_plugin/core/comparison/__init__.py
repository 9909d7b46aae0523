"""Methods side by side on the same cube, cells and split: does the network earn its place? (The systems of the paper's section 5.)"""

from __future__ import annotations

from .methods import METHODS
from .run import ComparisonResult, check, compare

__all__ = ["METHODS", "ComparisonResult", "check", "compare"]
