"""Leaf area index through AppEEARS: hands in the requests, asks whether they are ready, and names their files.

Source: AppEEARS API documentation: POST login (HTTP Basic) gives a token; POST task takes the request and gives its id; GET task/ID tells
its status; GET bundle/ID lists the files (file_id, file_name, file_size, sha256); GET bundle/ID/FILE_ID sends to one. What was handed in is
kept beside the files, so that a later run asks for the same task.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..foundation import store
from ..foundation.errors import ParameterError, ProductError
from ..foundation.outside import read_json
from ..foundation.progress import Progress
from ..products import coverage, examine, inventory
from ..products.probe import problem
from .login import Logins
from .plan import Item, item
from .web import HOW_TO_LOG_IN, Broken, Refused, Web

#: Beside the files of a request: what was asked and which files belong to it.
STATE = ".appeears.json"

#: What AppEEARS says of a task that it does not work on any more without having done it.
_LOST = ("error", "expired", "deleted", "failed")

_WORD = re.compile(r"[A-Za-z0-9-]{1,80}")


class Task:
    """One request: its ``name`` ("MCD15A2H_2015"), ``folder``, what it asks and what is known of it.

    The folder is ``folder``/name; if that holds the files of another request, one with a mark of this one in its name.
    """

    def __init__(self, name: str, content: dict[str, Any], folder: Path) -> None:
        self.name, self.content, self.id = name, content, ""
        self.files: list[dict[str, Any]] = []
        self.key = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
        self._first, own = folder / name, folder / f"{name}_{self.key[:8]}"
        places = [place for place in (self._first, own) if _kept(place).get("request") == self.key]
        empty = not self._first.is_dir() or not any(self._first.iterdir())
        self.folder = places[0] if places else self._first if empty else own
        known = _kept(self.folder)
        if known.get("request") == self.key:
            self.id = str(known.get("task", "")) if _WORD.fullmatch(str(known.get("task", ""))) else ""
            self.files = [file for file in known.get("files", []) if _good(file)] if isinstance(known.get("files"), list) else []

    def keep(self) -> None:
        """Remember what is known."""
        self.folder.mkdir(parents=True, exist_ok=True)
        store.write_json(self.folder / STATE, {"request": self.key, "task": self.id, "files": self.files})

    def there(self, progress: Progress) -> bool:
        """Whether nothing is left to ask: all files of the task are there, or files that came otherwise hold all its composites."""
        if self.files:
            return all(not problem(self.folder / place_of(file)) for file in self.files)
        if self.id or not self._first.is_dir():
            return False
        found = inventory(self._first, progress=progress)
        examine(found, "headers", progress=progress)
        days = {day for path, dates in found.dates.items() if path not in found.unreadable for day in dates}
        return bool(days) and days >= set(self._composites())

    def _composites(self) -> list[datetime.date]:
        try:
            spans = [[_day(span[which]) for which in ("startDate", "endDate")] for span in self.content["params"]["dates"]]
        except (KeyError, TypeError, ValueError):
            raise ParameterError(f"The request {self.name} to AppEEARS has no dates; make the download lists again.") from None
        return [day for first, last in spans for day in coverage.composites(first, last)]


def _kept(folder: Path) -> dict[str, Any]:
    """What is known of the request whose files a folder holds; nothing if that is not known."""
    try:
        return read_json(folder / STATE, "the state of a request to AppEEARS")
    except ProductError:
        return {}


def _day(text: str) -> datetime.date:
    return datetime.datetime.strptime(text, "%m-%d-%Y").date()


def tasks(requests: dict[str, dict[str, Any]], folder: Path) -> list[Task]:
    """The requests of the lists; each has a folder of its own, since the files of all have the same names."""
    return [Task(name.partition("lai_")[2] or name, content, folder) for name, content in requests.items()]


class AppEEARS:
    """A session at AppEEARS. Raises ``Refused`` without a login that has a password, and when it is refused."""

    def __init__(self, web: Web, logins: Logins) -> None:
        self._web, self._api = web, logins.appeears
        if not logins.earthdata.basic:
            raise Refused(f"AppEEARS asks for the name and password of Earthdata and none is given (a token does not do); {HOW_TO_LOG_IN}.")
        token = web.post(f"{self._api}/login", authorization=logins.earthdata.basic)
        if not isinstance(token, dict) or not isinstance(token.get("token"), str):
            raise Broken("AppEEARS gave no token")
        self._bearer = f"Bearer {token['token']}"

    def hand_in(self, task: Task) -> None:
        """Hand in a request that was not handed in yet."""
        if task.id:
            return
        answer = self._web.post(f"{self._api}/task", task.content, self._bearer)
        found = str(answer.get("task_id", "")) if isinstance(answer, dict) else ""
        if not _WORD.fullmatch(found):
            raise Broken("AppEEARS took the request but gave no id for it")
        task.id = found
        task.keep()

    def ready(self, task: Task) -> bool:
        """Whether the files of a task are there to be fetched; then it knows them. Raises ``Refused`` for one that will never be."""
        status = self._ask(f"task/{task.id}")
        said = str(status.get("status", "")).lower() if isinstance(status, dict) else ""
        if said in _LOST:
            task.id, task.files = "", []
            task.keep()
            raise Refused(f"AppEEARS says of the request {task.name}: {said}; it will be handed in anew by the next run.")
        if said != "done":
            return False
        bundle = self._ask(f"bundle/{task.id}")
        files = bundle.get("files", []) if isinstance(bundle, dict) else []
        task.files = [file for file in files if _good(file)] if isinstance(files, list) else []
        if not task.files:
            raise Refused(f"AppEEARS made no NetCDF file for the request {task.name}.")
        task.keep()
        return True

    def items(self, task: Task) -> list[Item]:
        """The files of a task."""
        found = []
        for file in task.files:
            size, url = file.get("file_size"), f"{self._api}/bundle/{task.id}/{file['file_id']}"
            known = _item(file, (task.folder / place_of(file)).parent)
            size = size if isinstance(size, int) else None
            found.append(replace(known, url=url, size=size, sha256=str(file.get("sha256") or ""), bearer=self._bearer))
        return found

    def _ask(self, what: str) -> Any:
        return self._web.json(self._web.get(f"{self._api}/{what}", bearer=self._bearer))


def _item(file: dict[str, Any], folder: Path) -> Item:
    """A file of a bundle, in ``folder``, under the end of the name that AppEEARS gives it. Raises ``ParameterError`` for other files."""
    return item("LAI", f"https://appeears/{str(file.get('file_name', '')).rpartition('/')[2]}", folder, "AppEEARS")


def _good(file: Any) -> bool:
    """Whether something is a NetCDF file of leaf area index in a bundle."""
    if not isinstance(file, dict) or not _WORD.fullmatch(str(file.get("file_id", ""))):
        return False
    try:
        return _item(file, Path()).entry.date is None
    except ParameterError:
        return False


def place_of(file: dict[str, Any]) -> Path:
    """Where a file of a bundle lies in the folder of its task: in the sub-folder that its name gives, if any."""
    above = str(file["file_name"]).rpartition("/")[0]
    return Path(*[part for part in above.split("/") if re.fullmatch(r"[\w-]+", part)], _item(file, Path()).name)
