"""Files called like modules in the working, data and output folders are never run: not by QGIS and not by a worker of any kind."""

import json
import subprocess
import sys

import pytest
from record_cubes import write_cube

NAMES = ("uuid", "json", "queue", "dataclasses", "csv", "zipfile", "numpy", "netCDF4", "torch", "sitecustomize", "usercustomize")


def plant(folder, said):
    """Put modules of common names and a package called like the plugin into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        (folder / f"{name}.py").write_text(f"open({str(said)!r}, 'a').write({f'{folder.name}/{name} '!r})\n")
    package = folder / "annsm_plugin"
    package.mkdir()
    (package / "__init__.py").write_text(f"open({str(said)!r}, 'a').write({f'{folder.name}/annsm_plugin '!r})\n")


def test_nothing_planted_is_run(qgis_process, tmp_path):
    """Training looks at the cube in one worker and trains in others; the inventory decodes files in a third kind."""
    pytest.importorskip("torch")
    from product_files import smap

    said = tmp_path / "said"
    working, data, out = (tmp_path / name for name in ("working", "data", "out"))
    for folder in (working, data, out):
        plant(folder, said)
    write_cube(data / "cube.nc", days=420)
    smap(data)
    asked = {
        "train": {"INPUT": data / "cube.nc", "START": "2015-04-01", "END": "2016-03-31", "HIDDEN": 2, "PYTHON": sys.executable,
                  "OUTPUT": out / "model.nc"},
        "inventory": {"FOLDER": data, "CHECK": 2, "TABLE": out / "inventory.csv"},
    }  # fmt: skip
    for algorithm, parameters in asked.items():
        words = [f"--{name}={value}" for name, value in parameters.items()]
        command = [qgis_process.program, "--json", "run", f"annsm:{algorithm}", *words]
        done = subprocess.run(command, cwd=working, env=qgis_process.environment, text=True, capture_output=True, timeout=300)
        assert done.returncode == 0, (done.stdout + done.stderr)[-2000:]
        assert json.loads(done.stdout[done.stdout.index("{") :])["results"]
    assert not said.exists(), said.read_text()
    subprocess.run([sys.executable, "-c", "import queue"], cwd=working, check=True)
    assert "working/queue" in said.read_text()  # whoever takes no care runs them
