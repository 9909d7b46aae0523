"""Pages of a PDF report: what stands where. Pieces that are not broken go from top to bottom, over as many pages as they need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Union

from .pdf_type import Style


@dataclass(frozen=True)
class Sheet:
    """A page's size and margins, points (1/72 inch)."""

    width: float
    height: float
    side: float
    top: float
    foot: float

    @property
    def across(self) -> float:
        """Width of what is printed."""
        return self.width - 2 * self.side

    @property
    def room(self) -> float:
        """Height of what is printed."""
        return self.height - self.top - self.foot


#: A4; upright its text is as wide as a figure of two columns.
UPRIGHT = Sheet(595.276, 841.89, 49.2, 48.0, 60.0)
ACROSS = Sheet(841.89, 595.276, 42.0, 44.0, 54.0)


@dataclass(frozen=True)
class Words:
    """A line of text: left end and baseline, from the top left corner of its piece or page."""

    x: float
    y: float
    text: str
    style: Style
    width: float


@dataclass(frozen=True)
class Box:
    """A filled rectangle, perhaps with an edge and round corners."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    edge: str = ""
    radius: float = 0.0


@dataclass(frozen=True)
class Picture:
    """A figure (PNG) that fills a rectangle."""

    x: float
    y: float
    width: float
    height: float
    png: bytes = field(repr=False)


Mark = Union[Words, Box, Picture]


@dataclass(frozen=True, eq=False)
class Frame:
    """The coloured ground behind pieces that belong together: how far it goes beyond them, and how far they are moved to the right."""

    fill: str
    bar: str
    pad: float = 8.0
    inset: float = 13.0


@dataclass(frozen=True, eq=False)
class Piece:
    """What is not broken over pages.

    ``gap``: space above it, none at the top of a page. ``keep``: on the same page as the next. ``head``: what is set above it where it
    begins a page. ``give``: points that its picture may be lower, so that it fits.
    """

    kind: str
    width: float
    height: float
    marks: tuple[Mark, ...]
    gap: float = 0.0
    keep: bool = False
    sheet: Sheet = UPRIGHT
    frame: Frame | None = None
    head: tuple[Piece, ...] = ()
    give: float = 0.0

    def lower(self, by: float) -> Piece:
        """The piece with its picture smaller by ``by`` points of height."""
        ratio = (self.height - by) / self.height
        smaller = tuple(replace(m, width=m.width * ratio, height=m.height * ratio) if isinstance(m, Picture) else m for m in self.marks)
        return replace(self, marks=smaller, width=self.width * ratio, height=self.height * ratio, give=self.give - by)


@dataclass(frozen=True)
class Placed:
    """A piece and where its top left corner is on the page."""

    x: float
    y: float
    piece: Piece


@dataclass
class Page:
    """A page: the grounds behind its pieces, and the pieces from top to bottom (the last is the foot)."""

    sheet: Sheet
    grounds: list[Box] = field(default_factory=list)
    placed: list[Placed] = field(default_factory=list)


def paginate(pieces: Sequence[Piece]) -> list[Page]:
    """The pages, without their feet."""
    pager = _Pager(pieces[0].sheet if pieces else UPRIGHT)
    for chain in _chains(pieces):
        pager.put(chain)
    for page in pager.pages:
        page.grounds = list(_grounds(page))
    return pager.pages


def _chains(pieces: Iterable[Piece]) -> Iterable[list[Piece]]:
    """Pieces that stay on one page."""
    chain: list[Piece] = []
    for piece in pieces:
        if chain and (not chain[-1].keep or chain[-1].sheet is not piece.sheet):
            yield chain
            chain = []
        chain.append(piece)
    if chain:
        yield chain


class _Pager:
    """Puts one chain after the other."""

    def __init__(self, sheet: Sheet) -> None:
        self.pages: list[Page] = [Page(sheet)]
        self._y: float = sheet.top
        self._last: Piece | None = None

    def put(self, chain: list[Piece]) -> None:
        sheet = chain[0].sheet
        if self._page.sheet is not sheet:
            if self._last is None:
                self.pages.pop()
            self._turn(sheet)
        if self._over(chain) > 0:
            smaller = self._smaller(chain)
            if smaller is None and self._last is not None:
                self._turn(sheet)
                smaller = self._smaller(chain) if self._over(chain) > 0 else None
            chain = smaller or chain
        for piece in chain:
            if self._last is not None and self._over([piece]) > 0:  # only in a chain that is higher than a page
                self._turn(sheet)
            for one in (*(piece.head if self._last is None else ()), piece):
                top, self._y = _step(self._y, self._last, one)
                self._page.placed.append(Placed(sheet.side + (one.frame.inset if one.frame else 0.0), top, one))
                self._last = one

    @property
    def _page(self) -> Page:
        return self.pages[-1]

    def _turn(self, sheet: Sheet) -> None:
        self.pages.append(Page(sheet))
        self._y, self._last = sheet.top, None

    def _over(self, chain: list[Piece]) -> float:
        """How many points the chain would stand beyond the page's end; negative: what would be left."""
        y, last = self._y, self._last
        for piece in (*(chain[0].head if last is None else ()), *chain):
            _, y = _step(y, last, piece)
            last = piece
        if last is not None and last.frame:
            y += last.frame.pad
        return y - (self._page.sheet.height - self._page.sheet.foot) - 0.01

    def _smaller(self, chain: list[Piece]) -> list[Piece] | None:
        """The chain with its picture a little smaller, if it fits so."""
        over = self._over(chain) + 0.02
        for place, piece in enumerate(chain):
            if piece.give >= over:
                return [*chain[:place], piece.lower(over), *chain[place + 1 :]]
        return None


def _step(y: float, last: Piece | None, piece: Piece) -> tuple[float, float]:
    """Top and end of a piece after the piece ``last`` (none: the page begins), which ends at ``y``."""
    if last is not None:
        y += piece.gap
        if last.frame and last.frame is not piece.frame:
            y += last.frame.pad
    if piece.frame and (last is None or last.frame is not piece.frame):
        y += piece.frame.pad
    return y, y + piece.height


def _grounds(page: Page) -> Iterable[Box]:
    """The ground and the bar of each frame on a page, from its first piece to its last."""
    frames: dict[Frame, list[Placed]] = {}
    for placed in page.placed:
        if placed.piece.frame:
            frames.setdefault(placed.piece.frame, []).append(placed)
    for frame, inside in frames.items():
        top, end = inside[0].y - frame.pad, inside[-1].y + inside[-1].piece.height + frame.pad
        yield Box(page.sheet.side, top, page.sheet.across, end - top, frame.fill)
        yield Box(page.sheet.side, top, 2.5, end - top, frame.bar)
