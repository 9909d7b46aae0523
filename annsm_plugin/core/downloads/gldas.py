"""GLDAS-2.1 Noah 3-hourly from GES DISC: only the UTC steps that the local hours need, only the variables that matching reads.

Sources: addresses as the subset service's own lists write them (BBOX is south, west, north, east; FORMAT is base64 of "nc4/");
folders are year and day of year of the stamp, 00:00 included; GES DISC, "Migration to Earthdata Website and Earthdata Cloud" (2026).
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

import numpy as np

from ..foundation.errors import ParameterError
from ..foundation.progress import Progress
from ..matching.gldas import RAIN, STATES, Steps
from ..matching.request import RAIN_HOURS
from ..products.arrays import Window
from .subsets import Need
from .wanted import Listing, Wanted

#: Stamp of the first file.
FIRST = np.datetime64("2000-01-01T03:00", "s")

#: Southern edge of the product, degrees.
SOUTH = -60.0

VARIABLES = (*(source for source, _ in STATES.values()), RAIN)

SUBSET = "https://hydro1.gesdisc.eosdis.nasa.gov/daac-bin/OTF/HTTP_services.cgi"
WHOLE = "https://data.gesdisc.earthdata.nasa.gov/data/GLDAS/GLDAS_NOAH025_3H.2.1"
COLLECTION = "C1342986035-GES_DISC"

#: Bytes of one variable of one land cell and of one global field, measured on a real file (deflate, shuffle).
BYTES_PER_CELL, BYTES_PER_FIELD, FIELDS = 3.2, 0.784e6, 36

#: What every small NetCDF file costs, bytes.
OVERHEAD = 20e3


def steps(request: Wanted) -> np.ndarray:
    """UTC stamps (datetime64[s]) that the local days need: for the states, and for the rain sum by both choices of RAIN_HOURS."""
    needed: set[np.datetime64] = set()
    for rain_hours in RAIN_HOURS:
        needed.update(Steps(request.grid.lon, request.clock, request.overpass, rain_hours).stamps(request.days))
    return np.array(sorted(needed), dtype="datetime64[s]")


def box(request: Wanted) -> Window:
    """The box (west, south, east, north) of the subsets. Across the dateline it is all longitudes, since a file holds one box."""
    boxes = request.boxes
    west, south, east, north = boxes[0] if len(boxes) == 1 else (-180.0, boxes[0][1], 180.0, boxes[0][3])
    return west, max(south, SOUTH), east, north


def name_of(stamp: np.datetime64) -> str:
    """The file's name."""
    text = str(stamp)
    return f"GLDAS_NOAH025_3H.A{text[:10].replace('-', '')}.{text[11:13]}{text[14:16]}.021.nc4"


def _folder(stamp: np.datetime64) -> str:
    day = stamp.astype("datetime64[D]")
    return f"{str(day)[:4]}/{(day - day.astype('datetime64[Y]').astype('datetime64[D]')).astype(int) + 1:03d}"


def subset_url(stamp: np.datetime64, bounds: Window) -> str:
    """The address that cuts ``bounds`` (west, south, east, north) and the variables out of one file."""
    west, south, east, north = bounds
    query = {
        "FILENAME": f"/data/GLDAS/GLDAS_NOAH025_3H.2.1/{_folder(stamp)}/{name_of(stamp)}",
        "FORMAT": "bmM0Lw",
        "BBOX": f"{south:g},{west:g},{north:g},{east:g}",
        "LABEL": f"{name_of(stamp)}.SUB.nc4",
        "SHORTNAME": "GLDAS_NOAH025_3H",
        "SERVICE": "L34RS_LDAS",
        "VERSION": "1.02",
        "DATASET_VERSION": "2.1",
        "VARIABLES": ",".join(VARIABLES),
    }
    return f"{SUBSET}?{urlencode(query)}"


def whole_url(stamp: np.datetime64) -> str:
    """The address of the whole file in the Earthdata Cloud."""
    return f"{WHOLE}/{_folder(stamp)}/{name_of(stamp)}"


