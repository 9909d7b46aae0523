"""Soil moisture measured in situ: stations from ISMN downloads and tables, and their daily means in the cells of the grid.

``read`` gives the stations in a folder, zip or table; ``gather`` groups them by cell; ``run`` loads them as points and a file of series.
"""

from ..foundation.lazy import exports

__getattr__, __all__ = exports(
    __name__,
    {
        "request": ("StationsRequest",),
        "loading": ("Loaded", "check", "run"),
        "station": ("Seen", "Station"),
        "looking": ("is_side_file", "look"),
        "reading": ("read", "read_series", "write_series"),
        "averaging": ("Cell", "gather"),
    },
)
