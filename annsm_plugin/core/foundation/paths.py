"""The type of a path that a caller gives: a text or anything that names a file."""

from __future__ import annotations

import os
from typing import Union

PathLike = Union[str, "os.PathLike[str]"]
