"""The PDF of a report: whole, inside its margins, broken where a reader would break it, and the same each time."""

import io
import random
import re
import shutil
import struct
import subprocess
import threading
import warnings
import zlib

import numpy as np
import pytest
from PIL import Image

from annsm_plugin.core.reports import figures, pdf, pdf_blocks
from annsm_plugin.core.reports.page import COLOPHON, Content, Section
from annsm_plugin.core.reports.pdf_layout import ACROSS, UPRIGHT, Picture, Words
from annsm_plugin.core.reports.pdf_type import Style, Type, clean


def picture(width=1104, height=480, colour="#4477aa") -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(stream, format="PNG")
    return stream.getvalue()


def prose(words: int, seed: int = 0) -> str:
    chosen = random.Random(seed)
    return " ".join(chosen.choice(("soil", "moisture", "temperature", "of", "a", "network", "validation")) for _ in range(words))


SECTIONS = [
    Section("With a figure", f"{prose(90)}\n\nA second paragraph.", picture(), "The caption of the figure.", items=["one item", prose(30)]),
    Section("A table", header=["cell", "first day", "R (95 %)"], rows=[[f"C{i}", "2010-08-02", f"0.9 (0.8 to 0.{i})"] for i in range(9)]),
    Section("Nothing but a title"),
    Section("", "A text without a title."),
]
CONTENT = {
    "intro": prose(25),
    "numbers": [
        ("Mean R", "0.83", "0.74", "95 % 0.80 to 0.86"),
        ("Cells", 12),
        ("RMSE (m³ m⁻³)", "0.04", "0.05"),
        ("days", "1", "", "few"),
    ],
    "summary": ["First sentence.", prose(40)],
    "warnings": ["Mind the frost.", prose(50)],
    "sections": SECTIONS,
    "settings": {"seed": 7, "cube": "/data/cube.nc", "lines": "first\n  second", "empty": ""},
    "synthetic": "the demo archive",
}


def words(pages, *kinds, page=None) -> list[str]:
    """The lines of text in reading order, of pieces of certain kinds."""
    chosen = pages if page is None else [pages[page]]
    placed = [p for one in chosen for p in one.placed if p.piece.kind in kinds or (not kinds and p.piece.kind != "foot")]
    return [mark.text for p in placed for mark in p.piece.marks if isinstance(mark, Words)]


def kinds(page) -> list[str]:
    return [p.piece.kind for p in page.placed]


def marks(page, kind):
    return [m for p in page.placed if p.piece.kind == kind for m in p.piece.marks if isinstance(m, Words)]


def sound(pages) -> None:
    """What holds of every report: all is in its place."""
    assert pages
    for number, page in enumerate(pages, start=1):
        sheet = page.sheet
        *body, foot = page.placed
        assert body and foot.piece.kind == "foot" and foot.piece.marks[-1].text == f"{number} / {len(pages)}"
        assert body[-1].piece.kind not in ("heading", "head", "kicker", "title"), f"page {number} ends with {body[-1]}"
        end = sheet.top
        for p in body:
            assert p.y >= end - 0.01, f"page {number}: {p} begins above {end}"
            end = p.y + p.piece.height
            assert p.x >= sheet.side - 0.01 and p.x + p.piece.width <= sheet.width - sheet.side + 0.05, p
            for mark in p.piece.marks:
                high = mark.y - mark.style.baseline if isinstance(mark, Words) else mark.y
                height = mark.style.line if isinstance(mark, Words) else mark.height
                assert mark.x >= -0.01 and mark.x + mark.width <= p.piece.width + 0.05, mark
                assert high >= -0.01 and high + height <= p.piece.height + 0.01, mark
        assert end <= sheet.height - sheet.foot + 0.02
        assert end < foot.y and foot.y + foot.piece.height < sheet.height - 20
        for ground in page.grounds:
            assert ground.y >= sheet.top - 0.01 and ground.y + ground.height <= sheet.height - sheet.foot + 0.02


def layout(title, **content):
    return pdf_blocks.layout(Content(title, **content))


def test_all_of_the_content_is_there_in_order():
    pages = layout("The title", **CONTENT)
    sound(pages)
    text = " ".join(words(pages))
    expected = [
        *("ANN-SM for QGIS", "The title", CONTENT["intro"], "Synthetic data.", "the demo archive", "Mean R", "0.83", "paper 0.74"),
        *("Please note", "Mind the frost.", CONTENT["warnings"][1], "Summary", "First sentence.", "With a figure", prose(90)),
        *("A second paragraph.", "one item", "The caption of the figure.", "A table", "Nothing but a title", "A text without a title."),
        *("Run settings and provenance", "seed 7", "/data/cube.nc", "second", COLOPHON),
    ]
    place = 0
    for part in expected:
        assert part in text[place:], part
        place = text.index(part, place)
    assert "95 % 0.80 to 0.86" in text and "paper 0.05" in text and words(pages, "item").count("•") == 6
    assert sum(isinstance(m, Picture) for page in pages for p in page.placed for m in p.piece.marks) == 1


