"""An archive and the arguments of a matching run on it, for all tests of runs."""

import matching_runs as runs
import pytest


@pytest.fixture(scope="session")
def source(tmp_path_factory):
    root = tmp_path_factory.mktemp("run")
    runs.write(root)
    return root


@pytest.fixture
def arguments(source, tmp_path):
    folders = {name: source / name for name in ("amsr", "gldas", "lai", "smap")}
    return {"output": tmp_path / "cube.nc", **folders, "extent": runs.EXTENT, "start": runs.DAYS[2], "end": runs.DAYS[9]}
