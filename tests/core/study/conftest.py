"""A small study, and copies of it that a test may spoil."""

from __future__ import annotations

import shutil

import pytest
import studies


@pytest.fixture(scope="session")
def whole(tmp_path_factory):
    return studies.make(tmp_path_factory.mktemp("whole") / "")


@pytest.fixture
def study(whole, tmp_path):
    """A copy whose records name the files of the copy."""
    folder = tmp_path / "study"
    shutil.copytree(whole, folder)
    for path in folder.glob("*.run.json"):
        path.write_text(path.read_text(encoding="utf-8").replace(str(whole), str(folder)), encoding="utf-8")
    return folder
