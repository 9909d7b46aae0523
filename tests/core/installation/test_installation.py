"""The check of the installation: a good interpreter is told from broken ones, and what is missing is said with the way to get it."""

import json
import shutil
import stat
import subprocess
import sys

import pytest

from annsm_plugin.core.foundation import libraries
from annsm_plugin.core.foundation.errors import ParameterError
from annsm_plugin.core.installation import CheckInstallationRequest, environment, run
from annsm_plugin.core.installation.computer import look, tried
from annsm_plugin.core.workers import process


def script(folder, text):
    path = folder / "python3"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_this_python_trains():
    found = tried(sys.executable)
    assert found.good and "PyTorch" in found.words and "trained a trial" in found.words


def hello(packages):
    said = {"hello": {"python": [3, 9, 1], "numpy": "1.26", "packages": packages}, "arrays": []}
    return f"echo '{json.dumps(said)}'"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("exit 3", "does not start as a worker"),
        ("echo 'ImportError: numpy is broken' >&2; exit 1", "numpy is broken"),
        (f"{hello([])}; cat > /dev/null", "without PyTorch"),
        (f"{hello(['torch'])}; head -c 20 > /dev/null; kill -9 $$", "ended while it trained"),
    ],
)
def test_a_broken_interpreter_is_told(tmp_path, text, says):
    found = tried(script(tmp_path, text))
    assert not found.good and says in found.words


def test_the_report_says_what_is_there_and_what_is_chosen(tmp_path):
    broken = script(tmp_path, "exit 3")
    result = run(CheckInstallationRequest(python=broken, report=tmp_path / "r.html"))
    assert result.ready["READY_TRAINING"] and result.ready["READY_MATCHING"]
    assert result.interpreters[0].path == broken and not result.interpreters[0].good
    assert any(warning.startswith(f"{broken} cannot train") for warning in result.warnings)
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "Interpreters for training" in text and broken in text and "annsm-python" in text


def test_nothing_there_is_said_with_the_way_to_get_it(monkeypatch):
    monkeypatch.setattr(libraries, "available", lambda name: name != "netCDF4")
    monkeypatch.setattr(process, "candidates", list)
    monkeypatch.setattr(process, "environments", list)
    monkeypatch.delenv(process.VARIABLE, raising=False)
    result = look()
    assert not result.ready["READY_MATCHING"] and not result.ready["READY_STATIONS"]
    assert any("python3-netcdf4" in warning for warning in result.warnings)
    assert any("This command makes one" in warning and result.command in warning for warning in result.warnings)


def test_bad_parameters(tmp_path):
    with pytest.raises(ParameterError, match="which is no file"):
        run(CheckInstallationRequest(python=tmp_path / "none", report=tmp_path / "r.html"))
    with pytest.raises(ParameterError, match="must end in"):
        run(CheckInstallationRequest(report=tmp_path / "r.txt"))


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_the_command_makes_an_environment_outside_plugin_and_profile(platform):
    words = environment.command(platform)
    assert "venv" in words and "numpy" in words and "torch" in words and "annsm-python" in words
    assert "QGIS" not in words and "\n" not in words
    if platform == "linux":
        assert "whl/cpu" in words


@pytest.mark.skipif(sys.platform != "linux" or not shutil.which("bash"), reason="a command for Linux")
def test_the_shell_understands_the_command(tmp_path):
    """Every part of it is run as the shell splits it, with a pip that only notes what it is asked for."""
    fake = tmp_path / "fake"
    lines = (
        "#!/bin/bash",
        'echo "$0 $*" >> "$HOME/asked"',
        'if [ "$2" = venv ]; then mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; fi',
        '[[ "$*" != *whl/cpu* ]]',
    )
    fake.write_text("\n".join(lines) + "\n")
    fake.chmod(0o755)
    words = environment.command("linux")
    first = words.split(" -m venv")[0]
    done = subprocess.run(["bash", "-c", words.replace(first, str(fake), 1)], env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"})
    asked = (tmp_path / "asked").read_text().splitlines()
    assert done.returncode == 0 and len(asked) == 4
    assert asked[1].endswith("-m pip install numpy") and "whl/cpu" in asked[2] and asked[3].endswith("-m pip install torch==2.13.0")
