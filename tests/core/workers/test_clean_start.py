"""A module that lies in the folder where QGIS was started, or on PYTHONPATH, is never imported by a worker."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from annsm_plugin.core.workers import process

#: Modules of Python and of packages that a worker imports.
NAMES = ("uuid", "json", "dataclasses", "threading", "queue", "random", "numpy", "osgeo", "annsm_plugin", "sitecustomize", "usercustomize")


@pytest.fixture
def planted(tmp_path, monkeypatch):
    """A working folder, also on PYTHONPATH, with modules that leave a mark; the mark."""
    mark = tmp_path / "mark"
    for name in NAMES:
        (tmp_path / f"{name}.py").write_text(f"open({str(mark)!r}, 'a').write({name!r})\nraise ImportError({name!r})\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    return mark


@pytest.mark.parametrize("need", ["files", "torch"])
def test_a_worker_imports_nothing_from_there(planted, need):
    if need == "torch":
        pytest.importorskip("torch")
    worker = process.start(need)
    assert worker is not None
    try:
        assert worker.about["numpy"]
    finally:
        worker.close()
    assert not planted.exists()


def test_the_modules_do_harm_where_they_are_imported(planted):
    subprocess.run([sys.executable, "-c", "import uuid"], capture_output=True)
    assert planted.exists()
