"""A download, from its request to its table: what is there is left alone, what is missing is fetched, and what could not be is named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from ..foundation import libraries, store
from ..foundation.errors import ParameterError
from ..foundation.progress import SILENT, Progress
from ..foundation.tables import as_csv
from ..products import Entry
from . import appeears, catalogue, gportal, plan, present
from .crew import Crew, tidy
from .login import Logins, find_logins
from .manners import Manners, Patience, promptly
from .plan import FOLDERS, Item, Plan
from .request import DownloadRequest
from .web import Broken, Network, Refused, Web

COLUMNS = ("product", "file", "state", "bytes", "why")

#: Files that a summary names.
_NAMED = 3


@dataclass
class Downloaded:
    """What a run found and brought.

    ``rows``: a row of the table per file; ``refused``: the archive's refusal of the login, if there was one.
    """

    folder: Path
    rows: list[tuple[str, str, str, Any, str]] = field(default_factory=list)
    summary: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    refused: Refused | None = None

    def count(self, state: str, product: str | None = None) -> int:
        """How many files are "there", "fetched" or "missing"."""
        return sum(1 for row in self.rows if row[2] == state and product in (None, row[0]))

    @property
    def megabytes(self) -> float:
        """How much was fetched."""
        return sum(int(row[3]) for row in self.rows if row[2] == "fetched") / 1e6

    def add(self, product: str, name: str, state: str, size: Any = "", why: str = "") -> None:
        """Add a row."""
        self.rows.append((product, name, state, size, why))


def check(request: DownloadRequest) -> Plan:
    """What the lists ask for. Raises ``ParameterError`` and ``ProductError``; nothing is asked of any archive."""
    request.check_values()
    folder = Path(request.folder)
    if folder.exists() and not folder.is_dir():
        raise ParameterError(f"FOLDER: {folder} is a file; expected a folder.")
    if request.table:
        store.check_output(request.table, ".csv", made=folder)
    find_logins()  # what is wrong with .netrc is said before work starts
    libraries.load("requests")
    return plan.read(request)


@store.step
def run(
    request: DownloadRequest, progress: Progress | None = None, *, logins: Logins | None = None, network: Network | None = None
) -> Downloaded:
    """Fetch what is missing. ``logins``: None: those of the environment or ``.netrc``; ``network``: None: as the environment says.

    Raises ``ParameterError``, ``Cancelled``, and ``Refused`` if the login was refused and nothing could be fetched; what came stays.
    """
    progress = progress or SILENT
    wanted = check(request)
    folder = Path(request.folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ParameterError(f"FOLDER: {folder} cannot be made ({error.strerror}).") from None
    with store.held(folder / "download"):
        run = _Run(request, wanted, folder, logins or find_logins(), network or Network(), progress)
        with run.ended():
            run.addresses(progress)
            run.portal(progress)
            run.area_requests(progress)
    result = run.result
    _summarize(result, wanted.products)
    if request.table:
        store.write_text(request.table, as_csv(COLUMNS, result.rows))
    if result.refused is not None and not result.count("fetched"):
        raise result.refused
    progress.report(1.0, "Done")
    return result


class _Run:
    """A run under way: the crew, the session, and what has been found so far."""

    def __init__(self, request: DownloadRequest, wanted: Plan, folder: Path, logins: Logins, network: Network, progress: Progress) -> None:
        self.wanted, self.folder, self.logins, self.progress = wanted, folder, logins, progress
        self.wait, self.tries = int(request.wait), int(request.tries)
        self.patience: Patience = request.patience or Patience()
        self.web, self.manners = Web(logins, network, self.patience), Manners(self.patience)
        self.crew = Crew(self.web, self.manners, int(request.connections), self.tries)
        self.result = Downloaded(folder)
        self.handed_in: list[appeears.Task] = []
        self.places: set[Path] = set()
        self.service: appeears.AppEEARS | None = None
        self.tasks = appeears.tasks(wanted.tasks, folder / FOLDERS["LAI"][0])

    @contextmanager
    def ended(self) -> Iterator[None]:
        """Whatever happens, nothing stays open and no empty folder stays behind."""
        try:
            yield
        finally:
            self.manners.stop.set()
            self.web.close()
            tidy(sorted(self.places))
            tidy([self.folder / name for name, _ in FOLDERS.values()] + [task.folder for task in self.tasks])
            tidy([self.folder / FOLDERS["LAI"][0]])

    def addresses(self, progress: Progress) -> None:
        """Hand the requests to AppEEARS in, so that it works meanwhile; then fetch the files that have an address."""
        self._hand_in(progress.part(0.0, 0.02))
        items = list(self.wanted.items)
        if self.wanted.searches or self.wanted.likely:
            items += self._smap(progress.part(0.02, 0.05))
        self._fetch(items, progress.part(0.05, 0.7))

    def _smap(self, progress: Progress) -> list[Item]:
        """The files that the catalogue names; if it does not answer, those of the likely names. It is not asked if those are there."""
        folder = self.folder / FOLDERS["SMAP"][0]
        likely = self.wanted.likely
        if likely and not present.lacking(likely, present.observations(folder, progress))[0]:
            return likely
        try:
            return catalogue.search(self.wanted.searches, folder, self.web, self.manners, self.tries, progress) or likely
        except (Broken, Refused) as error:
            text = f"The catalogue of SMAP's files could not be asked ({str(error).rstrip('.')})"
            self._warn(f"{text}; the likely names were tried." if likely else f"{text}; SMAP is left out.")
            return likely

    def _fetch(self, items: list[Item], progress: Progress) -> None:
        """Fetch the files of ``items`` that are not there, and enter all in the result."""
        missing: list[Item] = []
        for place in dict.fromkeys(item.folder for item in items):
            mine = [item for item in items if item.folder == place]
            left, have = present.lacking(mine, present.observations(place, progress), progress)
            missing += left
            beside = [item for item in left if item.folder != place]
            self.places.update(item.folder for item in beside)
            if beside:
                others = ", ".join(sorted({str(item.folder.relative_to(self.folder)) for item in beside}))
                self._warn(f"{beside[0].product}: {len(beside)} files that were there hold other places or fewer variables than the lists "
                           f"ask for. They stay; what is asked for goes to {others}, and both are read together.")  # fmt: skip
            for item in mine:
                if item.path in have:
                    self.result.add(item.product, str(have[item.path].relative_to(self.folder)), "there", have[item.path].stat().st_size)
        if not missing:
            return
        progress.info(f"{len(items) - len(missing)} of {len(items)} files are there; {len(missing)} are to be fetched.")
        try:
            self.crew.work(missing, progress)
        finally:
            for item in missing:
                name = str(item.path.relative_to(self.folder))
                if item.path in self.crew.fetched:
                    self.result.add(item.product, name, "fetched", self.crew.fetched[item.path])
                else:
                    self.result.add(item.product, name, "missing", "", self.crew.missing.get(item.path, "not tried"))
            self.result.refused = self.crew.refused or self.result.refused

    def portal(self, progress: Progress) -> None:
        """Fetch the files of G-Portal."""
        if not self.wanted.paths:
            return
        folder, product = self.folder / FOLDERS["AMSR"][0], "AMSR"
        there = present.observations(folder, progress)
        left: dict[str, Entry] = {}
        for path, known in self.wanted.paths.items():
            if known.key in there:
                place = Path(there[known.key].path)
                self.result.add(product, str(place.relative_to(self.folder)), "there", place.stat().st_size)
            else:
                left[path] = known
        if not left:
            return
        why = gportal.needed(self.logins.gportal)
        came: dict[Path, int] = {}
        missing = dict.fromkeys(left, why)
        try:
            if not why:
                came, missing = gportal.fetch(left, folder, self.logins.gportal, self.tries, progress.part(0.7, 0.85))
        except (Refused, Broken) as error:
            missing = dict.fromkeys(left, str(error))
            if isinstance(error, Refused):
                self.result.refused = self.result.refused or error
        for place, size in came.items():
            self.result.add(product, str(place.relative_to(self.folder)), "fetched", size)
        for path, reason in missing.items():
            self.result.add(product, path, "missing", "", reason)

    def _hand_in(self, progress: Progress) -> None:
        left = [task for task in self.tasks if not task.there(progress)]
        for task in self.tasks:
            if task not in left and not task.files:
                self.result.add("LAI", f"{FOLDERS['LAI'][0]}/{task.name}", "there")
        why = ""
        for task in left:
            progress.check()
            try:
                if not why:
                    self.service = promptly(partial(self._handed, task), progress)
                    self.handed_in.append(task)
                    continue
            except (Broken, Refused) as error:
                why = str(error)
                if isinstance(error, Refused):
                    self.result.refused = error
            self.result.add("LAI", task.name, "missing", "", why)

    def _handed(self, task: appeears.Task) -> appeears.AppEEARS:
        """Hand a request in, in the session that there is or a new one."""
        service = self.service or appeears.AppEEARS(self.web, self.logins)
        service.hand_in(task)
        return service

    def area_requests(self, progress: Progress) -> None:
        """Wait until AppEEARS has done the requests, and fetch their files as they come."""
        progress = progress.part(0.85, 1.0)
        waited = 0.0
        done = [task for task in self.tasks if task.files and task not in self.handed_in]
        for task in done:
            for file in task.files:
                self.result.add("LAI", str((task.folder / appeears.place_of(file)).relative_to(self.folder)), "there")
        waiting = list(self.handed_in)
        while waiting and self.service is not None:
            ready = []
            for task in list(waiting):
                progress.check()
                try:
                    if task.files or bool(promptly(partial(self.service.ready, task), progress)):
                        ready.append(task)
                        waiting.remove(task)
                except (Broken, Refused) as error:
                    if isinstance(error, Refused):
                        waiting.remove(task)
                        self.result.add("LAI", task.name, "missing", "", str(error))
            self._fetch([item for task in ready for item in self.service.items(task)], progress)
            if not waiting or waited >= self.wait * 60.0:
                break
            progress.report(0.0, f"AppEEARS is working on {len(waiting)} requests")
            waited += self._rest(progress)
        for task in waiting:
            self.result.add("LAI", task.name, "missing", "", "AppEEARS is still working on the request; run it again later")

    def _rest(self, progress: Progress) -> float:
        for _ in range(max(1, round(self.patience.poll / 0.1))):
            progress.check()
            self.manners.stop.wait(min(0.1, self.patience.poll))
        return self.patience.poll

    def _warn(self, text: str) -> None:
        self.result.warnings.append(text)


def _summarize(result: Downloaded, products: tuple[str, ...]) -> None:
    """Sentences on what is there, what came and what is still missing."""
    for product in products:
        missing = [row for row in result.rows if row[0] == product and row[2] == "missing"]
        there, fetched = result.count("there", product), result.count("fetched", product)
        result.summary.append(f"{product}: {there} were there, {fetched} fetched, {len(missing)} missing")
        for why in dict.fromkeys(row[4] for row in missing):
            names = [Path(row[1]).name for row in missing if row[4] == why]
            more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
            result.warnings.append(f"{product}: {len(names)} missing ({', '.join(names[:_NAMED])}{more}): {why.rstrip('.')}.")
    result.summary.append(f"{result.megabytes:,.1f} MB fetched into {result.folder}")
    if result.count("missing"):
        result.summary.append("Run it again to fetch what is missing; what is there is not fetched twice.")
