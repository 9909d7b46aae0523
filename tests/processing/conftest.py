"""A QGIS of its own for the tests: the plugin staged in a temporary folder, a fresh profile, qgis_process to call."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sysconfig
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
import zipped

ROOT = Path(__file__).resolve().parents[2]


def _words(parameters: dict) -> list[str]:
    """Parameters as qgis_process takes them; a list by repeating its name."""
    return [f"--{name}={v}" for name, value in parameters.items() for v in (value if isinstance(value, list) else [value])]


@dataclass
class QgisProcess:
    """The real qgis_process with the plugin enabled."""

    program: str
    environment: dict

    def start(self, *arguments, shadow=False) -> subprocess.Popen:
        """Start it and return the process; ``shadow`` hides torch, xarray and netCDF4."""
        environment = dict(self.environment)
        if shadow:
            environment["PYTHONPATH"] = os.pathsep.join([str(ROOT / "tests" / "shadow"), environment["PYTHONPATH"]])
        return subprocess.Popen(
            [self.program, *map(str, arguments)], env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )

    def __call__(self, *arguments, shadow=False, timeout=300) -> tuple[int, str]:
        """Run it; exit status and everything that it printed."""
        process = self.start(*arguments, shadow=shadow)
        text, _ = process.communicate(timeout=timeout)
        return process.returncode, text

    def run(self, algorithm: str, **parameters) -> tuple[int, str]:
        """Run an algorithm."""
        return self("run", algorithm, *_words(parameters))

    def results(self, algorithm: str, **parameters) -> dict:
        """Run an algorithm that must succeed; its outputs by name."""
        code, text = self("--json", "run", algorithm, *_words(parameters))
        assert code == 0, text[-3000:]
        return json.loads(text[text.index("{") : text.rindex("}") + 1])["results"]


@pytest.fixture(scope="session")
def shared(tmp_path_factory) -> Path:
    """The folder that all workers of a run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def qgis_process(tmp_path_factory, shared) -> QgisProcess:
    """The program with a fresh profile; what it compiles stays in the folder of the tests, so that only the first start compiles it."""
    program = shutil.which("qgis_process.bin", path="/usr/bin") or shutil.which("qgis_process", path="/usr/bin:/usr/local/bin")
    assert program, "qgis_process is not installed; run 'make setup'"
    folder = tmp_path_factory.mktemp("qgis")
    plugin = folder / "plugins" / "annsm_plugin"
    shutil.copytree(ROOT / "annsm_plugin", plugin, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("metadata.txt", "LICENSE"):
        shutil.copy(ROOT / name, plugin / name)
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_RUNTIME_DIR": str(runtime),
        "QGIS_CUSTOM_CONFIG_PATH": str(folder / "profile"),
        "QGIS_PLUGINPATH": str(folder / "plugins"),
        "PYTHONPATH": sysconfig.get_path("purelib"),
        "PATH": os.pathsep.join(["/usr/bin", "/bin", os.environ["PATH"]]),
        "PYTHONPYCACHEPREFIX": str(shared / "bytecode"),
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    tool = QgisProcess(program, environment)
    code, text = tool("plugins", "enable", "annsm_plugin")
    assert code == 0, text
    return tool


@pytest.fixture(scope="session")
def cube(tmp_path_factory) -> Path:
    """A small synthetic cube (4 x 4 cells, 420 days)."""
    from record_cubes import write_cube

    path, _ = write_cube(tmp_path_factory.mktemp("cube") / "cube.nc")
    return path


@pytest.fixture(scope="module")
def provider(qgis_app):
    """The plugin's provider in the QGIS of this process."""
    from qgis.core import QgsApplication

    from annsm_plugin.processing.provider import AnnsmProvider

    provider = AnnsmProvider()
    QgsApplication.processingRegistry().addProvider(provider)
    yield provider
    QgsApplication.processingRegistry().removeProvider(provider)


@pytest.fixture(scope="session")
def unzipped(qgis_process, tmp_path_factory) -> QgisProcess:
    """A QGIS with a fresh profile into which the zip was unpacked as QGIS's installer does, and switched on."""
    folder = tmp_path_factory.mktemp("unzipped")
    (folder / "checkout").mkdir()
    path, _ = zipped.make(folder / "checkout")
    plugins = folder / "profile" / "profiles" / "default" / "python" / "plugins"
    plugins.mkdir(parents=True)
    with zipfile.ZipFile(path) as file:
        file.extractall(plugins)
    environment = {k: v for k, v in qgis_process.environment.items() if k != "QGIS_PLUGINPATH"}
    environment["QGIS_CUSTOM_CONFIG_PATH"] = str(folder / "profile")
    tool = QgisProcess(qgis_process.program, environment)
    code, text = tool("run", "annsm:inventory", "--FOLDER=x")
    assert code != 0 and "annsm" in text  # it is there, and off
    assert tool("plugins", "enable", "annsm_plugin")[0] == 0
    return tool


@pytest.fixture(scope="session")
def archive(request, shared) -> dict:
    """A tiny archive made by annsm:demodata of the zip; its outputs by name. One worker makes it, the others wait for it."""
    folder = shared / "demo"
    made, failed = folder / "results.json", folder / "failed"
    try:
        folder.mkdir()
    except FileExistsError:
        end = time.monotonic() + 600
        while not made.exists():
            assert not failed.exists() and time.monotonic() < end, "the worker that makes the archive has failed"
            time.sleep(0.2)
        return json.loads(made.read_text(encoding="utf-8"))
    try:
        unzipped = request.getfixturevalue("unzipped")
        results = unzipped.results("annsm:demodata", REGION="tiny", YEARS=1, SEED=3, FOLDER=folder / "archive")
    except BaseException:
        failed.touch()
        raise
    part = folder / "results.part"
    part.write_text(json.dumps(results), encoding="utf-8")
    part.rename(made)
    return results
