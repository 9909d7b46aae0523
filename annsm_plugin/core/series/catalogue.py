"""The soil moisture products of which daily series can be read from a folder, and how each is taken. Nothing heavy is imported here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """How a product is taken: its title, the overpass ("D" descending, "A" ascending) and its nominal local hour.

    ``variables``: by band ("" for products with one), the names that the variable may have in the files, the preferred one first.
    """

    product: str
    title: str
    orbit: str
    hour: float
    variables: dict[str, tuple[str, ...]]


#: The paper's products (section 4.2.2): LPRM and JAXA descending (01:30), SMOS ascending (06:00); and SMAP's morning pass, its target.
SOURCES = {
    "lprm": Source(
        "lprm",
        "LPRM",
        "D",
        1.5,
        {"c": ("soil_moisture_c1", "soil_moisture_c"), "c2": ("soil_moisture_c2",), "x": ("soil_moisture_x",)},
    ),
    "jaxa": Source("jaxa", "JAXA", "D", 1.5, {"": ("soil_moisture",)}),
    "smos": Source("smos", "SMOS", "A", 6.0, {"": ("soil_moisture",)}),
    "smap": Source("smap", "SMAP", "D", 6.0, {"": ("soil_moisture",)}),
}

#: The bands of LPRM.
LPRM_BANDS = tuple(SOURCES["lprm"].variables)

#: Titles of all products of which a folder can be given. GLDAS has no overpass: it is taken at 02:00 local solar time.
FOLDERS = {**{name: source.title for name, source in SOURCES.items()}, "gldas": "GLDAS"}
