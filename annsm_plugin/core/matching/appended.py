"""A cube that grows by several matches: which cube may be extended, and what it then says of itself (days, versions, counts)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..foundation import blocks, store
from ..foundation.errors import CubeError
from ..foundation.paths import PathLike
from ..foundation.variables import PER_DAY, describe
from ..products.readers import smap_releases
from .composites import overlap, sources
from .plan import Plan

#: Attribute with the matched days, as "2015-04-01/2015-05-31 2015-08-01/2015-08-10".
MATCHED = "matched_days"

#: Settings that cubes of earlier versions of the plugin do not name -> what they were then.
_UNSAID = {"amsr_layout": "documented", "smap_product": "SPL3SMP", "tb_source": "JAXA"}

_VERSIONS, _LISTS, _COUNTS = "_versions", "unreadable_", ("files_", "values_")


def written(days: np.ndarray) -> str:
    """Days (datetime64[D], ascending) in the words of the attribute."""
    runs = np.split(days, np.flatnonzero(np.diff(days) != np.timedelta64(1, "D")) + 1)
    return " ".join(f"{run[0]}/{run[-1]}" for run in runs if run.size)


def matched(path: PathLike, attributes: Mapping[str, Any], days: np.ndarray) -> np.ndarray:
    """Those of the ``days`` of the cube ``path`` that were matched; all of them if its ``attributes`` do not say.

    Raises ``CubeError`` if they say it in other words than ``written``, or name none of them.
    """
    text = str(attributes.get(MATCHED, "")).split()
    if not text:
        return days
    inside = np.zeros(days.size, dtype=bool)
    for run in text:
        first, _, last = run.partition("/")
        try:
            low, high = np.datetime64(first, "D"), np.datetime64(last or first, "D")
        except ValueError:
            raise _unreadable(path, MATCHED, attributes, "days such as 2015-04-01/2015-05-31") from None
        inside |= (days >= low) & (days <= high)
    if not inside.any():
        raise _unreadable(path, MATCHED, attributes, "some of its days")
    return days[inside]


def check_counts(path: PathLike, attributes: Mapping[str, Any]) -> None:
    """Raise ``CubeError`` if a count among the ``attributes`` of the cube ``path`` is no whole number."""
    for name, value in attributes.items():
        if name.startswith(_COUNTS) and not re.fullmatch(r"\d{1,15}", str(value)):
            raise _unreadable(path, name, attributes, "a whole number")


def _unreadable(path: PathLike, name: str, attributes: Mapping[str, Any], expected: str) -> CubeError:
    return CubeError(
        path, f"a cube with {name} {store.short(attributes[name])}", f"{expected}, to add days to it; or choose another output"
    )


def joined(new: dict[str, Any], old: Mapping[str, str]) -> dict[str, Any]:
    """The attributes of an extended cube: versions and files of both matches, and the sums of their counts.

    The files of a day that was matched twice count twice.
    """
    found = dict(new)
    both = overlap.Overlap({**sources.compared(old).sums, **sources.compared(new).sums})
    found.update(sources.attributes(both))
    for name, value in old.items():
        if name.endswith(_VERSIONS) or name.startswith(_LISTS):
            words = dict.fromkeys([*str(value).split(), *str(new.get(name, "")).split()])
            unsaid = ("unknown", "none") if len(words) > 1 else ()
            found[name] = " ".join(sorted(word for word in words if word not in unsaid))
        elif name.startswith(_COUNTS):
            found[name] = np.int64(int(value) + int(new.get(name, 0)))
        elif name == "synthetic":
            found[name] = value
    found[store.provenance.INPUT_FILES] = store.provenance.joined((), new, old)
    found["history"] = f"{new['history']}\n{old.get('history', '')}".strip()
    return found


def period(days: np.ndarray, old: np.ndarray) -> np.ndarray:
    """All dates from the first to the last of two periods."""
    return np.arange(min(days[0], old[0]), max(days[-1], old[-1]) + 1)


def about(path: PathLike) -> dict[str, str]:
    """The attributes of the cube that is extended."""
    with store.open_grid(path, kind="cube") as data:
        return {name: str(value) for name, value in data.attrs.items()}


def held(plan: Plan) -> np.ndarray | None:
    """The days of the cube that is to be extended; None if the output is to be written from scratch.

    Raises ``CubeError`` if the output is a cube of other days that has another region or other settings, or attributes that cannot be
    continued.
    """
    if not plan.output.is_file():
        return None
    try:
        with store.open_grid(plan.output, kind="cube") as data:
            if str(data.attrs.get("annsm_kind")) != "cube":
                return None
            days = data["time"].values.astype("datetime64[D]")
            if np.isin(days, plan.days).all():
                return None
            same_grid = data["lat"].size == plan.grid.lat.size and data["lon"].size == plan.grid.lon.size
            same_grid = same_grid and np.allclose(data["lat"].values, plan.grid.lat) and np.allclose(data["lon"].values, plan.grid.lon)
            found = "another region" if not same_grid else ""
            for name, value in plan.settings().items():
                there = str(data.attrs.get(name, _UNSAID.get(name)))
                if not found and there != str(value):
                    found = f"{name.replace('_', ' ')} '{there}'"
                    wanted = f"'{value}' as asked for now"
            if found:
                expected = "the same region" if not same_grid else wanted
                raise CubeError(
                    plan.output, f"a cube of other days with {found}", f"{expected}, to add days to it; or choose another output"
                )
            baseline = smap_releases.baseline(plan.entries.get("smap", ()), plan.smap_variable)
            baselines = {str(data.attrs.get("smap_baseline", "")), baseline} - {""}
            if len(baselines) > 1:
                raise CubeError(plan.output, f"a cube of another SMAP baseline algorithm ({data.attrs['smap_baseline']})", "the same one")
            if "screened" in data.data_vars:
                raise CubeError(plan.output, "a cube that was screened", "one that was not, to add days to it; or choose another output")
            check_counts(plan.output, data.attrs)
            return matched(plan.output, data.attrs, days)
    except CubeError as error:
        if error.found.startswith("a cube"):
            raise
        return None


def old(data: Any, name: str, days: slice) -> np.ndarray:
    """A variable of the cube that is extended; what cubes of earlier versions lack is missing. What has one number a day is as stored."""
    if name not in PER_DAY:
        return blocks.maps(data, name, days)
    missing: Any = describe(name).fill
    if name not in data.data_vars:
        return np.full(days.stop - days.start, missing)
    values = blocks.maps(data, name, days).astype(float)
    return np.where(np.isnan(values), missing, values).astype(describe(name).dtype)
