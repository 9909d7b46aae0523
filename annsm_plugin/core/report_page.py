"""The page of a report: one HTML file with its figures inside, that needs no network."""

from __future__ import annotations

import base64
import html
from dataclasses import dataclass, field
from pathlib import Path

from . import __version__, store


@dataclass
class Section:
    """A heading with text, a figure (PNG) with its caption, or a table (header and rows of text)."""

    title: str
    text: str = ""
    figure: bytes | None = None
    caption: str = ""
    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


def write(path, title: str, *, intro="", numbers=(), summary=(), warnings=(), sections=(), settings=None, synthetic="") -> Path:
    """Write one self-contained HTML report.

    numbers: (label, ours, paper's or "", note) headline figures; summary and warnings: sentences; sections: ``Section``s;
    settings: name -> value of the run; synthetic: what the data are if they are not real.
    """
    parts = [f"<header><p class='kicker'>ANN-SM for QGIS</p><h1>{_text(title)}</h1><p class='intro'>{_text(intro)}</p></header>"]
    if synthetic:
        parts.append(
            "<div class='synthetic'><strong>Synthetic data.</strong> These numbers come from simulated satellite, model and station "
            f"data ({_text(synthetic)}). They show that the chain works; they say nothing about any real place.</div>"
        )
    if numbers:
        parts.append("<section class='numbers'>" + "".join(_number(*n) for n in numbers) + "</section>")
    if warnings:
        parts.append(
            "<section class='warnings'><h2>Please note</h2><ul>" + "".join(f"<li>{_text(w)}</li>" for w in warnings) + "</ul></section>"
        )
    if summary:
        parts.append("<section><h2>Summary</h2><ul>" + "".join(f"<li>{_text(s)}</li>" for s in summary) + "</ul></section>")
    parts += [_section(s) for s in sections]
    if settings:
        rows = "".join(f"<tr><th>{_text(k)}</th><td>{_text(v)}</td></tr>" for k, v in settings.items())
        parts.append(f"<section><h2>Run settings and provenance</h2><table class='settings'>{rows}</table></section>")
    parts.append(
        f"<footer>ANN-SM for QGIS {_text(__version__)}. Method and reference figures: Wang &amp; Xu (2021), <i>Remote Sensing</i> 13, 5156 "
        "(CC BY 4.0). Their numbers belong to their region and period and are printed for orientation.</footer>"
    )
    page = (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'><meta name='viewport' content='width=device-width'>"
        f"<title>{_text(title)}</title><style>{_CSS}</style></head><body><main>{''.join(parts)}</main></body></html>\n"
    )
    return store.write_text(path, page)


def _text(value) -> str:
    return html.escape(str(value))


def _number(label, ours, paper="", note="") -> str:
    beside = f"<div class='paper'>paper {_text(paper)}</div>" if paper != "" else "<div class='paper'>&nbsp;</div>"
    note = f"<div class='note'>{_text(note)}</div>" if note else ""
    return f"<div class='card'><div class='label'>{_text(label)}</div><div class='value'>{_text(ours)}</div>{beside}{note}</div>"


def _section(section: Section) -> str:
    parts = [f"<h2>{_text(section.title)}</h2>"]
    if section.text:
        parts.append(f"<p>{_text(section.text)}</p>")
    if section.figure:
        data = base64.b64encode(section.figure).decode("ascii")
        name = _text(section.caption or section.title)
        parts.append(
            f"<figure><img alt='{name}' src='data:image/png;base64,{data}'><figcaption>{_text(section.caption)}</figcaption></figure>"
        )
    if section.rows:
        head = "".join(f"<th>{_text(h)}</th>" for h in section.header)
        body = "".join("<tr>" + "".join(f"<td>{_text(c)}</td>" for c in row) + "</tr>" for row in section.rows)
        parts.append(f"<div class='scroll'><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>")
    return "<section>" + "".join(parts) + "</section>"


_CSS = """
:root{--ink:#1d2733;--soft:#5b6876;--line:#dfe5ea;--accent:#123c69;--paper:#c1440e}
*{box-sizing:border-box}
body{margin:0;background:#f4f6f8;color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main{max-width:1040px;margin:0 auto;padding:28px 20px 40px}
header{border-bottom:3px solid var(--accent);padding-bottom:10px;margin-bottom:18px}
.kicker{margin:0;color:var(--accent);font-weight:600;letter-spacing:.04em}
h1{margin:.1em 0 .2em;font-size:1.9em;line-height:1.15}
.intro{margin:0;color:var(--soft)}
h2{font-size:1.15em;margin:0 0 .5em;color:var(--accent)}
section{background:#fff;border:1px solid var(--line);border-radius:8px;padding:16px 18px;margin:14px 0}
.numbers{display:grid;grid-template-columns:repeat(auto-fit,minmax(170px,1fr));gap:12px;background:none;border:0;padding:0}
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
img{width:100%;height:auto;display:block}
figcaption{color:var(--soft);font-size:.86em;margin-top:4px}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.86em;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:4px 9px;border-bottom:1px solid var(--line);vertical-align:top}
thead th{color:var(--soft);font-weight:600;border-bottom:2px solid var(--line);white-space:nowrap}
tbody tr:nth-child(even){background:#fafbfc}
.settings th{width:230px;color:var(--soft);font-weight:500}
.settings td{word-break:break-word;white-space:pre-wrap}
footer{color:var(--soft);font-size:.82em;margin-top:22px}
@media print{body{background:#fff}
section,.card{break-inside:avoid}}
"""
