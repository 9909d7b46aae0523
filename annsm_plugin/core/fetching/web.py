"""Questions to archives over HTTP: redirects to the login and back, cookies, and who may see a password.

``requests`` asks them. QGIS's own network classes were looked at and left: ``QgsBlockingNetworkRequest`` keeps a whole answer in memory and
gives it only at its end, so that nothing is left of one that was cut off, follows redirects by itself, and takes its login from one
authentication for all hosts on the way. ``requests`` comes with QGIS (its own plugins use it), gives the answer piece by piece in any
thread, in the window and in ``qgis_process``; the proxy and the certificates that QGIS is set to are handed over (``Network``).

Redirects are followed here, one by one: the password goes to the login host alone (and to AppEEARS's own login), the token to the login
host and, only if that does not take it, to NASA's archives; never over an unencrypted connection but to this computer. Nothing of an
address but its host stands in an error, since addresses on the way hold codes and signatures.
"""

from __future__ import annotations

import contextlib
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from .. import __version__
from ..foundation import libraries
from ..foundation.errors import AnnsmError
from .login import LOOPBACK, Logins
from .manners import Patience

#: Steps from an address to its file at most: there, to the login, back with a code, to the file, to its store.
MOST_STEPS = 12

#: Bytes of an answer that is no file, at most.
MOST_OF_TEXT = 50_000_000

_REDIRECTS = (301, 302, 303, 307, 308)


class Refused(AnnsmError):
    """An archive does not let us in; trying again does not help. ``everywhere``: it is the login itself that was refused."""

    def __init__(self, message: str, *, everywhere: bool = False) -> None:
        super().__init__(message)
        self.everywhere = everywhere


class Broken(AnnsmError):
    """A connection that could not be made or broke; it may be there again later."""


@dataclass(frozen=True)
class Network:
    """How the network is reached: ``proxies`` (scheme -> address, which may hold a password), addresses that begin with one of
    ``direct`` go without, ``certificates`` (PEM) are trusted beside the usual ones."""

    proxies: Mapping[str, str] = field(default_factory=dict, repr=False)
    direct: tuple[str, ...] = ()
    certificates: str = field(default="", repr=False)