@pytest.mark.parametrize("seed", range(12))
def test_any_content_is_sound(seed):
    chosen = random.Random(seed)
    count = lambda most: int(chosen.expovariate(3.0 / most))  # noqa: E731
    sections = []
    for i in range(14):
        columns, rows = chosen.randint(1, 12), count(40)
        table = [
            [chosen.choice((f"{chosen.random():.3f}", prose(count(30), i), "2010-08-02")) for _ in range(columns)] for _ in range(rows)
        ]
        png = picture(chosen.randint(30, 2500), chosen.randint(30, 2500)) if chosen.random() < 0.5 else None
        text = prose(count(300), i)
        sections.append(Section(prose(chosen.randint(1, 9)), text, png, prose(count(40)), [prose(2, j) for j in range(columns)], table))
    pages = layout(prose(chosen.randint(1, 30)), warnings=[prose(count(200)) for _ in range(count(20))], sections=sections)
    sound(pages)
    text = " ".join(words(pages))
    assert all(section.text in text for section in sections)
    for page in pages:
        pairs = zip(page.placed, page.placed[1:])
        assert all(after.piece.kind == "caption" for p, after in pairs if p.piece.kind == "figure" and p.piece.keep)


def test_a_heading_takes_two_lines_along():
    """Wherever the heading comes to stand, it is followed by two lines or by the head and two rows of its table."""
    for before in range(40, 56):
        table = Section("Table", header=["a"], rows=[["x"]] * 5)
        sections = [Section("First", items=["line"] * before), Section("Text", prose(80)), table]
        for page in (pages := layout("T", sections=sections)):
            names = kinds(page)
            for place, name in enumerate(names):
                if name == "heading" and names[place + 1] != "item":
                    assert names[place + 1 : place + 3] == ["text", "text"] or names[place + 1 : place + 4] == ["head", "row", "row"]
        sound(pages)


def test_a_long_table_repeats_its_head_and_has_each_row_once():
    rows = [[f"row{i:03d}", f"{i / 400:.3f}", prose(i % 9 + 1, i)] for i in range(400)]
    pages = layout("T", sections=[Section("Long", header=["name", "value", "note"], rows=rows)])
    sound(pages)
    assert len(pages) > 6
    names = [text for text in words(pages, "row") if text.startswith("row")]
    assert names == [row[0] for row in rows]
    for page in pages:
        assert kinds(page).count("head") == 1 and kinds(page).index("head") < kinds(page).index("row")
    right = {round(m.x + m.width, 2) for m in marks(pages[1], "row") if re.fullmatch(r"0\.\d+", m.text)}
    assert len(right) == 1  # numbers end below each other


@pytest.mark.parametrize("before", range(20, 60, 3))
def test_a_short_table_stays_on_one_page(before):
    rows = [[f"row{i}", f"{i / 10:.1f}", prose(30, i)] for i in range(8)]
    sections = [Section("Before", prose(10 * before)), Section("Short", header=["name", "value", "note"], rows=rows)]
    pages = layout("T", sections=sections)
    sound(pages)
    assert [kinds(page).count("row") for page in pages if "row" in kinds(page)] == [8]


def test_a_wide_table_goes_across_and_the_rest_does_not():
    row = ["0.123 ± 0.020", "2010-08-02", "12 of 15 cells"]
    wide = Section("Wide", "Words above.", header=[f"quantity {i}" for i in range(14)], rows=[[row[i % 3] for i in range(14)]] * 40)
    pages = layout("T", sections=[Section("Before", "Text."), wide, Section("After", prose(700))])
    sound(pages)
    assert pages[0].sheet is UPRIGHT and pages[-1].sheet is UPRIGHT
    across = [i for i, page in enumerate(pages) if page.sheet is ACROSS]
    assert "Wide" in words(pages, page=across[0]) and "Words above." in words(pages, page=across[0])
    assert words(pages, "row").count(row[0]) == 5 * 40  # whole, in one line
    assert all(m.style.size >= 6.5 for page in pages for m in marks(page, "row"))


def test_what_fits_below_a_table_across_stays_on_its_page():
    wide = Section("Wide", header=[f"quantity {i}" for i in range(14)], rows=[["0.123 ± 0.020"] * 14] * 3)
    pages = layout("T", sections=[wide], settings={"seed": 1})
    sound(pages)
    assert len(pages) == 2 and "seed" in words(pages, page=1)