def listing(request: Wanted, progress: Progress) -> Listing:
    """The lists of GLDAS files."""
    bounds = box(request)
    west, south, east, north = bounds
    if north <= SOUTH:
        raise ParameterError(f"GLDAS has no data south of {-SOUTH:g} S, and the region ends at {north:g} N; leave GLDAS out.")
    stamps = steps(request)
    dropped = int((stamps < FIRST).sum())
    stamps = stamps[stamps >= FIRST]
    all_stamps = stamps.size
    names = [name_of(stamp) for stamp in stamps]
    have, short = request.have.without_short(names, Need(bounds, VARIABLES), progress)
    stamps = have.lacking(names, stamps)
    cut, whole = [], []
    for number, stamp in enumerate(stamps):
        if number % 500 == 0:
            progress.check()
        cut.append(subset_url(stamp, bounds))
        whole.append(whole_url(stamp))
    cells = (east - west) * (north - south) * 16
    bytes_each = OVERHEAD + BYTES_PER_CELL * cells * len(VARIABLES)
    full = BYTES_PER_FIELD * FIELDS * stamps.size / 1e6
    hours = sorted({str(s)[11:13] for s in stamps})
    notes = [
        f"{stamps.size} files of 3 hours; UTC hours {', '.join(hours) or 'none'}. They are the steps nearest to the local hour of soil "
        "moisture and temperatures, and those of the rain between the overpasses, for both choices of RAIN_HOURS; no others are needed.",
        f"Variables: {', '.join(VARIABLES)}.",
        "Main production stream (GLDAS_NOAH025_3H), some months behind today; addresses of days that are not there yet give the error 404. "
        "The early product (_EP) uses other rain as its forcing and is not listed.",
        "GES DISC announced in 2026 that this subset service ends (no earlier than 2026-07-31) and its server closes (by 2026-09-30). "
        "If it no longer answers, run gldas_harmony.py (the same subsets by its successor Harmony; not tried here) or take "
        f"gldas_file_urls.txt (whole files, about {full / 1000:.1f} GB).",
    ]
    notes += have.sentence(all_stamps - stamps.size)
    if short:
        notes.append(
            f"{short} files in {have.folder} are subsets without the whole region or without all variables; they are listed again."
        )
    limits = []
    if len(request.boxes) == 2:
        notes.append("The region crosses the dateline, so the subsets hold the whole band of latitudes, -180 to 180.")
    if dropped:
        limits.append(f"GLDAS-2.1 begins at {str(FIRST)[:16]} UTC; {dropped} earlier steps are not listed.")
    if south > request.grid.bounds[1]:
        limits.append("GLDAS ends at 60 S; the region's cells south of it stay empty.")
    texts = {"gldas_subset_urls.txt": _lines(cut), "gldas_file_urls.txt": _lines(whole), "gldas_harmony.py": _harmony(stamps, bounds)}
    how = [
        "subsets: wget --continue --content-disposition --load-cookies cookies.txt --save-cookies cookies.txt --keep-session-cookies "
        "--directory-prefix=gldas --input-file=gldas_subset_urls.txt",
        "or, by its successor Harmony: python gldas_harmony.py   (python -m pip install harmony-py)",
        "or whole files: python fetch_urls.py gldas_file_urls.txt gldas   (python -m pip install earthaccess)",
    ]
    if not stamps.size:
        return Listing("GLDAS", "GES DISC", "", "", 0, 0.0, "none", {}, [], request.have.sentence(all_stamps), limits)
    first, last = str(stamps[0])[:16], str(stamps[-1])[:16]
    size = stamps.size * bytes_each / 1e6
    return Listing("GLDAS", "GES DISC", first, last, int(stamps.size), size, "estimated from a real file", texts, how, notes, limits)


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _harmony(stamps: np.ndarray, bounds: Window) -> str:
    west, south, east, north = bounds
    names = "\n".join(name_of(stamp) for stamp in stamps)
    return f'''"""Asks NASA's Harmony service for the listed GLDAS steps, cut to the region and the variables.

Needs: python -m pip install harmony-py. Harmony takes the Earthdata login from ~/.netrc (machine urs.earthdata.nasa.gov).
This script was not tried. If Harmony refuses the names of the
granules or the variables, take the whole files of gldas_file_urls.txt.
"""

from pathlib import Path

from harmony import BBox, Client, Collection, Request

NAMES = """
{names}
""".split()

Path("gldas").mkdir(exist_ok=True)
client = Client()
for first in range(0, len(NAMES), 200):
    request = Request(
        collection=Collection(id="{COLLECTION}"),
        spatial=BBox({west:g}, {south:g}, {east:g}, {north:g}),
        variables={list(VARIABLES)!r},
        granule_name=NAMES[first : first + 200],
    )
    job = client.submit(request)
    client.wait_for_processing(job)
    for file in client.download_all(job, directory="gldas"):
        file.result()
'''
