"""One file over HTTP: fetched into a hidden folder, gone on with where it was cut off, checked as far as its first bytes tell."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..foundation import store
from ..foundation.errors import AnnsmError, ProductError
from ..foundation.outside import read_json
from ..products import entry
from ..products.probe import problem
from .manners import Manners, asked_pause
from .plan import Item
from .web import Broken, Refused, Web, host_of

#: The folder, in that of the product, in which files lie until they are checked.
INCOMING = ".incoming"

#: Bytes that are read at a time, and of a file at least for it to be gone on with: a smaller one is fetched anew.
PIECE, WORTH = 16384, 65536

#: Headers by which a file is known again.
_SAYS = ("ETag", "Last-Modified")

#: Letters of a page that are searched for what it says.
_PAGE = 20_000


class Later(AnnsmError):
    """An error that may pass. ``pause``: seconds that the archive asks for; ``gained``: whether there is more of the file than before."""

    def __init__(self, message: str, pause: float | None = None, *, gained: bool = False) -> None:
        super().__init__(message)
        self.pause, self.gained = pause, gained


class Never(AnnsmError):
    """The archive does not have the file, or gives something else."""


def whole_path(item: Item) -> Path:
    """Where a file lies that has come whole and is still to be opened."""
    return item.folder / INCOMING / item.name


def part_path(item: Item) -> Path:
    """Where a file lies while it comes."""
    return item.folder / INCOMING / f".{item.name}.part"


def _state_path(item: Item) -> Path:
    return item.folder / INCOMING / f".{item.name}.state"


def fetch(item: Item, web: Web, manners: Manners, count: Callable[[int], None]) -> None:
    """Try once to fetch a file into ``whole_path``. ``count`` takes the bytes that came.

    Raises ``Later``, ``Never``, ``Refused`` (by the archive), ``Cancelled``, and ``AnnsmError`` if the disk does not take it.
    """
    host = host_of(item.url)
    state = _state(item)
    have = part_path(item).stat().st_size if state else 0
    headers = {"Range": f"bytes={have}-", "If-Range": state["validator"]} if have else {}
    try:
        with manners.greeting(host):
            if manners.over(host):
                raise Refused(manners.over(host))
            manners.wait(host)
            answer = web.get(item.url, headers, item.bearer)
            try:
                _judge(answer, item, manners, web)
            except BaseException:
                web.done(answer)
                raise
            manners.answered(host)
        try:
            _receive(answer, item, state, have, web, manners, count)
        finally:
            web.done(answer)
    except Broken as error:
        raise Later(str(error)) from None
    _check(item, answer)


def asked_to_wait(answer: Any, host: str, manners: Manners) -> float | None:
    """Leave a host alone as long as its answer asks for, in seconds; None if it asks for nothing. Raises ``Refused`` for hours."""
    pause = asked_pause(answer.headers.get("Retry-After", ""))
    if pause is not None and pause > manners.patience.asked:
        raise Refused(f"{host} asks to come again in {pause / 3600.0:.1f} hours; run it again then.")
    if pause is not None:
        manners.leave_alone(host, pause)
    return pause


def _judge(answer: Any, item: Item, manners: Manners, web: Web) -> None:
    """Raise what an answer means that is not the file."""
    status, host = answer.status_code, host_of(answer.url)
    asked = host_of(item.url)
    kind = answer.headers.get("Content-Type", "").lower()
    if status in (429, 503):
        pause = asked_to_wait(answer, asked, manners)
        raise Later(f"{host} is busy (error {status})", pause)
    if status == 401 and manners.greeted(asked):
        raise Later(f"{host} has forgotten the login (error 401)")
    if status == 401:
        raise web.refused(answer.url, status)
    if status == 403:
        page = _text(answer, web)
        agreement = any(word in page for word in ("eula", "end user licen", "agreement", "accept"))
        why = ": its terms of use (EULA) are not accepted" if agreement else ""
        raise Refused(f"{host} does not give its files to this login (error 403){why}; log in at https://urs.earthdata.nasa.gov with a "
                      "browser, open Applications and EULAs, and approve the archive's application and its terms.")  # fmt: skip
    if status in (404, 410):
        raise Never(f"the archive does not have it (error {status})")
    if status == 408 or status >= 500:
        raise Later(f"{host} answered with error {status}")
    if status == 416:
        _forget(item)
        raise Later("the archive's file has changed", 0.0)
    if status not in (200, 206):
        raise Never(f"{host} answered with error {status}")
    if "text/html" in kind or "application/xhtml" in kind:
        if host != asked and any(word in _text(answer, web) for word in ("eula", "approve", "authorize", "log in", "login")):
            raise Refused(f"{host} shows a page instead of letting {asked} give its files; log in at https://urs.earthdata.nasa.gov with a "
                          "browser, open Applications, and approve the archive's application.")  # fmt: skip
        raise Later(f"{host} gave a web page instead of data")


def _text(answer: Any, web: Web) -> str:
    """The beginning of a page, in small letters."""
    with contextlib.suppress(AnnsmError), web.reading(host_of(answer.url)):
        return bytes(answer.raw.read(_PAGE, decode_content=True)).decode("utf-8", "replace").lower()
    return ""


def _receive(answer: Any, item: Item, state: dict[str, Any], have: int, web: Web, manners: Manners, count: Callable[[int], None]) -> None:
    """Write what comes behind the ``have`` bytes that are there. Raises ``Later`` unless the file is whole then."""
    start, total = _range(answer)
    if answer.status_code == 200:
        have = 0
    changed = have and (total != state["total"] or state["validator"] not in (answer.headers.get(n, state["validator"]) for n in _SAYS))
    if start != have or changed:
        _forget(item)
        raise Later("the archive gave another part of the file than was asked for", 0.0)
    part = part_path(item)
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        if not have:
            _remember(item, answer, total)
        gained = 0
        with open(part, "ab" if have else "wb") as file:
            try:
                while piece := _piece(answer, web):
                    manners.check()
                    file.write(piece)
                    gained += len(piece)
                    count(len(piece))
            except Broken as error:
                raise Later(str(error), gained=gained >= WORTH) from None
        manners.check()
    except OSError as error:
        raise store.what_failed(part, error) or AnnsmError(f"{part} cannot be written: {error.strerror}.") from error
    size = have + gained
    wanted = total if total is not None else item.size
    if wanted is not None and size < wanted:
        raise Later(f"the connection to {host_of(item.url)} broke at {size} of {wanted} bytes", gained=gained >= WORTH)
    if wanted is not None and size > wanted:
        _forget(item)
        raise Later(f"{size} bytes came instead of {wanted}")


def _piece(answer: Any, web: Web) -> bytes:
    with web.reading(host_of(answer.url)):
        return bytes(answer.raw.read(PIECE, decode_content=True))


def _range(answer: Any) -> tuple[int, int | None]:
    """Where the content of an answer begins in the file, and the file's size if the answer says it."""
    if answer.headers.get("Content-Encoding", "identity").lower() not in ("identity", ""):
        return (0 if answer.status_code == 200 else -1), None
    if answer.status_code == 200:
        length = answer.headers.get("Content-Length", "")
        return 0, int(length) if length.isdigit() else None
    span, _, total = answer.headers.get("Content-Range", "").rpartition("/")
    first = span.rpartition(" ")[2].partition("-")[0]
    return (int(first) if first.isdigit() else -1), int(total) if total.isdigit() else None


