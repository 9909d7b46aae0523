"""What a damaged or strange file can do while it is read: anything that a library raises becomes one sentence, and declared sizes are
looked at before anything of that size is made."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import AnnsmError, CubeError
from ..paths import PathLike

#: Most days (200 years), rows and columns (the globe in cells of 0.25 degrees) of a gridded file.
MOST = {"time": 73_200, "lat": 720, "lon": 1440}

#: Most numbers along any other dimension of a gridded file.
MOST_OTHERWISE = 100_000

#: Most variables of a gridded file.
MOST_VARIABLES = 2_000

#: Bytes that one chunk of a file may have: HDF5 decodes a chunk in one piece.
MOST_OF_A_CHUNK = 256 * 2**20

#: What a file may declare without being looked at, bytes.
SMALL = 64 * 2**20

#: Bytes that a file may declare which is read in one piece.
MOST_AT_ONCE = 16 * 2**30

#: Deflate makes at most so many bytes of one (zlib's technical notes).
DEFLATE = 1032

#: Letters of a library's words that are repeated.
_WORDS = 160


@contextlib.contextmanager
def guard(path: PathLike, expected: str, variable: str = "", refuse: Callable[[str, str], AnnsmError] | None = None) -> Iterator[None]:
    """Inside, a file is read: whatever goes wrong, but the project's own errors, becomes a ``CubeError`` that names file and variable.

    refuse: makes another error of what was found and what is expected.
    """
    try:
        yield
    except AnnsmError:
        raise
    except Exception as error:
        what = f"'{variable}' that cannot be read" if variable else "contents that cannot be read"
        found = f"{what} ({words_of(error)})"
        raise (refuse(found, expected) if refuse else CubeError(path, found, expected)) from error


def words_of(error: BaseException) -> str:
    """An error of a library in one line."""
    words = " ".join(str(error).split())
    words = words if len(words) <= _WORDS else words[:_WORDS] + " ..."
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def short(value: Any) -> str:
    """A value that a file gives, in quotes, in one line and cut off where it is long."""
    text = " ".join(str(value).split())
    return repr(text if len(text) <= 40 else text[:40] + "...")


def check_sizes(path: PathLike, file: Any, kind: str) -> None:
    """Raise ``CubeError`` if a gridded file (an open netCDF4.Dataset) declares more days, rows, columns or bytes in a chunk than any has.

    Chunks that were never written take no room in the file, so that its size says nothing of how many days there are.
    """
    if len(file.variables) > MOST_VARIABLES:
        raise CubeError(path, f"{len(file.variables)} variables", f"a {kind} with at most {MOST_VARIABLES}")
    for name, dimension in file.dimensions.items():
        most = MOST.get(name, MOST_OTHERWISE)
        if len(dimension) > most:
            raise CubeError(path, f"a dimension '{name}' of {len(dimension)}", f"a {kind} with at most {most}")
    for name, variable in file.variables.items():
        check_chunk(path, name, variable, kind)


def check_chunk(path: PathLike, name: str, variable: Any, kind: str) -> None:
    """Raise ``CubeError`` if a chunk of a variable takes more memory than is reasonable."""
    chunks = variable.chunking() if variable.dimensions else None
    if isinstance(chunks, (list, tuple)) and is_number(variable.dtype):
        size = int(np.prod([int(n) for n in chunks], dtype=object)) * variable.dtype.itemsize
        if size > MOST_OF_A_CHUNK:
            raise CubeError(
                path, f"'{name}' in chunks of {size / 2**20:.0f} MB", f"a {kind} with chunks of at most {MOST_OF_A_CHUNK >> 20} MB"
            )


def check_whole(path: PathLike, sizes: dict[str, int]) -> str:
    """What is wrong with a file that is read in one piece and all of whose numbers were written, empty for nothing.

    sizes: bytes of each variable.
    """
    declared, there = sum(sizes.values()), Path(path).stat().st_size
    if declared > MOST_AT_ONCE or declared > max(SMALL, DEFLATE * there):
        largest = max(sizes, key=lambda name: sizes[name])
        return f"{there} bytes that are to hold {declared / 2**20:.0f} MB of numbers, most of them in '{largest}'"
    return ""


def bytes_of(variable: Any) -> int:
    """Bytes of an open netCDF4.Variable in memory; text counts as pointers."""
    item = variable.dtype.itemsize if is_number(variable.dtype) else 8
    return int(np.prod([int(n) for n in variable.shape], dtype=object)) * item if variable.shape else item


def is_number(dtype: Any) -> bool:
    """Whether a type of netCDF4 is one of numbers."""
    return isinstance(dtype, np.dtype) and dtype.kind in "iuf"