def host_of(url: str) -> str:
    """The host and port of an address."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()


def check_address(url: str) -> None:
    """Raise ``Refused`` unless an address is encrypted or of this computer."""
    parts, local = urlsplit(url), _is_here(url)
    if not parts.netloc or "@" in parts.netloc or not (parts.scheme == "https" or (parts.scheme == "http" and local)):
        raise Refused(f"{parts.scheme or 'an address without a scheme'}://{host_of(url)} is not asked; expected an address with https://.")


def _is_here(url: str) -> bool:
    """Whether an address is of this computer."""
    try:
        return urlsplit(url).hostname in LOOPBACK
    except ValueError:
        return False


class Web:
    """A session with cookies for all threads of a run; ``close`` breaks what is under way."""

    def __init__(self, logins: Logins, network: Network, patience: Patience) -> None:
        self._requests = libraries.load("requests")
        self._logins, self._network, self._patience = logins, network, patience
        self._open: set[Any] = set()
        self._lock = threading.Lock()
        self._token_hosts: set[str] = set()
        self._shut = ""
        session = self._requests.Session()
        session.headers.update({"User-Agent": f"ANN-SM-for-QGIS/{__version__}", "Accept-Encoding": "identity", "Accept": "*/*"})
        session.mount("https://", _adapter(self._requests, network.certificates))
        session.mount("http://", _adapter(self._requests, ""))
        self._session = session

    def get(self, url: str, headers: Mapping[str, str] | None = None, bearer: str = "") -> Any:
        """The answer of the last step from ``url``, its content not read yet; ``done`` gives it back.

        bearer: a token for the host of ``url`` alone. Raises ``Refused`` and ``Broken``.
        """
        start = url
        for _ in range(2):
            answer = self._follow(start, dict(headers or {}), bearer)
            if not self._try_token(start, answer):
                return answer
            self.done(answer)
        return self._follow(start, dict(headers or {}), bearer)

    def _try_token(self, start: str, answer: Any) -> bool:
        """Whether to ask again with the token: the login host did not take it, and the archive is one that may do so itself."""
        mine, token = host_of(start), self._logins.earthdata.token
        stuck = answer.status_code == 401 or (answer.status_code == 200 and host_of(answer.url) == self._logins.host)
        if not stuck or not token or mine in self._token_hosts or not self._logins.takes_token(mine) or mine == self._logins.host:
            return False
        self._token_hosts.add(mine)
        return True

    def _follow(self, url: str, headers: dict[str, str], bearer: str) -> Any:
        first = host_of(url)
        here = _is_here(url)
        for _ in range(MOST_STEPS):
            check_address(url)
            host = host_of(url)
            if _is_here(url) and not here:
                raise Refused(f"{first} redirects to this computer, which is not followed.")
            shown = bearer if host == first else ""
            if host == self._logins.host:
                if self._shut:
                    raise Refused(self._shut, everywhere=True)
                if not self._logins.earthdata:
                    raise Refused(f"{first} asks for an Earthdata login and none is given; {HOW_TO_LOG_IN}.", everywhere=True)
                shown = self._logins.earthdata.header
            elif not shown and host in self._token_hosts:
                shown = f"Bearer {self._logins.earthdata.token}"
            asked = headers if host != self._logins.host else {}
            answer = self._send("GET", url, {**asked, **({"Authorization": shown} if shown else {})})
            if host == self._logins.host and answer.status_code in (401, 403):
                if self._logins.earthdata.basic:
                    self.done(answer)
                    raise self.refused(url, answer.status_code)
                return answer
            if answer.status_code not in _REDIRECTS:
                return answer
            following = answer.headers.get("Location", "")
            self.done(answer)
            if not following:
                raise Broken(f"{host} redirects to nowhere")
            url = urljoin(url, following)
        raise Refused(f"{first} redirects in a circle; a browser may show what it wants.")

    def refused(self, url: str, status: int) -> Refused:
        """What an answer 401 or 403 from ``url`` means. If the login was shown there, it is not shown again in this run, since accounts are
        locked after some wrong passwords; any other address has refused its own files alone."""
        host = host_of(url)
        if host != self._logins.host and url != f"{self._logins.appeears}/login":
            return Refused(f"{host} does not let us in (error {status}), and the login was not asked for.")
        self._shut = f"{host} refused the Earthdata login (error {status}); look at name and password, or renew the token."
        return Refused(self._shut, everywhere=True)

    def post(self, url: str, body: Any = None, authorization: str = "") -> Any:
        """The JSON with which an address answers ``body``. ``authorization`` is shown to that host alone."""
        check_address(url)
        if self._shut:
            raise Refused(self._shut, everywhere=True)
        headers = {"Authorization": authorization} if authorization else {}
        answer = self._send("POST", url, headers, json=body) if body is not None else self._send("POST", url, headers)
        return self.json(answer)

    def json(self, answer: Any) -> Any:
        """The JSON of an answer. Raises ``Refused`` and ``Broken``."""
        from ..foundation.outside import parse_json

        host = host_of(answer.url)
        try:
            with self.reading(host):
                text = answer.raw.read(MOST_OF_TEXT, decode_content=True)
            if answer.status_code in (401, 403):
                raise self.refused(answer.url, answer.status_code)
            if answer.status_code >= 400:
                raise Broken(f"{host} answered with error {answer.status_code}")
            return parse_json(text.decode("utf-8"))
        except ValueError:
            raise Broken(f"{host} answered with something that is not JSON") from None
        finally:
            self.done(answer)

    def _send(self, method: str, url: str, headers: dict[str, str], **more: Any) -> Any:
        """One step. Whatever fails is said without the address."""
        network = self._network
        proxies = {} if any(url.startswith(start) for start in network.direct) else dict(network.proxies)
        host = host_of(url)
        with self.reading(host):
            answer = self._session.request(
                method, url, headers=headers, auth=_as_it_is, allow_redirects=False, stream=True, proxies=proxies,
                timeout=(self._patience.connect, self._patience.read), **more,
            )  # fmt: skip
        with self._lock:
            self._open.add(answer)
        return answer

    @contextlib.contextmanager
    def reading(self, host: str) -> Any:
        """Turns the errors of the network into ``Broken`` and ``Refused``, in words of our own."""
        kinds, below = self._requests.exceptions, libraries.load("requests").packages.urllib3.exceptions
        try:
            yield
        except kinds.SSLError:
            raise Refused(f"The certificate of {host} is not trusted; look at the network's proxy and at QGIS's certificates.") from None
        except kinds.ProxyError:
            raise Broken("the proxy does not let us through") from None
        except (kinds.Timeout, below.TimeoutError):
            raise Broken(f"{host} did not answer in time") from None
        except (kinds.ConnectionError, kinds.ChunkedEncodingError, below.HTTPError, ConnectionError, TimeoutError):
            raise Broken(f"the connection to {host} broke or could not be made") from None
        except (kinds.RequestException, OSError, ValueError, AttributeError):
            raise Broken(f"{host} could not be asked or answered with something that is not HTTP") from None

    def done(self, answer: Any) -> None:
        """Give an answer back; its connection is used again if it is at its end, which a short one is brought to."""
        with self._lock:
            self._open.discard(answer)
        with contextlib.suppress(Exception):
            if int(answer.headers.get("Content-Length", "0")) < 65536 and answer.headers.get("Transfer-Encoding") is None:
                answer.raw.read(65536)
        with contextlib.suppress(Exception):
            answer.close()

    def close(self) -> None:
        """Break what is under way, from any thread, so that threads that wait for bytes end at once."""
        with self._lock:
            answers, self._open = list(self._open), set()
        for answer in answers:
            with contextlib.suppress(Exception):
                answer.raw._connection.sock.shutdown(2)
        with contextlib.suppress(Exception):
            self._session.close()


#: What a user without a login is told.
HOW_TO_LOG_IN = (
    "choose an authentication of QGIS in AUTHENTICATION, set EARTHDATA_TOKEN, or write 'machine urs.earthdata.nasa.gov login NAME password "
    "PASSWORD' into the file .netrc of your home folder (registration: https://urs.earthdata.nasa.gov)"
)


def _as_it_is(prepared: Any) -> Any:
    """Keeps ``requests`` from looking for logins of its own in ``.netrc``."""
    return prepared


def _adapter(requests: Any, certificates: str) -> Any:
    """What makes connections; with ``certificates`` trusted beside the usual ones."""
    if not certificates:
        return requests.adapters.HTTPAdapter(pool_maxsize=16, max_retries=0)
    context = ssl.create_default_context(cafile=requests.certs.where())
    with contextlib.suppress(ssl.SSLError):
        context.load_verify_locations(cadata=certificates)
    base = requests.adapters.HTTPAdapter

    def direct(self: Any, *given: Any, **more: Any) -> Any:
        return base.init_poolmanager(self, *given, ssl_context=context, **more)

    def proxied(self: Any, url: str, **more: Any) -> Any:
        return base.proxy_manager_for(self, url, ssl_context=context, **more)

    kind: Callable[..., Any] = type("Trusting", (base,), {"init_poolmanager": direct, "proxy_manager_for": proxied})
    return kind(pool_maxsize=16, max_retries=0)
