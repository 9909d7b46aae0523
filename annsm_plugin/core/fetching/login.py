"""Names, passwords and tokens: where they are found, and to whom they may be shown. They are never part of a request, record or error."""

from __future__ import annotations

import netrc
import os
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..downloads.amsr import HOST as GPORTAL
from ..downloads.lai import API as APPEEARS
from ..foundation import machine
from ..foundation.errors import ParameterError

#: The host to which the archives of NASA send for a login.
EARTHDATA = "urs.earthdata.nasa.gov"

#: Domains whose archives take an Earthdata token themselves (Earthdata Login, "Bearer tokens").
TOKEN_DOMAINS = (".earthdata.nasa.gov", ".earthdatacloud.nasa.gov", ".eosdis.nasa.gov")

#: For trying out against a server on this computer: its address instead of the login host's, or of AppEEARS's interface.
LOGIN_VARIABLE, APPEEARS_VARIABLE = "ANNSM_EARTHDATA_LOGIN", "ANNSM_APPEEARS"

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Login:
    """A name with its password, or a token, or both; shows neither in its text."""

    name: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    def __bool__(self) -> bool:
        return bool(self.token or self.name)

    @property
    def basic(self) -> str:
        """The header of HTTP Basic authentication; empty without a password."""
        if not self.password:
            return ""
        return "Basic " + b64encode(f"{self.name}:{self.password}".encode()).decode("ascii")

    @property
    def header(self) -> str:
        """The header for the login host."""
        return self.basic or (f"Bearer {self.token}" if self.token else "")


@dataclass(frozen=True)
class Logins:
    """The logins of a run and the hosts that may see them: ``host`` the Earthdata login, ``appeears`` the address of its interface."""

    earthdata: Login = field(default_factory=Login)
    gportal: Login = field(default_factory=Login)
    host: str = EARTHDATA
    appeears: str = APPEEARS

    def takes_token(self, host: str) -> bool:
        """Whether a host is one of NASA's archives, or on this computer while the login host is too."""
        if host.rpartition(":")[0] in LOOPBACK or host in LOOPBACK:
            return self.host != EARTHDATA
        return host.lower().endswith(TOKEN_DOMAINS)


def find_logins(earthdata: Login | None = None, gportal: Login | None = None, environment: Mapping[str, str] | None = None) -> Logins:
    """The logins that are given, else those of the environment, else those of ``.netrc``. Raises ``ParameterError``."""
    environment = os.environ if environment is None else environment
    host, appeears = _tried(LOGIN_VARIABLE, environment), _tried(APPEEARS_VARIABLE, environment)
    name = host.rpartition("//")[2] or EARTHDATA
    return Logins(
        earthdata or _of_environment("EARTHDATA", environment) or _of_netrc((name, name.rpartition(":")[0]), environment),
        gportal or _of_gportal(environment),
        name,
        appeears or APPEEARS,
    )


def _tried(variable: str, environment: Mapping[str, str]) -> str:
    """An address on this computer that a variable gives; any other is refused, since logins would be sent there."""
    text = environment.get(variable, "").strip().rstrip("/")
    place = text.rpartition("//")[2].partition("/")[0]
    if text and place.rpartition(":")[0] not in LOOPBACK:
        raise ParameterError(f"{variable} is '{text}'; expected an address on this computer, such as http://127.0.0.1:8000.")
    return text


def _of_environment(prefix: str, environment: Mapping[str, str]) -> Login:
    name, password, token = (environment.get(f"{prefix}_{what}", "").strip() for what in ("USERNAME", "PASSWORD", "TOKEN"))
    return Login(name if password else "", password if name else "", token)


def _of_gportal(environment: Mapping[str, str]) -> Login:
    name = environment.get("GPORTAL_USERNAME", "").strip()
    return Login(name, environment.get("GPORTAL_PASSWORD", "")) if name else _of_netrc((GPORTAL,), environment)


def _of_netrc(machines: tuple[str, ...], environment: Mapping[str, str]) -> Login:
    """The login of the first of ``machines`` that stands in the file. Raises ``ParameterError`` for a file that cannot be understood."""
    home, given = environment.get("HOME") or machine.home(), environment.get("NETRC")
    for path in [Path(given)] if given else [Path(home) / name for name in (".netrc", "_netrc") if home]:
        if not path.is_file():
            continue
        try:
            known = netrc.netrc(str(path)).hosts
        except netrc.NetrcParseError as error:  # its text may repeat a password
            raise ParameterError(
                f"The file {path} cannot be understood in line {error.lineno}; expected machine, login, password."
            ) from None
        except (OSError, ValueError):
            raise ParameterError(f"The file {path} cannot be read.") from None
        for name in filter(None, machines):
            if name in known:
                return Login(known[name][0] or "", known[name][2] or "")
    return Login()
