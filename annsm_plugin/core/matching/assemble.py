"""Matches all products into one cube, block of days by block of days. A stopped run can go on; the cube is written last, as a whole."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from ..foundation import needs, store, synthetic
from ..foundation.errors import AnnsmError
from ..foundation.grid import Grid
from ..foundation.localtime import AMSR_HOUR
from ..foundation.needs import steps
from ..foundation.paths import PathLike
from ..foundation.progress import SILENT, Progress, Throttled
from ..foundation.variables import FREQUENCIES, PER_DAY, Variable, describe
from ..products.decoding.pool import FileRequest, Pool, handed_on
from ..products.readers import smap_releases
from . import appended, extra, gldas
from .amsr import Amsr
from .calibration import Climatology
from .composites import sources
from .files import Files
from .gldas import Gldas
from .lai import Lai
from .plan import TITLES, Plan
from .predictors import about
from .radiometers.cetb import Cetb
from .request import MatchRequest
from .settings import planned
from .smap import Smap

#: Days matched at once: one chunk of the file.
BLOCK_DAYS = store.CHUNKS[0]

#: How many names of unreadable files the cube's attributes carry.
_KEPT_NAMES = 20


@dataclass
class MatchResult:
    """The cube's path, complete days per cell (rows, columns), the grid, sentences for the user, counts by name, and whether the cube was
    there and was ``extended`` by the days matched now."""

    path: Path
    pairs: np.ndarray
    grid: Grid
    summary: list[str]
    warnings: list[str]
    counts: dict[str, int]
    extended: bool = False


def match(output: PathLike, *, progress: Progress | None = None, **options: Any) -> MatchResult:
    """Match products and write the cube ``output``: ``run`` with its request written as keywords (see ``MatchRequest``)."""
    return run(MatchRequest(output=output, **options), progress)


@store.step
@handed_on()
def run(request: MatchRequest, progress: Progress | None = None) -> MatchResult:
    """Match the products of the request's folders on its region and days; write the cube.

    Raises ``ParameterError`` or ``CubeError`` before work starts, ``AnnsmError`` when too many files are unreadable or one of them changed
    meanwhile, ``Cancelled``.
    """
    progress = Throttled(progress or SILENT)
    plan = planned(request, progress)
    for line in plan.inventory(progress):
        progress.info(line)
    for line in plan.warnings:
        progress.warning(line)
    old_days = appended.held(plan)
    files = sum(len(entries) for entries in plan.entries.values())
    with needs.granted(_need(plan, old_days), progress):
        matching = _Run(plan, old_days, progress)
        with Pool.for_files(files) if request.workers is None else Pool(int(request.workers)) as pool:
            return matching.result(pool)


def _need(plan: Plan, old_days: np.ndarray | None) -> needs.Need:
    """Space and memory for the blocks and the cube."""
    rows, columns = plan.grid.shape
    own = rows * columns if plan.mask is None else int(plan.mask.sum())
    days = plan.days.size if old_days is None else appended.period(plan.days, old_days).size
    variables = len(plan.channels.names) + len(gldas.STATES) + 2 + ("smap" in plan.entries) + sum(source.daily for source in plan.extra)
    return steps.matching(plan.output, rows * columns, own, plan.days.size, days, variables, plan.calibration == "climatology")


class _Source(Protocol):
    """What gives some of the cube's variables, block of days by block of days."""

    @property
    def names(self) -> tuple[str, ...]:
        """The variables."""

    def requests(self, days: np.ndarray) -> list[FileRequest]:
        """What ``block`` will read for ``days``."""

    def block(self, days: np.ndarray, progress: Progress) -> dict[str, np.ndarray]:
        """The variables on ``days``: (days, rows, columns), or (days,) for ``sensor``."""


