"""Missing days: the table, the report's ranges, the sentence and the calendar count the same days, and each day once."""

import datetime
import re

import h5py
import numpy as np
import pytest

from annsm_plugin.core import products
from annsm_plugin.core.inventory import write_report
from annsm_plugin.core.inventory.calendar import MISSING, states
from annsm_plugin.core.products import coverage


def put(folder, date, version="R18290_001", content=None):
    path = folder / f"SMAP_L3_SM_P_{str(date).replace('-', '')}_{version}.h5"
    if content is not None:
        path.write_bytes(content)
        return
    with h5py.File(path, "w") as file:
        file["x"] = np.arange(2000)


def report(tmp_path, found, unit="days"):
    """Cells of the report's table of missing days (or composites), and the number in its heading."""
    page = write_report(tmp_path / "r.html", found).read_text()
    heading = re.search(rf"Missing {unit}: (\d+)", page)
    if not heading:
        return [], 0
    part = page[heading.end() :]
    part = part[: part.index("</table>")]
    rows = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in re.findall(r"<tr>(.*?)</tr>", part, re.S)]
    return [row for row in rows if row], int(heading.group(1))


@pytest.mark.parametrize("seed", range(4))
def test_all_of_them_say_the_same(tmp_path, seed):
    """Random days of two versions, some unreadable: counted here by hand from the names."""
    random = np.random.default_rng(seed)
    folder = tmp_path / "in"
    folder.mkdir()
    days = np.arange("2015-04-01", "2015-06-10", dtype="datetime64[D]")
    there: dict = {}
    for day in days:
        kind = random.choice(["old", "new", "broken", "none"], p=[0.4, 0.3, 0.1, 0.2])
        if kind != "none":
            version = "R18290_001" if kind == "old" else "R19240_001"
            put(folder, day, version, b"" if kind == "broken" else None)
            there.setdefault(version[:6], []).append(day)
    found = products.inventory(folder)
    everything = set(there["R18290"]) | set(there["R19240"])
    version_of = {day: version for version, mine in there.items() for day in mine}
    expected: dict = {"R18290": [], "R19240": []}
    for day in np.arange(min(everything), max(everything) + 1):
        if day in everything:
            last = version_of[day]
        else:
            expected[last].append(day)
    rows = {row["version"]: row for row in found.rows()}
    assert {v: rows[v]["missing"] for v in rows} == {v: len(lacking) for v, lacking in expected.items()}
    table, heading = report(tmp_path, found)
    assert heading == sum(row["missing"] for row in rows.values()) == sum(int(cells[3]) for cells in table)
    for version, lacking in expected.items():
        ranges = [cells for cells in table if version in cells[0]]
        covered = [d for cells in ranges for d in np.arange(cells[1], np.datetime64(cells[2]) + 1, dtype="datetime64[D]")]
        assert covered == lacking
        assert all((np.datetime64(b) - np.datetime64(a)).astype(int) + 1 == int(n) for _, a, b, n in ranges)
    for group in coverage.groups(found):
        words = f"{len(expected[group.version])} days without a file"
        assert (words in group.sentence()) == bool(expected[group.version])
    (together,) = coverage.groups(found, together=True)
    assert (states(together)[0] == MISSING).sum() == heading == len(together.missing)
    assert len(together.have) + len(together.broken) + heading == (max(everything) - min(everything)).astype(int) + 1  # each day once


def test_a_day_of_another_version_is_not_missing(tmp_path):
    for day, version in (("2015-04-01", "R17000_001"), ("2015-04-02", "R18290_001"), ("2015-04-04", "R17000_001")):
        put(tmp_path, day, version)
    old, new = coverage.groups(products.inventory(tmp_path))
    assert (old.version, old.missing) == ("R17000", [])
    assert (new.version, new.missing) == ("R18290", [datetime.date(2015, 4, 3)])  # the version before it, once


def test_a_gap_between_two_versions_is_missing(tmp_path):
    for day, version in (("2015-04-01", "R17000_001"), ("2015-04-05", "R18290_001"), ("2015-04-06", "R18290_001")):
        put(tmp_path, day, version)
    old, new = coverage.groups(products.inventory(tmp_path))
    assert old.missing_ranges() == [(datetime.date(2015, 4, 2), datetime.date(2015, 4, 4))] and not new.missing


def test_a_gap_of_leaf_area_index_counts_composites(tmp_path):
    for day in ("2016001", "2016009", "2016049"):
        path = tmp_path / f"MCD15A2H.061_Lai_500m_doy{day}_aid0001.tif"
        path.write_bytes(b"II*\0\x08\0\0\0" + bytes(200))
    found = products.inventory(tmp_path)
    assert report(tmp_path, found) == ([], 0)
    table, heading = report(tmp_path, found, "composites")
    assert table == [["lai MCD15A2H 061", "2016-01-17", "2016-02-10", "4"]] and heading == 4
    assert "4 composites without a file (2016-01-17 to 2016-02-10)" in found.summary()[0]


def test_nothing_missing_says_nothing(tmp_path):
    for day in ("2015-04-01", "2015-04-02"):
        put(tmp_path, day)
    assert report(tmp_path, products.inventory(tmp_path)) == ([], 0)


def test_more_ranges_than_are_shown_keep_the_number_of_days(tmp_path, monkeypatch):
    monkeypatch.setattr("annsm_plugin.core.inventory.report.KEPT_ROWS", 3)
    for day in range(1, 30, 3):
        put(tmp_path, f"2015-04-{day:02d}")
    table, heading = report(tmp_path, products.inventory(tmp_path))
    assert len(table) == 3 and heading == 18
    assert "in 9 ranges. The first 3 of them:" in (tmp_path / "r.html").read_text()
