"""Reads product files in separate processes, one for each core. If a library crashes on a damaged file, the program goes on."""

from .pool import Pool, cores

__all__ = ["Pool", "cores"]
