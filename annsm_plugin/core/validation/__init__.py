"""Validation of ANN-SM: against SMAP (``satellite``) and against stations (``stations``), with their figures and reports."""

from ..foundation.lazy import exports

__getattr__, __all__ = exports(
    __name__,
    {
        "request": ("SatelliteRequest", "StationsRequest"),
        "satellite": ("SatelliteResult", "satellite_csv", "validate_satellite", "write_maps"),
        "station_result": ("StationResult", "stations_csv"),
        "stations": ("validate_stations",),
    },
)
