"""Fetching through AppEEARS, NASA's catalogue and SFTP, each played on this computer by its documentation."""

from __future__ import annotations

import json
import os
import stat
import textwrap

import h5py
import numpy as np
import product_files as make
import pytest
from archive_server import PASSWORD, archive
from named_files import export
from small_archive import LOGIN, QUICK, download, files_of, lists_of, logins, secrets_in, stamps

from annsm_plugin.core import downloads, fetching
from annsm_plugin.core.fetching import Login, Logins, appeears, find_logins
from annsm_plugin.core.foundation.errors import ParameterError

LAI = "MCD15A2H.061_500m_aid0001.nc"


@pytest.fixture
def lai(tmp_path):
    """Lists with one request to AppEEARS, and the file that answers it: composites of 18 February to 13 March 2016."""
    downloads.write_lists(tmp_path / "lists", start="2016-03-01", end="2016-03-03", extent=(90, 30, 91, 31), products="LAI")
    path = export(tmp_path / "made", ["2016-02-18", "2016-02-26", "2016-03-05", "2016-03-13"], LAI)
    return tmp_path / "lists", path


def test_appeears_is_asked_once_and_its_file_arrives(lai, tmp_path):
    lists, path = lai
    with archive({LAI: path.read_bytes()}) as there:
        there.polls = 10**6
        first = download(there, tmp_path, lists=lists, wait=0)
        assert first.count("missing") == 1 and "still working" in first.warnings[0]
        there.polls = 1
        second = download(there, tmp_path, lists=lists, wait=1)
        assert (second.count("fetched"), second.count("missing"), len(there.tasks)) == (1, 0, 1)
        handed_in = json.loads((lists / "lai_MCD15A2H_2016.json").read_text())
        assert there.tasks["task-1"]["asked"] == handed_in
        asked = len(there.log)
        third = download(there, tmp_path, lists=lists)
        assert (third.count("there"), third.count("missing"), len(there.log)) == (1, 0, asked)
        # the store of the files is told neither the password nor the token
        for _, _, where, headers in there.log:
            assert ("Authorization" in headers) == (not where.startswith("/api/store")), where
    assert (tmp_path / "data" / "lai" / "MCD15A2H_2016" / LAI).read_bytes() == path.read_bytes()
    assert not secrets_in(tmp_path)


def test_appeears_is_not_asked_for_what_came_by_hand_and_takes_no_other_files_place(lai, tmp_path):
    lists, path = lai
    folder = tmp_path / "data" / "lai" / "MCD15A2H_2016"
    folder.mkdir(parents=True)
    (folder / LAI).write_bytes(path.read_bytes())
    with archive({LAI: path.read_bytes()}) as there:
        assert download(there, tmp_path, lists=lists).count("there") == 1 and not there.log
        old = export(folder.parent / "other", ["2016-05-01"], LAI).read_bytes()  # of another time
        (folder / LAI).write_bytes(old)
        result = download(there, tmp_path, lists=lists, wait=1)
        assert result.count("fetched") == 1
    assert (folder / LAI).read_bytes() == old
    (new,) = (p for p in folder.parent.glob("MCD15A2H_2016_*/*.nc"))
    assert new.read_bytes() == path.read_bytes()


@pytest.mark.parametrize("login", [Login(), Login(token="only-a-token"), Login("reader", "wrong-password")])
def test_appeears_says_what_login_it_needs(lai, tmp_path, login):
    with archive({LAI: b""}) as there, pytest.raises(fetching.Refused) as refused:
        download(there, tmp_path, lists=lai[0], earthdata=login)
    assert "wrong-password" not in str(refused.value) and "only-a-token" not in str(refused.value)
    assert ("none is given" in str(refused.value)) == (not login.password)


