"""The depths of the rows of a table of stations: from a column, from the name of the column of values, or one for all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ....foundation.errors import ProductError
from ...choices import SURFACE
from ..numbers import is_missing
from ..sheet import Sheet
from . import headers

#: Names of columns that are taken for depths, in small letters without units and signs between words.
_WORDS = (
    "depth z soildepth sensordepth depthfrom depthto depthupper depthlower upperdepth lowerdepth mindepth maxdepth measurementdepth "
    "probedepth tiefe messtiefe bodentiefe sensortiefe einbautiefe profundidad profondeur 深度 土层深度 土壤深度 观测深度 埋深"
)
NAMES = frozenset(_WORDS.split())

#: Numbers without a unit are metres if none is above this, else centimetres.
_METRES_AT_MOST = 2.0

#: Sensors are no deeper (m); numbers beyond it in a column "z" are heights.
_DEEPEST = 20.0

_CELL = re.compile(
    r"[-+]?(?P<upper>\d*\.?\d+\.?)(?:\s*(?:-|–|—|~|～|至|到|to|bis)\s*-?(?P<lower>\d*\.?\d+\.?))?\s*(?P<unit>"
    + "|".join(headers.METRES)
    + r")?"
)


@dataclass(frozen=True)
class Depths:
    """``ends`` (rows, 2): upper and lower depth in m, NaN where ``missing`` (rows,) or where ``wrong`` (rows,) says a text is none.

    ``note``: a sentence on where they are from.
    """

    ends: np.ndarray
    missing: np.ndarray
    wrong: np.ndarray
    note: str

    @property
    def different(self) -> list[tuple[float, float]]:
        """The depths that occur, the shallowest first."""
        return sorted({(float(a), float(b)) for a, b in self.ends if np.isfinite(a)})


@dataclass(frozen=True)
class Where:
    """Where a table says its depths: ``places`` of its columns (none, one, or those of upper and lower ends), or ``fixed``, a text.

    ``given``: whether the user said so.
    """

    places: tuple[int, ...] = ()
    fixed: str = ""
    given: bool = False


def where(sheet: Sheet, asked: str) -> Where:
    """Where the depths are: in the column ``asked`` for (two with + between: upper and lower), or the one depth that it is.

    Without it (empty) in the columns that are named like depths. Raises ``ProductError`` for what is neither a column nor a depth.
    """
    if not asked:
        named = [place for place, name in enumerate(sheet.names) if _named_so(name)]
        return Where(tuple(place for place in named if not _heights(sheet, place)))
    if is_one(asked):
        return Where(fixed=asked, given=True)
    parts = [asked] if sheet.at(asked) is not None else [part.strip() for part in asked.split("+")]
    places = [place for place in map(sheet.at, parts) if place is not None]
    if len(places) == len(parts) <= 2:
        return Where(tuple(places), given=True)
    raise ProductError(sheet.path, asked, f"the columns {sheet.there()}", "a column of depths, or one depth such as 5cm, as depth=")


def is_one(text: str) -> bool:
    """Whether a text is a depth, such as 5cm, 0-5 cm or 0.05, and no name."""
    return bool(_CELL.fullmatch(_plain(text)))


def read(sheet: Sheet, place: int, found: Where) -> Depths:
    """The depths of the rows; place: of the column of values.

    Raises ``ProductError`` where several depths stand in a column that the user did not name, or where two places say different ones.
    """
    named = headers.depth(sheet.names[place])
    if found.fixed:
        return _one(sheet, _of_columns("depth=", [[found.fixed]], sheet), "given in the mapping")
    columns = [sheet.column(column) for column in found.places]
    names = " and ".join(f"'{sheet.names[column]}'" for column in found.places)
    if found.given:
        return _of_columns(names, columns, sheet)
    own = _of_columns(names, columns, sheet) if len(columns) in (1, 2) else None
    texts = {text for column in columns for text in column if not is_missing(text)}
    if own is not None and (len(own.different) > 1 or (len(texts) > 1 and own.wrong.any())):
        said = ", ".join(f"{b:g} m" if a == b else f"{a:g}-{b:g} m" for a, b in own.different[:6]) or "words"
        raise _refuse(sheet, found, f"{max(2, len(own.different))} depths ({said}) in {names}")
    if len(columns) > 2:
        raise _refuse(sheet, found, f"{len(columns)} columns of depths ({names})")
    if own is not None and own.different:
        if named is not None and named != own.different[0]:
            raise _refuse(
                sheet, found, f"the depth {words(named)} in the name '{sheet.names[place][:40]}' and {words(own.different[0])} in {names}"
            )
        return _one(sheet, own, f"by the column {names}, the only one in it")
    if named is not None:
        return _all(sheet, named, f"The depth {words(named)} is that in the name of the column '{sheet.names[place][:60]}'.")
    return _all(sheet, SURFACE, f"No depth is told: {words(SURFACE)} is taken (depth= in the mapping says another one).")


def words(ends: Sequence[float]) -> str:
    """A depth in words."""
    return f"{ends[0]:g} m" if ends[0] == ends[1] else f"{ends[0]:g}-{ends[1]:g} m"


def _named_so(name: str) -> bool:
    plain = re.sub(r"\(.*?\)|\[.*?\]|（.*?）", " ", name).lower()
    parts = [part for part in re.split(r"[\W_]+", plain) if part and part not in headers.METRES]
    return "".join(parts) in NAMES


def _heights(sheet: Sheet, place: int) -> bool:
    """Whether a column that is called z holds heights."""
    if not sheet.names[place].lower().startswith("z"):
        return False
    found = [_CELL.fullmatch(_plain(text)) for text in dict.fromkeys(sheet.column(place))]
    return any(match is not None and float(match["upper"]) > _DEEPEST / headers.METRES["cm"] for match in found)


def _refuse(sheet: Sheet, found: Where, what: str) -> ProductError:
    key = "+".join(sheet.names[place] for place in found.places[:2])
    return ProductError(
        sheet.path, None, what, f"the key depth= in MAPPING: depth={key} for a series of each depth, or one depth for all such as depth=5cm"
    )


def _plain(text: str) -> str:
    return " ".join(text.replace(",", ".").replace("\u2212", "-").split()).lower()


def _all(sheet: Sheet, ends: tuple[float, float], note: str) -> Depths:
    none = np.zeros(len(sheet.rows), dtype=bool)
    return Depths(np.tile(np.array(ends), (len(sheet.rows), 1)), none, none, note)


def _one(sheet: Sheet, own: Depths, by: str) -> Depths:
    """The only depth of ``own`` for all rows."""
    return _all(sheet, own.different[0], f"The depth is {words(own.different[0])}, {by}; {own.note[0].lower()}{own.note[1:]}")


def _of_columns(names: str, columns: Sequence[Sequence[str]], sheet: Sheet) -> Depths:
    """The depths in the texts of one column, or of two (upper, lower). Raises ``ProductError`` for what is too deep."""
    known = {text: _CELL.fullmatch(_plain(text)) for column in columns for text in dict.fromkeys(column) if not is_missing(text)}
    bare = [float(match[end]) for match in known.values() if match and not match["unit"] for end in ("upper", "lower") if match[end]]
    below = [row[place] for row in sheet.units for place, name in enumerate(sheet.names) if f"'{name}'" in names.split(" and ")]
    unit = next(filter(None, map(headers.unit_of_depth, [names, *below])), "")
    reason = "by its header" if unit else f"since none is above {_METRES_AT_MOST:g}" if max(bare, default=0.0) <= _METRES_AT_MOST else ""
    unit = unit or ("m" if reason else "cm")
    reason = reason or f"since some are above {_METRES_AT_MOST:g}"
    read = {}
    for text, match in known.items():
        if match:
            factor = headers.METRES[match["unit"] or unit]
            ends = sorted(round(float(match[end]) * factor, 6) for end in ("upper", "lower") if match[end])
            read[text] = (ends[0], ends[-1])
    deep = next((text for text, ends in read.items() if ends[1] > _DEEPEST), None)
    if deep is not None:
        raise ProductError(
            sheet.path,
            names.strip("'"),
            f"the depth '{deep}'",
            f"depths in {unit} of at most {_DEEPEST:g} m; its unit in the name, such as (cm)",
        )
    nothing = (np.nan, np.nan)
    each = [np.array([read.get(text, nothing) for text in column], dtype=float).reshape(-1, 2) for column in columns]
    ends = np.stack([np.min([one[:, 0] for one in each], axis=0), np.max([one[:, 1] for one in each], axis=0)], axis=1)
    missing = np.any([[is_missing(text) for text in column] for column in columns], axis=0)
    counts = Counter((float(a), float(b)) for a, b in ends if np.isfinite(a))
    said = ", ".join(f"{words(depth)} ({count} rows)" for depth, count in sorted(counts.items())[:8])
    how = f"in {unit}, {reason}" if bare else "with their units"
    return Depths(ends, missing, np.isnan(ends[:, 0]) & ~missing, f"Depths in {names} are read {how}: {said}.")
