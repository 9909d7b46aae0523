"""What the columns of a layer of stations, or of cells with stations, are called."""

from __future__ import annotations

from .station_result import POINT_MEASURES

#: What the columns of a product are called, with their units.
_MEASURES = {
    "n": "days",
    "r": "R",
    "r_low": "R, 95 % from",
    "r_high": "R, 95 % to",
    "p": "p of R",
    "rmse": "RMSE (m³ m⁻³)",
    "bias": "BIAS = in situ − product (m³ m⁻³)",
    "ubrmse": "ubRMSE (m³ m⁻³)",
    **{
        f"{name}_{end}": f"{title}, 95 % {word} (m³ m⁻³)"
        for name, title in (("rmse", "RMSE"), ("bias", "BIAS"), ("ubrmse", "ubRMSE"))
        for end, word in (("low", "from"), ("high", "to"))
    },
    "first": "first day",
    "last": "last day",
}

#: Titles of the products that can be validated.
_PRODUCTS = ("ANN-SM", "LPRM", "JAXA", "SMOS", "GLDAS", "SMAP")

#: What the other columns are called.
_PLACES = {
    "name": "name",
    "network": "network",
    "lat": "latitude (°)",
    "lon": "longitude (°)",
    "cell_lat": "latitude of the cell's centre (°)",
    "cell_lon": "longitude of the cell's centre (°)",
    "sites": "number of sites",
    "site_names": "sites",
    "status": "status",
    "depth_from": "depth from (m)",
    "depth_to": "depth to (m)",
    "first": "first day",
    "last": "last day",
    "n": "values",
    "mean": "mean (m³ m⁻³)",
}


def aliases() -> dict[str, str]:
    """Column -> its name with the unit, for every column that a layer of stations or station cells can have."""
    found = dict(_PLACES)
    for title in _PRODUCTS:
        for prefix, basis in (("", ""), ("common_", ", common days")):
            for name in POINT_MEASURES:
                found[f"{title.lower().replace('-', '')}_{prefix}{name}"] = f"{title}{basis}: {_MEASURES.get(name, name)}"
    return found
