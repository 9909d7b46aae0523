"""Which products of soil moisture err together: what triple collocation and the choice of a third product must know."""

from __future__ import annotations

#: Families of products; a title begins with its family's name.
FAMILIES = ("ANN-SM", "SMAP", "GLDAS", "LPRM", "JAXA", "SMOS")

#: Pairs of products whose errors cannot be taken as independent, and why. Two of one family are such a pair too.
SHARED = {
    ("ANN-SM", "SMAP"): "ANN-SM is trained on SMAP",
    ("ANN-SM", "GLDAS"): "GLDAS is an input of ANN-SM",
    ("ANN-SM", "LPRM"): "both rest on AMSR brightness temperature",
    ("ANN-SM", "JAXA"): "both rest on AMSR brightness temperature",
    ("LPRM", "JAXA"): "both are retrieved from AMSR brightness temperature",
    ("SMAP", "SMOS"): "both are retrieved from L-band brightness temperature, with much the same treatment of vegetation",
}


def family_of(title: str) -> str:
    """The family of a product; empty where it is unknown."""
    return next((known for known in FAMILIES if title.startswith(known)), "")


def shared(first: str, second: str) -> str:
    """Why the errors of two products (titles) cannot be taken as independent; empty where nothing speaks against it."""
    a, b = family_of(first), family_of(second)
    if a and a == b:
        return f"both are {a}"
    return SHARED.get((a, b)) or SHARED.get((b, a)) or ""
