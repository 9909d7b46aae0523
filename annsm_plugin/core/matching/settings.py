"""Checks a matching request against what the folders hold, before any work starts, and makes the plan of the run."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from .. import products
from ..foundation import localtime, store
from ..foundation.errors import ParameterError, ProductError
from ..foundation.grid import Grid
from ..foundation.paths import PathLike
from ..foundation.progress import SILENT, Progress
from ..foundation.requests import one_of
from ..products.arrays import Arrays, Window
from ..products.decoding import Pool
from ..products.naming import Entry
from ..products.readers import amsr, smap_releases
from . import calibration, channels, extra, gldas, lai, smap
from .files import day
from .plan import AROUND, KINDS, TITLES, Plan
from .radiometers import cetb
from .request import SMAP_VARIABLES, MatchRequest


def check(request: MatchRequest) -> None:
    """Raise ``ParameterError`` (or ``CubeError``) if the request could not work."""
    planned(request)


def planned(request: MatchRequest, progress: Progress | None = None) -> Plan:
    """The checked ``Plan`` of a run. Looks at the file names in the folders, and into a few files of AMSR and GLDAS."""
    request = _spelled(request)
    request.check_values()
    output = store.check_output(request.output, ".nc")
    pairs = store.check_output(request.pairs, ".tif", ".tiff") if request.pairs else None
    grid = Grid.from_extent(request.extent)
    parsed = channels.parse(request.channels, request.polarisation)
    clock = str(request.time or "solar").strip().lower()
    if clock not in ("solar", "file"):
        localtime.fixed_offset(clock)
    plan = Plan(
        output=output,
        grid=grid,
        mask=_mask(request.mask, grid),
        days=_days(request.start, request.end),
        channels=parsed,
        overpass=request.overpass,
        clock=clock,
        smap_product=request.smap_product,
        smap_variable=request.smap_variable.lower().replace("-", ""),
        smap_quality=request.smap_quality,
        calibration=request.calibration,
        table=calibration.check(request.calibration, request.calibration_table, parsed, request.overpass),
        lai_method=request.lai_method,
        lai_barren_zero=bool(request.lai_barren_zero),
        rain_hours=request.rain_hours,
        has_rain=True,
        extra=extra.expanded(extra.check(request.extra, parsed.names), grid),
        amsr_layout=request.amsr_layout,
        pairs=pairs,
        entries={},
    )
    folders = {"amsr_tb": request.amsr, "smap": request.smap, "gldas": request.gldas, "lai": request.lai}
    progress = progress or SILENT
    for product, folder in folders.items():
        if product == "smap" and not folder:
            continue
        plan.entries[product] = _entries(plan, product, folder, progress)
    cetb.check(plan, plan.entries["amsr_tb"])
    with Pool.for_files(1) as pool:
        _check_sensors(plan, pool)
        _check_gldas(plan, pool)
        _check_smap(plan, pool)
    _check_lai(plan)
    if "smap" in plan.entries:
        smap_releases.check_releases(plan.entries["smap"], plan.smap_variable)
    return plan


def _spelled(request: MatchRequest) -> MatchRequest:
    """The request with its words as the dialog spells them: scripts may write "scav" for "SCA-V", and capitals as they like."""
    plain = {name.lower().replace("-", ""): name for name in SMAP_VARIABLES}
    variable = str(request.smap_variable)
    words = {"smap_variable": plain.get(variable.lower().replace("-", ""), variable)}
    for name, known in request.options().items():
        if known.kind == "choice" and name != "smap_variable":
            words[name] = one_of(known.parameter, getattr(request, name), known.choices)
    return request.but(**words)


def _days(start: Any, end: Any) -> np.ndarray:
    """All local dates of the period, both ends included."""
    bounds = []
    for what, value in (("start", start), ("end", end)):
        try:
            if isinstance(value, datetime.datetime):
                value = value.date()
            bounds.append(np.datetime64(value, "D"))
        except (TypeError, ValueError):
            raise ParameterError(f"The {what} date '{value}' is not a date such as 2015-04-01.") from None
    if any(np.isnat(b) for b in bounds):
        raise ParameterError("The period needs a start and an end date.")
    if bounds[0] > bounds[1]:
        raise ParameterError(f"The start date {bounds[0]} lies after the end date {bounds[1]}.")
    return np.arange(bounds[0], bounds[1] + 1)


def _mask(mask: np.ndarray | None, grid: Grid) -> np.ndarray | None:
    if mask is None:
        return None
    mask = np.asarray(mask, dtype=bool)
    if mask.shape != grid.shape:
        raise ParameterError(f"The mask has {mask.shape} cells; expected {grid.shape}, as the region has.")
    if not mask.any():
        raise ParameterError("The mask leaves no cell of the region.")
    return mask


def _entries(plan: Plan, product: str, folder: PathLike, progress: Progress) -> list[Entry]:
    """The entries of a product near the period; raises where the folder has none."""
    title = TITLES[product]
    if not str(folder or "").strip():
        raise ParameterError(f"The {title} folder is not given.")
    if not Path(folder).exists():
        raise ParameterError(f"The {title} folder {folder} does not exist.")
    found = products.inventory(folder, check="names", progress=progress)
    entries = found.of(plan.kind(product))
    if not entries:
        raise ParameterError(
            f"The {title} folder {folder} holds {_what(found)}, no {title} files that can be used{_other(plan, product, found)}."
        )
    plan.found[product] = found
    if product == "amsr_tb":
        orbit = plan.overpass[0].upper()
        if not any(entry.orbit == orbit for entry in entries):
            raise ParameterError(f"The AMSR folder {folder} holds {len(entries)} files, none of the {plan.overpass} orbit.")
        entries = [replace(entry, layout=plan.amsr_layout) for entry in entries if entry.orbit == orbit]
    around = AROUND[product]
    low, high = plan.days[0] - around, plan.days[-1] + around
    near = [entry for entry in entries if entry.date is None or low <= day(entry) <= high]
    if not near:
        dates = sorted(entry.date for entry in entries if entry.date is not None)
        raise ParameterError(
            f"The {title} folder {folder} holds {len(entries)} files of {dates[0]} to {dates[-1]}, "
            f"none of the period {plan.days[0]} to {plan.days[-1]}."
        )
    if product == "amsr_tb" and plan.calibration == "climatology":
        return entries
    return near


def _other(plan: Plan, product: str, found: products.Inventory) -> str:
    """How the files of the other product of SMAP could be used, if the folder holds such."""
    if product != "smap" or not found.of("smap" if plan.kind(product) == "smap_e" else "smap_e"):
        return f" as {plan.smap_product.split()[0]}" if product == "smap" else ""
    asked, other = ("SPL3SMP", "SPL3SMP_E mean") if plan.kind(product) == "smap" else (plan.smap_product, "SPL3SMP")
    return f" as '{asked}'; set SMAP_PRODUCT (in Python smap_product) to '{other}'"


def _what(found: products.Inventory) -> str:
    """What an inventory found, in words: "12 SMAP files", "nothing" and so on."""
    counts = Counter(entry.product for entry in found.entries)
    parts = [f"{count} {KINDS.get(product, TITLES.get(product, product.upper()))} files" for product, count in sorted(counts.items())]
    if found.refused:
        parts.append(f"{len(found.refused)} files that cannot be used ({found.refused[0].refused})")
    if found.n_unrecognised:
        seems = found.seems_counts.most_common(1)[0][0]
        parts.append(f"{found.n_unrecognised} files of no known product (for example {seems})")
    return ", ".join(parts) or "no files"


def _check_sensors(plan: Plan, pool: Pool) -> None:
    """Every sensor of the period must have the channels; files of every channel must be there."""
    low, high = plan.days[0] - 1, plan.days[-1] + 1
    entries = [entry for entry in plan.entries["amsr_tb"] if low <= day(entry) <= high]
    sensors = sorted({str(entry.sensor) for entry in entries})
    for sensor in sensors:
        lacking = sorted(set(plan.channels.labels) - set(channels.ON_SENSOR[sensor]))
        if sensor not in plan.channels.by_sensor:
            raise ParameterError(
                f"{sensor} has no channel {', '.join(lacking)}, and the period holds {sensor} files; choose other channels."
            )
        there = {str(entry.channel) for entry in entries if entry.sensor == sensor}
        missing = [channel for channel in plan.channels.by_sensor[sensor] if channel not in there]
        if missing:
            raise ParameterError(
                f"The AMSR folder has no {sensor} files of channel {', '.join(missing)} in the period, only {', '.join(sorted(there))}."
            )
        if not plan.is_cetb:
            _check_orientation([entry for entry in entries if entry.sensor == sensor and entry.channel != "89"], pool)
    if plan.calibration == "climatology" and "AMSR-E" in sensors:
        everywhere = {entry.sensor for entry in plan.entries["amsr_tb"]}
        if "AMSR2" not in everywhere:
            raise ParameterError("The calibration by climatology needs AMSR2 files too, and the AMSR folder holds only AMSR-E.")
        plan.warnings.append(
            "Calibration by climatology: each cell's day-of-year mean of AMSR-E is made equal to that of AMSR2, "
            "which removes real change between the two periods too."
        )
    if plan.channels.preset == "paper" and "AMSR-E" in sensors:
        plan.warnings.append(
            "AMSR-E days under the preset 'paper': F2-F5 are other frequencies (10.65, 18.7, 23.8, 36.5 GHz) "
            "than on AMSR2 (7.3, 10.65, 18.7, 23.8 GHz)."
        )
    if plan.calibration != "none" and "AMSR-E" not in sensors:
        plan.warnings.append("The period has no AMSR-E day, so the calibration has nothing to do.")


def _check_orientation(entries: list[Entry], pool: Pool) -> None:
    """AMSR files hold no coordinates: land in the first readable file must lie where land is. The error names the layout that fits."""
    for entry in _some(entries):
        try:
            other = amsr.misplaced(entry, lambda known, variables: _arrays(pool, known, variables, None))
        except (ProductError, OSError):
            continue
        if other:
            raise ParameterError(
                f"{entry.path}: the land lies right if the file is read as '{other}', not as '{entry.layout}' "
                f"({amsr.MEANING}): set AMSR_LAYOUT (in Python amsr_layout) to '{other}'."
            )
        return


def _some(entries: list[Entry]) -> list[Entry]:
    """Up to ten entries, spread over all of them, since damaged files often come together."""
    return entries[:: max(1, len(entries) // 10)][:10]


def _arrays(pool: Pool, entry: Entry, variables: Collection[str], window: Window | None) -> Arrays:
    """The arrays of one file, read by the pool."""
    pool.expect([(entry, window, tuple(variables))])
    return pool.take(entry, window, tuple(variables))


def _first_readable(entries: list[Entry], variables: Collection[str], window: Window, pool: Pool) -> Arrays:
    """The arrays of the first of some entries that can be read; raises the first one's error."""
    problem = None
    for entry in _some(entries):
        try:
            return _arrays(pool, entry, variables, window)
        except ProductError as error:
            problem = problem or error
    raise ParameterError(str(problem))


