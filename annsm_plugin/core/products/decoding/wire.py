"""Messages between the program and its decoding processes: a line of JSON, then the bytes of arrays. Nothing received is executed."""

from __future__ import annotations

import io
import json
from typing import IO, Any, cast

import numpy as np

from ..arrays import Arrays

#: Kinds of numpy types that may be sent.
_KINDS = "iufMb"

_PARTS = ("variables", "coords")
_TEXTS = ("attrs", "units", "dims", "outliers")


def send(stream: IO[bytes], message: dict[str, Any], arrays: dict[str, np.ndarray] | None = None) -> None:
    """Write ``message`` (values that JSON can hold) and ``arrays`` to a binary stream and flush it."""
    arrays = {name: np.ascontiguousarray(values) for name, values in (arrays or {}).items()}
    head = dict(message, arrays=[[name, values.dtype.str, values.shape] for name, values in arrays.items()])
    stream.write(json.dumps(head).encode() + b"\n")
    for values in arrays.values():
        if values.size:
            stream.write(values.reshape(-1).view(np.uint8).data)
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """The next message of a binary stream and its arrays. Raises ``EOFError`` if the stream ends, ``ValueError`` if it is malformed."""
    line = stream.readline()
    if not line.endswith(b"\n"):
        raise EOFError
    head = json.loads(line)
    arrays: dict[str, np.ndarray] = {}
    for name, dtype, shape in head.pop("arrays"):
        dtype = np.dtype(dtype)
        if dtype.kind not in _KINDS:
            raise ValueError(f"arrays of type {dtype}")
        values = np.empty(shape, dtype=dtype)
        _fill(stream, values)
        arrays[name] = values
    return head, arrays


def _fill(stream: IO[bytes], values: np.ndarray) -> None:
    """Read the bytes of an array from a binary stream."""
    rest = values.reshape(-1).view(np.uint8).data if values.size else memoryview(b"")
    while rest.nbytes:
        count = cast(io.BufferedReader, stream).readinto(rest)
        if not count:
            raise EOFError
        rest = rest[count:]


def pack(arrays: Arrays) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """The contents of a file as a message and arrays for ``send``."""
    message = {name: getattr(arrays, name) for name in _TEXTS}
    flat = {"lat": arrays.lat, "lon": arrays.lon}
    for part in _PARTS:
        flat.update({f"{part}/{name}": values for name, values in getattr(arrays, part).items()})
    return message, flat


def unpack(message: dict[str, Any], flat: dict[str, np.ndarray]) -> Arrays:
    """The contents of a file from a message and arrays that ``pack`` made."""
    parts: dict[str, dict[str, np.ndarray]] = {part: {} for part in _PARTS}
    for name, values in flat.items():
        part, _, rest = name.partition("/")
        if part in parts:
            parts[part][rest] = values
    dims = {name: tuple(axes) for name, axes in message["dims"].items()}
    return Arrays(
        flat["lat"], flat["lon"], attrs=message["attrs"], units=message["units"], dims=dims, outliers=message["outliers"], **parts
    )
