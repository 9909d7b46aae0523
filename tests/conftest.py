"""No test reads or writes what the user's own runs remember."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True, scope="session")
def cache_of_the_tests(tmp_path_factory):
    """What is remembered between runs lies in a temporary folder."""
    os.environ["ANNSM_CACHE"] = str(tmp_path_factory.mktemp("remembered"))
