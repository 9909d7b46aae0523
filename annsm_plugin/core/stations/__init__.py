"""Measurements of soil moisture in the ground: ISMN downloads and tables, and their mean per cell and local hour."""

from .reading import Station, read

__all__ = ["Station", "read"]