def test_a_table_of_many_intervals_stays_upright_with_them_below_the_values():
    rows = [["ANN-SM", "own days", "15", *["0.061 (0.055 to 0.067)"] * 5] for _ in range(4)]
    pages = layout("T", sections=[Section("S", header=["product", "basis", "cells", *["RMSE (95 %), m³ m⁻³"] * 5], rows=rows)])
    sound(pages)
    assert [page.sheet for page in pages] == [UPRIGHT]
    assert words(pages, "row").count("0.061") == words(pages, "row").count("(0.055 to 0.067)") == 20


def test_a_table_of_sixty_columns_comes_in_parts():
    rows = [[f"cell{i}", *[f"v{i}x{j}" for j in range(59)]] for i in range(3)]
    pages = layout("T", sections=[Section("S", header=["name", *[f"column{j}" for j in range(59)]], rows=rows)])
    sound(pages)
    found = "".join(words(pages, "row"))
    assert all(cell in found for row in rows for cell in row)
    assert "".join(words(pages, "head")).count("name") > 1


@pytest.mark.parametrize("length", [600, 20000])
def test_a_cell_without_a_blank(length):
    cell = "".join(random.Random(1).choices("abcdefgh", k=length))
    rows = [["one", "0.5", cell], ["two", "0.6", "short"], ["three", "0.7", "short"]]
    pages = layout(
        cell[:600], intro=cell, sections=[Section("S", header=["a", "b", "c"], rows=rows)], settings={cell[:300]: cell}, numbers=[(cell, 1)]
    )
    sound(pages)
    letters = "".join(text for text in words(pages, "row") if re.fullmatch("[a-h]+", text) and text not in ("one", "two"))
    assert cell in letters
    assert "".join(words(pages, "intro")) == cell and cell[:600] == "".join(words(pages, "title"))
    assert "short" in words(pages, "row") and "three" in words(pages, "row")


def test_figures_are_as_large_as_they_are_but_not_larger_than_the_page():
    sizes = {"small": (320, 160), "wide": (4000, 500), "tall": (400, 9000), "page": (1100, 1500)}
    sections = [Section(name, "A line.", picture(*size), f"Caption {name}.") for name, size in sizes.items()]
    pages = layout("T", sections=sections)
    sound(pages)
    found = [m for page in pages for p in page.placed for m in p.piece.marks if isinstance(m, Picture)]
    for mark, (name, (width, height)) in zip(found, sizes.items()):
        assert mark.width / mark.height == pytest.approx(width / height, rel=1e-3), name
        assert mark.width <= width * 72 / figures.DPI + 0.01
    assert (found[0].width, found[0].height) == pytest.approx((144, 72))
    assert found[1].width == pytest.approx(UPRIGHT.across)
    for page in pages:
        names = kinds(page)
        assert all(names[i - 2 : i] == ["heading", "text"] and names[i + 1] == "caption" for i, n in enumerate(names) if n == "figure")


def test_a_figure_that_is_no_picture_has_its_words():
    pages = layout("T", sections=[Section("S", "", b"\x89PNG\r\n\x1a\n", "The caption.", alt="Two maps.")])
    sound(pages)
    assert "Two maps." in words(pages) and "The caption." in words(pages)


def test_nothing_at_all(tmp_path):
    sound(layout(""))
    sound(layout("T", sections=[Section(""), Section("", header=["a"]), Section("S", rows=[["without", "head"], ["short"]])]))
    assert pdf.write(tmp_path / "r.pdf", "").read_bytes().startswith(b"%PDF")


def test_long_warnings_have_their_ground_on_every_page():
    pages = layout("T", warnings=[prose(60)] * 30)
    sound(pages)
    assert len(pages) > 1
    for page in pages[:-1]:
        ground, bar = page.grounds
        lines = [p for p in page.placed if p.piece.kind in ("item", "heading")]
        assert ground.y <= lines[0].y and ground.y + ground.height >= lines[-1].y + lines[-1].piece.height
        assert (bar.y, bar.height) == (ground.y, ground.height)


def test_widths_are_those_that_matplotlib_sets():
    from matplotlib.ft2font import FT2Font

    type_, style = Type(), Style(9.0)
    text = "Soil moisture, 0.25° (m³ m⁻³) – ubRMSE ≤ 0.04"
    font = FT2Font(type_.runs("a", style)[0].font)
    font.set_size(900, 72)
    font.set_text(text)
    assert type_.width(text, style) == pytest.approx(font.get_width_height()[0] / 64 / 100, rel=0.02)
    lines = type_.wrap(prose(200), style, 200)
    assert " ".join(lines) == prose(200) and all(type_.width(line, style) <= 200.01 for line in lines)
    assert "".join(type_.wrap("土壤水分，数据集。" * 20, style, 100)) == "土壤水分，数据集。" * 20
    assert not any(line[0] in "，。" for line in type_.wrap("土壤水分，数据集。" * 20, style, 100))


