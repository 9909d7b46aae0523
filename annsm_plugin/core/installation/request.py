"""What a check of the installation is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..foundation.paths import PathLike
from ..foundation.requests import Request, option

#: What can be ready: name of the output -> what it is called, and the packages that it needs.
STEPS = {
    "READY_MATCHING": ("Matching and screening", ("xarray", "netCDF4")),
    "READY_TRAINING": ("Training and sensitivity", ("xarray", "netCDF4", "torch")),
    "READY_RECONSTRUCTION": ("Reconstruction", ("xarray", "netCDF4")),
    "READY_VALIDATION": ("Validation, triple collocation, record", ("xarray", "netCDF4", "matplotlib")),
    "READY_STATIONS": ("Stations", ("netCDF4",)),
    "READY_COMPARISON": ("Random forest in the comparison of methods", ("xarray", "netCDF4", "sklearn")),
    "READY_DEMO": ("Demo archive", ("netCDF4", "h5py", "pyhdf")),
    "READY_CLUSTER": ("Work on a cluster", ("distributed",)),
}


@dataclass(frozen=True)
class CheckInstallationRequest(Request):
    """A check of the installation: the packages of this Python, and the interpreters that can train."""

    STEP = "check of the installation"

    python: Any = option(
        "file",
        "Python for training",
        "An interpreter to try beside those that are found; empty: the one that ANNSM_PYTHON names, if any.",
        None,
    )
    report: PathLike = option("file_out", "Report", "What is there, what is missing, and the command to copy.", extension="html")
