"""Turns docs/guide.md into the help that the plugin carries: PLUGIN/help/guide.html, with an anchor for every algorithm.

    make_help.py PLUGIN

The first paragraph that names ``annsm:NAME`` gets the anchor NAME.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = ("guide", "tutorial", "tutorial.zh")

PAGE = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{title}</title><style>
body {{ font: 16px/1.5 sans-serif; max-width: 52em; margin: 2em auto; padding: 0 1em; color: #222; }}
img {{ max-width: 100%; border: 1px solid #ddd; }}
table {{ border-collapse: collapse; }} td, th {{ border: 1px solid #ccc; padding: .25em .6em; text-align: left; vertical-align: top; }}
code {{ background: #f3f3f3; padding: 0 .2em; }} :target {{ background: #fff6d6; }}
</style></head><body>
{body}
</body></html>
"""


def page(text: str) -> str:
    """A document as a page of HTML."""
    seen: set[str] = set()
    lines = []
    for line in text.split("\n\n"):
        names = [name for name in re.findall(r"`annsm:(\w+)`", line) if name not in seen]
        seen.update(names)
        anchors = "".join(f'<a id="{name}"></a>' for name in names)
        lines.append(f"{anchors}\n\n{line}" if anchors else line)
    body = MarkdownIt("commonmark", {"html": True}).enable("table").render("\n\n".join(lines))
    body = re.sub(r'href="(?!https?:|#)([^"]+?)\.md(#[^"]*)?"', lambda m: f'href="{m[1]}.html{m[2] or ""}"', body)
    title = re.search(r"^# (.+)$", text, re.M)
    return PAGE.format(title=title.group(1) if title else "ANN-SM", body=body)


def main() -> None:
    folder = Path(sys.argv[1]) / "help"
    folder.mkdir(parents=True, exist_ok=True)
    for name in DOCUMENTS:
        source = ROOT / "docs" / f"{name}.md"
        if not source.is_file():
            continue
        text = source.read_text(encoding="utf-8")
        (folder / f"{name}.html").write_text(page(text), encoding="utf-8")
        for picture in re.findall(r"\]\((images/[^)]+)\)", text):
            (folder / "images").mkdir(exist_ok=True)
            if not (ROOT / "docs" / picture).is_file():  # `make screenshots` has not made it yet
                continue
            shutil.copy(ROOT / "docs" / picture, folder / picture)


if __name__ == "__main__":
    main()
