"""What to fetch to close the gaps of a record: one sentence for each product, which points to the download lists."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from ..products.coverage import Group, unit

#: Product -> what the download lists call it.
LISTED = {"amsr_tb": "AMSR", "smap": "SMAP", "gldas": "GLDAS", "lai": "LAI"}


def sentences(groups: Sequence[Group]) -> list[str]:
    """A sentence for each product with missing, incomplete or unreadable days: how many, and how their files are listed."""
    found = []
    for product in dict.fromkeys(_named(group) for group in groups):
        own = [group for group in groups if _named(group) == product]
        lacking = {
            "missing": {day for group in own for day in group.missing},
            "incomplete": {day for group in own for day in group.incomplete()},
            "unreadable": {day for group in own for day in group.broken},
        }
        days = set().union(*lacking.values())
        if days:
            found.append(f"{_counted(lacking, product)}: {_how(product, min(days), max(days))}")
    return found


def _named(group: Group) -> str:
    """The product, or what else a record of another archive is called, which the lists do not have."""
    return "CETB" if group.product == "amsr_tb" and group.version.startswith("CETB") else group.product


def _counted(lacking: dict[str, set[datetime.date]], product: str) -> str:
    """How many days are missing, incomplete and unreadable; each is counted once."""
    parts = []
    counted: set[datetime.date] = set()
    for what, days in lacking.items():
        new = days - counted
        counted |= days
        if new:
            parts.append(f"{len(new)} {what}")
    return f"{LISTED.get(product, product)}, {unit(product)} that lack files: {', '.join(parts)}, {min(counted)} to {max(counted)}"


def _how(product: str, first: datetime.date, last: datetime.date) -> str:
    """How the files of these days are fetched: a day more on either side, since lists go by local days."""
    if product not in LISTED:
        return "the download lists do not have this product; fetch these days where the others came from."
    day = datetime.timedelta(1)
    asked = f"PRODUCTS={LISTED[product]}, START={first - day}, END={last + day}"
    return f"annsm:downloadlist with {asked} and this folder as HAVE lists their files, and annsm:download fetches them."
