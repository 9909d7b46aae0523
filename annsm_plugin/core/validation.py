"""Validation of ANN-SM: against SMAP (``satellite``) and against stations (``stations``)."""

from __future__ import annotations

from .validation_satellite import SatelliteResult, satellite, write_maps
from .validation_satellite import check as check_satellite
from .validation_satellite import table_csv as satellite_csv
from .validation_stations import StationResult, stations, table_csv
from .validation_stations import check as check_stations

__all__ = [
    "SatelliteResult",
    "StationResult",
    "check_satellite",
    "check_stations",
    "satellite",
    "satellite_csv",
    "stations",
    "table_csv",
    "write_maps",
]
