"""What the user prefers on this computer, from environment variables, which QGIS's options page sets.

``ANNSM_PYTHON``: interpreter of the workers (see ``workers.process``); ``ANNSM_PROCESSES``: most worker processes; ``ANNSM_DEVICE``: what
'auto' means ("cpu" or "cuda"); ``ANNSM_MEMORY``: megabytes that the arrays of one step may take. What cannot be read counts as not given.
"""

from __future__ import annotations

import os

PYTHON, PROCESSES, DEVICE, MEMORY = "ANNSM_PYTHON", "ANNSM_PROCESSES", "ANNSM_DEVICE", "ANNSM_MEMORY"

#: Fewest megabytes with which steps work sensibly.
LEAST_MEMORY = 64


def processes() -> int | None:
    """Most worker processes, None: as many as there are cores."""
    return _whole(PROCESSES, 1)


def device() -> str:
    """What the device 'auto' means: "cpu", "cuda", or "auto" for whichever is faster."""
    word = os.environ.get(DEVICE, "").strip().lower()
    return word if word in ("cpu", "cuda") else "auto"


def memory(default: int) -> int:
    """Bytes that the arrays of one step may take."""
    megabytes = _whole(MEMORY, LEAST_MEMORY)
    return default if megabytes is None else megabytes * 2**20


def _whole(name: str, least: int) -> int | None:
    try:
        found = int(os.environ.get(name, ""))
    except ValueError:
        return None
    return max(found, least) if found > 0 else None
