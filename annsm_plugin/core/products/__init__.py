"""Files of the satellite and model products: what their names say, what a folder holds, what a file contains.

``read`` gives one file as an xarray.Dataset, ``inventory`` lists what a folder holds. ``readers`` has one module per product; ``decoding``
reads many files at once in separate processes.
"""

from __future__ import annotations

from ..foundation.errors import ProductError
from .arrays import Arrays
from .examine import chosen_of, examine
from .naming import Entry, entry
from .reading import PRODUCTS, read, read_arrays
from .scan import Inventory, check_headers, find, inventory

__all__ = [
    "PRODUCTS",
    "Arrays",
    "Entry",
    "Inventory",
    "ProductError",
    "check_headers",
    "chosen_of",
    "entry",
    "examine",
    "find",
    "inventory",
    "read",
    "read_arrays",
]
