"""SMAP L3 soil moisture SPL3SMP from NSIDC: a search in NASA's catalogue (CMR), a script for earthaccess, and the likely addresses.

Sources: CMR search API (short_name, version, temporal); earthaccess API (search_data, download); addresses of version 9 in
the Earthdata Cloud as public scripts use them. Files are global, so no box is needed and the dateline does not matter.
"""

from __future__ import annotations

import datetime
from urllib.parse import urlencode

import numpy as np

from ..foundation.progress import Progress
from .wanted import Listing, Wanted, file_dates

FIRST = datetime.date(2015, 3, 31)
SHORT_NAME, VERSION, RELEASE = "SPL3SMP", "009", "R19240"

CMR = "https://cmr.earthdata.nasa.gov/search/granules.json"
CLOUD = f"https://data.nsidc.earthdatacloud.nasa.gov/nsidc-cumulus-prod-protected/SMAP/{SHORT_NAME}/{VERSION}"

#: Earliest and latest local solar hour of an overpass: an hour before and after 06:00 or 18:00.
HOURS = {"descending": (5.0, 7.0), "ascending": (17.0, 19.0)}

#: Granules that CMR gives per page at most.
PAGE = 2000

#: Searches at most for days that lie apart.
MOST_RUNS = 100

#: MB per file; a guess, since no real file was measured.
MEGABYTES = 30.0


def queries(dates: np.ndarray) -> list[str]:
    """CMR searches for the files of ``dates`` (UTC, datetime64[D]): one for each run of days, and each year, that they make.

    Where there are more than ``MOST_RUNS`` runs, one for each year, which finds some files more.
    """
    breaks = [n for n in range(1, dates.size) if dates[n] - dates[n - 1] > np.timedelta64(1, "D")]
    edges = [0, *(breaks if len(breaks) < MOST_RUNS else []), dates.size]
    found = []
    for run in (dates[a:b] for a, b in zip(edges, edges[1:])):
        found += _queries(run)
    return found


def _queries(dates: np.ndarray) -> list[str]:
    found = []
    for year in sorted({str(day)[:4] for day in dates}):
        mine = [str(day) for day in dates if str(day)[:4] == year]
        query = {
            "short_name": SHORT_NAME,
            "version": VERSION,
            "temporal": f"{mine[0]}T00:00:00Z,{mine[-1]}T23:59:59Z",
            "page_size": PAGE,
        }
        found.append(f"{CMR}?{urlencode(query)}")
    return found


def likely_url(day: np.datetime64) -> str:
    """The address of a day's file if it is of release R19240 and was not reprocessed (counter 001)."""
    text = str(day)
    return f"{CLOUD}/{text[:4]}/{text[5:7]}/SMAP_L3_SM_P_{text.replace('-', '')}_{RELEASE}_001.h5"


def listing(request: Wanted, progress: Progress) -> Listing:
    """The search, the script and the likely addresses."""
    progress.check()
    dates = file_dates(request, HOURS[request.overpass], FIRST, None)
    all_dates = dates.size
    dates = request.have.lacking([likely_url(day).rpartition("/")[2] for day in dates], dates)
    notes = [
        *request.have.sentence(all_dates - dates.size),
        "A file holds one UTC day, in which a region may have two local days; so one day more than the period may be listed.",
        f"Version 9 (release {RELEASE}), whose baseline is the dual-channel algorithm. Take one version for the whole period.",
        "smap_urls_likely.txt follows the naming rule: files that were reprocessed end in _002.h5 and are missed. The search "
        "(smap_earthaccess.py, or the addresses of smap_search.txt) finds what is really there and is better.",
        f"The size, {MEGABYTES:g} MB a file, is a guess; the search gives the true one. Days on which SMAP did not "
        "measure are counted too.",
    ]
    limits = []
    if request.days[0] < FIRST:
        limits.append(f"SMAP begins on {FIRST}; earlier days have no target and serve reconstruction only.")
    if not dates.size:
        return Listing("SMAP", "NSIDC", "", "", 0, 0.0, "none", {}, [], request.have.sentence(all_dates), limits)
    first, last = str(dates[0]), str(dates[-1])
    texts = {
        "smap_earthaccess.py": _script(first, last),
        "smap_search.txt": "".join(f"{line}\n" for line in queries(dates)),
        "smap_urls_likely.txt": "".join(f"{likely_url(day)}\n" for day in dates),
    }
    how = [
        "python smap_earthaccess.py   (python -m pip install earthaccess)",
        "or, without the search: python fetch_urls.py smap_urls_likely.txt smap",
    ]
    return Listing("SMAP", "NSIDC", first, last, int(dates.size), dates.size * MEGABYTES, "a guess", texts, how, notes, limits)


def _script(first: str, last: str) -> str:
    return f'''"""Finds and downloads SPL3SMP with earthaccess (python -m pip install earthaccess); it asks for the login itself."""

import earthaccess

earthaccess.login()
found = earthaccess.search_data(short_name="{SHORT_NAME}", version="{VERSION}", temporal=("{first}", "{last}T23:59:59"))
print(len(found), "files,", round(sum(granule.size() for granule in found)), "MB")
earthaccess.download(found, local_path="smap")
'''
