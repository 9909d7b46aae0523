"""Asks NASA's catalogue (CMR) which files of SMAP there are. Source: CMR search API, granules in JSON (feed, entry, links)."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..foundation.errors import ParameterError
from ..foundation.progress import Progress
from .manners import Manners, promptly
from .plan import Item, item, newest
from .transfer import asked_to_wait
from .web import Broken, Refused, Web, host_of

#: How the relation of a link to the file itself ends.
_DATA = "/data#"


def search(addresses: list[str], folder: Path, web: Web, manners: Manners, tries: int, progress: Progress) -> list[Item]:
    """The newest file of each day that the catalogue's answers name. Raises ``Broken`` or ``Refused`` if it does not answer."""
    found = []
    for number, address in enumerate(addresses):
        progress.check()
        progress.report(0.0, f"Catalogue: question {number + 1} of {len(addresses)}")
        found += _files(_answer(address, web, manners, tries, progress), folder)
    return newest(found)


def _answer(address: str, web: Web, manners: Manners, tries: int, progress: Progress) -> Any:
    host = host_of(address)
    for number in range(1, tries + 1):
        progress.check()
        try:
            answer = promptly(lambda: web.get(address), progress)
            if answer.status_code in (429, 503):
                web.done(answer)
                asked_to_wait(answer, host, manners)
                raise Broken(f"{host} is busy (error {answer.status_code})")
            return web.json(answer)
        except Refused:
            raise
        except Broken:
            if number == tries:
                raise
            manners.leave_alone(host, manners.patience.pause(number))
            rest(host, manners, progress)
    raise Broken(f"{host} did not answer")


def rest(host: str, manners: Manners, progress: Progress) -> None:
    """Wait until a host may be asked again, and look meanwhile whether to stop."""
    while manners.left(host) > 0.0:
        progress.check()
        manners.stop.wait(min(manners.left(host), 0.1))


def _files(answer: Any, folder: Path) -> list[Item]:
    """The files that an answer names."""
    try:
        granules = answer["feed"]["entry"]
        links = [link for granule in granules for link in granule.get("links", ()) if isinstance(link, dict)]
        good = [str(link["href"]) for link in links if str(link.get("rel", "")).endswith(_DATA) and not link.get("inherited")]
    except (KeyError, TypeError, AttributeError):
        raise Broken("the catalogue's answer has another form than its documentation says") from None
    found = []
    for address in good:
        try:
            if urlsplit(address).path.lower().endswith(".h5"):
                found.append(item("SMAP", address, folder, "the catalogue"))
        except (ParameterError, ValueError):
            continue  # another file of the granule, or no address
    return found