@pytest.mark.parametrize(
    ("given", "place"),
    [
        (f"{LAI}?x=\\..\\..\\evil.nc", LAI),
        (f"tile/{LAI}?x=..", f"tile/{LAI}"),
        (f"../a\\b/{LAI}", LAI),
        (f"C%3A%5C{LAI}", None),
        (f"..\\{LAI}", None),
    ],
)
def test_the_name_that_appeears_gives_leads_out_of_no_folder(lai, tmp_path, given, place):
    content = {"file_id": "file-0", "file_name": given}
    assert appeears._good(content) == (place is not None)
    if place is not None:
        assert appeears.place_of(content).as_posix() == place


def test_an_address_of_the_catalogue_that_is_none_is_said_with_its_line(tmp_path):
    lists = lists_of(tmp_path, ["https://cmr.example.org/a", "https://[bad/b"], "smap_search.txt")
    with archive({}) as there, pytest.raises(ParameterError, match=r"smap_search.txt, line 2: 'https://\[bad/b' is no address"):
        download(there, tmp_path, lists=lists)


def smap_files(folder, days, counter="001"):
    """Name -> bytes of SPL3SMP files whose observations are of their own days."""
    folder.mkdir(exist_ok=True)
    found = {}
    for day in days:
        seconds = (np.datetime64(day) - np.datetime64("2000-01-01T12:00")).astype("timedelta64[s]").astype(float) + 3600.0
        path = make.smap(folder, day.replace("-", ""), np.full((406, 964), 0.2), np.full((406, 964), seconds), release="R19240")
        found[path.name.replace("_001", f"_{counter}")] = path.read_bytes()
    return found


def granules(addresses):
    """An answer of the catalogue."""
    data, metadata = ("http://esipfed.org/ns/fedsearch/1.1/data#", "http://esipfed.org/ns/fedsearch/1.1/metadata#")
    other = {"rel": data, "href": "https://x/y.h5", "inherited": True}
    links = [[{"rel": data, "href": a}, {"rel": data, "href": a.replace(".h5", ".qa")}, other, {"rel": metadata, "href": a + ".xml"}]
             for a in addresses]  # fmt: skip
    return json.dumps({"feed": {"entry": [{"title": "a granule", "links": some} for some in links]}}).encode()


def test_the_catalogue_names_what_is_really_there(tmp_path):
    once, again = smap_files(tmp_path / "a", ["2016-03-01", "2016-03-02"]), smap_files(tmp_path / "b", ["2016-03-02"], "002")
    with archive({**once, **again}) as there:
        found = [there.whole(name) for name in (*once, *again)]
        there.files["granules.json"] = granules(found)
        lists = lists_of(tmp_path, [f"{there.url}/granules.json?page_size=2000"], "smap_search.txt")
        there.login = False  # the catalogue asks for none
        assert download(there, tmp_path, lists=lists).count("fetched") == 2
        names = sorted(path.name for path in (tmp_path / "data" / "smap").iterdir())
        assert names == ["SMAP_L3_SM_P_20160301_R19240_001.h5", "SMAP_L3_SM_P_20160302_R19240_002.h5"]


def test_without_the_catalogue_the_likely_names_are_tried(tmp_path):
    files = smap_files(tmp_path / "a", ["2016-03-01"])
    with archive(files, login=False) as there:
        there.files["granules.json"] = b"<html>maintenance</html>"
        lists = lists_of(tmp_path, [f"{there.url}/granules.json"], "smap_search.txt")
        name = next(iter(files))
        (lists / "smap_urls_likely.txt").write_text(f"{there.whole(name)}\n{there.whole(name.replace('0301', '0302'))}\n")
        result = download(there, tmp_path, lists=lists)
    assert (result.count("fetched"), result.count("missing")) == (1, 1)
    assert "catalogue" in result.warnings[0] and "404" in result.warnings[1]


@pytest.mark.parametrize("status", ["401", "403"])
def test_a_catalogue_that_lets_nobody_in_does_not_end_the_login(tmp_path, status):
    files = files_of(tmp_path / "o", stamps(3))
    with archive(files) as there:
        there.public, there.faults["granules.json"] = {"granules.json"}, [status] * 9
        lists = lists_of(tmp_path, [there.subset(name) for name in files])
        lists_of(tmp_path, [f"{there.url}/granules.json"], "smap_search.txt")
        result = download(there, tmp_path, lists=lists)
    assert (result.count("fetched"), result.refused) == (3, None)
    assert f"(error {status})" in result.warnings[0] and "SMAP is left out" in result.warnings[0]


