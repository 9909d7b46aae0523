"""Messages between the program and its workers: a line of JSON, then the bytes of arrays. Nothing is ever executed or unpickled."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, BinaryIO

import numpy as np

#: Kinds of numbers that may be sent.
KINDS = "iufMb"

#: A message larger than this is none of ours.
LONGEST_HEAD = 64 * 2**20


def send(stream: BinaryIO, message: dict[str, Any], arrays: Mapping[str, np.ndarray] | None = None) -> None:
    """Write ``message`` (JSON-ready) and ``arrays`` to a binary stream and flush it."""
    whole = {name: np.asarray(values, order="C") for name, values in (arrays or {}).items()}
    head = dict(message, arrays=[[name, values.dtype.str, values.shape] for name, values in whole.items()])
    stream.write(json.dumps(head).encode() + b"\n")
    for values in whole.values():
        if values.size:
            stream.write(values.reshape(-1).view(np.uint8).data)
    stream.flush()


def receive(stream: BinaryIO) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """The next message of a binary stream with its arrays. Raises ``EOFError`` at the end, ``ValueError`` for anything else."""
    line = stream.readline(LONGEST_HEAD)
    if not line.endswith(b"\n"):
        raise EOFError
    head = json.loads(line)
    arrays = {}
    for name, dtype, shape in head.pop("arrays"):
        kind = np.dtype(dtype)
        if kind.kind not in KINDS:
            raise ValueError(f"arrays of type {kind}")
        values = np.empty(shape, dtype=kind)
        _fill(stream, values)
        arrays[name] = values
    return head, arrays


def _fill(stream: BinaryIO, values: np.ndarray) -> None:
    rest = values.reshape(-1).view(np.uint8).data if values.size else memoryview(b"")
    while rest.nbytes:
        count = stream.readinto(rest)  # type: ignore[attr-defined]
        if not count:
            raise EOFError
        rest = rest[count:]