def _remember(item: Item, answer: Any, total: int | None) -> None:
    """Keep by what the rest of a file can be asked for, if it is worth it and the archive says when the file changes."""
    etag = answer.headers.get("ETag", "")
    validator = etag if etag and not etag.startswith("W/") else answer.headers.get("Last-Modified", "")
    state = _state_path(item)
    if validator and total is not None and total >= WORTH and answer.status_code == 200:
        state.write_text(json.dumps({"address": _key(item.url), "validator": validator, "total": total}), encoding="utf-8")
    else:
        store.remove(state)


def _state(item: Item) -> dict[str, Any]:
    """What is known of a file that has come in part; nothing if it is to be fetched anew."""
    path = _state_path(item)
    try:
        if path.is_file() and part_path(item).is_file() and part_path(item).stat().st_size >= WORTH:
            found = read_json(path, "the state of a download")
            good = found.get("address") == _key(item.url) and isinstance(found.get("validator"), str) and "\n" not in found["validator"]
            if good and isinstance(found.get("total"), int) and part_path(item).stat().st_size < found["total"]:
                return found
    except (ProductError, OSError):
        pass
    return {}


def _key(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()


def _forget(item: Item) -> None:
    """Remove what has come of a file."""
    store.remove(part_path(item))
    store.remove(_state_path(item))


def _check(item: Item, answer: Any) -> None:
    """Give a file that has come whole its place to wait in, if it is what was asked for as far as its first bytes tell."""
    part, whole = part_path(item), whole_path(item)
    given = answer.headers.get("Content-Disposition", "").rpartition("filename=")[2].strip(' "').partition(";")[0].strip('" ')
    known = entry(Path(given).name) if given else None
    if known is not None and known.product == item.entry.product and item.entry.date is not None and known.key != item.entry.key:
        _forget(item)
        raise Never(f"the archive gave {Path(given).name[:100]} instead")
    if item.sha256 and store.checksum(part)[2] != item.sha256.lower():
        _forget(item)
        raise Later("what came is not what the archive says that it sent (SHA-256)")
    try:
        part.replace(whole)
    except OSError as error:
        raise store.what_failed(whole, error) or AnnsmError(f"{whole} cannot be written: {error.strerror}.") from error
    store.remove(_state_path(item))
    wrong = problem(whole)
    if wrong:
        store.remove(whole)
        raise Later(f"what came is {wrong}")