def test_the_file_is_the_same_each_time_and_says_what_it_is(tmp_path):
    first, second = (pdf.write(tmp_path / name, "Wärme & 水", **CONTENT).read_bytes() for name in ("a.pdf", "b.pdf"))
    assert first == second
    assert b"CreationDate" not in first and b"ANN-SM for QGIS" in first
    assert b"Type3" not in first and b"/CIDFontType2" in first
    assert not list(tmp_path.glob(".*"))
    assert len(re.findall(rb"/Type /Page\b", first)) == len(layout("Wärme & 水", **CONTENT))


ODD = "$x_1^2$ \\alpha {} % # & ~ <b> tab\tend \x00\x07 \ud800 😀 𝑅 e\u0301 שלום 水 \u200b\ufeff ³ ⁻ ° − ≤ – …"


def test_odd_characters(tmp_path):
    section = Section(ODD, ODD, picture(), ODD, [ODD, "b"], [[ODD, ODD]] * 3, items=[ODD])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pdf.write(
            tmp_path / "r.pdf", ODD, intro=ODD, numbers=[(ODD, ODD, ODD, ODD)], warnings=[ODD], sections=[section], settings={ODD: ODD}
        )
    pages = layout(ODD, sections=[section])
    sound(pages)
    assert clean(ODD).startswith("$x_1^2$ \\alpha {} % # & ~ <b> tab end") and "\x00" not in clean(ODD)


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler is not there")
def test_the_text_can_be_searched(tmp_path):
    pdf.write(tmp_path / "r.pdf", "The $title$", **CONTENT)
    done = subprocess.run(["pdftotext", "-layout", tmp_path / "r.pdf", "-"], capture_output=True, text=True, check=True)
    text = " ".join(done.stdout.split())
    for part in ("The $title$", "RMSE (m³ m⁻³)", "paper 0.74", "A second paragraph.", "C8 2010-08-02 0.9 (0.8 to 0.8)"):
        assert part in text, part
    found = subprocess.run(["pdfimages", "-list", tmp_path / "r.pdf"], capture_output=True, text=True, check=True).stdout
    assert re.search(r"1104 +480 ", found)  # at full resolution


def test_pictures_are_kept_pixel_by_pixel(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 255, (60, 90, 4), dtype=np.uint8)
    pixels[..., 3] = 255
    pixels[:, 80:, 3] = 0  # transparent: paper shows
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, format="PNG")
    pdf.write(tmp_path / "r.pdf", "T", sections=[Section("S", "", stream.getvalue())])
    data = (tmp_path / "r.pdf").read_bytes()
    assert b"/Width 90" in data and b"/Height 60" in data and b"/SMask" not in data
    start = data.index(b"stream\n", data.index(b"/Subtype /Image")) + 7
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", 90, 60, 8, 2, 0, 0, 0)),
        (b"IDAT", data[start : data.index(b"endstream", start)]),
        (b"IEND", b""),
    )
    png = b"".join(struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks)
    found = np.asarray(Image.open(io.BytesIO(b"\x89PNG\r\n\x1a\n" + png)))
    assert (found[:, :80] == pixels[:, :80, :3]).all() and (found[:, 80:] == 255).all()


def test_a_users_style_and_threads_do_not_matter(tmp_path):
    import matplotlib

    pdf.write(tmp_path / "a.pdf", "T", **CONTENT)
    used = {"savefig.bbox": "tight", "pdf.fonttype": 3, "font.family": "serif", "figure.dpi": 50, "savefig.dpi": 300}
    with matplotlib.rc_context(used):
        thread = threading.Thread(target=pdf.write, args=(tmp_path / "b.pdf", "T"), kwargs=CONTENT)
        thread.start()
        thread.join()
        assert matplotlib.rcParams["pdf.fonttype"] == 3
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_a_large_report_is_whole(tmp_path):
    noise = Image.effect_noise((1104, 700), 80).convert("RGB")
    stream = io.BytesIO()
    noise.save(stream, format="PNG")
    sections = [Section(f"S{i}", prose(150, i), stream.getvalue(), prose(15), ["a", "b"], [[str(i), prose(6)]] * 12) for i in range(25)]
    path = pdf.write(tmp_path / "r.pdf", "T", sections=sections)
    content = path.read_bytes()
    assert content.rstrip().endswith(b"%%EOF") and content.count(b"/Type /Page ") + content.count(b"/Type /Page\n") >= 25
