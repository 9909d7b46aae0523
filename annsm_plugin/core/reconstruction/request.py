"""What a reconstruction is asked to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..foundation.paths import PathLike
from ..foundation.requests import Request, option


@dataclass(frozen=True)
class ReconstructRequest(Request):
    """A reconstruction: soil moisture of every cell and day of a cube with complete inputs, by a trained model."""

    STEP = "reconstruction"

    model: PathLike = option("file", "Model", "The output of 'Train networks'.", extension="nc")
    cube: PathLike = option(
        "file",
        "Cube",
        "The output of 'Match products' for the days wanted; SMAP is not needed.",
        extension="nc",
        parameter="INPUT",
    )
    start: Any = option("date", "First day", "Local date; empty: the cube's first.", None)
    end: Any = option("date", "Last day", "Local date; empty: the cube's last.", None)
    scheduler: Any = option("words", "Dask scheduler", "Address of a dask.distributed scheduler; empty: this computer.", "", advanced=True)
    output: PathLike = option("file_out", "ANN-SM", "Daily soil moisture (CF NetCDF).", extension="nc")
