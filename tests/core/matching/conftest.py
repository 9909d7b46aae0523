"""An archive and the arguments of a matching run on it, for all tests of runs."""

import matching_runs as runs
import pytest

from annsm_plugin.core.products.decoding import pool


@pytest.fixture(scope="module", autouse=True)
def one_worker():
    """One worker reads the files of a file's runs, as it does those of one: starting it takes a third of a run as short as these."""
    with pool.handed_on():
        yield


@pytest.fixture(scope="session")
def source(tmp_path_factory):
    root = tmp_path_factory.mktemp("run")
    runs.write(root)
    return root


def _arguments(source, folder):
    folders = {name: source / name for name in ("amsr", "gldas", "lai", "smap")}
    return {"output": folder / "cube.nc", **folders, "extent": runs.EXTENT, "start": runs.DAYS[2], "end": runs.DAYS[9]}


@pytest.fixture
def arguments(source, tmp_path):
    return _arguments(source, tmp_path)


@pytest.fixture(scope="session")
def of_all_days(source, tmp_path_factory):
    """The values and attributes of the cube of ``arguments``, made in one go."""
    return runs.stored(runs.match(_arguments(source, tmp_path_factory.mktemp("whole"))).path)


@pytest.fixture(scope="session")
def read_here(source, tmp_path_factory):
    """The same if this process reads all files."""
    return runs.stored(runs.match(_arguments(source, tmp_path_factory.mktemp("here")), workers=0).path)
