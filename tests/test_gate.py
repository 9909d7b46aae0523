"""What the plugin repository checks of an uploaded zip, on the zip of ``make package``; the rules are those of its upload form and scan.

Refused outright: a zip over 25 MB, paths out of it, compiled files, hidden folders of tools, a metadata.txt without what it must say, no
LICENSE. Scanned: Bandit and detect-secrets with the rules that are switched on there, executable bits, programs, hidden and binary files.
"""

from __future__ import annotations

import configparser
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from urllib.parse import urlparse

import pytest
import zipped

ROOT = Path(__file__).resolve().parents[1]
NAME = zipped.NAME

#: Bytes that an upload may have, and what ours has at most.
LARGEST, OURS = 25_000_000, 5_000_000

REQUIRED = ("name", "description", "version", "qgisMinimumVersion", "author", "email", "about", "tracker", "repository")

#: Tests of Bandit that are switched off there: a password option that is not marked secret, imports of subprocess, lxml and xmlrpc.
OFF = ("B109", "B404", "B410", "B411")

#: Test of Bandit -> the file that may do what it warns of, for the reason beside it.
ACCEPTED = {("B603", "core/workers/process.py"), ("B603", "core/fetching/gportal.py")}  # started with a list of words, without a shell

PROGRAMS = (".exe", ".dll", ".so", ".dylib", ".bat", ".sh", ".ps1", ".cmd", ".pyc", ".pyo", ".pyd", ".jar", ".zip", ".whl")

#: Kinds of files of the package that are not text.
PICTURES = {".png": b"\x89PNG", ".qm": b"\x3c\xb8\x64\x18"}


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """The zip as ``make package`` makes it, and the folder in which it was put together."""
    return zipped.make(tmp_path_factory.mktemp("checkout"))


def names(package):
    with zipfile.ZipFile(package[0]) as file:
        return [info for info in file.infolist() if not info.is_dir()]


def test_size_and_paths(package):
    assert package[0].stat().st_size < OURS < LARGEST
    with zipfile.ZipFile(package[0]) as file:
        assert file.testzip() is None
    for info in names(package):
        parts = info.filename.split("/")
        assert parts[0] == NAME and NAME.isidentifier() and ".." not in info.filename and "\\" not in info.filename
        assert not [part for part in parts if part.startswith(".") or part in ("__MACOSX", "__pycache__")], info.filename


def test_kinds_of_files(package):
    with zipfile.ZipFile(package[0]) as file:
        for info in names(package):
            suffix, content = Path(info.filename).suffix.lower(), file.read(info)
            assert suffix not in PROGRAMS, info.filename
            assert not (info.external_attr >> 16) & 0o111, f"{info.filename} can be executed"
            if suffix in PICTURES:
                assert content.startswith(PICTURES[suffix]), info.filename
            else:
                assert b"\0" not in content, f"{info.filename} is not text"
                content.decode("utf-8")
    there = {info.filename for info in names(package)}
    assert {f"{NAME}/{name}" for name in ("__init__.py", "metadata.txt", "LICENSE")} <= there


def test_metadata(package):
    parser = configparser.ConfigParser()
    parser.optionxform = str
    with zipfile.ZipFile(package[0]) as file:
        parser.read_string(file.read(f"{NAME}/metadata.txt").decode("utf-8"))
        there = set(file.namelist())
    assert parser.sections() == ["general"]
    said = dict(parser.items("general"))
    assert not [name for name in REQUIRED if not said.get(name, "").strip()]
    assert re.fullmatch(r"\d+(\.\d+)+", said["version"]) and f'version = "{said["version"]}"' in (ROOT / "pyproject.toml").read_text()
    assert tuple(map(int, said["qgisMinimumVersion"].split("."))) < tuple(map(int, said["qgisMaximumVersion"].split(".")))
    assert "/" not in said["author"] and re.fullmatch(r"[^@\s]+@[^@\s]+\.[a-z]+", said["email"])
    for name, forbidden in (("tracker", "http://bugs"), ("repository", "http://repo"), ("homepage", "http://homepage")):
        address = urlparse(said[name])
        assert address.scheme == "https" and address.netloc and said[name] != forbidden, name
    assert all(said[name] in ("True", "False") for name in ("experimental", "deprecated"))
    assert f"{NAME}/{said['icon']}" in there and said["changelog"].strip() and len(said["description"]) < 200 and "<" not in said["about"]


def test_bandit(package):
    command = [sys.executable, "-m", "bandit", "-r", NAME, "-f", "json", "-q", "-s", ",".join(name for name in OFF if name in _known())]
    done = subprocess.run(command, cwd=package[1], capture_output=True, text=True)
    told = json.loads(done.stdout)
    assert not told["errors"] and told["metrics"]["_totals"]["loc"] > 10_000 and told["metrics"]["_totals"]["nosec"] == 0
    found = {
        (r["test_id"], Path(r["filename"]).relative_to(NAME).as_posix()): f"line {r['line_number']}: {r['issue_text']}"
        for r in told["results"]
    }
    assert {key: words for key, words in found.items() if key not in ACCEPTED} == {}
    assert found.keys() == ACCEPTED  # what is accepted is still there


def _known():
    """The tests that this version of Bandit has."""
    done = subprocess.run([sys.executable, "-m", "bandit", "--help"], capture_output=True, text=True, check=True)
    return set(re.findall(r"\bB\d{3}\b", done.stdout))


def test_secrets(package):
    command = [sys.executable, "-m", "detect_secrets", "scan", "--all-files", "--exclude-files", r"metadata\.txt"]
    done = subprocess.run(
        [*command, "--disable-plugin", "IPPublicDetector", "."], cwd=package[1], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout)["results"] == {}


def test_the_scans_find_what_they_are_for(tmp_path):
    """A module with a password, a pickle and a key, so that an empty answer above means something."""
    bad = tmp_path / "bad.py"
    bad.write_text(
        'import pickle\npassword = "hunter2hunter2"\nkey = "AKIA' + "IOSFODNN7EXAMPLQ" + '"\n\n\ndef read(f):\n    return pickle.load(f)\n'
    )
    done = subprocess.run([sys.executable, "-m", "bandit", "-r", ".", "-f", "json", "-q"], cwd=tmp_path, capture_output=True, text=True)
    assert {"B301", "B403", "B105"} <= {r["test_id"] for r in json.loads(done.stdout)["results"]}
    done = subprocess.run(
        [sys.executable, "-m", "detect_secrets", "scan", "--all-files", "."], cwd=tmp_path, capture_output=True, text=True
    )
    assert "bad.py" in json.loads(done.stdout)["results"]
