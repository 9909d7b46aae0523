"""Lists and requests with which a user fetches the inputs of a region and period. Nothing is downloaded and no login is touched."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..foundation import store
from ..foundation.errors import AnnsmError, ParameterError
from ..foundation.paths import PathLike
from ..foundation.progress import SILENT, Progress
from . import amsr, gldas, have, lai, smap
from .request import DownloadListRequest
from .wanted import Listing, Wanted, checked

#: Product -> module that lists it.
SOURCES = {"GLDAS": gldas, "LAI": lai, "SMAP": smap, "AMSR": amsr}

COLUMNS = ("product", "source", "first", "last", "files", "megabytes", "size_is", "lists")

#: Written last, so a folder without it is not complete.
README = "README.txt"

TITLE = "Download lists for ANN-SM"

#: A file that marks a folder of lists, which a later run may write to.
MARKER = ".annsm_downloadlist"

#: What an earlier run may have written to such a folder.
_OURS = ("README.txt", "fetch_urls.py", "gldas_*.txt", "gldas_*.py", "lai_*.json", "smap_*.txt", "smap_*.py", "amsr_*.txt")

_FETCH = '''"""Downloads a list of addresses: python fetch_urls.py LIST FOLDER. earthaccess asks for the Earthdata login itself."""

import sys
from pathlib import Path

import earthaccess

earthaccess.login()
earthaccess.download(Path(sys.argv[1]).read_text().split(), local_path=sys.argv[2])
'''


@dataclass
class DownloadLists:
    """What was written: the folder, one ``Listing`` per product, sentences for the user."""

    folder: Path
    listings: list[Listing]
    summary: list[str]
    warnings: list[str]

    @property
    def files(self) -> int:
        """How many files the lists will bring."""
        return sum(item.files for item in self.listings)

    @property
    def megabytes(self) -> float:
        """About how much that is."""
        return sum(item.megabytes for item in self.listings)


def check(request: DownloadListRequest) -> Wanted:
    """The request, checked, with its folder and table. Raises ``ParameterError``."""
    if not request.folder:
        request.check_values()
    folder = Path(request.folder)
    if folder.exists() and not folder.is_dir():
        raise ParameterError(f"FOLDER: {folder} is a file; expected a folder.")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARKER).exists():
        raise ParameterError(f"FOLDER: {folder} is not empty and holds no download lists; choose an empty or a new folder.")
    if request.table:
        store.check_output(request.table, ".csv", made=folder)
    if request.have and not Path(request.have).is_dir():
        raise ParameterError(f"HAVE: the folder {request.have} does not exist.")
    return checked(request)


def write_lists(folder: PathLike, table: PathLike | None = None, *, progress: Progress | None = None, **options: Any) -> DownloadLists:
    """Write lists into ``folder``: ``run`` with its request written as keywords (see ``DownloadListRequest``)."""
    return run(DownloadListRequest(folder=folder, table=table, **options), progress)


@store.step
def run(request: DownloadListRequest, progress: Progress | None = None) -> DownloadLists:
    """Write lists and requests for a region and period, and the table with counts and sizes.

    Everything is made before anything is written; README.txt comes last. Raises ``ParameterError``.
    """
    progress = progress or SILENT
    found, folder, table = check(request), request.folder, request.table
    found = replace(found, have=have.read(request.have, progress.part(0.0, 0.5)))
    listings = []
    for number, name in enumerate(found.products):
        progress.check()
        progress.report(0.5 + 0.5 * number / len(found.products), name)
        listings.append(SOURCES[name].listing(found, progress))
    texts = {name: text for item in listings for name, text in item.texts.items()}
    if any("fetch_urls.py" in line for item in listings for line in item.how):
        texts["fetch_urls.py"] = _FETCH
    folder = Path(folder)
    progress.check()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        store.write_text(folder / MARKER, f"{TITLE}\n")
        _clear(folder)
        for name, text in texts.items():
            store.write_text(folder / name, text)
        if table:
            store.write_text(table, _table(listings))
        store.write_text(folder / README, _readme(found, listings))
    except OSError as error:
        raise AnnsmError(f"The folder {folder} cannot be written to ({error.strerror}).") from error
    progress.report(1.0, "Written")
    sizes = [f"{item.files} files, about {item.megabytes:,.0f} MB ({item.basis}), {item.first} to {item.last}" for item in listings]
    summary = [f"{item.product}: {size}" if item.files else f"{item.product}: nothing" for item, size in zip(listings, sizes)]
    limits = [f"{item.product}: {limit}" for item in listings for limit in item.limits]
    return DownloadLists(folder, listings, [*summary, f"How to fetch them: {folder / README}"], [*found.warnings, *limits])


def _clear(folder: Path) -> None:
    """Remove what an earlier run left, README.txt first."""
    for pattern in _OURS:
        for path in folder.glob(pattern):
            with contextlib.suppress(FileNotFoundError):
                path.unlink()


def _table(listings: Iterable[Listing]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(item.row() for item in listings)
    return text.getvalue()


def _readme(request: Wanted, listings: Iterable[Listing]) -> str:
    west, south, east, north = request.grid.bounds
    lines = [
        TITLE,
        "=" * len(TITLE),
        "",
        f"Region {west:g} to {east:g} E, {south:g} to {north:g} N; local days {request.days[0]} to {request.days[-1]}; "
        f"{request.overpass} pass.",
        *(
            [
                f"Files that {request.have.folder} holds are left out, but for subsets of GLDAS without the whole region or all variables; "
                "other products' subsets are not compared."
            ]
            if request.have.folder
            else []
        ),
        "Nothing has been downloaded and no login is stored here. annsm:download fetches all of it; or by hand.",
        "All archives are free and ask for a registration:",
        "  NASA Earthdata (GES DISC, AppEEARS, NSIDC)   https://urs.earthdata.nasa.gov",
        "  JAXA G-Portal                                https://gportal.jaxa.jp",
        "wget and curl take the Earthdata login from ~/.netrc: machine urs.earthdata.nasa.gov login NAME password PASSWORD.",
        "Run the commands in this folder. The folders gldas, lai, smap and amsr that they fill are the inputs of annsm:match;",
        "annsm:inventory then says what came and what is missing.",
        "This file is written last: lists without it come from a run that was stopped.",
    ]
    for item in listings:
        span = f", {item.first} to {item.last}" if item.files else ""
        lines += ["", f"{item.product} ({item.source})", "-" * (len(item.product) + len(item.source) + 3)]
        lines.append(f"{item.files} files, about {item.megabytes:,.0f} MB ({item.basis}){span}.")
        lines += [f"  $ {line}" if not line.startswith(("or", "then", "each", "log", "subsets")) else f"  {line}" for line in item.how]
        lines += [f"  - {note}" for note in (*item.limits, *item.notes)]
    return "\n".join(lines) + "\n"
