"""Numbers as tables write them: decimal points or commas, marks for missing values, words among them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...foundation.errors import ProductError
from ...foundation.paths import PathLike

#: Words that stand for a missing value, in small letters.
MARKS = frozenset(
    (
        *("", "-", "--", "---", "----", ".", "*", "**", "***", "/", "//", "///", "////", "?", "m", "x", "inf", "-inf"),
        *("na", "n/a", "#n/a", "#n/d", "nan", "null", "none", "nil", "nodata", "no data", "missing", "缺测", "缺失", "无", "空"),
        *("#value!", "#div/0!", "#ref!", "#num!", "#name?", "#null!"),
    )
)

#: Numbers that stand for a missing value: nines (or a 6, 7 or 8 before nines) below zero, and such as no unit of soil moisture reaches.
_FILL = re.compile(r"-(?:9{2,}|[678]9{3,}|[68]{4,})(?:\.9*0*)?|(?:9{3,}|[67]9{3,})(?:\.9*0*)?")

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")

#: A number with groups of three digits, apart by commas or by points.
_GROUPS = {",": re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?"), ".": re.compile(r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+(?:,\d*)?")}

#: Blanks and apostrophes between groups of three digits.
_APART = re.compile(r"(?<=\d)[ '\u00a0\u2009\u202f\u2019](?=\d{3}(?:\D|$))")


@dataclass(frozen=True)
class Numbers:
    """The numbers of a column: ``values`` (rows,), NaN where ``missing`` (rows,) or where ``wrong`` (rows,) says that a text is none."""

    values: np.ndarray
    missing: np.ndarray
    wrong: np.ndarray


def numbers(path: PathLike, name: str, texts: Sequence[str], *, fills: bool = True) -> Numbers:
    """The numbers in the ``texts`` of a column. Raises ``ProductError`` if it has both decimal points and decimal commas.

    fills: numbers such as -99.9 stand for a missing value; of coordinates they do not, unless they are beyond 360.
    """
    known = dict.fromkeys(texts)
    plain = {text: _plain(text) for text in known}
    missing = {text: is_missing(text) and (fills or not _is_degrees(found)) for text, found in plain.items()}
    sign = _decimal_sign(path, name, [found for text, found in plain.items() if not missing[text]])
    read = {text: _number(found, sign) for text, found in plain.items()}
    values = np.array([np.nan if missing[text] else read[text] for text in texts], dtype=float)
    gone = np.array([missing[text] for text in texts], dtype=bool)
    return Numbers(values, gone, np.isnan(values) & ~gone)


def _is_degrees(plain: str) -> bool:
    """Whether a text is a number that can be a latitude or longitude."""
    number = plain.replace(",", ".")
    return bool(_NUMBER.fullmatch(number)) and abs(float(number)) <= 360.0


def is_missing(text: str) -> bool:
    """Whether a text stands for a missing value."""
    plain = _plain(text)
    return plain.lower() in MARKS or bool(_FILL.fullmatch(plain.replace(",", ".")))


def is_number(text: str) -> bool:
    """Whether a text is a number, with whichever decimal sign."""
    plain = _plain(text)
    return bool(_NUMBER.fullmatch(plain.replace(",", ".")) or any(groups.fullmatch(plain) for groups in _GROUPS.values()))


def _plain(text: str) -> str:
    """A text without what may stand around a number: blanks, a percent sign, a typographer's minus."""
    return _APART.sub("", text.strip().replace("\u2212", "-").rstrip("%").rstrip())


def _decimal_sign(path: PathLike, name: str, texts: Sequence[str]) -> str:
    """The decimal sign of a column. Raises ``ProductError`` if there are two."""
    with_comma = [text for text in texts if "," in text and is_number(text)]
    with_point = [text for text in texts if "." in text and is_number(text)]
    both = next((text for text in with_comma if "." in text), "")
    sign = ("." if both.rfind(".") > both.rfind(",") else ",") if both else "," if with_comma else "."
    other = "," if sign == "." else "."
    apart = with_comma if other == "," else with_point
    wrong = [text for text in apart if not (both and _GROUPS[other].fullmatch(text))]
    if wrong:
        right = next(text for text in (with_point if sign == "." else with_comma) if text not in wrong)
        raise ProductError(path, name, f"numbers such as {right[:30]} and such as {wrong[0][:30]}", "one decimal sign, point or comma")
    return sign


def _number(text: str, sign: str) -> float:
    """A number written with a decimal ``sign``; NaN for any other text."""
    if sign == ",":
        text = text.replace(".", "").replace(",", ".")
    elif "," in text:
        text = text.replace(",", "")
    return float(text) if _NUMBER.fullmatch(text) else float("nan")
