"""A report as PDF: the content of the HTML page on A4 pages, to be printed and handed on. Drawn by matplotlib, never pyplot."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np

from .. import __version__
from ..foundation import store
from ..foundation.libraries import load
from ..foundation.paths import PathLike
from .page import KICKER, Content
from .pdf_blocks import layout
from .pdf_layout import Box, Mark, Page, Picture, Words
from .pdf_type import Type, clean

#: TrueType fonts and nothing of a user's style.
_RULES = {"pdf.fonttype": 42, "pdf.compression": 6, "pdf.use14corefonts": False, "pdf.inheritcolor": False, "savefig.bbox": None}


def write(path: PathLike, title: str, **content: Any) -> Path:
    """Write a report of ``page.Content(title, **content)`` as PDF. The same content makes the same file, byte for byte.

    Raises ``MissingLibrary`` without matplotlib.
    """
    load("matplotlib")
    from matplotlib import rc_context
    from matplotlib.backends.backend_pdf import PdfPages

    type_ = Type()
    pages = layout(Content(title, **content), type_)
    about = {"Title": clean(title), "Creator": f"{KICKER} {__version__}", "Producer": "matplotlib", "CreationDate": None}
    with store.atomic_file(path) as file, rc_context(_RULES), PdfPages(file, metadata=about) as pdf:
        for page in pages:
            pdf.savefig(_drawing(page, type_))
    return Path(path)


def _drawing(page: Page, type_: Type) -> Any:
    """A page as a matplotlib figure that knows how to draw itself on the renderer of a PDF."""
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

    class Marks(Artist):
        def draw(self, renderer: Any) -> None:
            pen = _Pen(renderer, page.sheet.height, type_)
            for ground in page.grounds:
                pen.draw(ground, 0, 0)
            for placed in page.placed:
                for mark in placed.piece.marks:
                    pen.draw(mark, placed.x, placed.y)

    figure = Figure(figsize=(page.sheet.width / 72, page.sheet.height / 72), dpi=72, facecolor="none")
    figure.add_artist(Marks())
    return figure


class _Pen:
    """Draws marks, whose places are points from the top left corner, on a renderer that counts from below."""

    def __init__(self, renderer: Any, height: float, type_: Type) -> None:
        self._renderer, self._height, self._type = renderer, height, type_

    def draw(self, mark: Mark, x: float, y: float) -> None:
        if isinstance(mark, Words):
            self._words(mark, x, y)
        elif isinstance(mark, Box):
            self._box(mark, x, y)
        else:
            self._picture(mark, x, y)

    def _words(self, mark: Words, x: float, y: float) -> None:
        from matplotlib.font_manager import FontProperties
        from matplotlib.transforms import Affine2D

        gc = self._context(mark.style.colour)
        left, baseline = x + mark.x, self._height - y - mark.y
        for run in self._type.runs(mark.text, mark.style):
            if not run.drawn:
                font = FontProperties(fname=run.font, size=mark.style.size)
                self._renderer.draw_text(gc, left, baseline, run.text, font, 0, ismath=False)
            for count, c in enumerate(run.text if run.drawn else ""):
                before = self._type.width(run.text[:count], mark.style)
                outline, scale = self._type.outline(run.font, c)
                place = Affine2D().scale(scale * mark.style.size).translate(left + before, baseline)
                self._renderer.draw_path(gc, outline, place, gc.get_rgb())
            left += self._type.width(run.text, mark.style)
        gc.restore()

    def _box(self, mark: Box, x: float, y: float) -> None:
        from matplotlib.colors import to_rgba
        from matplotlib.patches import BoxStyle
        from matplotlib.path import Path as Outline
        from matplotlib.transforms import Affine2D, IdentityTransform

        gc = self._context(mark.edge or mark.fill)
        gc.set_linewidth(0.8 if mark.edge else 0.0)
        left, low = x + mark.x, self._height - y - mark.y - mark.height
        if mark.radius:
            outline = BoxStyle("Round", pad=0, rounding_size=mark.radius)(left, low, mark.width, mark.height, 1.0)
            self._renderer.draw_path(gc, outline, IdentityTransform(), to_rgba(mark.fill))
        else:
            place = Affine2D().scale(mark.width, mark.height).translate(left, low)
            self._renderer.draw_path(gc, Outline.unit_rectangle(), place, to_rgba(mark.fill))
        gc.restore()

    def _picture(self, mark: Picture, x: float, y: float) -> None:
        from matplotlib.transforms import Affine2D
        from PIL import Image  # comes with matplotlib

        with Image.open(io.BytesIO(mark.png)) as image:
            figure = image.convert("RGBA")
        paper = Image.new("RGBA", figure.size, "white")
        pixels = np.asarray(Image.alpha_composite(paper, figure))[::-1]  # from below, as matplotlib has it
        gc = self._context("#000000")
        place = Affine2D().scale(mark.width, mark.height)
        self._renderer.draw_image(gc, x + mark.x, self._height - y - mark.y - mark.height, pixels, place)
        gc.restore()

    def _context(self, colour: str) -> Any:
        gc = self._renderer.new_gc()
        gc.set_foreground(colour)
        gc.set_linewidth(0.0)
        return gc
