"""The errors a user can meet. Each message is one plain sentence that says what to do or look at."""

from __future__ import annotations

import errno
import unicodedata

#: Letters of what was found that are repeated, and of a whole message: what a damaged file holds can be long.
MOST_LETTERS, MOST_OF_MESSAGE = 1000, 1400


def _line(words: object, most: int = MOST_LETTERS) -> str:
    """Words in one line that can be read: what cannot be seen is written out, and the middle of what is too long left out."""
    text = _cut(" ".join(str(words).splitlines()), most)
    return _cut("".join(c if c.isprintable() or unicodedata.category(c) == "Zs" else ascii(c)[1:-1] for c in text), most)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - most // 4]} ... {text[-(most // 4) :]}"


#: How libraries say that there is no memory, where they do not raise ``MemoryError``.
_NO_MEMORY = ("bad_alloc", "can't allocate memory", "cannot allocate memory", "not enough memory", "start new thread")


def tells_of_memory(error: BaseException | None) -> bool:
    """Is a lack of memory what was raised, or what led to it?"""
    while error is not None:
        words = str(error).lower()
        if isinstance(error, MemoryError) or getattr(error, "errno", None) == errno.ENOMEM or any(word in words for word in _NO_MEMORY):
            return True
        error = error.__cause__ or error.__context__
    return False


def check_enough(error: BaseException) -> None:
    """Raise ``MemoryError`` if a lack of memory is why something cannot be read: with more of it the result would be another."""
    if tells_of_memory(error):
        raise MemoryError from error


class AnnsmError(Exception):
    """Something that the user can understand and act on; shown as it is, in one line, without a traceback."""

    def __init__(self, message: object = "") -> None:
        super().__init__(_line(message, MOST_OF_MESSAGE))


class ParameterError(AnnsmError):
    """A setting that cannot work, found before work starts."""


class Cancelled(AnnsmError):
    """The user stopped the run."""

    def __init__(self, message: str = "Cancelled.") -> None:
        super().__init__(message)


class MissingLibrary(AnnsmError):
    """An optional Python package is not installed, or is installed but does not load."""


class ProductError(AnnsmError):
    """A product file that is not what its name or its place promises.

    Attributes: ``path``, ``variable`` (or None), ``found``, ``expected``; all in the message too.
    """

    def __init__(self, path: object, variable: str | None = None, found: object = "", expected: object = "") -> None:
        self.path = str(path)
        self.variable = variable
        self.found = _line(found)
        self.expected = _line(expected)
        place = f"{self.path}, variable '{variable}'" if variable else self.path
        super().__init__(f"{place}: found {self.found}; expected {self.expected}.")


class CubeError(AnnsmError):
    """A cube, model or ANN-SM file that does not fulfil its contract or does not fit the others.

    Attributes: ``path``, ``found``, ``expected``; all in the message too.
    """

    def __init__(self, path: object, found: object = "", expected: object = "") -> None:
        self.path = str(path)
        self.found = _line(found)
        self.expected = _line(expected)
        super().__init__(f"{self.path}: found {self.found}; expected {self.expected}.")
