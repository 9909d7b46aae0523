"""The task of reading one product file in a worker, and how its contents travel."""

from __future__ import annotations

import numpy as np

from ...foundation import machine
from ...foundation.errors import ProductError
from ...foundation.progress import Progress
from ...workers.tasks import Arrays as Numbers
from ...workers.tasks import Values
from .. import naming, reading
from ..arrays import Arrays

_PARTS = ("variables", "coords")
_TEXTS = ("attrs", "units", "dims", "outliers")


def read(values: Values, arrays: Numbers, progress: Progress) -> tuple[Values, Numbers]:
    """The contents of the file of an ``entry``, packed by ``naming``: its ``variables`` in its ``window``. Raises ``ProductError``."""
    try:
        window = tuple(values["window"]) if values["window"] else None
        entry = naming.unpacked(values["entry"])
        with machine.at_most(machine.PATIENCE):
            return pack(reading.read_arrays(entry, window=window, variables=values["variables"]))
    except OSError as error:
        raise ProductError(values["entry"]["path"], None, f"a file that cannot be read ({error.strerror})", "a readable file") from error


def pack(arrays: Arrays) -> tuple[Values, Numbers]:
    """The contents of a file as values and arrays."""
    message = {name: getattr(arrays, name) for name in _TEXTS}
    flat = {"lat": arrays.lat, "lon": arrays.lon}
    for part in _PARTS:
        flat.update({f"{part}/{name}": values for name, values in getattr(arrays, part).items()})
    return message, flat


def unpack(message: Values, flat: Numbers) -> Arrays:
    """The contents of a file from what ``pack`` made."""
    parts: dict[str, dict[str, np.ndarray]] = {part: {} for part in _PARTS}
    for name, values in flat.items():
        part, _, rest = name.partition("/")
        if part in parts:
            parts[part][rest] = values
    dims = {name: tuple(axes) for name, axes in message["dims"].items()}
    return Arrays(
        flat["lat"], flat["lon"], attrs=message["attrs"], units=message["units"], dims=dims, outliers=message["outliers"], **parts
    )
