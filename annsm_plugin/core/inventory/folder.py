"""The inventory of a folder, from its request to its table and report."""

from __future__ import annotations

from dataclasses import dataclass

from .. import products
from ..foundation import store
from ..foundation.progress import SILENT, Progress
from . import closing, report
from . import stations as station_files
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
    found = products.inventory(request.folder, progress=progress.part(0.0, 0.3))
    products.examine(found, request.check, progress=progress.part(0.3, 0.8))
    stations = station_files.find(found, progress.part(0.8, 0.95))
    report.write_table(request.table, found, stations)
    if request.report:
        report.write_report(request.report, found, stations)
    fetch = closing.sentences(products.coverage.groups(found))
    has_products = found.entries or found.superseded or found.refused or found.unreadable or found.n_unrecognised
    said = found.summary() if has_products or not stations.files else []
    return InventoryResult(found, stations, [*said, *stations.summary(), *fetch, report.how(found)], [])