def test_an_archive_that_refuses_one_file_without_asking_for_the_login_does_not_end_it(tmp_path):
    files = files_of(tmp_path / "o", stamps(4))
    first = next(iter(files))
    with archive(files) as there:
        there.public, there.faults[first] = {first}, ["401"] * 9
        result = download(there, tmp_path, connections=1)
    assert (result.count("fetched"), result.count("missing"), result.refused) == (3, 1, None)
    assert first in result.warnings[0] and "(error 401)" in result.warnings[0]


#: Plays OpenSSH's sftp: takes commands from its input, copies from a folder, asks SSH_ASKPASS for the password, and is cut off if told so.
SFTP = """#!{python} -I
import glob, os, shutil, subprocess, sys
home, log = {home!r}, open({log!r}, "a")
log.write(" ".join(sys.argv[1:]) + "\\n")
if "SSH_ASKPASS" in os.environ:
    said = subprocess.run([os.environ["SSH_ASKPASS"], "password: "], capture_output=True, text=True).stdout.strip()
    if said != {password!r}:
        print("reader@host: Permission denied (publickey,password).", file=sys.stderr)
        sys.exit(255)
for line in sys.stdin:
    words = line.split()
    if not words or words[0] != "get":
        continue
    remote, local = words[-2], words[-1].strip('"')
    for path in sorted(glob.glob(home + remote)):
        log.write("get " + os.path.basename(path) + "\\n")
        target = os.path.join(local, os.path.basename(path))
        with open(path, "rb") as source, open(target, "ab") as out:
            source.seek(out.tell())
            content = source.read()
            cut = home + "/cut"
            if os.path.exists(cut):
                os.remove(cut)
                out.write(content[: len(content) // 2])
                print("Connection reset by peer", file=sys.stderr)
                sys.exit(255)
            out.write(content)
"""


