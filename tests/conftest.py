"""What holds for all tests: none reads or writes what the user's own runs remember, and files that take long are begun first."""

from __future__ import annotations

import os

import pytest

#: Files of tests that take longest, the longest first: begun late, they would keep one worker busy while the others have nothing to do.
LONGEST = (
    "processing/test_archive.py",
    "core/network/test_training.py",
    "core/comparison/test_whole_region.py",
    "processing/test_study.py",  # not beside test_archive.py, which makes the archive for both
    "processing/test_qgis_process.py",
    "core/study/test_study_report.py",
    "processing/test_written_files.py",
    "processing/test_use.py",
    "core/study/test_damaged_study.py",
    "processing/test_repeat.py",
    "processing/test_sensitivity_run.py",
    "core/foundation/test_damaged_files.py",
    "core/foundation/test_nothing_lost.py",
)


def pytest_collection_modifyitems(items):
    """Whole files keep together; with ``--no-loadscope-reorder`` they are given to the workers in this order."""
    last = len(LONGEST)

    def place(item):
        name = item.location[0].replace(os.sep, "/")
        return next((number for number, known in enumerate(LONGEST) if name.endswith(known)), last)

    items.sort(key=place)


@pytest.fixture(autouse=True, scope="session")
def cache_of_the_tests(tmp_path_factory):
    """What is remembered between runs lies in a temporary folder."""
    os.environ["ANNSM_CACHE"] = str(tmp_path_factory.mktemp("remembered"))
