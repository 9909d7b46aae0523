"""Station tables of any layout (CSV, XLSX: TPDC, Tibet-Obs, own loggers), read with a column mapping, a time zone and a unit."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .errors import ParameterError, ProductError
from .libraries import load
from .localtime import fixed_offset

#: Factors to m3 m-3.
UNITS = {"m3 m-3": 1.0, "cm3 cm-3": 1.0, "%": 0.01, "percent": 0.01}


def read_table(path, *, time="time", value="soil_moisture", station="station", lat="lat", lon="lon", network="network",
               depth=(0.0, 0.05), zone="+0", unit="m3 m-3"):  # fmt: skip
    """Stations of one table with a row per observation.

    time, value, station, lat, lon, network name the columns (lat, lon may also be numbers, station and network plain text,
    when the whole table is one station); depth (m) of the sensors; zone: UTC offset of the times ("+8"); unit of the values.
    Raises ``ProductError`` naming a column that is not there, ``ParameterError`` for a zone or unit that is not known.
    """
    from .stations import Station

    pandas = load("pandas")
    if unit not in UNITS:
        raise ParameterError(f"The unit '{unit}' is not known: expected one of {', '.join(UNITS)}.")
    shift = np.timedelta64(round(fixed_offset(zone) * 3600), "s")
    try:
        table = pandas.read_excel(path) if Path(path).suffix.lower() == ".xlsx" else pandas.read_csv(path, sep=None, engine="python")
    except ImportError as error:
        raise ProductError(path, None, f"a spreadsheet that needs the package openpyxl ({error})", "a .csv table or openpyxl") from error
    except (OSError, ValueError, UnicodeDecodeError) as error:
        raise ProductError(path, None, f"a table that cannot be read ({error})", "a table with a header line") from error
    for column in (time, value):
        if column not in table.columns:
            raise ProductError(
                path, column, f"the columns {', '.join(map(str, table.columns))}", f"a column '{column}'; name yours in the mapping"
            )
    place = {}
    for what, given in (("lat", lat), ("lon", lon)):
        if given in table.columns:
            place[what] = pandas.to_numeric(table[given], errors="coerce").to_numpy()
        else:
            try:
                place[what] = np.full(len(table), float(given))
            except (TypeError, ValueError):
                found = f"the columns {', '.join(map(str, table.columns))}"
                raise ProductError(path, str(given), found, f"a column or a number for {what}") from None
    names = (
        table[station].astype(str)
        if station in table.columns
        else pandas.Series([station if station != "station" else Path(path).stem] * len(table))
    )
    groups = (
        table[network].astype(str)
        if network in table.columns
        else pandas.Series([network if network != "network" else "table"] * len(table))
    )
    stamps = pandas.to_datetime(table[time], errors="coerce").to_numpy().astype("datetime64[s]") - shift
    values = pandas.to_numeric(table[value], errors="coerce").to_numpy(dtype=float) * UNITS[unit]
    good = np.isfinite(values) & (values >= 0.0) & (values <= 1.0) & ~np.isnat(stamps)
    found = []
    for (group, name), rows in table.groupby([groups.to_numpy(), names.to_numpy()], sort=True).indices.items():
        keep = rows[good[rows]]
        keep = keep[np.argsort(stamps[keep], kind="stable")]
        where = [float(np.nanmedian(place[w][rows])) for w in ("lat", "lon")]
        found.append(
            Station(str(name), str(group), *where, tuple(depth), "", stamps[keep], values[keep], int(rows.size - keep.size), str(path))
        )
    if not any(s.values.size for s in found):
        raise ProductError(path, value, "no valid observation", f"numbers in {unit} and dates")
    return found
