"""What stands in a PDF report, as pieces: title, headline numbers, notes, sections, settings."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from . import page, pdf_tables
from .figures import DPI
from .pdf_layout import ACROSS, UPRIGHT, Box, Frame, Mark, Page, Picture, Piece, Placed, Words, paginate
from .pdf_type import ACCENT, INK, LINE, PAPER, SOFT, Style, Type, clean

#: The styles.
_KICKER, _TITLE, _LONG_TITLE = Style(8.2, ACCENT, True), Style(20, INK, True, 1.2), Style(14, INK, True, 1.25)
_INTRO, _BODY, _CAPTION, _SMALL = Style(9.4, SOFT), Style(9.2), Style(8.0, SOFT, leading=1.38), Style(7.6, SOFT, leading=1.38)
_HEADING, _WARNING, _STRONG = Style(12.6, ACCENT, True, 1.3), Style(11, PAPER, True, 1.3), Style(9.2, bold=True)
_LABEL, _NOTE, _BESIDE = Style(7.4, SOFT, leading=1.3), Style(6.9, SOFT, leading=1.32), Style(7.8, PAPER, leading=1.35)
_VALUES = tuple(Style(size, INK, True, 1.25) for size in (17, 15, 13, 11.5, 10))
_NAME, _VALUE = Style(7.8, SOFT, leading=1.36), Style(7.8, leading=1.36)

_BULLET, _INDENT = "•", 11.0

#: Most letters of a text in a card.
_LONGEST = 240

#: Lines of a text that stay with the figure or table below it; lines of a caption that stay with the figure above it.
_FEW, _MOST_CAPTION = 4, 14

#: How much smaller a figure may become to fit what is left of a page.
_GIVE = 0.14


def layout(own: page.Content, type_: Type | None = None) -> list[Page]:
    """The pages of a report of this content."""
    type_ = type_ or Type()
    found = _opening(type_, own.title, own.intro)
    if own.synthetic:
        frame = Frame("#fff7e0", "#e6b93c")
        found += _text(type_, "synthetic", page.SYNTHETIC[0], _STRONG, gap=14, frame=frame, keep=True)
        found += _text(type_, "synthetic", page.SYNTHETIC[1].format(own.synthetic), _BODY, frame=frame)
    if own.numbers:
        found += _cards(type_, [tuple(n) for n in own.numbers])
    if own.warnings:
        frame = Frame("#fff6ef", PAPER)
        found += _text(type_, "heading", "Please note", _WARNING, gap=16, frame=frame, keep=True)
        found += _items(type_, own.warnings, frame=frame)
    if own.summary:
        found += [*_heading(type_, "Summary"), *_items(type_, own.summary)]
    for section in own.sections:
        found += _section(type_, section)
    if own.settings:
        found += [*_heading(type_, "Run settings and provenance"), *_settings(type_, own.settings)]
    found += [_rule("end", 0.6, LINE, gap=20, keep=True), *_all_kept(_text(type_, "end", page.COLOPHON, _SMALL, gap=5))]
    pages = paginate(found)
    for number, one in enumerate(pages, start=1):
        one.placed.append(_foot(type_, one, clean(own.title), f"{number} / {len(pages)}"))
    return pages


def _opening(type_: Type, title: str, intro: str) -> list[Piece]:
    title = clean(title)
    long = len(type_.wrap(title, _TITLE, UPRIGHT.across)) > 3
    found = _text(type_, "kicker", page.KICKER, _KICKER)
    found += _text(type_, "title", title, _LONG_TITLE if long else _TITLE, gap=1)
    found += _text(type_, "intro", intro, _INTRO, gap=5)
    return [*_all_kept(found[:-1]), replace(found[-1], keep=True), _rule("rule", 2.2, ACCENT, gap=8)]


def _rule(kind: str, height: float, colour: str, gap: float, keep: bool = False) -> Piece:
    return Piece(kind, UPRIGHT.across, height, (Box(0, 0, UPRIGHT.across, height, colour),), gap, keep)


def _all_kept(pieces: Sequence[Piece]) -> list[Piece]:
    return [*(replace(p, keep=True) for p in pieces[:-1]), *pieces[-1:]]


def _text(
    type_: Type,
    kind: str,
    text: Any,
    style: Style,
    *,
    gap: float = 0.0,
    keep: bool = False,
    frame: Frame | None = None,
    bullet: str = "",
) -> list[Piece]:
    """A paragraph, a line a piece; its first two lines and its last two stay together, with ``keep`` the last also with what follows."""
    width = UPRIGHT.across - (2 * frame.inset if frame else 0.0)
    indent = _INDENT if bullet else 0.0
    lines = type_.wrap(clean(text), style, width - indent)
    if lines == [""]:
        return []
    found = []
    for number, line in enumerate(lines):
        long = type_.width(line, style)
        marks = [Words(indent, style.baseline, line, style, long)]
        if bullet and number == 0:
            marks.insert(0, Words(1.0, style.baseline, bullet, style, type_.width(bullet, style)))
        close = keep if number == len(lines) - 1 else number == 0 or number == len(lines) - 2
        found.append(Piece(kind, indent + long, style.line, tuple(marks), 0.0 if number else gap, close, frame=frame))
    return found


def _items(type_: Type, texts: Iterable[Any], frame: Frame | None = None) -> list[Piece]:
    found: list[Piece] = []
    for text in texts:
        found += _text(type_, "item", text, _BODY, gap=2.5 if found else 3.0, frame=frame, bullet=_BULLET)
    return found


def _heading(type_: Type, title: str) -> list[Piece]:
    return [replace(p, keep=True) for p in _text(type_, "heading", title, _HEADING, gap=20)]


def _cards(type_: Type, numbers: list[tuple[Any, ...]]) -> list[Piece]:
    """The headline numbers, up to four beside each other; what is too long for a card is said below."""
    cards, below = [], []
    for number in numbers:
        label, ours, paper, note = [*map(clean, number), "", ""][:4]
        beside = f"paper {paper}" if paper else ""
        if max(map(len, (label, ours, beside))) > _LONGEST:
            below += _text(type_, "note", ". ".join(filter(None, (f"{label}: {ours}", beside, note))), _SMALL, gap=5)
            continue
        if len(note) > _LONGEST:
            below += _text(type_, "note", f"{label}: {note}", _SMALL, gap=5)
            note = ""
        cards.append((label, ours, beside, note))
    columns = 3 if len(cards) in (1, 5, 6, 9) else min(len(cards), 4)
    starts = range(0, len(cards), columns or 1)
    return [*(_card_row(type_, cards[i : i + columns], columns, gap=9.0 if i else 14.0) for i in starts), *below]


def _card_row(type_: Type, cards: list[tuple[str, str, str, str]], columns: int, gap: float) -> Piece:
    """Cards of one height; label, value, the paper's value and note of each at the height of the others'."""
    between, pad = 9.0, 8.0
    width = (UPRIGHT.across - between * (columns - 1)) / columns
    inside = width - 2 * pad
    value = next((s for s in _VALUES if all(type_.width(card[1], s) <= inside for card in cards)), _VALUES[-1])
    marks: list[Mark] = []
    y = pad
    for part, style in enumerate((_LABEL, value, _BESIDE, _NOTE)):
        lines = [type_.wrap(card[part], style, inside) if card[part] else [] for card in cards]
        for column, row in itertools.product(range(len(cards)), range(max(map(len, lines)))):
            if row < len(lines[column]):
                text = lines[column][row]
                left, baseline = column * (width + between) + pad, y + row * style.line + style.baseline
                marks.append(Words(left, baseline, text, style, type_.width(text, style)))
        y += max(map(len, lines)) * style.line
    height = y + pad
    boxes = [Box(i * (width + between), 0, width, height, "#ffffff", LINE, 4.0) for i in range(len(cards))]
    return Piece("numbers", len(cards) * (width + between) - between, height, (*boxes, *marks), gap)


def _section(type_: Type, section: page.Section) -> list[Piece]:
    found = _heading(type_, section.title)
    start = len(found)
    for paragraph in re.split(r"\n\s*\n", section.text):
        found += _text(type_, "text", paragraph, _BODY, gap=5.0)
    found += _items(type_, section.items)
    if (section.figure or section.rows) and len(found) - start <= _FEW:
        found = [replace(p, keep=True) for p in found]
    if section.figure:
        kept = itertools.takewhile(lambda p: p.keep, reversed(found))
        found += _figure(type_, section, sum(p.gap + p.height for p in kept))
    if section.rows:
        table = pdf_tables.pieces(type_, section.header, section.rows)
        sheet = table[0].sheet
        table[0] = replace(table[0], gap=8.0)
        if sheet is ACROSS and section.figure:
            table = [*_heading(type_, f"{section.title} (table)"), *table]
        if found and not section.figure:
            found = [*(replace(p, sheet=sheet) for p in found[:-1]), replace(found[-1], sheet=sheet, keep=True)]
        found += [replace(p, sheet=sheet) for p in table]
    return found


def _figure(type_: Type, section: page.Section, above: float) -> list[Piece]:
    """A figure in its own size or smaller, with its caption, on a page with the ``above`` points that are kept with it.

    Of a figure that is no picture there are the words, as on the HTML page.
    """
    from PIL import Image, UnidentifiedImageError  # comes with matplotlib

    caption = _text(type_, "caption", section.caption, _CAPTION, gap=4)
    drawn = section.figure or b""
    try:
        with Image.open(io.BytesIO(drawn)) as image:
            width, height = (72.0 * pixels / DPI for pixels in image.size)
    except UnidentifiedImageError:
        return [*_text(type_, "text", section.alt or section.title, _BODY, gap=5), *caption]
    kept = caption if len(caption) <= _MOST_CAPTION else caption[:2]
    room = UPRIGHT.room - above - 8.0 - sum(p.gap + p.height for p in kept)
    scale = min(1.0, UPRIGHT.across / width, max(room, 0.5 * UPRIGHT.room) / height)
    width, height = scale * width, scale * height
    picture = Piece("figure", width, height, (Picture(0, 0, width, height, drawn),), 8.0, bool(caption), give=_GIVE * height)
    return [picture, *_all_kept(kept), *caption[len(kept) :]]


def _settings(type_: Type, settings: Any) -> list[Piece]:
    """Names and values; long values may go on on the next page."""
    widths = (0.27 * UPRIGHT.across, 0.73 * UPRIGHT.across)
    found: list[Piece] = []
    for name, value in settings.items():
        cells = pdf_tables.Cells((clean(name), clean(value, lines=True)), (_NAME, _VALUE), (False, False), widths, 4.5)
        found += pdf_tables.row_pieces(type_, "setting", cells, 10 * _VALUE.line, UPRIGHT)
    return [replace(found[0], gap=4.0, keep=len(found) > 1), *found[1:]]


def _foot(type_: Type, on: Page, title: str, number: str) -> Placed:
    """Title and number of the page, below what is printed."""
    width = on.sheet.across
    wide = type_.width(number, _SMALL)
    title = type_.shortened(title, _SMALL, width - wide - 30)
    baseline = 5 + _SMALL.baseline
    words = (Words(0, baseline, title, _SMALL, type_.width(title, _SMALL)), Words(width - wide, baseline, number, _SMALL, wide))
    height = 5 + _SMALL.line
    return Placed(on.sheet.side, on.sheet.height - 42.0, Piece("foot", width, height, (Box(0, 0, width, 0.5, LINE), *words)))
