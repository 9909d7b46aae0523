"""Spreadsheets: what is read of many sheets, how much of shared texts and parts, and what is said of empty cells, sheets and formulas."""

import re
import zipfile

import pytest
from listening import Ear

from annsm_plugin.core import stations
from annsm_plugin.core.foundation.errors import ProductError
from annsm_plugin.core.stations import looking
from annsm_plugin.core.stations.tables import workbook

openpyxl = pytest.importorskip("openpyxl")

HEADER = ["time", "soil_moisture", "station", "lat", "lon"]
ROWS = [[f"2015-04-{day:02d} 06:00", 0.2, "A", 31.1, 91.1] for day in range(1, 29)]


def save(folder, *sheets):
    """A spreadsheet of sheets, each a list of rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for rows in sheets:
        page = book.create_sheet()
        for row in rows:
            page.append(row)
    book.save(folder / "table.xlsx")
    return folder / "table.xlsx"


def changed(path, **parts):
    """The spreadsheet with other contents of its parts by stem, each made of the old one."""
    with zipfile.ZipFile(path) as old:
        contents = {name: old.read(name).decode() for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in contents.items():
            stem = name.rpartition("/")[2].partition(".")[0] + ("_rels" if name.endswith(".rels") else "")
            new.writestr(name, parts[stem](content) if stem in parts else content)
    return path


def test_of_other_sheets_the_first_rows_alone_are_read(tmp_path, monkeypatch):
    """Three sheets of 300 rows and the one of the table: so many cells as a hundred rows of each have are enough to find it."""
    path = save(tmp_path, *[[["a", 1]] * 300] * 3, [HEADER, *ROWS])
    monkeypatch.setattr(workbook, "_MOST_CELLS", 1300)
    assert stations.read(path)[0].values.size == 28
    assert [seen.days for seen in looking.look(path)] == [28]
    path = save(tmp_path, *[[["a", 1]] * 300] * 3)
    with pytest.raises(ProductError, match="found the columns a, 1; expected"):
        stations.read(path)
    monkeypatch.setattr(workbook, "_MOST_CELLS", 800)
    with pytest.raises(ProductError, match="too many rows or cells"):
        stations.read(path)


def test_a_header_may_stand_below_other_rows_and_a_second_table_is_named(tmp_path):
    path = save(tmp_path, [["Notes"]], [["Pali"], [], *[["x"]] * 90, HEADER, *ROWS], [HEADER, *ROWS])
    ear = Ear()
    (found,) = stations.read(path, progress=ear)
    assert found.values.size == 28
    assert any("The sheet 'Sheet1' is read." in text for text in ear.said) and any("the sheet Sheet2, with" in text for text in ear.said)


def test_many_sheets_in_one_part_are_refused(tmp_path):
    """Each sheet of a spreadsheet is a part of its file; a small file of thousands that are one part would take minutes."""
    path = save(tmp_path, *[[["a", 1]]] * 30, [HEADER, *ROWS])
    assert stations.read(path)[0].values.size == 28
    many = "".join(f'<row r="{n}"><c><v>{n * 7919 % 1000}</v></c></row>' for n in range(1, 3000))

    def all_one(relations):
        for number in range(2, 32):
            relations = relations.replace(f"sheet{number}.xml", "sheet1.xml")
        return relations

    changed(path, workbook_rels=all_one, sheet1=lambda part: re.sub("<sheetData>.*</sheetData>", f"<sheetData>{many}</sheetData>", part))
    with pytest.raises(ProductError, match="sheets are the same part of it many times over"):
        stations.read(path)


def test_a_text_that_many_cells_share_is_counted_in_each(tmp_path, monkeypatch):
    path = save(tmp_path, [[*HEADER, "note"], *([*row, "word " * 6553 + "ab"] for row in ROWS)])
    assert stations.read(path)[0].values.size == 28
    monkeypatch.setattr(workbook, "LARGEST", 27 * 32_767)
    with pytest.raises(ProductError, match="cells have more than 884,709 characters together"):
        stations.read(path)
    monkeypatch.undo()
    longer = {part: lambda content: content.replace("word ab", "word abc") for part in ("sharedStrings", "sheet1")}
    changed(path, **longer)
    with pytest.raises(ProductError, match="a spreadsheet with a cell of 32,768 characters; expected at most 32,767 in a cell"):
        stations.read(path)


def test_columns_are_counted_without_references_too(tmp_path):
    """Cells may come without their places; rows as wide as the widest of them are too many."""
    wide = "<row>" + '<c t="str"><v>x</v></c>' * 16_384 + "</row>"
    rows = wide + "<row><c><v>1</v></c></row>" * 280 + "</sheetData>"
    path = changed(save(tmp_path, [HEADER, *ROWS]), sheet1=lambda part: part.replace("</sheetData>", rows))
    with pytest.raises(ProductError, match="too many rows or cells"):
        stations.read(path)


def test_formulas_without_a_result_are_told(tmp_path):
    """Programs that write spreadsheets do not calculate; a formula whose result is an empty text is one that was calculated."""
    calculated = [HEADER, *ROWS, *([f"2015-05-{day:02d} 06:00", "=A1*2", "A", 31.1, 91.1] for day in (1, 2))]
    ear = Ear()
    (found,) = stations.read(save(tmp_path, calculated), progress=ear)
    assert found.values.size == 28 and any("2 formulas were never calculated: a spreadsheet program does it" in text for text in ear.said)
    path = save(tmp_path, [HEADER, ["2015-04-01 06:00", "=A1*2", "A", 31.1, 91.1]])
    with pytest.raises(ProductError, match=r"1 without a value .*; 1 formula was never calculated: a spreadsheet program does it"):
        stations.read(path)
    for kind, result, size in (("n", "0.25", 29), ("str", "", 28)):
        path = save(tmp_path, [HEADER, *ROWS, ["2015-05-01 06:00", "=A1*2", "A", 31.1, 91.1]])
        cell = f'<c r="B30" t="{kind}"><f>A1*2</f><v>{result}</v></c>'
        changed(path, sheet1=lambda part, cell=cell: re.sub(r'<c r="B30".*?</c>', cell, part))
        ear = Ear()
        (found,) = stations.read(path, progress=ear)
        assert found.values.size == size and not any("never calculated" in text for text in ear.said)


def test_what_holds_no_table_is_said(tmp_path):
    with pytest.raises(ProductError, match="found an empty spreadsheet; expected a table"):
        stations.read(save(tmp_path, [], []))
    path = changed(save(tmp_path, [HEADER, *ROWS]), workbook_rels=lambda part: part.replace("sheet1.xml", "elsewhere.xml"))
    with pytest.raises(ProductError, match="found a spreadsheet without a sheet; expected a table"):
        stations.read(path)
    path = changed(save(tmp_path, [HEADER, *ROWS]), sheet1=lambda part: re.sub('(<c r="B4"[^>]*><v>)0.2', r"\1nan", part))
    with pytest.raises(ProductError, match=r"found a spreadsheet with a cell in row 4 that cannot be read .*'nan'"):
        stations.read(path)
    path = tmp_path / "table.csv"
    path.write_text(",,,\n1,2,3,4\n")
    with pytest.raises(ProductError, match=r"found the columns \(none with a name\); expected"):
        stations.read(path)
