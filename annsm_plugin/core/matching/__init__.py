"""Matching: every product on the same 0.25 degree cells and the same local days, as one cube."""

from .assemble import MatchResult, match
from .settings import check

__all__ = ["MatchResult", "check", "match"]
