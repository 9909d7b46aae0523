"""What a cube that grew by several matches says of itself: the days that were matched, all versions, counts of all matches."""

from __future__ import annotations

import numpy as np

#: Attribute with the matched days, as "2015-04-01/2015-05-31 2015-08-01/2015-08-10".
MATCHED = "matched_days"

_VERSIONS, _LISTS, _COUNTS = "_versions", "unreadable_", ("files_", "values_")


def written(days: np.ndarray) -> str:
    """Days (datetime64[D], ascending) as the attribute has them."""
    runs = np.split(days, np.flatnonzero(np.diff(days) != np.timedelta64(1, "D")) + 1)
    return " ".join(f"{run[0]}/{run[-1]}" for run in runs if run.size)


def matched(attributes: dict, days: np.ndarray) -> np.ndarray:
    """Those of a cube's ``days`` that were matched; all of them where it does not say."""
    text = str(attributes.get(MATCHED, "")).split()
    if not text:
        return days
    inside = np.zeros(days.size, dtype=bool)
    for run in text:
        first, _, last = run.partition("/")
        inside |= (days >= np.datetime64(first, "D")) & (days <= np.datetime64(last or first, "D"))
    return days[inside]


def joined(new: dict, old: dict) -> dict:
    """Attributes of this match with those of the cube that it extends: versions and names of both, counts of both added up.

    A day that was matched anew counts twice in the files.
    """
    found = dict(new)
    for name, value in old.items():
        if name.endswith(_VERSIONS) or name.startswith(_LISTS):
            words = dict.fromkeys([*str(value).split(), *str(new.get(name, "")).split()])
            unsaid = ("unknown", "none") if len(words) > 1 else ()
            found[name] = " ".join(sorted(word for word in words if word not in unsaid))
        elif name.startswith(_COUNTS):
            found[name] = np.int64(int(value) + int(new.get(name, 0)))
        elif name == "synthetic":
            found[name] = value
    found["history"] = f"{new['history']}\n{old.get('history', '')}".strip()
    return found