class _Run:
    """One run: the sources of the variables, their files, and the blocks that are finished."""

    def __init__(self, plan: Plan, old_days: np.ndarray | None, progress: Progress) -> None:
        self.plan, self.old_days, self.progress = plan, old_days, progress
        self.files = {product: Files(TITLES[product], entries, plan.window) for product, entries in plan.entries.items()}
        for product, files in self.files.items():
            files.never = plan.never(product)
        listing = {p: [store.fingerprint(f.path) for e in entries for f in (e, *e.parts)] for p, entries in plan.entries.items()}
        store.watch(state for states in listing.values() for state in states)
        store.watch(store.fingerprint(path) for source in plan.extra for path in source.files)
        key: dict[str, Any] = {"settings": plan.settings(), "days": [str(plan.days[0]), str(plan.days[-1])], "files": listing}
        key["grid"] = [plan.grid.lat.tolist(), plan.grid.lon.tolist()]
        key["mask"] = None if plan.mask is None else np.packbits(plan.mask).tolist()
        key["table"] = None if plan.table is None else store.checksum(plan.table.path, progress)
        key["extra"] = [store.checksum(path, progress) for path in dict.fromkeys(path for source in plan.extra for path in source.files)]
        self.checkpoint = store.Checkpoint(plan.output, key, progress)
        radiometer = self.files["amsr_tb"]
        self.amsr: Amsr | Cetb = Cetb(plan, radiometer) if plan.is_cetb else Amsr(plan, radiometer, plan.table)
        self.lai = Lai(plan, self.files["lai"])
        self.sources: list[_Source] = [self.amsr, Gldas(plan, self.files["gldas"]), self.lai]
        if "smap" in plan.entries:
            self.sources.append(Smap(plan, self.files["smap"]))
        if any(source.daily for source in plan.extra):
            self.sources.append(extra.Daily(plan.extra, plan.grid))
        self.names = [name for source in self.sources for name in source.names]
        self.static = extra.statics(plan.extra, plan.grid)
        self.told = about.Account(plan.extra, self.static, plan.days, plan.mask, extra.times)
        for line in self.told.lines:
            progress.info(line)
        for line in self.told.warnings():
            progress.warning(line)
        self.blocks = [plan.days[first : first + BLOCK_DAYS] for first in range(0, plan.days.size, BLOCK_DAYS)]

    def _climatology(self, progress: Progress) -> Climatology:
        kept = self.checkpoint.load("climatology")
        if kept is None:
            progress.info("Reading all AMSR files of the folder for the day-of-year climatologies of both sensors.")
            fitted = Climatology.fit(self.plan.channels, self.plan.grid.shape, self.amsr.every_field(progress))
            self.checkpoint.save("climatology", **fitted.coefficients)
            return fitted
        return Climatology(kept)

    def result(self, pool: Pool) -> MatchResult:
        """Match every block, then write the cube."""
        for files in self.files.values():
            files.pool = pool
        if pool.workers:
            what = "a process" if pool.workers == 1 else f"{pool.workers} processes"
            self.progress.info(f"Files are decoded in {what} of {pool.python}.")
        start = 0.3 if self.plan.calibration == "climatology" and self.plan.holds_amsre else 0.0
        if start:
            self.amsr.calibration = self._climatology(self.progress.part(0.0, start))
        whole = self.progress.part(start, 0.9)
        wanted = [number for number in range(len(self.blocks)) if self.checkpoint.load(f"block{number}") is None]
        if len(wanted) < len(self.blocks):
            there = len(self.blocks) - len(wanted)
            self.progress.info(f"{there} of {len(self.blocks)} blocks of days were there from a run that was stopped.")
        pool.expect([request for number in wanted for source in self.sources for request in source.requests(self.blocks[number])])
        for place, number in enumerate(wanted):
            self._block(number, self.blocks[number], whole.part(place / len(wanted), (place + 1) / len(wanted)))
        return self._write(self.progress.part(0.9, 1.0))

    def _block(self, number: int, days: np.ndarray, progress: Progress) -> None:
        """Match one block of days and keep it beside the output."""
        before = {product: files.record() for product, files in self.files.items()}
        arrays: dict[str, np.ndarray] = {}
        for place, source in enumerate(self.sources):
            part = progress.part(place / len(self.sources), (place + 1) / len(self.sources))
            arrays.update(source.block(days, part))
        for values in arrays.values():
            if values.ndim == 3 and self.plan.mask is not None:
                values[:, ~self.plan.mask] = np.nan
        record = {product: files.record(before[product]) for product, files in self.files.items()}
        compared = np.array(json.dumps(self.lai.overlap.sums))
        self.checkpoint.save(f"block{number}", record=np.array(json.dumps(record)), lai_overlap=compared, **arrays)

    def _recall(self, block: dict[str, np.ndarray]) -> None:
        """Count the files and compared composites of a finished block, which an earlier run may have matched."""
        for product, files in json.loads(str(block["record"])).items():
            self.files[product].recall(files)
        self.lai.overlap.sums.update(json.loads(str(block["lai_overlap"])))

    def _finished(self, number: int) -> dict[str, np.ndarray]:
        """The arrays of a block that has been matched."""
        arrays = self.checkpoint.load(f"block{number}")
        if arrays is None:
            raise AnnsmError(f"The finished days that were kept beside {self.plan.output} are gone; start the matching again.")
        return arrays

    def _write(self, progress: Progress) -> MatchResult:
        plan = self.plan
        for number in range(len(self.blocks)):
            self._recall(self._finished(number))
        for files in self.files.values():
            files.check_share()
        dates = plan.days if self.old_days is None else appended.period(plan.days, self.old_days)
        variables = [(name, self.told.variables.get(name) or _described(name, plan)) for name in (*self.names, *self.static)]
        pairs = np.zeros(plan.grid.shape)
        missing = dict.fromkeys((name for name in self.names if name not in PER_DAY), 0)
        counts = self._counts()
        attributes = self._attributes()
        with store.GridWriter(plan.output, plan.grid, dates, variables, attributes, per_cell=tuple(self.static)) as out:
            for name, values in self.static.items():
                out.put(name, None, np.where(plan.mask, values, np.nan) if plan.mask is not None else values)
            if self.old_days is not None:
                pairs += self._copy_old(out, dates, self.old_days, missing)
            for number, days in enumerate(self.blocks):
                progress.check()
                progress.report(number / len(self.blocks), "Writing the cube")
                pairs += self._put(out, dates, days, self._finished(number), missing)
            for name, count in missing.items():
                out.attribute(f"missing_days_{name}", np.int64(count))
            leaves = sources.days_of(out.stored("lai_source", slice(None)), dates)
            for name, value in sources.days_attributes(leaves, appended.written).items():
                out.attribute(name, value)
        if plan.pairs:
            store.write_raster(plan.pairs, pairs, plan.grid, bands=("complete days",), units="days")
        self.checkpoint.clear()
        progress.report(1.0, "Matched")
        total = sources.compared(attributes).total
        warnings = [*self._warnings(), *self._gap(dates), *_mixed(attributes.get("smap_versions", "")), *sources.warnings(leaves, total)]
        summary = [*self._summary(pairs, counts, missing, dates), *sources.sentences(leaves, total)]
        return MatchResult(plan.output, pairs, plan.grid, summary, warnings, counts, self.old_days is not None)

    def _put(self, out: Any, dates: np.ndarray, days: np.ndarray, block: dict[str, np.ndarray], missing: dict[str, int]) -> np.ndarray:
        """Write one block; return its complete days per cell."""
        first = int(np.searchsorted(dates, days[0]))
        place = slice(first, first + days.size)
        for name in self.names:
            out.put(name, place, block[name])
            if name in missing:
                missing[name] += int((~np.isfinite(block[name])).all(axis=(1, 2)).sum())
        return self._complete(block.__getitem__)

    def _complete(self, values: Callable[[str], np.ndarray]) -> np.ndarray:
        """Days per cell on which all inputs and the target (where there is one) are present."""
        self.told.see(values)
        needed = [name for name in self.names if name not in (*PER_DAY, "precipitation_7h")]
        complete = np.logical_and.reduce([np.isfinite(values(name)) for name in needed])
        for field in self.static.values():
            complete &= np.isfinite(field)
        return complete.sum(axis=0)

    def _copy_old(self, out: Any, dates: np.ndarray, old_days: np.ndarray, missing: dict[str, int]) -> np.ndarray:
        """Copy the days of the cube that is extended, except those matched anew; return its complete days per cell."""
        pairs = np.zeros(self.plan.grid.shape)
        with store.open_grid(self.plan.output, kind="cube") as data:
            held = data["time"].values.astype("datetime64[D]")
            keep = np.flatnonzero(~np.isin(held, self.plan.days))
            for part in np.split(keep, np.flatnonzero(np.diff(keep) != 1) + 1):
                for first in range(0, part.size, BLOCK_DAYS):
                    self.progress.check()
                    days = slice(int(part[first]), int(part[min(first + BLOCK_DAYS, part.size) - 1]) + 1)
                    block = {name: appended.old(data, name, days) for name in self.names}
                    start = int(np.searchsorted(dates, held[days][0]))
                    for name, values in block.items():
                        out.put(name, slice(start, start + days.stop - days.start), values)
                        if name in missing:
                            there = np.isin(held[days], old_days)
                            missing[name] += int((~np.isfinite(values[there])).all(axis=(1, 2)).sum())
                    pairs += self._complete(block.__getitem__)
        return pairs

    def _counts(self) -> dict[str, int]:
        counts = {}
        for product, files in self.files.items():
            counts[f"files_{product}"] = len(files.used)
            counts[f"files_{product}_unreadable"] = len(files.unreadable)
            counts[f"files_{product}_empty"] = len(files.empty)
            counts[f"values_{product}_out_of_range"] = sum(files.outliers.values())
        return counts

    def _attributes(self) -> dict[str, Any]:
        plan = self.plan
        attributes = {
            "title": "Matched microwave, land model and vegetation data on 0.25 degree cells and local days",
            "annsm_kind": "cube",
            **plan.settings(),
            "channel_list": ",".join(plan.channels.labels),
            "frequencies_amsr2": plan.channels.frequencies("AMSR2"),
            "frequencies_amsre": plan.channels.frequencies("AMSR-E"),
            "amsr_local_hour": AMSR_HOUR[plan.overpass],
            "gldas_local_hour": gldas.HOUR[plan.overpass],
        }
        for product, files in self.files.items():
            versions = sorted({str(files.entries[n].version) for n in files.used if files.entries[n].version})
            if product == "smap":
                versions = sorted({version.split("_")[0] for version in versions})
            attributes[f"{product}_versions" if product != "amsr_tb" else "amsr_versions"] = " ".join(versions) or "unknown"
            names = [Path(path).name for path in files.unreadable]
            if names:
                attributes[f"unreadable_{product}"] = " ".join(names[:_KEPT_NAMES])
        attributes.setdefault("smap_versions", "none")
        if baseline := smap_releases.baseline(plan.entries.get("smap", ()), plan.smap_variable):
            attributes["smap_baseline"] = baseline
        step = f"match {plan.days[0]} to {plan.days[-1]}, {plan.channels.preset} channels, {plan.channels.polarisation}, {plan.overpass}"
        attributes.update(synthetic.attributes(*(found.folder for found in plan.found.values())))
        attributes["history"] = store.history(step)
        attributes[store.provenance.INPUT_FILES] = store.provenance.joined(self._input_files())
        attributes.update({name: np.int64(count) for name, count in self._counts().items()})
        attributes.update(sources.attributes(self.lai.overlap))
        attributes[appended.MATCHED] = appended.written(self._matched())
        return attributes if self.old_days is None else appended.joined(attributes, appended.about(plan.output))

    def _input_files(self) -> list[str]:
        """A line for the files of each product that were read, each extra predictor and the table of the calibration."""
        read = {name: [e.path for n in own.used for e in (own.entries[n], *own.entries[n].parts)] for name, own in self.files.items()}
        lines = [store.provenance.many(name, paths) for name, paths in read.items() if paths]
        for source in self.plan.extra:
            role, files = f"extra predictor {source.name}", source.files
            lines.append(store.provenance.one(role, files[0]) if len(files) == 1 else store.provenance.many(role, files))
        table = self.plan.table
        return [*lines, store.provenance.one("calibration", table.path)] if table is not None else lines

    def _matched(self) -> np.ndarray:
        """All days of the cube that this or an earlier match has matched."""
        return self.plan.days if self.old_days is None else np.union1d(self.old_days, self.plan.days)

    def _gap(self, dates: np.ndarray) -> list[str]:
        """A warning that names the days between the matched ones that no match has filled."""
        never = np.setdiff1d(dates, self._matched())
        if not never.size:
            return []
        runs = ", ".join(run.replace("/", " to ") for run in appended.written(never).split())
        return [f"{never.size} days between the matched ones were never matched and are empty: {runs}."]

    def _warnings(self) -> list[str]:
        lines = [*self.plan.warnings, *self.told.warnings()]
        for files in self.files.values():
            if files.unreadable:
                first = next(iter(files.unreadable.values()))
                lines.append(f"{len(files.unreadable)} {files.title} files could not be read and were left out; the first: {first}")
            if files.outliers:
                values, first = sum(files.outliers.values()), files.name(min(files.outliers))
                where = f"{len(files.outliers)} {files.title} files"
                lines.append(f"{values} values of {where} lie outside the physical range and were made missing; the first file: {first}")
        return lines

    def _summary(self, pairs: np.ndarray, counts: dict[str, int], missing: dict[str, int], dates: np.ndarray) -> list[str]:
        rows, columns = self.plan.grid.shape
        inside = self.plan.mask if self.plan.mask is not None else np.ones(pairs.shape, dtype=bool)
        days = self.plan.days
        lines = [f"{days.size} days, {days[0]} to {days[-1]}, {rows} x {columns} cells, {', '.join((*self.names, *self.static))}."]
        if self.old_days is not None:
            fresh = int((~np.isin(days, self.old_days)).sum())
            lines.append(
                f"{fresh} days were added to the {self.old_days.size} that the cube held and {days.size - fresh} were matched anew; "
                f"it now runs from {dates[0]} to {dates[-1]}. Files read are counted for this match only, complete days and days without "
                "any value for the whole cube."
            )
        lines.append("Files read: " + ", ".join(f"{counts[f'files_{p}']} {files.title}" for p, files in self.files.items()) + ".")
        empty = [f"{len(files.empty)} {files.title}" for files in self.files.values() if files.empty]
        if empty:
            lines.append("Files without any value in the region: " + ", ".join(empty) + ".")
        if seam := self.amsr.seam():
            lines.append(seam)
        what = "inputs and target" if "sm_smap" in self.names else "inputs"
        lines.append(f"Complete days ({what}) per cell: {pairs[inside].mean():.1f} on average, {int(pairs[inside].max())} at most.")
        empty = [f"{name} {count}" for name, count in missing.items() if count]
        if empty:
            lines.append("Days without any value: " + ", ".join(empty) + ".")
        return lines


def _mixed(releases: str) -> list[str]:
    """Warns of SMAP releases side by side."""
    found = releases.split()
    return [f"The SMAP files are of {len(found)} releases ({', '.join(found)}); take one for the whole record."] if len(found) > 1 else []


def _described(name: str, plan: Plan) -> Variable:
    """How a variable is described in the cube: frequencies per sensor, the hours that the overpass gives."""
    variable = describe(name)
    if name.startswith("tb_"):
        label = name[3:-1]
        place = plan.channels.labels.index(label)
        by_sensor = tuple(
            (f"frequency_{sensor.replace('-', '').lower()}_ghz", FREQUENCIES[channels[place]])
            for sensor, channels in sorted(plan.channels.by_sensor.items())
        )
        return dataclasses.replace(variable, attributes=(*variable.attributes, *by_sensor))
    if plan.overpass == "ascending":
        long_name = variable.long_name.replace("02:00 local", "14:00 local").replace("01-07 local", "13-19 local")
        return dataclasses.replace(variable, long_name=long_name)
    return variable
