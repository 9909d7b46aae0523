"""The type of a path that a caller gives, a text or anything that names a file, and whether something is there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Union

PathLike = Union[str, "os.PathLike[str]"]


def there(path: PathLike) -> bool:
    """Whether a file or folder is there; no name is too long or too odd for an answer."""
    try:
        return Path(path).exists()
    except (OSError, ValueError):
        return False
