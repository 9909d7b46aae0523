"""Downloads from archives on loopback that behave as the real ones do: everything arrives whole, once, and no secret is left anywhere."""

from __future__ import annotations

import csv
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from archive_server import NAME, PASSWORD, TOKEN, archive
from small_archive import LOGIN, QUICK, download, files_of, lists_of, secrets_in, stamps

from annsm_plugin.core import fetching, products
from annsm_plugin.core.fetching import Login
from annsm_plugin.core.foundation.errors import Cancelled, ParameterError
from annsm_plugin.core.foundation.progress import Progress

MANY = 120


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Name -> bytes of good subsets."""
    return files_of(tmp_path_factory.mktemp("originals"), stamps(MANY))


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """Name -> bytes of three subsets that are worth going on with."""
    values = np.random.default_rng(1).uniform(5.0, 40.0, (180, 180))
    return files_of(tmp_path_factory.mktemp("large"), stamps(3), values)


def test_all_faults_at_once_and_everything_arrives_whole(files, tmp_path):
    kinds = ["429", "503", "500", "cut", "cut early", "short", "html", "html as data", "empty", "slow", "other"]
    with archive(files, login=True, retry_after="0") as there:
        for number, name in enumerate(files):
            there.faults[name] = [kinds[number % len(kinds)]] if number % 2 else []
        there.slowness = 0.001
        result = download(there, tmp_path, connections=4)
        assert (result.count("fetched"), result.count("missing")) == (MANY, 0), result.warnings
        folder = tmp_path / "data" / "gldas"
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == files
        assert there.most <= 4
        # each was asked for once, and once more for its fault
        assert all(there.asked[name] == 1 + (number % 2 and kinds[number % len(kinds)] != "slow") for number, name in enumerate(files))
        before = there.asked.total() if hasattr(there.asked, "total") else sum(there.asked.values())
        again = download(there, tmp_path)
        assert (again.count("there"), again.count("fetched"), sum(there.asked.values())) == (MANY, 0, before)
        # one login for all, its password shown to the login host alone, never to the archive, never in an address
        assert sum(place == "login" for place, *_ in there.log) == 1
        assert not [headers for place, _, _, headers in there.log if place == "data" and "Authorization" in headers]
        assert not [path for _, _, path, _ in there.log if PASSWORD in path or NAME in path]
    assert not [p.name for p in (tmp_path / "data").rglob("*") if p.name.startswith(".")]
    assert not secrets_in(tmp_path)
    rows = list(csv.DictReader((tmp_path / "table.csv").open()))
    assert len(rows) == MANY and {row["state"] for row in rows} == {"there"}


def test_a_cut_file_is_gone_on_with_where_it_was_cut_off(large, tmp_path):
    name = next(iter(large))
    with archive(large) as there:
        there.faults[name] = ["cut", "cut"]
        assert download(there, tmp_path).count("fetched") == 3
        assert there.asked[name] == 3
        # two thirds, two thirds of the rest, the rest: all in all not more than the file
        assert there.served[name] == len(large[name])
    assert (tmp_path / "data" / "gldas" / name).read_bytes() == large[name]


@pytest.mark.parametrize("way", ["no ranges", "changed", "no length"])
def test_a_cut_file_is_fetched_anew_where_it_cannot_be_gone_on_with(large, tmp_path, way):
    name = next(iter(large))
    with archive(large, ranges=way != "no ranges") as there:
        there.faults[name] = ["changed" if way == "changed" else "", "cut"] if way == "changed" else ["cut"]
        if way == "changed":
            there.faults[name] = ["cut", "changed"]
        there.lengths = way != "no length"
        assert download(there, tmp_path).count("missing") == 0
    assert (tmp_path / "data" / "gldas" / name).read_bytes() == large[name]


def test_a_run_that_is_cancelled_stops_at_once_and_the_next_loses_nothing(files, tmp_path):
    class Stop(Progress):
        def __init__(self):
            self.when = None

        def report(self, fraction, text=""):
            if fraction > 0.15 and self.when is None:
                self.when = time.monotonic()

        def cancelled(self):
            return self.when is not None

    with archive(files) as there:
        there.delay = 0.01
        stop = Stop()
        with pytest.raises(Cancelled):
            download(there, tmp_path, progress=stop)
        assert time.monotonic() - stop.when < 5.0  # far less than the time limits of the network
        whole = [p.name for p in (tmp_path / "data" / "gldas").iterdir() if not p.name.startswith(".")]
        assert 0 < len(whole) < MANY
        assert all((tmp_path / "data" / "gldas" / name).read_bytes() == files[name] for name in whole)
        asked = dict(there.asked)
        result = download(there, tmp_path)
        assert result.count("missing") == 0 and result.count("there") >= len(whole)
        assert all(there.asked[name] == asked[name] for name in whole)
    assert {p.name: p.read_bytes() for p in (tmp_path / "data" / "gldas").iterdir()} == files


def test_an_archive_that_says_nothing_does_not_hold_up_a_cancelled_run(files, tmp_path):
    flag = threading.Event()

    class Stop(Progress):
        def cancelled(self):
            return flag.is_set()

    with archive(files) as there:
        there.always = "hang"
        threading.Timer(0.5, flag.set).start()
        began = time.monotonic()
        with pytest.raises(Cancelled):
            download(there, tmp_path, progress=Stop())
        assert time.monotonic() - began < 8.0


def test_a_pause_that_the_archive_asks_for_is_kept_by_all(files, tmp_path):
    few = dict(list(files.items())[:6])
    with archive(few, login=False, retry_after="1") as there:
        there.always = "429"
        threading.Timer(0.5, setattr, (there, "always", "")).start()
        began = time.monotonic()
        assert download(there, tmp_path).count("fetched") == 6
        assert time.monotonic() - began >= 1.0
        # one alone asks until the archive has answered it, and during the pause nobody does
        assert len(there.log) == 7


SAID = {
    "eula": "EULA",
    "404": "does not have it (error 404)",
    "html": "web page instead of data",
    "short": "cut off",
    "503": "busy (error 503) (2 tries)",
    "other": "as the name says",
}


@pytest.mark.parametrize("fault", SAID)
def test_what_cannot_be_had_is_named_with_the_reason(files, tmp_path, fault):
    few = dict(list(files.items())[:5])
    bad = list(few)[2]
    with archive(few, login=False, retry_after="0") as there:
        there.faults[bad] = [fault] * 9
        result = download(there, tmp_path, tries=2)
    assert (result.count("fetched"), result.count("missing")) == (4, 1)
    (warning,) = result.warnings
    assert SAID[fault] in warning and bad in warning and len(warning) < 500
    assert not (tmp_path / "data" / "gldas" / bad).exists()
    assert not [p for p in (tmp_path / "data").rglob("*") if p.name.startswith(".")]


@pytest.mark.parametrize("login", [None, Login("reader", "wrong-password"), Login(token="wrong-token")])
def test_a_refused_login_stops_after_one_question(files, tmp_path, login):
    with archive(files) as there:
        with pytest.raises(fetching.Refused) as refused:
            download(there, tmp_path, earthdata=login or Login(), wait=0)
        assert sum(place == "login" for place, *_ in there.log) <= 2
        assert len(there.log) < 12
    text = str(refused.value)
    assert ("none is given" in text) if login is None else ("refused the Earthdata login" in text)
    assert "wrong" not in text and "code=" not in text
    assert not secrets_in(tmp_path, "wrong-password", "wrong-token")
    assert (tmp_path / "table.csv").is_file()


def test_an_archive_without_end_of_errors_is_given_up(files, tmp_path):
    with archive(files, login=False, retry_after="") as there:
        there.always = "500"
        result = download(there, tmp_path)
        assert sum(there.asked.values()) < 60  # not 120 files of 5 tries
    assert result.count("missing") == MANY and any("errors in a row" in w for w in result.warnings)


@pytest.mark.parametrize("archive_takes_it", [False, True])
def test_a_token_is_shown_to_the_login_host_first_and_to_the_archive_if_it_must(files, tmp_path, archive_takes_it):
    few = dict(list(files.items())[:4])
    with archive(few) as there:
        there.takes_token, there.bearer_at_login = archive_takes_it, not archive_takes_it
        assert download(there, tmp_path, earthdata=Login(token=TOKEN)).count("fetched") == 4
        shown = [place for place, _, _, headers in there.log if "Authorization" in headers]
        assert shown[0] == "login" and ("data" in shown) == archive_takes_it
    assert not secrets_in(tmp_path)


def test_a_token_never_goes_to_a_foreign_host():
    known = fetching.Logins(Login(token=TOKEN))
    assert known.takes_token("data.nsidc.earthdatacloud.nasa.gov") and known.takes_token("data.gesdisc.earthdata.nasa.gov")
    for host in ("example.org", "earthdata.nasa.gov.example.org", "127.0.0.1:80", "localhost", "nasa.gov", "evil-earthdata.nasa.gov.org"):
        assert not known.takes_token(host), host
    assert TOKEN not in repr(known) and TOKEN not in str(Login("a", "b", TOKEN))


def test_files_that_are_there_are_not_asked_for_and_broken_ones_are(files, tmp_path):
    few = dict(list(files.items())[:4])
    names = list(few)
    folder = tmp_path / "data" / "gldas"
    (folder / "2016").mkdir(parents=True)
    # in a sub-folder, under the name of the whole file; cut off; a web page
    (folder / "2016" / names[0].replace(".SUB.nc4", "")).write_bytes(few[names[0]])
    (folder / names[1]).write_bytes(few[names[1]][:2000])
    (folder / names[2]).write_bytes(b"<html>log in</html>")
    with archive(few) as there:
        result = download(there, tmp_path)
        assert (result.count("there"), result.count("fetched")) == (1, 3)
        assert there.asked[names[0]] == 0
    assert all((folder / name).read_bytes() == few[name] for name in names[1:])


def test_two_runs_do_not_write_one_folder(files, tmp_path):
    from annsm_plugin.core.foundation import store
    from annsm_plugin.core.foundation.errors import AnnsmError

    failed = []
    with archive(dict(list(files.items())[:2])) as there:
        (tmp_path / "data").mkdir()

        def run():
            try:
                download(there, tmp_path)
            except AnnsmError as error:
                failed.append(str(error))

        with store.held(tmp_path / "data" / "download"):
            thread = threading.Thread(target=run)
            thread.start()
            thread.join()
    assert "is being written by another run" in failed[0]


BAD_LISTS = {
    "https://example.org/evil.sh": "leads to no file of GLDAS",
    "https://example.org/GLDAS_NOAH025_3H.A20160101.0000.021.nc4?BBOX=30,90,east": r"line 1: BBOX is '30,90,east'; expected south,west,",
    "https://[bad/GLDAS_NOAH025_3H.A20160101.0000.021.nc4": r"gldas_subset_urls.txt, line 1: .* is no address",
    "https://example.org/..%2F..%2FGLDAS_NOAH025_3H.A20160101.0000.021.nc4": "",
    "https://example.org/GLDAS_NOAH025_3H_EP.A20160101.0000.021.nc4": "early product",
    "https://example.org/x?LABEL=../../GLDAS_NOAH025_3H.A20160101.0000.021.nc4": "leads to no file of GLDAS",
}


@pytest.mark.parametrize("line", BAD_LISTS)
def test_lists_are_read_with_care(tmp_path, line):
    lists = lists_of(tmp_path, [line])
    request = fetching.DownloadRequest(lists=lists, folder=tmp_path / "data", table=tmp_path / "t.csv")
    if BAD_LISTS[line]:
        with pytest.raises(ParameterError, match=BAD_LISTS[line]):
            fetching.check(request)
    else:
        (item,) = fetching.check(request).items
        assert item.path.parent == tmp_path / "data" / "gldas"


def test_only_encrypted_addresses_are_asked(tmp_path):
    lists = lists_of(tmp_path, ["http://example.org/GLDAS_NOAH025_3H.A20160101.0000.021.nc4"])
    result = fetching.run(fetching.DownloadRequest(lists=lists, folder=tmp_path / "data", table=tmp_path / "t.csv", patience=QUICK))
    assert "expected an address with https" in result.warnings[0]


def test_lists_of_a_run_that_was_stopped_are_refused(tmp_path):
    lists = lists_of(tmp_path, [])
    (lists / "README.txt").unlink()
    with pytest.raises(ParameterError, match="was stopped"):
        fetching.check(fetching.DownloadRequest(lists=lists, folder=tmp_path / "data", table=tmp_path / "t.csv"))
    with pytest.raises(ParameterError, match="holds no lists"):
        fetching.check(fetching.DownloadRequest(lists=tmp_path, folder=tmp_path / "data", table=tmp_path / "t.csv"))


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("gldas_subset_urls.txt", r"must end in \.csv"),
        ("README.txt", r"must end in \.csv"),
        ("gldas.csv", "is a folder"),
        (f"{'x' * 300}.csv", "has 304 bytes"),
        ("gldas/new/t.csv", "does not exist"),
    ],
)
def test_a_table_among_the_lists_is_checked_before_anything_is_fetched(tmp_path, table, said):
    lists = lists_of(tmp_path, ["https://example.org/GLDAS_NOAH025_3H.A20160101.0000.021.nc4"])
    (lists / "gldas.csv").mkdir()
    before = {path.name: path.read_bytes() for path in lists.iterdir() if path.is_file()}
    with pytest.raises(ParameterError, match=said):
        fetching.check(fetching.DownloadRequest(lists=lists, folder=lists, table=lists / table))
    assert {path.name: path.read_bytes() for path in lists.iterdir() if path.is_file()} == before
    new = tmp_path / "new"
    assert fetching.check(fetching.DownloadRequest(lists=lists, folder=new, table=tmp_path / "lists" / ".." / "new" / "t.csv")).items
    assert not new.exists()


def test_what_was_fetched_is_what_the_inventory_finds(files, tmp_path):
    few = dict(list(files.items())[:8])
    with archive(few) as there:
        download(there, tmp_path)
    found = products.inventory(tmp_path / "data")
    assert {Path(e.path).name for e in found.of("gldas")} == set(few) and not found.unreadable
    assert LOGIN.name == NAME
