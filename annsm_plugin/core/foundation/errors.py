"""The errors a user can meet. Each message is one plain sentence that says what to do or look at."""

from __future__ import annotations

#: Letters of what was found that are repeated: what a damaged file holds can be long.
MOST_LETTERS = 1000


def _line(words: object) -> str:
    """Words in one line that can be read."""
    text = " ".join(str(words).splitlines())
    return text if len(text) <= MOST_LETTERS else text[:MOST_LETTERS] + " ..."


class AnnsmError(Exception):
    """Something that the user can understand and act on; shown as it is, without a traceback."""


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
