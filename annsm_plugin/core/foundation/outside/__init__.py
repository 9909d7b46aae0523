"""How files from outside are read: within bounds, and with one sentence for whatever is wrong with them.

``understood`` is the guard around every call of a library that reads them; ``content`` gives a file's bytes, ``read_json`` and
``parse_json`` JSON, ``Zip`` the members of a zip, ``read_arrays`` those of an ``.npz``, ``read_rows`` the rows of a CSV file;
``elsewhere`` tells of HDF5 files that refer to others, ``wrong_kind`` and ``wrong_references`` of rasters that do; ``open_plain`` and
``open_followed`` open those that do not.
"""

from .arrays import read_arrays
from .guard import content, most_words, reason, understood
from .hdf5 import elsewhere
from .json_text import parse_json, read_json
from .rasters import open_followed, open_plain, wrong_kind, wrong_references
from .rows import read_rows
from .zips import Zip

__all__ = [
    "Zip",
    "content",
    "elsewhere",
    "most_words",
    "open_followed",
    "open_plain",
    "parse_json",
    "read_arrays",
    "read_json",
    "read_rows",
    "reason",
    "understood",
    "wrong_kind",
    "wrong_references",
]
