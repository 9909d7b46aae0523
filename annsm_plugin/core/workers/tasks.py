"""What a block of work is, and the function that its task names.

A task is always a function of this package's core, so that no message can call anything else.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..foundation.progress import Progress

Values = dict[str, Any]
Arrays = dict[str, np.ndarray]

#: A task: (values, arrays, progress) -> (values, arrays); the values are JSON-ready, the arrays numbers.
Task = Callable[[Values, Arrays, Progress], tuple[Values, Arrays]]

#: What is yielded of every block: its name, the values and the arrays of its result.
Results = Iterator[tuple[str, Values, Arrays]]

_NAME = re.compile(r"[a-z_]+(\.[a-z_]+)*:[a-z][a-z_]*")
_CORE = __name__.rsplit(".", 2)[0]


@dataclass
class Block:
    """A block of work: its name, the values (JSON-ready) and arrays of the task, and its share of the work, in any unit."""

    name: str
    values: Values
    arrays: Arrays
    weight: float = 1.0

    def __post_init__(self) -> None:
        # row by row, as arrays come out of a pipe: sums over another order would round otherwise
        self.arrays = {name: np.asarray(array, order="C") for name, array in self.arrays.items()}


def find(name: str) -> Task:
    """The task called "room.module:function". Raises ``ValueError`` for anything but a public function of the core."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"'{name}' is no task")
    module, _, function = name.partition(":")
    found = getattr(importlib.import_module(f"{_CORE}.{module}"), function)
    if getattr(found, "__module__", "") != f"{_CORE}.{module}":
        raise ValueError(f"'{name}' is no task")
    return found
