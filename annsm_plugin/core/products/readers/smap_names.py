"""Where the variables of a file of SMAP are: in the product's groups, or at the root under names that begin with those of the groups."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

import numpy as np

from ...foundation.errors import ProductError
from ..access import Source
from .smap_values import FILL_FLAG, FLAGS, FLOATS

GROUP = "Soil_Moisture_Retrieval_Data"
_GROUPS = (GROUP, f"{GROUP}_AM", f"{GROUP}_PM")

#: A variable at the root whose name begins with that of its group.
_FLAT = re.compile(rf"^{GROUP}(?:_(AM|PM))?[_./:](\w+)$")

#: The variables by which a root without any group is known to be a flattened file.
_SIGNS = ("soil_moisture", "soil_moisture_pm", "tb_time_seconds", "tb_time_seconds_pm", "soil_moisture_dca", "soil_moisture_dca_pm")

#: Names of coordinates, which belong to both overpasses.
AXES = ("time", "lat", "lon", "latitude", "longitude", "x", "y", "crs", "xdim", "ydim", "x-dim", "y-dim")


class Names:
    """The variables of a file by their names in the product (the evening's with _pm): group ("" is the root) and stored name.

    ``groups``: the product's groups that the file has. ``example``: the name of a variable, for messages.
    """

    def __init__(self, source: Source) -> None:
        for name in source.names():
            if name in _GROUPS:
                raise ProductError(source.path, name, "a variable", "a group of variables")
        self.groups = [g for g in source.group_names() if g in _GROUPS]
        self.where: dict[str, tuple[str, str]] = {}
        for group in self.groups:
            evening = group.endswith("_PM")
            for name in source.names(group):
                self.where[name + "_pm" if evening and not name.endswith("_pm") else name] = group, name
        if not self.groups:
            root = source.names()
            for name in root:
                if match := _FLAT.match(name):
                    own = match.group(2)
                    self.where[own + "_pm" if match.group(1) == "PM" and not own.endswith("_pm") else own] = "", name
            if not self.where and any(name in root for name in _SIGNS):
                self.where = {name: ("", name) for name in root}
        self.source = source

    def has(self, suffix: str) -> bool:
        """Whether the file has variables of the morning (``suffix`` "") or the evening ("_pm")."""
        return any(name.endswith("_pm") == bool(suffix) for name in self.where if name.lower() not in AXES)

    def __contains__(self, name: str) -> bool:
        return name in self.where

    @property
    def example_name(self) -> str:
        """A variable whose shape is that of all fields."""
        return next((name for name in _SIGNS if name in self.where), next(iter(self.where), GROUP))

    @property
    def example(self) -> str:
        """The same as the file calls it."""
        return self.told(self.example_name)

    def told(self, name: str) -> str:
        """The name of a variable with its group, as the file calls it."""
        group, stored = self.where.get(name, ("", name))
        return f"{group}/{stored}" if group else stored

    def open(self, name: str) -> Any:
        """GDAL's array of a variable."""
        group, stored = self.where[name]
        return self.source.open(stored, group)

    def shape(self, name: str) -> tuple[int, ...]:
        """Sizes of a variable's dimensions."""
        return self.source.shape(self.open(name))

    def field(self, name: str, shape: tuple[int, int]) -> np.ndarray | None:
        """The numbers of a variable with two dimensions, whole, float64; None if it has others than ``shape``."""
        array = self.open(name)
        if self.source.shape(array) != shape:
            return None
        values = self.source.values(array, self.told(name))
        return values.astype(float) if values.dtype.kind in "iuf" else None

    @cached_property
    def blank(self) -> bool:
        """Whether no pixel of the file was seen: all retrievals, flags and times are missing."""
        known = [name for name in self.where if name.removesuffix("_pm") in (*FLOATS, *FLAGS, "tb_time_seconds")]
        for name in known:
            array = self.open(name)
            values = self.source.values(array, self.told(name))
            if (
                values.dtype.kind not in "iuf"
                or (values[np.isfinite(values)] > -9998.0 if values.dtype.kind == "f" else values != FILL_FLAG).any()
            ):
                return False
        return bool(known)

    def structure(self) -> str:
        """The text of HDF-EOS's StructMetadata, empty if the file has none."""
        texts = [str(self.source.attribute(None, name, "")) for name in ("StructMetadata.0", "StructMetadata_0")]
        group = "HDFEOS INFORMATION"
        if group in self.source.group_names():
            for name in self.source.names(group):
                if name.startswith("StructMetadata"):
                    try:
                        found = self.source.open(name, group).Read()
                    except (RuntimeError, AttributeError, TypeError, ProductError):
                        continue
                    texts.append(" ".join(map(str, found)) if isinstance(found, list) else str(found))
        return " ".join(texts)
