"""Downloads and tables of stations built to hurt or damaged: one sentence, within two seconds and 500 MB; a bad file costs itself."""

import io
import zipfile

import hurtful_files as hurt
import pandas as pd
import pytest

from annsm_plugin.core import stations
from annsm_plugin.core.foundation.errors import ProductError
from annsm_plugin.core.foundation.progress import Progress
from annsm_plugin.core.stations.tables import text

READ, PREPARE = "stations.read(path, progress=noting)", "from annsm_plugin.core import stations; import pandas, openpyxl"
FIRST = b"MAQU MAQU CST_01 33.5 102.1 3431 0.05 0.05 X\n"
LINE = b"2010/05/01 00:00 0.2345 G M\n"
MIB = 2**20


def named(number: int) -> str:
    return f"MAQU/CST_{number:04d}/MAQU_MAQU_CST_{number:04d}_sm_0.050000_0.050000_X_20100501_20101231.stm"


def good(lines: int = 24) -> bytes:
    return FIRST + b"".join(b"2010/05/%02d %02d:00 0.%02d G M\n" % (1 + n // 24, n % 24, n % 40) for n in range(lines))


LARGE = [(FIRST, 1), (LINE * 20_000, 37)]
ZIPS = {
    "zeros": {named(0): [(bytes(MIB), 1024)]},
    "lines": {named(0): [(FIRST, 1), (LINE * 20_000, 2000)]},
    "zeros within the size": {named(0): [(bytes(MIB), 60)]},
    "a thousand of 20 MiB": {named(n): LARGE for n in range(1000)},
}


@pytest.mark.parametrize("kind", ZIPS)
def test_a_download_that_unpacks_to_gigabytes(tmp_path, kind):
    path = hurt.zip_of(tmp_path / "Data_x.zip", ZIPS[kind])
    hurt.assert_refused(hurt.measured(path, READ, PREPARE), "Data_x.zip", "unreadable station files", "archive member of")


def test_a_member_that_is_larger_than_declared(tmp_path):
    path = hurt.zip_of(tmp_path / "Data_x.zip", {named(0): [(bytes(MIB), 1024)]}, {named(0): 5000})
    hurt.assert_refused(hurt.measured(path, READ, PREPARE), "Data_x.zip")


def test_zips_in_a_zip_are_not_unpacked(tmp_path):
    inner = hurt.zip_of(tmp_path / "inner.zip", {named(0): [(bytes(MIB), 1024)]}).read_bytes()
    for name, words in (("inner.zip", "no soil-moisture station file"), (named(0), "unreadable station files")):
        path = hurt.zip_of(tmp_path / "Data_x.zip", {name: [(inner, 1)]})
        hurt.assert_refused(hurt.measured(path, READ, PREPARE), "Data_x.zip", words)


def test_names_of_members_lead_nowhere(tmp_path):
    """Members are read from memory under whatever name; nothing is written."""
    path = tmp_path / "in" / "Data_x.zip"
    path.parent.mkdir()
    climbing = [f"../../{named(0)}", f"/{named(1)}", "C:\\x\\" + named(2).rpartition("/")[2]]
    hurt.zip_of(path, {name: [(good(), 1)] for name in climbing})
    assert [s.values.size for s in stations.read(path)] == [24, 24, 24]
    assert sorted(tmp_path.rglob("*")) == [path.parent, path]


def test_a_bad_file_among_many_costs_itself(tmp_path):
    members = {named(n): [(good(), 1)] for n in range(3)} | {named(3): [(bytes(MIB), 1024)], named(4): [(b"\x01\x02", 9)]}
    path = hurt.zip_of(tmp_path / "Data_x.zip", members)
    found = hurt.measured(path, "[s.values.size for s in stations.read(path, progress=noting)]", PREPARE)
    assert found["said"] == "[24, 24, 24]" and len(found["told"]) == 2 and found["peak"] < hurt.MEGABYTES
    folder = tmp_path / "downloads"
    folder.mkdir()
    path.rename(folder / "Data_x.zip")
    (folder / "Data_y.zip").write_bytes((folder / "Data_x.zip").read_bytes()[:2000])
    found = hurt.measured(folder, "[s.values.size for s in stations.read(path, progress=noting)]", PREPARE)
    assert found["said"] == "[24, 24, 24]" and any("Data_y.zip" in told for told in found["told"])


def test_a_million_members_and_members_that_overlap(tmp_path):
    path = hurt.million_members(tmp_path / "Data_x.zip")
    hurt.assert_refused(hurt.measured(path, READ, PREPARE), "Data_x.zip", "members")
    path = hurt.million_members(tmp_path / "Data_z.zip", 100_000)
    hurt.assert_refused(hurt.measured(path, READ, PREPARE), "Data_z.zip", "2000 unreadable station files")
    once = hurt.zip_of(tmp_path / "once.zip", {named(0): [(good(), 1)]}).read_bytes()
    start, end = once.index(b"PK\x01\x02"), once.index(b"PK\x05\x06")
    many = once[:start] + once[start:end] * 60_000 + once[end:]
    many = many[:-10] + ((end - start) * 60_000).to_bytes(4, "little") + start.to_bytes(4, "little") + bytes(2)
    path.write_bytes(many)
    hurt.assert_refused(hurt.measured(path, READ, PREPARE), "Data_z.zip", "overlap")


@pytest.mark.parametrize("way", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_compressions(tmp_path, way):
    path = tmp_path / "Data_x.zip"
    with zipfile.ZipFile(path, "w", way) as file:
        file.writestr(named(0), good())
    assert stations.read(path)[0].values.size == 24
    with zipfile.ZipFile(path, "w", way) as file:
        file.writestr(named(0), bytes(60 * MIB))
    hurt.assert_refused(hurt.measured(path, READ, PREPARE), "Data_x.zip", "unpack to")


def test_what_the_library_does_not_know(tmp_path):
    whole = hurt.zip_of(tmp_path / "a.zip", {named(0): [(good(), 1)]}).read_bytes()
    at = whole.index(b"PK\x01\x02")
    for place, content in ((at + 6, b"\xff\xff"), (at + 10, b"\x63\0"), (at + 8, b"\x01\x08"), (at + 16, b"\0\0\0\0"), (30, b"\xff\xfe")):
        path = tmp_path / "Data_x.zip"
        path.write_bytes(whole[:place] + content + whole[place + len(content) :])
        with pytest.raises(ProductError, match=r"Data_x\.zip"):
            stations.read(path)


def test_a_file_of_holes_or_of_empty_lines(tmp_path):
    path = tmp_path / named(0).rpartition("/")[2]
    with open(path, "wb") as file:
        file.truncate(6 * 1024 * MIB)
    hurt.assert_refused(hurt.measured(path, READ, PREPARE), path.name, "more than 67 MB")
    for lines in (b"\n" * 30 * MIB + b"x", b"x\n" * 1_900_000, (b"x" + b" y" * 1000 + b"\n") * 30_000):
        path.write_bytes(FIRST + lines)
        hurt.assert_refused(hurt.measured(path, READ, PREPARE), path.name)


@pytest.mark.parametrize("day", ["NaT", "today", "now", "2010", "99999999999/01/01"])
def test_a_date_is_a_date(tmp_path, day):
    path = tmp_path / named(0).rpartition("/")[2]
    path.write_bytes(good() + f"{day} 00:00 0.3 G M\n".encode())
    (found,) = stations.read(path)
    assert found.values.size == 24 and found.rejected == 1


ROW = b'<row r="%d"><c r="A%d"><v>42095</v></c><c r="B%d"><v>0.2</v></c></row>'
ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "' + b"a" * 5000 + b'">]><sst xmlns="x"><si><t>' + b"&a;" * 5000 + b"</t></si></sst>"
)
SHEETS = {
    "2 million rows": (b'<row ><c ><v>0.2</v></c><c t="n"><v>1</v></c></row>', 2_000_000, {}),
    "a row far below": (ROW % ((10**9,) * 3), 1, {}),
    "rows of another name": (b"<row><c/><c/></row>", 1_300_000, {}),
    "a table as wide as long": (b'<row><c r="XFD1"><v>1</v></c></row>', 20_000, {}),
    "a document type": (b"", 1, {"styles": ENTITIES}),
    "a tree of a million leaves": (b"", 1, {"styles": b"<a>" + b"<b/>" * 3_000_000 + b"</a>"}),
    "a deep tree": (b"", 1, {"styles": b"<a>" * 300_000 + b"</a>" * 300_000}),
    "a part of 1 GiB": (bytes(MIB), 1024, {}),
    "cells that share a text": (
        b'<row><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>',
        2000,
        {"sharedStrings": b'<sst xmlns="%s"><si><t>' % hurt.NAMESPACE + b"ab " * 340_000 + b"</t></si></sst>"},
    ),
    "two roots": (b"", 1, {"workbook": b"<a/><b/>"}),
    "another encoding": (b"", 1, {"sheet1": "<a/>".encode("utf-16")}),
}


@pytest.mark.parametrize("kind", SHEETS)
def test_spreadsheets_built_to_hurt(tmp_path, kind):
    rows, times, parts = SHEETS[kind]
    path = hurt.spreadsheet(tmp_path / "table.xlsx", rows, times, **parts)
    hurt.assert_refused(hurt.measured(path, READ, PREPARE), "table.xlsx", "spreadsheet")


def test_many_parts_that_are_small_by_themselves(tmp_path):
    path = hurt.spreadsheet(tmp_path / "table.xlsx", b"")
    with zipfile.ZipFile(path) as file:
        parts = {name: [(file.read(name), 1)] for name in file.namelist()}
    more = {f"xl/worksheets/more{n}.xml": [(b"<a>", 1), (b"<b/>" * 100_000, 8), (b"</a>", 1)] for n in range(40)}
    hurt.assert_refused(hurt.measured(hurt.zip_of(path, {**parts, **more}), READ, PREPARE), "table.xlsx", "too many rows or cells")
    hurt.zip_of(path, parts)
    with zipfile.ZipFile(path, "a") as file, pytest.warns(UserWarning, match="Duplicate name"):
        file.writestr("xl/worksheets/sheet1.xml", parts["xl/worksheets/sheet1.xml"][0][0])
    hurt.assert_refused(hurt.measured(path, READ, PREPARE), "table.xlsx", "more than one part xl/worksheets/sheet1.xml")


HEADER = "time,soil_moisture,station,lat,lon\n"
GOOD = HEADER + "".join(f"2015-04-{d:02d} 00:00,0.2,A,31.1,91.1\n" for d in range(1, 29))
TABLES = {
    "a field of 131 KB": (GOOD + "2015-04-29 00:00,0.2," + "A" * 132_000 + ",31.1,91.1\n", "a line of more than"),
    "a million columns": (HEADER.strip() + ",x" * 1_000_000 + "\n", "a line of more than"),
    "40 million lines": ("a\n" * 40_000_000, "lines"),
    "3 million lines of something": ("a,b\n" * 2_900_000, "'time'"),
    "a file of holes": (None, "more than 134 MB"),
    "values twice": (GOOD.replace("soil_moisture,", "soil_moisture, soil_moisture,").replace("0.2,", "0.2,0.3,"), "2 columns of this name"),
    "times twice": (GOOD.replace("time,", "time,time ,").replace("2015-", "x,2015-"), "2 columns of this name"),
    "the same name twice": (GOOD.replace("lat,", "lat,lat,").replace("31.1,", "31.1,31.1,"), "2 columns of this name"),
    "endless numbers as times": (HEADER + "inf,0.2,A,31.1,91.1\n-inf,0.2,A,31.1,91.1\n", "2 without a time"),
    "open quotes": (HEADER + '"' + "2015-04-01 00:00,0.2,A,31.1,91.1\n" * 1000, "cannot be read"),
    "a wide header over short rows": (GOOD.replace("lon\n", "lon" + ",x" * 40_000 + "\n") + GOOD[len(HEADER) :] * 300, "40,005 columns"),
    "infinite places": (GOOD.replace("31.1", "inf"), "lat"),
}


@pytest.mark.parametrize("kind", TABLES)
def test_tables_built_to_hurt(tmp_path, kind):
    content, words = TABLES[kind]
    path = tmp_path / "table.csv"
    with open(path, "w") as file:
        file.truncate(10**10) if content is None else file.write(content)
    hurt.assert_refused(hurt.measured(path, READ, PREPARE), "table.csv", words)


def test_cells_are_counted_while_rows_are_read(tmp_path, monkeypatch):
    """Short rows are kept as long as the header: what counts is rows times columns."""
    monkeypatch.setattr(text, "MOST_CELLS", 28 * 7)
    path = tmp_path / "table.csv"
    path.write_text(GOOD.replace("lon\n", "lon,a,b\n"))
    assert stations.read(path)[0].values.size == 28
    path.write_text(GOOD.replace("lon\n", "lon,a,b,c\n"))
    with pytest.raises(ProductError, match="a table of 8 columns that has more than 24 rows; expected at most 196 cells"):
        stations.read(path)


def test_a_column_that_is_not_read_may_be_there_twice(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text(GOOD.replace("lon\n", "lon,note,note\n").replace("91.1\n", "91.1,x,y\n"))
    assert stations.read(path)[0].values.size == 28


def zipped() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as file:
        for number in range(3):
            file.writestr(named(number), good(60))
    return kept.getvalue()


def excel() -> bytes:
    kept = io.BytesIO()
    pd.read_csv(io.StringIO(GOOD)).to_excel(kept, index=False)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("name", "whole"),
    [("Data_x.zip", zipped()), ("table.xlsx", excel()), ("table.csv", GOOD.encode()), (named(0).rpartition("/")[2], good(60))],
    ids=["zip", "xlsx", "csv", "stm"],
)
def test_random_damage(tmp_path, name, whole):
    path, refused = tmp_path / name, 0
    for seed in range(300):
        path.write_bytes(hurt.spoiled(whole, seed))
        try:
            found = stations.read(path, progress=Progress())
        except ProductError as error:
            refused += 1
            assert name in str(error) and "\n" not in str(error), seed
        else:
            assert found and all(((s.values >= 0) & (s.values <= 1)).all() for s in found)
    assert refused > 20
