"""The guard around readings of files from outside: whatever a library raises becomes one sentence about the file."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from ..errors import AnnsmError, ProductError
from ..paths import PathLike, no_file


@contextlib.contextmanager
def understood(path: PathLike, expected: str, kind: str = "contents") -> Iterator[None]:
    """Turn whatever is raised inside the block, but the project's own errors and a missing package, into a ``ProductError`` of ``path``.

    The block holds nothing but calls that read the file: zip, gzip, CSV, JSON, npz and spreadsheets raise ``zlib.error``,
    ``zipfile.BadZipFile``, ``struct.error``, ``csv.Error``, ``lzma.LZMAError``, ``SyntaxError``, ``RecursionError`` and a dozen more,
    others in each version. ``kind``: what the file was taken for.
    """
    try:
        yield
    except (AnnsmError, ImportError):
        raise
    except MemoryError as error:
        raise ProductError(path, None, f"{kind} that need more memory than there is", expected) from error
    except Exception as error:
        raise ProductError(path, None, f"{kind} that cannot be read ({reason(error)})", expected) from error


def reason(error: Exception) -> str:
    """What an error says, on one line of at most 160 characters; its kind where it says nothing."""
    said = getattr(error, "strerror", None) or " ".join(str(error).split())
    return str(said)[:160] or type(error).__name__


def check_file(path: PathLike, expected: str) -> None:
    """Raise ``ProductError`` for anything but a regular file: the opening of a pipe waits, for ever where nobody writes into it."""
    wrong = no_file(path)
    if wrong:
        raise ProductError(path, None, wrong, expected)


def content(path: PathLike, most: int, expected: str) -> bytes:
    """The bytes of a file of at most ``most`` bytes. Raises ``ProductError``; a larger file is not read, nor what is no regular file."""
    check_file(path, expected)
    try:
        with open(path, "rb") as file:
            size = Path(path).stat().st_size  # no more room is asked for than the file needs
            found = file.read(size + 1) if size <= most else None
    except (OSError, ValueError) as error:
        raise ProductError(path, None, f"a file that cannot be read ({reason(error)})", expected) from error
    if found is None or len(found) > size:
        raise ProductError(path, None, f"a file of more than {most_words(most)}", expected)
    return found


def most_words(size: int) -> str:
    """A number of bytes in words."""
    return f"{size / 1e6:,.0f} MB" if size >= 1e6 else f"{size:,} bytes"