@pytest.fixture
def portal(tmp_path, monkeypatch):
    """Lists for AMSR2, G-Portal's folders with the files but one, and an ``sftp`` that gives them."""
    import sys

    downloads.write_lists(
        tmp_path / "lists", start="2016-03-01", end="2016-03-03", extent=(90, 30, 91, 31), products="AMSR", channels="06,36"
    )
    home = tmp_path / "portal"
    for number, line in enumerate((tmp_path / "lists" / "amsr_paths.txt").read_text().split()):
        folder, name = home / line.rpartition("/")[0].lstrip("/"), line.rpartition("/")[2]
        folder.mkdir(parents=True, exist_ok=True)
        if number != 4:
            made = make.amsr(folder, name.split("_")[1], name.split("L3SGT")[1][:2], np.full((720, 1440), 25000))
            made.rename(folder / name.replace("A2220220", "A2230230"))  # another version than the lists know
    program = tmp_path / "bin" / "sftp"
    program.parent.mkdir()
    program.write_text(
        textwrap.dedent(SFTP).format(python=sys.executable, home=str(home), log=str(tmp_path / "sftp.log"), password=PASSWORD)
    )
    program.chmod(program.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    return home


def ask_portal(tmp_path, login):
    request = fetching.DownloadRequest(lists=tmp_path / "lists", folder=tmp_path / "data", table=tmp_path / "t.csv", patience=QUICK)
    return fetching.run(request, logins=Logins(gportal=login))


@pytest.mark.parametrize("login", [LOGIN, Login("reader")], ids=["password", "key"])
def test_amsr_comes_by_sftp_also_after_a_break(portal, tmp_path, login):
    (portal / "cut").write_text("")
    result = ask_portal(tmp_path, login)
    assert (result.count("fetched"), result.count("missing")) == (5, 1) and "does not have it" in result.warnings[0]
    for path in (tmp_path / "data" / "amsr").iterdir():
        with h5py.File(path) as file:
            assert file["Brightness Temperature (V)"][0, 0] == 25000
    log = (tmp_path / "sftp.log").read_text()
    assert "-P 2051" in log and "reader@ftp.gportal.jaxa.jp" in log and "StrictHostKeyChecking=yes" in log
    before = log.count("get ")
    assert ask_portal(tmp_path, login).count("there") == 5
    assert (tmp_path / "sftp.log").read_text().count("get ") == before  # what is there is not asked for again
    (tmp_path / "bin" / "sftp").unlink()
    assert not secrets_in(tmp_path)
    assert not list((tmp_path / "data").rglob(".*"))


def test_what_sftp_needs_is_said(portal, tmp_path, monkeypatch):
    with pytest.raises(fetching.Refused, match="refused the login"):
        ask_portal(tmp_path, Login("reader", "wrong"))
    assert "GPORTAL" in ask_portal(tmp_path, Login()).warnings[0]
    monkeypatch.setenv("PATH", "/nowhere")
    assert "the program sftp" in ask_portal(tmp_path, LOGIN).warnings[0]


def test_where_logins_are_found(tmp_path):
    netrc = "machine urs.earthdata.nasa.gov login anna password s3cret\nmachine ftp.gportal.jaxa.jp login ken password k3y\n"
    (tmp_path / ".netrc").write_text(netrc)
    home = {"HOME": str(tmp_path)}
    found = find_logins(environment=home)
    assert (found.earthdata, found.gportal) == (Login("anna", "s3cret"), Login("ken", "k3y"))
    assert find_logins(environment={**home, "EARTHDATA_TOKEN": "t"}).earthdata == Login(token="t")
    named = find_logins(environment={**home, "EARTHDATA_USERNAME": "a", "EARTHDATA_PASSWORD": "b", "GPORTAL_USERNAME": "g"})
    assert (named.earthdata, named.gportal) == (Login("a", "b"), Login("g"))
    assert find_logins(Login("x", "y"), environment=home).earthdata == Login("x", "y")
    assert not find_logins(environment={"HOME": str(tmp_path / "none")}).earthdata
    (tmp_path / ".netrc").write_text("machine urs.earthdata.nasa.gov login anna passwort s3cret\n")
    with pytest.raises(ParameterError, match="line 1") as refused:
        find_logins(environment=home)
    assert "s3cret" not in str(refused.value)


def test_a_user_without_a_home_has_no_netrc(monkeypatch, tmp_path):
    """As in a container that runs under a number without a name."""
    (tmp_path / "~").mkdir()
    (tmp_path / "~" / ".netrc").write_text("machine urs.earthdata.nasa.gov login anna password s3cret\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("os.path.expanduser", str)
    assert not find_logins(environment={}).earthdata


def test_logins_can_be_led_to_this_computer_alone():
    assert find_logins(environment={"ANNSM_EARTHDATA_LOGIN": "http://127.0.0.1:8000"}).host == "127.0.0.1:8000"
    for address in ("https://example.org", "http://127.0.0.1.example.org:80", "http://example.org/127.0.0.1:80"):
        with pytest.raises(ParameterError, match="expected an address on this computer"):
            find_logins(environment={"ANNSM_EARTHDATA_LOGIN": address})
    assert find_logins(environment={}).host == "urs.earthdata.nasa.gov"


def test_gldas_whole_files_are_taken_where_asked(tmp_path):
    files = {name.replace(".SUB.nc4", ""): content for name, content in files_of(tmp_path / "o", stamps(2)).items()}
    with archive(files) as there:
        lists = lists_of(tmp_path, [there.whole(name) for name in files], "gldas_file_urls.txt")
        assert download(there, tmp_path, lists=lists, gldas="whole").count("fetched") == 2
        with pytest.raises(ParameterError, match="name anything"):
            download(there, tmp_path, lists=lists)
    assert logins(there).earthdata == LOGIN