def _check_gldas(plan: Plan, pool: Pool) -> None:
    """The GLDAS files must cover the region and hold the three states; without rain there is a warning."""
    names = [source for source, _ in gldas.STATES.values()]
    data = _first_readable(plan.entries["gldas"], names, plan.window, pool)
    rows, columns = plan.grid.rows_in(data.lat), plan.grid.columns_in(data.lon)
    inside = (rows >= 0)[:, None] & (columns >= 0)[None, :]
    west, south, east, north = plan.grid.bounds
    if not inside.any():
        raise ParameterError(f"The GLDAS files do not cover the region {west:g} to {east:g} E, {south:g} to {north:g} N.")
    if not inside.all():
        plan.warnings.append(f"The GLDAS files cover {inside.sum()} of the {inside.size} cells of the region; the others stay empty.")
    try:
        _first_readable(plan.entries["gldas"], [gldas.RAIN], plan.window, pool)
    except ParameterError:
        plan.has_rain = False
        plan.warnings.append(f"The GLDAS files hold no {gldas.RAIN}, so precipitation_7h is missing and days cannot be screened.")


def _check_smap(plan: Plan, pool: Pool) -> None:
    """Subsets of SMAP must reach around the region: interpolation needs a pixel on each side of a cell's centre."""
    entries = [entry for entry in plan.entries.get("smap", []) if not entry.whole or entry.granule or entry.parts]
    for entry in _some(entries):
        try:
            data = _arrays(pool, entry, (smap.variable(plan),), plan.window)
        except (ProductError, OSError):
            continue
        if data.empty or not data.variables:
            continue
        inside = smap.reached(plan, data.lat, data.lon)
        west, south, east, north = plan.grid.bounds
        if not inside.any():
            raise ParameterError(
                f"The SMAP subset {entry.path} does not cover the region {west:g} to {east:g} E, {south:g} to {north:g} N."
            )
        if not inside.all():
            plan.warnings.append(
                f"SMAP subsets such as {entry.path} reach {inside.sum()} of the {inside.size} cells of the region; the others stay empty. "
                "Ask for a degree more on each side."
            )
        return


def _check_lai(plan: Plan) -> None:
    """Some LAI pixels must lie in the region."""
    cells = lai.coverage(plan.entries["lai"], plan.grid)
    west, south, east, north = plan.grid.bounds
    if cells is not None and not cells.any():
        raise ParameterError(f"The LAI files do not cover the region {west:g} to {east:g} E, {south:g} to {north:g} N.")
    if cells is not None and not cells.all():
        plan.warnings.append(f"The LAI files cover {cells.sum()} of the {cells.size} cells of the region; the others stay empty.")
