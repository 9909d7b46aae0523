"""Reads product files in workers, one for each core, before they are asked for; a crash on a damaged file costs that file."""

from .pool import Pool

__all__ = ["Pool"]
