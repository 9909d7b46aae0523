"""Small subsets of GLDAS for an archive on loopback, the lists that lead to them, and a search for secrets."""

from __future__ import annotations

import datetime

import product_files as make
from archive_server import NAME, PASSWORD, TOKEN

from annsm_plugin.core import fetching
from annsm_plugin.core.fetching.manners import Patience

LOGIN = fetching.Login(NAME, PASSWORD)

#: Pauses of a test.
QUICK = Patience(connect=5.0, read=20.0, first=0.02, longest=0.1, poll=0.05)

#: What must stand in no file and no message.
SECRETS = (PASSWORD, TOKEN, "secret-code", "secret-signature", "Basic ")


def stamps(count):
    """So many 3-hourly steps as product files write them."""
    start = datetime.datetime(2016, 1, 1)
    return [f"{start + datetime.timedelta(hours=3 * n):%Y%m%d.%H%M}" for n in range(count)]


def files_of(folder, wanted, values=None):
    """Name -> bytes of subsets of GLDAS: good files of four by four cells, or of ``values``."""
    import numpy as np

    folder.mkdir(exist_ok=True)
    values = np.arange(16.0).reshape(4, 4) + 10.0 if values is None else values
    lat, lon = 30.125 + 0.25 * np.arange(values.shape[0]), 90.125 + 0.25 * np.arange(values.shape[1])
    found = {}
    for stamp in wanted:
        path = make.gldas(folder, stamp, {"SoilMoi0_10cm_inst": values}, lat=lat, lon=lon, suffix=".SUB.nc4")
        found[path.name] = path.read_bytes()
    return found


def lists_of(folder, urls, name="gldas_subset_urls.txt"):
    """A folder of lists as ``downloads`` writes it."""
    lists = folder / "lists"
    lists.mkdir(exist_ok=True)
    (lists / ".annsm_downloadlist").write_text("Download lists for ANN-SM\n")
    (lists / name).write_text("".join(f"{url}\n" for url in urls))
    (lists / "README.txt").write_text("Download lists for ANN-SM\n")
    return lists


def logins(there, earthdata=LOGIN):
    """The logins for an archive on loopback."""
    return fetching.Logins(earthdata, host=there.auth, appeears=f"{there.url}/api")


def download(there, folder, *, progress=None, earthdata=LOGIN, lists=None, **settings):
    """Fetch all files of an archive into ``folder``/data."""
    lists = lists or lists_of(folder, [there.subset(name) for name in there.files])
    request = fetching.DownloadRequest(
        **{"lists": lists, "folder": folder / "data", "table": folder / "table.csv", "patience": QUICK, "tries": 5, **settings}
    )
    return fetching.run(request, progress, logins=logins(there, earthdata))


def secrets_in(folder, *more):
    """Files below a folder that hold a secret, but for the archive's own."""
    words = [word.encode() for word in (*SECRETS, *more)]
    return [path for path in folder.rglob("*") if path.is_file() and any(word in path.read_bytes() for word in words)]
