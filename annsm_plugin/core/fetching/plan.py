"""Reads a folder of download lists: which files are to be fetched, from where, and into which folder."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from ..downloads.lists import MARKER, README
from ..downloads.subsets import Need
from ..downloads.wanted import asked_products
from ..foundation.errors import ParameterError
from ..foundation.outside import content, read_json
from ..products import Entry, entry
from .request import DownloadRequest

#: Product of the lists -> the folder that README.txt promises, and the product of its files.
FOLDERS = {"GLDAS": ("gldas", "gldas"), "LAI": ("lai", "lai"), "SMAP": ("smap", "smap"), "AMSR": ("amsr", "amsr_tb")}

#: Lists of addresses: product -> choice -> file.
_LISTS = {"subsets": "gldas_subset_urls.txt", "whole": "gldas_file_urls.txt"}
_SEARCH, _LIKELY, _PATHS = "smap_search.txt", "smap_urls_likely.txt", "amsr_paths.txt"

#: Bytes of a list, and addresses in all lists, at most: 40 years of 3-hourly steps are 117 000.
_LARGEST, _MOST = 100_000_000, 500_000

#: Letters of a file's name at most.
_LONGEST = 180

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*")


@dataclass(frozen=True)
class Item:
    """One file to be fetched: its address, its name and folder, what the name says, and its size and SHA-256 where they are known.

    ``bearer``: the header that its host wants to see (AppEEARS); ``need``: what the file has to hold, where the lists say it."""

    product: str
    url: str
    folder: Path
    name: str
    entry: Entry
    size: int | None = None
    sha256: str = ""
    bearer: str = field(default="", repr=False)
    need: Need | None = None

    @property
    def path(self) -> Path:
        return self.folder / self.name


@dataclass
class Plan:
    """What a folder of lists asks for.

    ``items``: files with an address; ``searches``: addresses of the catalogue that name SMAP's files, ``likely``: those files by the rule
    of their names; ``tasks``: name -> request to AppEEARS; ``paths``: paths at G-Portal -> the entries of their files.
    """

    products: tuple[str, ...] = ()
    items: list[Item] = field(default_factory=list)
    searches: list[str] = field(default_factory=list)
    likely: list[Item] = field(default_factory=list)
    tasks: dict[str, dict[str, Any]] = field(default_factory=dict)
    paths: dict[str, Entry] = field(default_factory=dict)


def read(request: DownloadRequest) -> Plan:
    """The plan of a request. Raises ``ParameterError`` and ``ProductError`` for lists that are not whole or not understood."""
    lists = Path(request.lists)
    if not lists.is_dir():
        raise ParameterError(f"LISTS: the folder {lists} does not exist.")
    if (lists / MARKER).exists() and not (lists / README).exists():
        raise ParameterError(f"LISTS: {lists} comes from a run that was stopped (it has no {README}); make the download lists again.")
    target = Path(request.folder)
    plan = Plan()
    asked = asked_products(request.products)
    found = []
    for product in asked:
        folder = target / FOLDERS[product][0]
        before = len(plan.items) + len(plan.searches) + len(plan.likely) + len(plan.tasks) + len(plan.paths)
        if product == "GLDAS":
            plan.items += _gldas(lists, str(request.gldas).lower(), folder)
        elif product == "SMAP":
            plan.searches = list(_searches(lists / _SEARCH))
            plan.likely = _items(product, lists / _LIKELY, folder)
        elif product == "LAI":
            plan.tasks = {path.stem: _task(path) for path in sorted(lists.glob("lai_*.json"))}
        else:
            plan.paths = dict(_portal(lists / _PATHS))
        if len(plan.items) + len(plan.searches) + len(plan.likely) + len(plan.tasks) + len(plan.paths) > before:
            found.append(product)
    if not found:
        raise ParameterError(f"LISTS: {lists} holds no lists of {', '.join(asked)} that name anything; make them with annsm:downloadlist.")
    plan.products = tuple(found)
    return plan


def item(product: str, url: str, folder: Path, what: str, **facts: Any) -> Item:
    """A file by its address. Raises ``ParameterError`` if that does not lead to a file of the product; ``what``: where it stands."""
    name = name_of(url, what)
    known = entry(name) if _NAME.fullmatch(name) and len(name) <= _LONGEST else None
    if known is None or known.product != FOLDERS[product][1]:
        raise ParameterError(f"{what}: the address of '{name[:_LONGEST]}' leads to no file of {product} that is known by its name.")
    if known.refused:
        raise ParameterError(f"{what}: {name}: {known.refused}.")
    place = folder / name
    return Item(product, url, folder, name, replace(known, path=str(place)), need=_need(url, what) if product == "GLDAS" else None, **facts)


def _need(url: str, what: str) -> Need | None:
    """What the address of a subset of GLDAS asks for; None for other addresses. Raises ``ParameterError``."""
    asked = parse_qs(_split(url, what).query)
    if "BBOX" not in asked:
        return None
    words = asked["BBOX"][0].split(",")
    try:
        south, west, north, east = (float(word) for word in words)
    except ValueError:
        south = west = north = east = math.nan
    if not (-90.0 <= south < north <= 90.0 and -180.0 <= west <= 360.0 and -180.0 <= east <= 360.0):
        raise ParameterError(f"{what}: BBOX is '{asked['BBOX'][0][:_LONGEST]}'; expected south,west,north,east in degrees.")
    return Need((west, south, east, north), tuple(name for name in asked.get("VARIABLES", [""])[0].split(",") if name))


def name_of(url: str, what: str) -> str:
    """The name that the file of an address gets: its LABEL where GES DISC is asked for a subset, else the end of its path.

    Raises ``ParameterError`` for what is no address; ``what``: where it stands."""
    parts = _split(url, what)
    label = parse_qs(parts.query).get("LABEL", [""])[0]
    return label or unquote(parts.path).rpartition("/")[2]


def _split(url: str, what: str) -> SplitResult:
    """The parts of an address."""
    try:
        return urlsplit(url)
    except ValueError:
        raise ParameterError(f"{what}: '{url[:_LONGEST]}' is no address; expected https://HOST/PATH.") from None


def _items(product: str, path: Path, folder: Path) -> list[Item]:
    found = [item(product, url, folder, where) for where, url in _lines(path)]
    return list({one.name: one for one in found}.values())


def _gldas(lists: Path, choice: str, folder: Path) -> list[Item]:
    """The files of the chosen list. A whole one has to hold what the list of subsets asks for, and is not fetched if a subset does."""
    found = _items("GLDAS", lists / _LISTS[choice], folder)
    if choice == "subsets":
        return found
    needs = {one.entry.key: one.need for one in _items("GLDAS", lists / _LISTS["subsets"], folder)}
    return [replace(one, need=one.need or needs.get(one.entry.key)) for one in found]


def _searches(path: Path) -> Iterator[str]:
    for where, url in _lines(path):
        _split(url, where)
        yield url


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """The words of a list, each after the file and line where it stands; none if it is not there."""
    if not path.is_file():
        return
    text = content(path, _LARGEST, "a list of addresses").decode("utf-8", "replace")
    words = [(number, word) for number, line in enumerate(text.splitlines(), start=1) for word in line.split()]
    if len(words) > _MOST:
        raise ParameterError(f"{path} has {len(words)} addresses; expected at most {_MOST}.")
    for number, word in words:
        yield f"{path}, line {number}", word


def _task(path: Path) -> dict[str, Any]:
    """A request to AppEEARS."""
    found = read_json(path, "a request to AppEEARS")
    if found.get("task_type") != "area" or not isinstance(found.get("params"), dict):
        raise ParameterError(f"{path} is no request to AppEEARS for an area; make the download lists again.")
    return found


def _portal(path: Path) -> Iterator[tuple[str, Entry]]:
    """The paths at G-Portal, with a wildcard for the version of a file, and the entry that such a file will have."""
    for where, line in _lines(path):
        wanted = re.sub(r"L[A-Z]?\d*\*?\.h5$", "L*.h5", line)
        name = wanted.rpartition("/")[2]
        known = entry(name.replace("*_", "AMSRE_", 1).replace("L*.h5", "LA1110000.h5"))
        if known is None or not re.fullmatch(r"/[\w./*-]+", wanted) or ".." in wanted:
            raise ParameterError(f"{where}: '{line[:_LONGEST]}' is no path of an AMSR file at G-Portal.")
        yield wanted, known


def newest(items: Iterable[Item]) -> list[Item]:
    """The newest version of each observation."""
    best: dict[Any, Item] = {}
    for one in items:
        other = best.get(one.entry.key)
        if other is None or (one.entry.version or "") > (other.entry.version or ""):
            best[one.entry.key] = one
    return sorted(best.values(), key=lambda i: (i.entry.date or datetime.date.min, i.name))
