"""AMSR2 and AMSR-E L3 brightness temperature (0.25 degree) from JAXA's G-Portal by SFTP: a batch for sftp and a list of paths.

Sources: G-Portal's folders of AMSR2 L3 (seen for 6 and 18 GHz; the other channels by analogy) and of AMSR-E in AMSR2's format (seen
for soil moisture; brightness temperature by analogy). How AMSR-E's file names begin is not known: a wildcard stands for it.
"""

from __future__ import annotations

import calendar
import datetime
from collections import Counter

import numpy as np

from ..foundation import localtime
from ..foundation.progress import Progress
from ..products.naming import AMSR2_START, AMSRE_END
from .wanted import Listing, Wanted, file_dates

HOST, PORT = "ftp.gportal.jaxa.jp", 2051

#: First day of AMSR-E's gridded record (NSIDC-0302); that of G-Portal is not known.
AMSRE_START = datetime.date(2002, 6, 19)

#: Sensor -> first and last date, folder, version's folder, beginning of names, end of names.
SENSORS = {
    "AMSR-E": (AMSRE_START, AMSRE_END, "standard/AQUA/AQUA.AMSR-E_AMSR2Format", "8", "*", "*"),
    "AMSR2": (AMSR2_START, None, "standard/GCOM-W/GCOM-W.AMSR2", "2", "GW1AM2", "A2220220"),
}

#: MB per file: two polarisations of 720 x 1440 16-bit counts, uncompressed.
MEGABYTES = 2 * 720 * 1440 * 2 / 1e6


def folder_of(sensor: str, channel: str, month: str) -> str:
    """The folder of a channel's files of a month (YYYY-MM)."""
    _, _, root, version, _, _ = SENSORS[sensor]
    return f"/{root}/L3.TB{int(channel)}GHz_25/{version}/{month[:4]}/{month[5:7]}"


def path_of(sensor: str, channel: str, orbit: str, day: np.datetime64) -> str:
    """The path of the file of one UTC date and channel, with a wildcard for what is not known of its name."""
    _, _, _, _, prefix, tail = SENSORS[sensor]
    text = str(day)
    return f"{folder_of(sensor, channel, text[:7])}/{prefix}_{text.replace('-', '')}_01D_EQM{orbit}_L3SGT{channel}L{tail}.h5"


def dates_of(request: Wanted, sensor: str) -> np.ndarray:
    """UTC dates of the sensor's files that matching will read."""
    first, last = SENSORS[sensor][:2]
    if request.clock in ("solar", "file"):
        hour = localtime.AMSR_HOUR[request.overpass]
        return file_dates(request, (hour, hour), first, last)
    shift = localtime.days_after_utc_date(localtime.AMSR_HOUR[request.overpass], request.grid.lon, request.clock)
    low, high = request.days[0] - int(shift.max()), request.days[-1] - int(shift.min())
    return np.arange(max(low, np.datetime64(first)), (high if last is None else min(high, np.datetime64(last))) + 1)


def batch(request: Wanted, wanted: dict[tuple[str, str], np.ndarray]) -> str:
    """Commands for sftp: whole months by one pattern, single days otherwise. ``wanted``: (sensor, channel) -> dates."""
    orbit = request.overpass[0].upper()
    lines = ["-lmkdir amsr"]
    for (sensor, channel), dates in wanted.items():
        prefix = SENSORS[sensor][4]
        for month, days in sorted(Counter(str(day)[:7] for day in dates).items()):
            length = calendar.monthrange(int(month[:4]), int(month[5:7]))[1]
            stamps = [f"{month.replace('-', '')}??"] if days == length else [str(d).replace("-", "") for d in dates if str(d)[:7] == month]
            place = folder_of(sensor, channel, month)
            lines += [f"-get -p {place}/{prefix}_{stamp}_01D_EQM{orbit}_L3SGT{channel}L*.h5 amsr/" for stamp in stamps]
    return "".join(f"{line}\n" for line in [*lines, "bye"])


def listing(request: Wanted, progress: Progress) -> Listing:
    """The batch and the paths."""
    orbit = request.overpass[0].upper()
    wanted: dict[tuple[str, str], np.ndarray] = {}
    notes, limits, left_out = [], [], 0
    for sensor in SENSORS:
        dates = dates_of(request, sensor)
        if not dates.size:
            continue
        if sensor not in request.channels.by_sensor:
            limits.append(f"{sensor} lacks one of the channels {', '.join(request.channels.labels)}, so its days are not listed.")
            continue
        notes.append(f"{sensor}: {dates[0]} to {dates[-1]}, channels {', '.join(request.channels.by_sensor[sensor])}.")
        for channel in request.channels.by_sensor[sensor]:
            names = [path_of(sensor, channel, orbit, day).rpartition("/")[2] for day in dates]
            left = request.have.lacking(names, dates)
            left_out += dates.size - left.size
            if left.size:
                wanted[sensor, channel] = left
    notes += request.have.sentence(left_out)
    days = {day for dates in wanted.values() for day in dates}
    gap_first, gap_last = np.datetime64(AMSRE_END) + 1, np.datetime64(AMSR2_START) - 1
    if request.days[0] <= gap_last and request.days[-1] >= gap_first:
        limits.append(f"No AMSR flew from {gap_first} to {gap_last}; those days are not in the lists and cannot be reconstructed.")
    if request.days[0] < AMSRE_START:
        limits.append(f"AMSR-E begins on {AMSRE_START}.")
    notes.append(
        "Folders were seen for AMSR2 at 6 and 18 GHz (version 2); those of other channels and of AMSR-E (version 8) are named by analogy."
    )
    if any(sensor == "AMSR-E" for sensor, _ in wanted):
        notes.append("The beginning of AMSR-E's file names is not known; a wildcard stands for it; use a client that takes wildcards.")
    notes.append("If a folder is missing, look up its present name with an SFTP client and replace it in the list.")
    if not wanted:
        return Listing("AMSR", "JAXA G-Portal", "", "", 0, 0.0, "none", {}, [], request.have.sentence(left_out), limits)
    paths = []
    for (sensor, channel), dates in wanted.items():
        progress.check()
        paths += [path_of(sensor, channel, orbit, day) for day in dates]
    texts = {"amsr_sftp_batch.txt": batch(request, wanted), "amsr_paths.txt": "".join(f"{path}\n" for path in paths)}
    how = [
        f"sftp -P {PORT} USER@{HOST} < amsr_sftp_batch.txt   (USER is your name at G-Portal)",
        f"or give the paths of amsr_paths.txt to another SFTP client (host {HOST}, port {PORT})",
    ]
    first, last = str(min(days)), str(max(days))
    size = len(paths) * MEGABYTES
    return Listing("AMSR", "JAXA G-Portal", first, last, len(paths), size, "uncompressed, so at most", texts, how, notes, limits)
