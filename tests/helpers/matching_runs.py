"""An archive of fourteen days, and matching runs on it."""

from __future__ import annotations

import matching_archive as archive
import netCDF4
import numpy as np

from annsm_plugin.core import matching

EXTENT = (90, 32, 92, 33)
DAYS = np.arange("2016-03-01", "2016-03-15", dtype="datetime64[D]")
RAIN = 0.5 / 3600.0


def write(root):
    """The archive: a folder of each product."""
    for number, date in enumerate(DAYS):
        archive.amsr(root / "amsr", date, lambda lon, n=number: 220.0 + n + 0 * lon)
        values, seconds = archive.smap_day(date, lambda _: 0.2)
        flag = np.where(np.arange(964)[None, :] % 2 == 0, 0, 1) * np.ones((406, 1), int)
        archive.smap(root / "smap", date, values, seconds, flag=flag)
        for hour in range(0, 24, 3):
            fields = {"SoilMoi0_10cm_inst": 20.0 + number, "SoilTMP0_10cm_inst": 280.0, "AvgSurfT_inst": 281.0, "Rainf_f_tavg": RAIN}
            archive.gldas(root / "gldas", date.astype("datetime64[s]") + np.timedelta64(hour, "h"), fields)
    starts = np.arange("2016-02-18", "2016-04-01", 8, dtype="datetime64[D]")
    archive.lai(root / "lai", starts, lambda lat, lon, start: np.where(lon < 91.0, 10, 253))


def match(arguments, **changed):
    settings = {**arguments, **changed}
    return matching.match(settings.pop("output"), **settings)


def stored(path):
    with netCDF4.Dataset(path) as file:
        file.set_auto_maskandscale(False)
        values = {name: file[name][...] for name in file.variables}
        return values, {name: file.getncattr(name) for name in file.ncattrs() if name != "history"}
