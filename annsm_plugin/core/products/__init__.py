"""The products' files: what a name says, what a folder holds, what a file contains.

``read`` gives one file as an xarray.Dataset, ``inventory`` a table of what a folder holds. A module per product lies in ``readers``;
``decoding`` reads many files at once in processes of their own.
"""

from __future__ import annotations

from ..foundation.errors import ProductError
from .access import Arrays
from .examine import examine
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
    "entry",
    "examine",
    "find",
    "inventory",
    "read",
    "read_arrays",
]
