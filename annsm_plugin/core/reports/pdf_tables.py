"""Tables of a PDF report: widths of columns from what they hold, cells wrapped, the head on every page.

A table is set upright in the largest type that leaves its numbers, dates and words whole, or has their intervals below them; if the
smallest is still too wide, across the page; there, if need be, with words broken, and at last in parts with the first column in each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from . import page
from .pdf_layout import ACROSS, UPRIGHT, Box, Mark, Piece, Sheet, Words
from .pdf_type import LINE, NBSP, SOFT, Style, Type, clean

#: Sizes of type, tried in this order.
SIZES = (8.4, 8.0, 7.5, 7.0, 6.5)

#: Of the size of the type: space beside and above the text of a cell; widest piece that is kept whole; least width of a column of text,
#: and of any column where words are broken; how much wider than its content a column may become; space beside where that is scarce.
_BESIDE, _ABOVE, _WHOLE, _TEXT, _BROKEN, _LOOSE, _SCARCE = 0.55, 0.36, 18.0, 11.0, 4.5, 2.4, 0.38

#: Rows up to which a table is not broken over pages.
WHOLE = 8

#: Height that is left free above a row that is as high as a page: its heading.
_HEADING = 60.0

_STRIPE = "#f5f7f9"


@dataclass(frozen=True)
class _Column:
    """Widths of a column, of the size of the type: with its whole content in a line; readable, numbers and dates whole; least."""

    number: bool
    most: float
    fair: float
    least: float


@dataclass(frozen=True)
class _Setting:
    """How a table is set: size of type, widths of its columns and space beside their text (points), page."""

    size: float
    widths: list[float]
    beside: float
    sheet: Sheet


@dataclass(frozen=True)
class Cells:
    """A row: its cells with their styles, whether they end at the right, their widths, and the space beside their text."""

    texts: Sequence[str]
    styles: Sequence[Style]
    right: Sequence[bool]
    widths: Sequence[float]
    beside: float


def pieces(type_: Type, header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Piece]:
    """The pieces of a table (texts); a row that is shorter than others ends with empty cells."""
    count = max(len(header), *(len(row) for row in rows))
    head = [clean(h) for h in header] + [""] * (count - len(header))
    body = [[_whole(clean(c)) for c in row] + [""] * (count - len(row)) for row in rows]
    columns = [_column(type_, head[i], [row[i] for row in body]) for i in range(count)]
    setting = _setting(columns)
    if setting is None:
        return _parts(type_, head, body, columns)
    return _set(type_, head, body, columns, setting)


def _whole(cell: str) -> str:
    """A number or date broken nowhere but before its interval or its last day."""
    if page._is_number(cell):
        return cell.replace(" ", NBSP).replace(f"{NBSP}(", " (")
    return cell.replace(" to ", f" to{NBSP}") if page._DATES.fullmatch(cell) else cell


def _column(type_: Type, head: str, cells: list[str]) -> _Column:
    number = any(cells) and all(page._is_number(c.replace(NBSP, " ")) for c in cells)
    wide = [type_.em(c) for c in cells]
    words = [type_.longest_word(c) for c in cells]
    kept = [w if page._kind(c.replace(NBSP, " "), number) else word for c, w, word in zip(cells, wide, words)]
    title, word = type_.em(head, True), type_.longest_word(head, True)
    least = min(_WHOLE, max(word, *words))
    fair = min(_WHOLE, max(word, *kept))
    most = max(fair, *wide, min(title, max(word, 0.6 * title)))  # a long title in two lines
    return _Column(number, most, max(fair, min(_TEXT, max(wide))), least)


def _setting(columns: list[_Column]) -> _Setting | None:
    """The first way in which the columns fit a page; None if none does."""
    fair, least = [c.fair for c in columns], [c.least for c in columns]
    broken = [min(c.least, _BROKEN) for c in columns]
    most = [c.most for c in columns]
    ways = (
        *((UPRIGHT, SIZES[:-1], fair, _BESIDE), (UPRIGHT, SIZES[1:], least, _BESIDE), (UPRIGHT, SIZES[-2:], least, _SCARCE)),
        *((ACROSS, SIZES[:-1], fair, _BESIDE), (ACROSS, SIZES[1:], least, _BESIDE), (ACROSS, SIZES[-1:], broken, _SCARCE)),
    )
    for sheet, sizes, needed, beside in ways:
        for size in sizes:
            room = sheet.across / size - 2 * beside * len(columns)
            if sum(needed) <= room:
                return _Setting(size, [(w + 2 * beside) * size for w in _share(needed, most, room)], beside * size, sheet)
    return None


def _share(least: list[float], most: list[float], room: float) -> list[float]:
    """Widths between ``least`` and ``most`` that fill ``room``: all columns up to one width, the same for all; what is left goes to all."""
    if sum(most) <= room:
        more = min(_LOOSE, (room - sum(most)) / len(most))
        return [w + more for w in most]
    low, high = 0.0, max(most)
    for _ in range(50):
        level = (low + high) / 2
        over = sum(min(max(level, a), b) for a, b in zip(least, most)) > room
        low, high = (low, level) if over else (level, high)
    return [min(max(low, a), b) for a, b in zip(least, most)]


def _parts(type_: Type, head: list[str], body: list[list[str]], columns: list[_Column]) -> list[Piece]:
    """A table of too many columns as several, one below the other."""
    room = ACROSS.across / SIZES[-1]
    widths = [min(c.least, _BROKEN) + 2 * _SCARCE for c in columns]
    parts: list[list[int]] = [[]]
    for i in range(1, len(columns)):
        if widths[0] + sum(widths[j] for j in parts[-1]) + widths[i] > room:
            parts.append([])
        parts[-1].append(i)
    found: list[Piece] = []
    for part in parts:
        shown = [0, *part]
        first, *others = pieces(type_, [head[i] for i in shown], [[row[i] for i in shown] for row in body])
        found += [replace(first, gap=14.0 if found else first.gap, sheet=ACROSS), *(replace(o, sheet=ACROSS) for o in others)]
    return found


def _set(type_: Type, head: list[str], body: list[list[str]], columns: list[_Column], setting: _Setting) -> list[Piece]:
    """Head and rows of a table."""
    right = [c.number for c in columns]
    style = Style(setting.size, leading=1.3)
    title = Style(setting.size, SOFT, True, 1.25)
    top = row_pieces(
        type_, "head", Cells(head, [title] * len(head), right, setting.widths, setting.beside), setting.sheet.room / 3, setting.sheet
    )
    top = [replace(t, keep=True) for t in top] if any(head) else []
    above = tuple(top) if len(top) == 1 else ()  # a head as high as a page is not said again
    room = setting.sheet.room - _HEADING - sum(t.height for t in above)
    rows: list[Piece] = []
    for number, texts in enumerate(body):
        cells = Cells(texts, [style] * len(texts), right, setting.widths, setting.beside)
        found = row_pieces(type_, "row", cells, room, setting.sheet, _STRIPE if number % 2 else "")
        # the first two rows stay with the head, the last one is not alone; a short table stays whole
        close = (number in (0, len(body) - 2) or len(body) <= WHOLE) and number < len(body) - 1
        rows += [replace(piece, head=above, keep=close) for piece in found]
    return [*top, *rows]


def row_pieces(type_: Type, kind: str, cells: Cells, room: float, sheet: Sheet, fill: str = "") -> list[Piece]:
    """A row as one piece, or as several if it is higher than ``room``. A head ends at the bottom and has a strong line below."""
    beside, above = cells.beside, _ABOVE * cells.styles[0].size
    wrapped = [type_.wrap(t, s, w - 2 * beside) for t, s, w in zip(cells.texts, cells.styles, cells.widths)]
    line = max(s.line for s in cells.styles)
    most, count = max(1, int((room - 2 * above) / line)), max(len(lines) for lines in wrapped)
    if kind == "head":
        wrapped = [[""] * (count - len(lines)) + lines for lines in wrapped]
    width = sum(cells.widths)
    found = []
    for start in range(0, count, most):
        lines_here = [lines[start : start + most] for lines in wrapped]
        last = start + most >= count
        height = max(len(lines) for lines in lines_here) * line + 2 * above
        marks: list[Mark] = [Box(0, 0, width, height, fill)] if fill else []
        x = 0.0
        for lines, style, right, wide in zip(lines_here, cells.styles, cells.right, cells.widths):
            for number, text in enumerate(lines):
                if text:
                    long = type_.width(text, style)
                    left = x + wide - beside - long if right else x + beside
                    marks.append(Words(left, above + number * line + style.baseline, text, style, long))
            x += wide
        if last:
            thick = 1.1 if kind == "head" else 0.5
            marks.append(Box(0, height - thick, width, thick, LINE))
        found.append(Piece(kind, width, height, tuple(marks), sheet=sheet))
    return found
