"""Whether an HDF5 or NetCDF-4 file from outside refers to other files, or to itself without end, before anything else opens it.

Links to other files, numbers that lie in another file and virtual datasets would be followed to any place of the computer, also to a pipe
that nobody writes into; groups that hold each other are listed without end. No product has any of them.
"""

from __future__ import annotations

import ctypes
import os
from typing import Any

from ..libraries import hdf5_copies
from ..paths import PathLike

#: Of HDF5's headers: links that are part of their file, kinds of objects, a kind of storage.
_HARD, _SOFT, _GROUP, _DATASET, _VIRTUAL = 0, 1, 0, 1, 3

#: Most groups in each other: each is looked up by its whole name.
_DEEPEST = 50

#: Bytes that the answer to a question for an object may have (it has 160).
_ROOM = 1024

_Visit = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int64, ctypes.c_char_p, ctypes.POINTER(ctypes.c_int), ctypes.c_void_p)


def elsewhere(path: PathLike, content: bytearray | None = None) -> str:
    """To what a file refers that may not be followed, in words that follow "found"; empty if to nothing, or if it is no HDF5 file.

    content: the bytes of a file that is in memory and not on the disk; the library takes two copies of them meanwhile. Empty, too, where
    no copy of HDF5 in this process can be asked (macOS). A damaged file can crash the library: ask in a worker. Raises ``MemoryError``
    without room for those copies.
    """
    for library in hdf5_copies():
        try:
            return _Walk(library).through(os.fsencode(path), content)
        except (AttributeError, ValueError):  # a copy that lacks a function
            continue
    return ""


class _Walk:
    """A walk through all links of a file by one copy of the library."""

    def __init__(self, library: Any) -> None:
        self._library, self._found, self._file = library, "", -1
        self._open, self._close = _long(library.H5Fopen), library.H5Fclose
        self._object, self._plan = _long(library.H5Oopen), _long(library.H5Dget_create_plist)
        newer = hasattr(library, "H5Oget_info3")
        self._about = library.H5Oget_info3 if newer else library.H5Oget_info
        self._visit = library.H5Lvisit2 if newer else library.H5Lvisit
        self._more = (ctypes.c_uint(1),) if newer else ()  # the basic facts
        #: Where the kind of an object stands in what is told of it, behind the number of its file and its place there.
        self._at = ctypes.sizeof(ctypes.c_ulong) + 16 if newer else 16

    def through(self, path: bytes, content: bytearray | None) -> str:
        access = self._memory(content) if content else 0
        self._file = self._open(path, ctypes.c_uint(0), ctypes.c_int64(access))
        if access:
            self._library.H5Pclose(ctypes.c_int64(access))
        if self._file < 0:
            return ""
        try:
            self._look("/", b"/")
            if not self._found:
                self._visit(ctypes.c_int64(self._file), ctypes.c_int(0), ctypes.c_int(2), _Visit(self._link), None)
        finally:
            self._close(ctypes.c_int64(self._file))
        return self._found

    def _memory(self, content: bytearray) -> int:
        """How to open a file whose bytes are these, and of which nothing is written to the disk."""
        self._library.H5open()
        kind = ctypes.c_int64.in_dll(self._library, "H5P_CLS_FILE_ACCESS_ID_g")
        access: int = _long(self._library.H5Pcreate)(kind)
        there = (ctypes.c_char * len(content)).from_buffer(content)
        if (
            access < 0
            or self._library.H5Pset_fapl_core(ctypes.c_int64(access), ctypes.c_size_t(2**20), ctypes.c_uint(0)) < 0
            or self._library.H5Pset_file_image(ctypes.c_int64(access), there, ctypes.c_size_t(len(content))) < 0
        ):
            raise MemoryError(f"no room for {len(content)} bytes")
        return access

    def _link(self, group: int, name: bytes, about: Any, _: Any) -> int:
        """Look at one link; 1 ends the walk."""
        kind, shown = about[0], (name or b"").decode("utf-8", "replace")
        if shown.count("/") > _DEEPEST:
            self._found = f"groups in each other, more than {_DEEPEST}"
        elif kind == _HARD:
            self._look(shown, name)
        elif kind != _SOFT:
            self._found = f"a link to another file ('{shown}')"
        return 1 if self._found else 0

    def _look(self, shown: str, name: bytes) -> None:
        held = self._object(ctypes.c_int64(self._file), name, ctypes.c_int64(0))
        if held < 0:
            return
        try:
            told = ctypes.create_string_buffer(_ROOM)
            if self._about(ctypes.c_int64(held), told, *self._more) < 0:
                return
            kind, links = (ctypes.c_int.from_buffer(told, self._at + at).value for at in (0, 4))
            if kind == _GROUP and links > 1:
                self._found = f"the group '{shown}' in several places"
            elif kind == _DATASET:
                self._look_at_storage(held, shown)
        finally:
            self._library.H5Oclose(ctypes.c_int64(held))

    def _look_at_storage(self, held: int, shown: str) -> None:
        plan = self._plan(ctypes.c_int64(held))
        if plan < 0:
            return
        if self._library.H5Pget_layout(ctypes.c_int64(plan)) == _VIRTUAL:
            self._found = f"'{shown}' made of other datasets (virtual)"
        elif self._library.H5Pget_external_count(ctypes.c_int64(plan)) > 0:
            self._found = f"'{shown}' with its numbers in another file"
        self._library.H5Pclose(ctypes.c_int64(plan))


def _long(function: Any) -> Any:
    """The function of a library, whose results are handles."""
    function.restype = ctypes.c_int64
    return function
