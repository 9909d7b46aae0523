"""Reads the members of a zip from outside within bounds: their number, their sizes declared and real, and how far they expand."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from ..errors import ProductError
from ..paths import PathLike
from .guard import check_file, most_words, reason, understood

#: Members of a zip at most; the largest downloads of the ISMN have some ten thousand.
MOST_MEMBERS = 200_000

#: Bytes of the list of members at most.
_LONGEST_LIST = 2**26

#: A member of at least so many bytes may be at most so many times larger than its compressed content. Lines with dates compress 10 to 30
#: times, deflated zeros 1 030 times.
_SMALL, _HIGHEST_RATIO = 2**20, 200

#: Bytes that are unpacked at a time.
_PIECE = 2**18


class _Archive(io.FileIO):
    """The file of a zip, which lets nobody read a list of members beyond the bounds."""

    def read(self, size: int | None = -1) -> Any:
        wanted = _LONGEST_LIST + 1 if size is None or size < 0 else size
        if wanted > _LONGEST_LIST + 1:
            raise zipfile.BadZipFile(f"a list of members of {wanted} bytes")
        found = super().read(wanted)
        if len(found) > _LONGEST_LIST or (len(found) > _PIECE and found.count(b"PK\x01\x02") > MOST_MEMBERS):
            raise zipfile.BadZipFile(f"more than {MOST_MEMBERS:,} members")
        return found


class Zip:
    """An open zip, to be used as a context manager; ``expected``: what it should be, for messages.

    Raises ``ProductError`` if it does not open, has too many members, or if members overlap.
    """

    def __init__(self, path: PathLike, expected: str) -> None:
        self.path, self.expected = path, expected
        check_file(path, expected)
        try:
            self._file = _Archive(path)
        except (OSError, ValueError) as error:
            raise ProductError(path, None, f"a zip that does not open ({reason(error)})", expected) from error
        try:
            with understood(path, expected, "a zip"):
                self._zip = zipfile.ZipFile(self._file)
            self.members = self._zip.infolist()
            if sum(member.compress_size for member in self.members) > self._file.seek(0, io.SEEK_END):
                raise ProductError(path, None, "a zip whose members overlap", expected)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Zip:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()
        self._file.close()

    def content(self, member: zipfile.ZipInfo, most: int, *, ratio: bool = True) -> bytearray:
        """The content of a member of at most ``most`` bytes, unpacked in pieces and checked by its checksum. Raises ``ProductError``.

        ``ratio``: whether a member that expands more than any text of measurements does is refused.
        """
        place = f"{self.path}/{member.filename}"
        size, packed = member.file_size, member.compress_size
        if size > most:
            raise ProductError(place, None, f"an archive member of {size:,} bytes", f"at most {most_words(most)}")
        if ratio and size > _SMALL and size > _HIGHEST_RATIO * packed:
            raise ProductError(place, None, f"an archive member of {packed:,} bytes that unpack to {size:,}", self.expected)
        found = bytearray()
        with understood(place, self.expected, "an archive member"), self._zip.open(member) as file:
            while True:
                piece = file.read(min(_PIECE, most + 1 - len(found)))
                found += piece
                if not piece or len(found) > most:
                    break
        if len(found) != size:
            raise ProductError(place, None, f"an archive member of {len(found):,} bytes instead of {size:,}", self.expected)
        return found

    def named(self, name: str) -> zipfile.ZipInfo | None:
        """The member of that name; None if there is none."""
        return self._zip.NameToInfo.get(name)

    def stream(self, member: zipfile.ZipInfo) -> Any:
        """A member, open for reading in pieces."""
        return self._zip.open(member)
