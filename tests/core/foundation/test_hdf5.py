"""HDF5 must not print its error stack into a terminal or a pipe that nobody reads."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import record_cubes

ROOT = Path(__file__).resolve().parents[3]

#: Reads a file in threads inside a program with QGIS, by xarray and by GDAL.
CODE = """
import sys, threading
from qgis.core import QgsApplication
application = QgsApplication([], False)
application.initQgis()
sys.path.insert(0, {root!r})
if {loud!r}:
    from annsm_plugin.core.foundation import libraries
    libraries.quiet_hdf5 = lambda: None
from annsm_plugin.core.exploration.gridded import GriddedFile
from annsm_plugin.core.foundation import store
def read():
    with store.open_grid({path!r}, kind="cube") as data:
        assert data.sizes["time"] == 40
    assert GriddedFile({path!r}).series("soil_moisture", 0, 0).size == 40
for _ in range(2):
    thread = threading.Thread(target=read)
    thread.start()
    thread.join()
print("read")
"""


@pytest.mark.parametrize("loud", [False, True])
def test_nothing_of_hdf5_is_printed_in_threads(tmp_path, loud):
    path = record_cubes.write_annsm(tmp_path / "a.nc", np.full((40, 4, 4), 0.2, "float32"))
    code = CODE.format(root=str(ROOT), path=str(path), loud=loud)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment())
    assert done.stdout.endswith("read\n"), done.stderr[-2000:]
    assert ("HDF5-DIAG" in done.stderr) == loud  # the second case shows that there is something to keep quiet


def environment():
    import os

    return {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
