"""Messages between the program and its decoding processes: a line of JSON, then the bytes of arrays. Nothing is ever executed."""

from __future__ import annotations

import json

import numpy as np

from ..access import Arrays

#: Kinds of numbers that may be sent.
_KINDS = "iufMb"

_PARTS = ("variables", "coords")
_TEXTS = ("attrs", "units", "dims", "outliers")


def send(stream, message: dict, arrays: dict[str, np.ndarray] | None = None) -> None:
    """Write ``message`` (JSON-ready) and ``arrays`` to a binary stream and flush it."""
    arrays = {name: np.ascontiguousarray(values) for name, values in (arrays or {}).items()}
    head = dict(message, arrays=[[name, values.dtype.str, values.shape] for name, values in arrays.items()])
    stream.write(json.dumps(head).encode() + b"\n")
    for values in arrays.values():
        if values.size:
            stream.write(values.reshape(-1).view(np.uint8).data)
    stream.flush()


def receive(stream) -> tuple[dict, dict[str, np.ndarray]]:
    """The next message of a binary stream with its arrays. Raises ``EOFError`` at the end, ``ValueError`` for anything else."""
    line = stream.readline()
    if not line.endswith(b"\n"):
        raise EOFError
    head = json.loads(line)
    arrays = {}
    for name, dtype, shape in head.pop("arrays"):
        dtype = np.dtype(dtype)
        if dtype.kind not in _KINDS:
            raise ValueError(f"arrays of type {dtype}")
        values = np.empty(shape, dtype=dtype)
        _fill(stream, values)
        arrays[name] = values
    return head, arrays


def _fill(stream, values: np.ndarray) -> None:
    rest = memoryview(values.reshape(-1).view(np.uint8)) if values.size else memoryview(b"")
    while rest.nbytes:
        count = stream.readinto(rest)
        if not count:
            raise EOFError
        rest = rest[count:]


def pack(arrays: Arrays) -> tuple[dict, dict[str, np.ndarray]]:
    """A file's arrays as a message."""
    message = {name: getattr(arrays, name) for name in _TEXTS}
    flat = {"lat": arrays.lat, "lon": arrays.lon}
    for part in _PARTS:
        flat.update({f"{part}/{name}": values for name, values in getattr(arrays, part).items()})
    return message, flat


def unpack(message: dict, flat: dict[str, np.ndarray]) -> Arrays:
    """What ``pack`` took apart."""
    parts: dict[str, dict] = {part: {} for part in _PARTS}
    for name, values in flat.items():
        part, _, rest = name.partition("/")
        if part in parts:
            parts[part][rest] = values
    dims = {name: tuple(axes) for name, axes in message["dims"].items()}
    return Arrays(
        flat["lat"], flat["lon"], attrs=message["attrs"], units=message["units"], dims=dims, outliers=message["outliers"], **parts
    )
