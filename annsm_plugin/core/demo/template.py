"""Writes many files that differ in their numbers only: the first with its library, the others as copies of it with the numbers replaced.

Works for HDF5 (and so NetCDF-4) files whose arrays are not compressed: then each lies at a known place of the file.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..foundation.libraries import load


@dataclass(frozen=True)
class Piece:
    """Where a part of an array lies in the file: its first byte, and the part as slices of the array."""

    offset: int
    part: tuple[slice, ...]


class Templates:
    """The first file of each kind in memory, and where its arrays lie."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, tuple[bytes, dict[str, tuple[np.dtype, Any, tuple[int, ...], list[Piece]]]]] = {}

    def write(
        self,
        path: Path,
        kind: Hashable,
        make: Callable[[Path], None],
        arrays: Mapping[str, np.ndarray],
        place: tuple[slice, ...] | None = None,
    ) -> None:
        """Write ``path``: by ``make`` if it is the first of its ``kind``, else as its copy with ``arrays`` in it.

        arrays: by the path of the dataset, its whole values or, with ``place``, those of a part; all else in the copy is as in the
        first file, and what lies around the part in its chunks is the fill value.
        """
        if kind not in self._kept:
            make(path)
            self._kept[kind] = path.read_bytes(), _places(path, arrays)
            return
        template, places = self._kept[kind]
        content = bytearray(template)
        for name, values in arrays.items():
            dtype, fill, shape, pieces = places[name]
            window = _Window(np.asarray(values, dtype=dtype), fill, shape, place)
            for piece in pieces:
                part = window.part(piece.part)
                content[piece.offset : piece.offset + part.nbytes] = part.tobytes()
        path.write_bytes(content)


class _Window:
    """An array of which only a part has values; the rest is the fill value."""

    def __init__(self, values: np.ndarray, fill: Any, shape: tuple[int, ...], place: tuple[slice, ...] | None) -> None:
        self.values, self.fill = values, fill
        self.first = tuple(0 if place is None or n >= len(place) else place[n].start for n in range(len(shape)))

    def part(self, wanted: tuple[slice, ...]) -> np.ndarray:
        """The values in ``wanted``, slices of the whole array."""
        out = np.full([s.stop - s.start for s in wanted], self.fill, dtype=self.values.dtype)
        target, source = [], []
        for own, first, size in zip(wanted, self.first, self.values.shape):
            low, high = max(own.start, first), min(own.stop, first + size)
            if low >= high:
                return out
            target.append(slice(low - own.start, high - own.start))
            source.append(slice(low - first, high - first))
        out[tuple(target)] = self.values[tuple(source)]
        return out


def _places(path: Path, arrays: Mapping[str, np.ndarray]) -> dict[str, tuple[np.dtype, Any, tuple[int, ...], list[Piece]]]:
    """Type, fill value, shape and pieces of each dataset of a file."""
    found = {}
    with load("h5py").File(path, "r") as file:
        for name in arrays:
            data = file[name]
            if data.compression is not None or data.shuffle:
                raise ValueError(f"{name} of {path} is compressed")
            if data.chunks is None:
                pieces = [Piece(int(data.id.get_offset()), tuple(slice(0, size) for size in data.shape))]
            else:
                infos = [data.id.get_chunk_info(n) for n in range(data.id.get_num_chunks())]
                pieces = [
                    Piece(int(info.byte_offset), tuple(slice(at, at + size) for at, size in zip(info.chunk_offset, data.chunks)))
                    for info in infos
                ]
            found[name] = data.dtype, data.fillvalue, data.shape, pieces
    return found
