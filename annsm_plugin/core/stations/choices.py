"""Choices and defaults for stations. QGIS reads them when it loads the plugin, so nothing is imported here."""

from __future__ import annotations

#: ISMN quality flags that are accepted by default: G (good) and U, which older downloads have where no check found anything wrong.
GOOD_FLAGS = ("G", "U")

#: Depths (m) of the surface layer.
SURFACE = (0.0, 0.05)

#: Endings of the names of tables.
TABLES = (".csv", ".txt", ".tsv", ".dat", ".xlsx")

#: Choices of the local solar time at which stations are compared with a product, in hours; None: the mean of the local day.
HOURS: dict[str, float | None] = {"01:30": 1.5, "06:00": 6.0, "daily": None}

#: Ways from the sites of a cell to its value, and what they are called.
UPSCALING = {
    "mean": "mean of the sites",
    "representative": "most representative site (temporal stability)",
    "triple collocation": "weights from triple collocation",
    "voronoi": "weights by area (Voronoi)",
}
