"""A QGIS of its own for the tests: the plugin staged in a temporary folder, a fresh profile, qgis_process to call."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import pytest

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
def qgis_process(tmp_path_factory) -> QgisProcess:
    """The program with a fresh profile; what it compiles stays in the folder of the tests, so that only the first start compiles it."""
    program = shutil.which("qgis_process.bin", path="/usr/bin") or shutil.which("qgis_process", path="/usr/bin:/usr/local/bin")
    assert program, "qgis_process is not installed; run 'make setup'"
    folder = tmp_path_factory.mktemp("qgis")
    plugin = folder / "plugins" / "annsm_plugin"
    shutil.copytree(ROOT / "annsm_plugin", plugin, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("metadata.txt", "LICENSE"):
        shutil.copy(ROOT / name, plugin / name)
    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared
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
def archive(qgis_process, tmp_path_factory):
    """A tiny archive made by annsm:demodata; its outputs by name."""
    return qgis_process.results("annsm:demodata", REGION="tiny", YEARS=1, SEED=3, FOLDER=tmp_path_factory.mktemp("demo") / "archive")
