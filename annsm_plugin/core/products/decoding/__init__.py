"""Decoding of product files in processes of their own: as many files at once as there are cores, and a crash costs one file."""

from .pool import Pool, cores

__all__ = ["Pool", "cores"]
