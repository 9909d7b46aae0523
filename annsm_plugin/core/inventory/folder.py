"""The inventory of a folder, from its request to its table and report."""

from __future__ import annotations

from dataclasses import dataclass

from .. import products
from ..foundation import store
from ..foundation.paths import PathLike
from ..foundation.progress import SILENT, Progress
from . import closing, report
from . import stations as station_files
from .memory import Memory
from .request import InventoryRequest
from .stations import StationFiles


@dataclass
class InventoryResult:
    """What was found, and sentences for the user."""

    found: products.Inventory
    stations: StationFiles
    summary: list[str]
    warnings: list[str]


def check(request: InventoryRequest) -> None:
    """Check before work starts. Raises ``ParameterError``."""
    request.check_values()
    store.check_output(request.table, ".csv")
    if request.report:
        store.check_output(request.report, ".html")


@store.step
def run(request: InventoryRequest, progress: Progress | None = None) -> InventoryResult:
    """List what the folder holds, look into its files, and write the table and the report."""
    progress = progress or SILENT
    check(request)
    found = looked_into(request.folder, request.check, progress.part(0.0, 0.8))
    stations = station_files.find(found, progress.part(0.8, 0.95))
    report.write_table(request.table, found, stations)
    if request.report:
        report.write_report(request.report, found, stations)
    fetch = closing.sentences(products.coverage.groups(found))
    has_products = found.entries or found.superseded or found.refused or found.unreadable or found.n_unrecognised
    said = found.summary() if has_products or not stations.files else []
    return InventoryResult(found, stations, [*said, *stations.summary(), *fetch, report.how(found)], [])


def looked_into(folder: PathLike, depth: str, progress: Progress) -> products.Inventory:
    """What a folder holds, its files looked into as ``depth`` says; those that have not changed since an earlier run are not again."""
    memory = Memory(folder)
    found = products.inventory(folder, check="names", progress=progress.part(0.0, 0.2))
    new = [e for e in found.entries if not memory.tell_header(found, e)]
    products.check_headers(found, progress.part(0.2, 0.3), new)
    for e in new:
        memory.keep_header(found, e)
    found.checked, found.remembered = len(found.entries), len(found.entries) - len(new)
    chosen = products.chosen_of(found, depth)
    new = [e for e in chosen if e.path not in found.unreadable and not memory.tell_content(found, e)]
    found.opened = sum(1 for e in chosen if e.path not in found.unreadable or memory.was_opened(e)) - len(new)
    products.examine(found, depth, entries=new, progress=progress.part(0.3, 1.0))
    for e in new:
        memory.keep_content(found, e)
    memory.save()
    return found
