"""The page of a report: one HTML file with its figures inside, that needs no network."""

from __future__ import annotations

import base64
import html
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .. import __version__
from ..foundation import store
from ..foundation.paths import PathLike

#: What every report says, on the page as in the PDF: above its title, of synthetic data (what is said of what data), at its end.
KICKER, JOURNAL = "ANN-SM for QGIS", "Remote Sensing"
SYNTHETIC = (
    "Synthetic data.",
    "These numbers come from simulated satellite, model and station data ({}). "
    "They show that the chain works; they say nothing about any real place.",
)
COLOPHON = (
    f"{KICKER} {__version__}. Method and reference figures: Wang & Xu (2021), {JOURNAL} 13, 5156 (CC BY 4.0). "
    "Their numbers belong to their region and period and are printed for orientation."
)


@dataclass
class Section:
    """A heading with text (blank lines between its paragraphs) and a list, a figure (PNG) with its caption and, if that does not say what
    is drawn, ``alt``; a table (texts)."""

    title: str
    text: str = ""
    figure: bytes | None = None
    caption: str = ""
    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    alt: str = ""
    items: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Content:
    """What a report holds, as a page or as PDF.

    numbers: (label, ours, paper's or "", note) headline figures; summary and warnings: sentences; sections: ``Section``s; settings: name ->
    value of the run; synthetic: what the data are if they are not real.
    """

    title: str
    intro: str = ""
    numbers: Any = ()
    summary: Any = ()
    warnings: Any = ()
    sections: Any = ()
    settings: Any = None
    synthetic: str = ""


def write(path: PathLike, title: str, **content: Any) -> Path:
    """Write one self-contained HTML report of ``Content(title, **content)``."""
    own = Content(title, **content)
    parts = [f"<header><p class='kicker'>{KICKER}</p><h1>{_text(own.title)}</h1><p class='intro'>{_text(own.intro)}</p></header>"]
    if own.synthetic:
        parts.append(f"<div class='synthetic'><strong>{SYNTHETIC[0]}</strong> {SYNTHETIC[1].format(_text(own.synthetic))}</div>")
    if own.numbers:
        parts.append("<section class='numbers'>" + "".join(_number(*n) for n in own.numbers) + "</section>")
    if own.warnings:
        parts.append(
            "<section class='warnings'><h2>Please note</h2><ul>" + "".join(f"<li>{_text(w)}</li>" for w in own.warnings) + "</ul></section>"
        )
    if own.summary:
        parts.append("<section><h2>Summary</h2><ul>" + "".join(f"<li>{_text(s)}</li>" for s in own.summary) + "</ul></section>")
    parts += [_section(s) for s in own.sections]
    if own.settings:
        rows = "".join(f"<tr><th>{_text(k)}</th><td>{_text(v)}</td></tr>" for k, v in own.settings.items())
        parts.append(f"<section><h2>Run settings and provenance</h2><table class='settings'>{rows}</table></section>")
    parts.append(f"<footer>{_text(COLOPHON).replace(JOURNAL, f'<i>{JOURNAL}</i>')}</footer>")
    page = (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'><meta name='viewport' content='width=device-width'>"
        f"<title>{_text(own.title)}</title><style>{_CSS}</style></head><body><main>{''.join(parts)}</main></body></html>\n"
    )
    return store.write_text(path, page)


def _text(value: Any) -> str:
    return html.escape(str(value))


def _number(label: str, ours: Any, paper: str = "", note: str = "") -> str:
    beside = f"<div class='paper'>paper {_text(paper)}</div>" if paper != "" else "<div class='paper'>&nbsp;</div>"
    note = f"<div class='note'>{_text(note)}</div>" if note else ""
    return f"<div class='card'><div class='label'>{_text(label)}</div><div class='value'>{_text(ours)}</div>{beside}{note}</div>"


def _section(section: Section) -> str:
    parts = [f"<h2>{_text(section.title)}</h2>"]
    if section.text:
        parts += [f"<p>{_text(paragraph)}</p>" for paragraph in section.text.split("\n\n")]
    if section.items:
        parts.append("<ul>" + "".join(f"<li>{_text(item)}</li>" for item in section.items) + "</ul>")
    if section.figure:
        data = base64.b64encode(section.figure).decode("ascii")
        name = _text(" ".join(words for words in (section.alt, section.caption) if words) or section.title)
        parts.append(
            f"<figure><img alt='{name}' src='data:image/png;base64,{data}'><figcaption>{_text(section.caption)}</figcaption></figure>"
        )
    if section.rows:
        parts.append(_table(section.header, section.rows))
    kinds = ("wide " if section.figure else "wide across") if len(section.header) >= WIDE else ""
    return f"<section{f' class={kinds.strip()!r}' if kinds else ''}>{''.join(parts)}</section>"


def _table(header: Any, rows: Any) -> str:
    """Numbers, their ranges and dates stay in one line, columns of numbers to the right under their header."""
    numeric = [all(_is_number(row[column]) for row in rows) for column in range(len(header))]
    units = (unbroken(h) for h in header)
    head = "".join(f"<th{' class=n' if number else ''} scope='col'>{_text(h)}</th>" for h, number in zip(units, numeric))
    body = "".join("<tr>" + "".join(f"<td{_kind(c, n)}>{_text(c)}</td>" for c, n in zip(row, numeric)) + "</tr>" for row in rows)
    return f"<div class='scroll'><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def unbroken(text: str) -> str:
    """The text with units and shares that stay in one line."""
    return text.replace("m³ m⁻³", "m³\u00a0m⁻³").replace("m3 m-3", "m3\u00a0m-3").replace("95 %", "95\u00a0%")


