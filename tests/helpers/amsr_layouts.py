"""AMSR files in each of the four layouts that rows and columns can have, of a planet with warm land and cold sea."""

from __future__ import annotations

import h5py
import matching_archive as archive
import numpy as np

from annsm_plugin.core.products.readers import amsr

#: How a field that begins in the north and at 0 E is stored in each layout, written out by hand.
STORED = {
    "documented": lambda field: field,
    "0-360 south first": lambda field: field[::-1],
    "180W-180E north first": lambda field: np.concatenate([field[:, 720:], field[:, :720]], axis=1),
    "180W-180E south first": lambda field: np.concatenate([field[::-1, 720:], field[::-1, :720]], axis=1),
}
DAYS = np.arange("2016-03-01", "2016-03-06", dtype="datetime64[D]")


def planet(first=0.0, order=1):
    """Counts of an AMSR field whose land is warm and whose sea is cold, stored with this first longitude and row order."""
    lat, lon = np.meshgrid(89.875 - 0.25 * np.arange(720), 0.125 + 0.25 * np.arange(1440) + first, indexing="ij")
    east = (lon + 180.0) % 360.0 - 180.0
    warm = np.zeros(lat.shape, bool)
    for west, south, right, north in amsr._LAND:
        warm |= (east > west - 2) & (east < right + 2) & (lat > south - 2) & (lat < north + 2)
    random = np.random.default_rng(8)
    counts = np.where(warm, 26000, 11000) + random.integers(-800, 800, lat.shape)
    counts[random.random(lat.shape) < 0.3] = 65534
    return counts[::order]


def write(folder, layout, dates=DAYS, sensor="AMSR2"):
    """Write days of AMSR in ``layout``, each pixel of the planet with a number of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    world = planet() + 2000
    for number, date in enumerate(dates):
        field = np.where(world < 60000, world + 17 * number, 65534)
        for channel in ("06", "36"):
            name = f"{archive.PREFIX[sensor]}_{str(date).replace('-', '')}_01D_EQMD_L3SGT{channel}LA2220220.h5"
            with h5py.File(folder / name, "w") as file:
                for letter, more in (("H", 0), ("V", 500 + int(channel))):
                    counts = np.where(field < 60000, field + more, field).astype("u2")
                    put = file.create_dataset(f"Brightness Temperature ({letter})", data=STORED[layout](counts), chunks=(720, 1440))
                    put.attrs["SCALE FACTOR"] = [0.01]
    return folder
