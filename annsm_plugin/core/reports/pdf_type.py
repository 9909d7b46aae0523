"""Type on the pages of a PDF report: how wide words are, where lines are broken, which font has a character."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .page import unbroken

#: The colours of the HTML page.
INK, SOFT, LINE, ACCENT, PAPER = "#1d2733", "#5b6876", "#dfe5ea", "#123c69", "#c1440e"

FAMILY = "DejaVu Sans"

NBSP = "\u00a0"

#: Parts of the names of fonts that have what DejaVu Sans lacks, the better ones first.
_OTHERS = (
    *("noto sans cjk sc", "noto sans sc", "source han sans", "microsoft yahei", "pingfang", "hiragino sans gb", "heiti", "wenquanyi"),
    *("simhei", "simsun", "noto sans cjk", "droid sans fallback", "arial unicode", "unifont", "noto sans", "segoe ui symbol", "freesans"),
)

#: Most fonts that are looked into.
_MOST_OTHERS = 40

#: Chinese and Japanese characters, between which a line may end, and the marks that may not begin one.
_IDEOGRAPH = r"[\u2e80-\u3000\u3003-\u3007\u3012-\u9fff\uf900-\ufaff]"
_MARKS = r"[\u3001\u3002\uff01\uff09\uff0c\uff1a\uff1b\uff1f\u300b\u300d\u300f\u3011]"
_ATOM = re.compile(rf" +|{_IDEOGRAPH}{_MARKS}*|(?:(?!{_IDEOGRAPH})[^ ])+")

#: After these a long word is broken first.
_SEPARATORS = "/\\_-.,;:=&?|+"

#: Ascent and height of the font, of its size; the size at which glyphs are measured.
_ASCENT, _HEIGHT, _MEASURED = 0.928, 1.164, 1000.0


@dataclass(frozen=True)
class Style:
    """Size (points), colour, weight and distance of lines (of the size) of a text."""

    size: float
    colour: str = INK
    bold: bool = False
    leading: float = 1.42

    @property
    def line(self) -> float:
        """Height of a line."""
        return self.size * self.leading

    @property
    def baseline(self) -> float:
        """The baseline below the top of a line."""
        return self.size * ((self.leading - _HEIGHT) / 2 + _ASCENT)


@dataclass(frozen=True)
class Glyph:
    """The font that has a character, its advance (of the size), whether it is ``written`` as text, which can be searched, and ``drawn``.

    Outlines are drawn of what cannot be embedded as text. What no font has is both: its glyph, a box, is left empty in an embedded font.
    """

    font: str
    advance: float
    written: bool
    drawn: bool


@dataclass
class Run:
    """Characters of one text that are set alike."""

    text: str
    font: str
    written: bool
    drawn: bool


def clean(text: Any, lines: bool = False) -> str:
    """The text without control characters, blanks collapsed; ``lines`` keeps its line breaks and blanks."""
    text = unbroken(str(text)).replace("\r\n", "\n")
    text = text.replace("\t", "    ") if lines else re.sub(r"[ \t\r\n\f\v\u2028\u2029]+", " ", text).strip(" ")
    kinds = ((c, unicodedata.category(c)) for c in text)
    return "".join("\ufffd" if kind == "Cs" else c for c, kind in kinds if kind not in ("Cc", "Cf") or (lines and c == "\n"))


class Type:
    """Measures and breaks texts. Widths are those of the glyphs' advances, as the PDF sets them."""

    def __init__(self) -> None:
        from matplotlib.font_manager import FontProperties, findfont

        self._faces = {bold: findfont(FontProperties(family=FAMILY, weight="bold" if bold else "normal")) for bold in (False, True)}
        self._fonts: dict[str, Any] = {}
        self._others: list[str] | None = None
        self._found: dict[tuple[bool, str], Glyph] = {}
        self._words: dict[tuple[bool, str], float] = {}
        #: Whether a character was met that no font has.
        self.lacking = False

    def width(self, text: str, style: Style) -> float:
        """Width in points of one line."""
        return self.em(text, style.bold) * style.size

    def em(self, text: str, bold: bool = False) -> float:
        """Width of one line, of the size of the type."""
        key = (bold, text)
        if key not in self._words:
            self._words[key] = sum(self._glyph(c, bold).advance for c in text)
        return self._words[key]

    def longest_word(self, text: str, bold: bool = False) -> float:
        """Width, of the size of the type, of the longest piece of a text that is not broken if it can be helped."""
        return max((self.em(atom, bold) for atom in _ATOM.findall(text) if atom[0] != " "), default=0.0)

    def wrap(self, text: str, style: Style, width: float) -> list[str]:
        """The lines of a text in ``width`` points; words that are longer than a line are broken, others not."""
        lines = []
        for paragraph in text.split("\n"):
            line, used, blank = "", 0.0, ""
            for atom in _ATOM.findall(paragraph):
                if atom[0] == " ":
                    blank = atom
                    continue
                wide = self.width(atom, style)
                between = self.width(blank, style)
                if used + between + wide <= width + 0.01:
                    line, used = line + blank + atom, used + between + wide
                else:
                    if line:
                        lines.append(line)
                    *whole, line = self._broken(atom, style, width)
                    lines += whole
                    used = self.width(line, style)
                blank = ""
            lines.append(line)
        return [line.replace(NBSP, " ") for line in lines]

    def shortened(self, text: str, style: Style, width: float) -> str:
        """As much of a text as fits ``width``."""
        if self.width(text, style) <= width:
            return text
        while text and self.width(text + "…", style) > width:
            text = text[:-1]
        return text.rstrip() + "…"

    def _broken(self, word: str, style: Style, width: float) -> list[str]:
        """A word in pieces no wider than ``width`` (one character at least), broken after a separator where there is one."""
        pieces = []
        while len(word) > 1 and self.width(word, style) > width + 0.01:
            used, end = 0.0, 0
            for c in word:
                used += self._glyph(c, style.bold).advance * style.size
                if used > width + 0.01:
                    break
                end += 1
            end = max(1, end)
            better = max(word.rfind(c, end // 2, end) for c in _SEPARATORS) + 1
            end = better if better > 1 else end
            pieces.append(word[:end])
            word = word[end:]
        return [*pieces, word]

    def runs(self, text: str, style: Style) -> list[Run]:
        """The text in pieces of one font each, left to right."""
        runs: list[Run] = []
        for c in text:
            glyph = self._glyph(c, style.bold)
            if runs and (runs[-1].font, runs[-1].written, runs[-1].drawn) == (glyph.font, glyph.written, glyph.drawn):
                runs[-1].text += c
            else:
                runs.append(Run(c, glyph.font, glyph.written, glyph.drawn))
        return runs

    def outline(self, font: str, character: str) -> tuple[Any, float]:
        """A character's outline as a matplotlib path, and what it must be multiplied with for a type of size 1."""
        from matplotlib.path import Path

        face = self._font(font)
        face.load_glyph(face.get_char_index(ord(character)))
        return Path(*face.get_path()), 1 / _MEASURED

    def _glyph(self, c: str, bold: bool) -> Glyph:
        key = (bold, c)
        if key not in self._found:
            self._found[key] = self._look(c, bold)
        return self._found[key]

    def _look(self, c: str, bold: bool) -> Glyph:
        code = ord(c)
        for path in self._fonts_for(bold):
            if self._font(path).get_char_index(code):
                text = code <= 0xFFFF and (path in self._faces.values() or self._embeds(path))
                return Glyph(path, self._advance(path, code), text, not text)
        self.lacking = True
        path = self._faces[bold]
        return Glyph(path, self._advance(path, code), code <= 0xFFFF, True)

    def _fonts_for(self, bold: bool) -> Iterator[str]:
        yield from (self._faces[bold], self._faces[False])
        yield from self._further()  # looked for when they are needed

    def _advance(self, path: str, code: int) -> float:
        face = self._font(path)
        return float(face.load_glyph(face.get_char_index(code)).linearHoriAdvance / 65536 / _MEASURED)

    def _font(self, path: str) -> Any:
        if path not in self._fonts:
            from matplotlib.ft2font import FT2Font

            font = FT2Font(path)
            font.set_size(_MEASURED, 72)
            self._fonts[path] = font
        return self._fonts[path]

    def _embeds(self, path: str) -> bool:
        """Whether matplotlib embeds the font as text: one of TrueType outlines; its table of sizes is of version 1.0."""
        maxp = self._font(path).get_sfnt_table("maxp")
        return bool(maxp) and maxp["version"] == (1, 0)

    def _further(self) -> list[str]:
        """Upright scalable fonts of this computer that may have what the first lacks."""
        if self._others is None:
            from matplotlib.font_manager import fontManager

            found = []
            for entry in fontManager.ttflist:
                rank = next((i for i, part in enumerate(_OTHERS) if part in entry.name.lower()), None)
                plain = entry.style == "normal" and str(entry.weight) in ("400", "500", "normal", "regular", "book", "medium", "roman")
                if rank is not None and plain and not entry.fname.endswith((".TTC", ".OTC")):  # whose first font matplotlib does not take
                    found.append((rank, entry.fname))
            self._others = [path for _, path in sorted(set(found))[:_MOST_OTHERS] if self._opens(path)]
        return self._others

    def _opens(self, path: str) -> bool:
        try:
            return bool(self._font(path).scalable)
        except (OSError, RuntimeError):  # a font that is gone or broken
            return False
