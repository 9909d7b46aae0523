"""Methods side by side on the same cube, cells and split: does the network earn its place? (The systems of the paper's section 5.)"""

from __future__ import annotations

from .compare import ComparisonResult, check, compare
from .methods import METHODS

__all__ = ["METHODS", "ComparisonResult", "check", "compare"]
