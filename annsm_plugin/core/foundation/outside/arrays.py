"""Reads the arrays of an ``.npz`` file: no objects, sizes declared compared with sizes there before anything is allocated."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..errors import ProductError
from ..paths import PathLike
from .guard import most_words, understood
from .zips import Zip

#: Bytes that are unpacked at a time.
_PIECE = 2**20

#: Bytes of an array's header at most.
_LONGEST_HEADER = 10_000


def read_arrays(path: PathLike, most: int, expected: str) -> dict[str, np.ndarray]:
    """Name -> array of an ``.npz`` file whose arrays have at most ``most`` bytes altogether. Raises ``ProductError``."""
    with Zip(path, expected) as archive:
        whole = sum(member.file_size for member in archive.members)
        if whole > most:
            raise ProductError(path, None, f"arrays of {most_words(whole)}", f"{expected} of at most {most_words(most)}")
        found = {}
        for member in archive.members:
            with understood(path, expected, "an array"), archive.stream(member) as file:
                found[member.filename[: -len(".npy")]] = _array(file, member.file_size)
        return found


def _array(file: Any, size: int) -> np.ndarray:
    """The array in an open ``.npy`` file of ``size`` bytes, read to its end, where the checksum is compared. Raises ``ValueError``."""
    version = np.lib.format.read_magic(file)  # type: ignore[no-untyped-call]
    if version != (1, 0):
        raise ValueError(f"an array of version {version}")
    shape, by_column, kind = np.lib.format.read_array_header_1_0(file)  # type: ignore[no-untyped-call]
    if kind.hasobject or not kind.itemsize:
        raise ValueError(f"an array of type {kind}")
    whole = kind.itemsize * math.prod(shape)
    if any(length < 0 for length in shape) or not 0 <= size - whole <= _LONGEST_HEADER:
        raise ValueError(f"an array of {'x'.join(map(str, shape))} in {size} bytes")
    raw, place = np.empty(whole, dtype="u1"), 0
    while place < whole:
        piece = file.read(min(_PIECE, whole - place))
        if not piece:
            raise EOFError("an array that is cut off")
        raw[place : place + len(piece)] = np.frombuffer(piece, dtype="u1")
        place += len(piece)
    if file.read(1):
        raise ValueError("bytes behind an array")
    return raw.view(kind).reshape(shape, order="F" if by_column else "C")