#: Columns from which a table is set small and, without a figure above it, printed across the page.
WIDE = 9

#: A number with what may follow: an interval, a spread, a unit of time, a share; or nothing.
_NUMBER = re.compile(r"[<+−-]?\d[\d.,]*( (%|s|±|to|\(?[<+−-]?\d[\d.,]*\)?))*|–|-|")

_DATES = re.compile(r"\d{4}-\d\d-\d\d( to \d{4}-\d\d-\d\d)?")

#: Longest text that stays in one line.
_SHORT = 24


def _is_number(cell: str) -> bool:
    return bool(_NUMBER.fullmatch(cell)) and not _DATES.fullmatch(cell)


def _kind(cell: str, numeric: bool) -> str:
    if numeric:
        return " class='n'"
    whole = _is_number(cell) or _DATES.fullmatch(cell) or len(cell) <= _SHORT
    return " class='w'" if cell and whole else ""


_CSS = """
:root{--ink:#1d2733;--soft:#5b6876;--line:#dfe5ea;--accent:#123c69;--paper:#c1440e}
*{box-sizing:border-box}
body{margin:0;background:#f4f6f8;color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main{max-width:1120px;margin:0 auto;padding:28px 20px 40px}
header{border-bottom:3px solid var(--accent);padding-bottom:10px;margin-bottom:18px}
.kicker{margin:0;color:var(--accent);font-weight:600;letter-spacing:.04em}
h1{margin:.1em 0 .2em;font-size:1.9em;line-height:1.15}
.intro{margin:0;color:var(--soft)}
h2{font-size:1.15em;margin:0 0 .5em;color:var(--accent)}
section{background:#fff;border:1px solid var(--line);border-radius:8px;padding:16px 18px;margin:14px 0}
.numbers{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;background:none;border:0;padding:0}
.card{background:#fff;border:1px solid var(--line);border-radius:8px;padding:12px 14px}
.label{font-size:.83em;color:var(--soft)}
.value{font-size:1.75em;font-weight:650;line-height:1.25;font-variant-numeric:tabular-nums}
.paper{color:var(--paper);font-size:.86em}
.note{color:var(--soft);font-size:.76em}
.synthetic{background:#fff4d6;border:1px solid #e6c35c;border-radius:8px;padding:11px 16px;margin:14px 0}
.warnings{border-color:#e6b58f;background:#fff8f2}
.warnings h2{color:var(--paper)}
ul{margin:0;padding-left:1.2em}
figure{margin:0 0 12px}
img{max-width:100%;height:auto;display:block}
figcaption{color:var(--soft);font-size:.86em;margin-top:4px}
.scroll{overflow-x:auto}
.scroll,figure{background:linear-gradient(90deg,#fff 40%,#fff0) 0 0/36px 100%,linear-gradient(270deg,#fff 40%,#fff0) 100% 0/36px 100%,
linear-gradient(90deg,#1d273330,#1d273300) 0 0/14px 100%,linear-gradient(270deg,#1d273330,#1d273300) 100% 0/14px 100%;
background-repeat:no-repeat;background-attachment:local,local,scroll,scroll}
table{border-collapse:collapse;width:100%;font-size:.86em;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:4px 9px;border-bottom:1px solid var(--line);vertical-align:top}
thead th{color:var(--soft);font-weight:600;border-bottom:2px solid var(--line);vertical-align:bottom}
th.n,td.n{text-align:right}
td.n,td.w{white-space:nowrap}
.wide table{font-size:.78em}
.wide th,.wide td{padding:4px 6px}
tbody tr:nth-child(even){background:#5080b008}
.settings th{width:230px;color:var(--soft);font-weight:500}
.settings td{word-break:break-word;white-space:pre-wrap}
footer{color:var(--soft);font-size:.82em;margin-top:22px}
@media(max-width:640px){main{padding:20px 12px 30px}section{padding:14px 12px}figure{overflow-x:auto}
figure img{max-width:none;width:680px;mix-blend-mode:multiply}figcaption{position:sticky;left:0;max-width:100%}
.settings th,.settings td{display:block;width:auto}.settings th{border:0;padding-bottom:0}}
@page{size:A4;margin:14mm}
@page across{size:A4 landscape;margin:12mm}
@media print{
body{background:#fff;font-size:10.5pt}
main{max-width:none;padding:0}
section{border:0;padding:0;margin:6mm 0}
.numbers{grid-template-columns:repeat(4,1fr)}
.card,figure,tr{break-inside:avoid}
h2,section>p,thead{break-after:avoid}
thead{display:table-header-group}
.scroll{overflow:visible}
.scroll,figure{background:none}
.across{page:across}
.wide table{font-size:7.5pt}
.wide th,.wide td{padding:1.2mm 1.4mm}
figure img{max-height:230mm;object-fit:contain}
.synthetic,.warnings,tbody tr:nth-child(even){print-color-adjust:exact;-webkit-print-color-adjust:exact}}
"""
