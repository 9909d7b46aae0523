"""Validation of ANN-SM: against SMAP (``satellite``) and against stations (``stations``), with their figures and reports."""

from ..foundation.lazy import exports

__getattr__, __all__ = exports(
    __name__,
    {
        "satellite": ("SatelliteResult", "check_satellite", "satellite_csv", "validate_satellite", "write_maps"),
        "stations": ("StationResult", "check_stations", "stations_csv", "validate_stations"),
    },
)
