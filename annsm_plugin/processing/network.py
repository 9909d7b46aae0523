"""What QGIS knows of the network, for the core: the logins of its authentication manager, its proxy, the certificates that it trusts."""

from __future__ import annotations

import contextlib
from urllib.parse import quote

from qgis.core import QgsApplication, QgsAuthMethodConfig, QgsSettings

from ..core.fetching import Login, Network
from ..core.foundation import libraries
from ..core.foundation.errors import ParameterError


def login(parameter: str, authentication: str | None) -> Login | None:
    """The login of an authentication by its id; None for none. Raises ``ParameterError`` if it is not known or of another kind."""
    if not authentication:
        return None
    manager, config = QgsApplication.authManager(), QgsAuthMethodConfig()
    if authentication not in manager.configIds():
        raise ParameterError(f"{parameter}: QGIS has no authentication with the id '{authentication[:20]}'; look in its options.")
    good = manager.loadAuthenticationConfig(authentication, config, True)
    good = good[0] if isinstance(good, tuple) else good
    if not good:
        raise ParameterError(
            f"{parameter}: the authentication '{authentication}' cannot be opened: QGIS's master password is needed (for qgis_process in "
            "the file that QGIS_AUTH_PASSWORD_FILE names)."
        )
    found = config.configMap()
    if config.method() == "Basic":
        return Login(found.get("username", ""), found.get("password", ""))
    values = [value for name, value in found.items() if name.lower() == "authorization"]
    if config.method() == "APIHeader" and values and values[0].lower().startswith("bearer "):
        return Login(token=values[0][7:].strip())
    raise ParameterError(
        f"{parameter}: the authentication '{authentication}' is of the kind '{config.method()}'; expected Basic (name and password), or "
        "API header with 'Authorization' and 'Bearer TOKEN'."
    )


def network() -> Network:
    """QGIS's proxy and the certificates that it trusts beside the usual ones."""
    settings = QgsSettings()
    certificates = ""
    with contextlib.suppress(AttributeError, RuntimeError):
        certificates = bytes(QgsApplication.authManager().trustedCaCertsPemText()).decode("ascii", "replace")
    if not settings.value("proxy/proxyEnabled", False, type=bool):
        return Network(certificates=certificates)
    kind, host = settings.value("proxy/proxyType", "", type=str), settings.value("proxy/proxyHost", "", type=str)
    port = settings.value("proxy/proxyPort", "", type=str)
    direct = tuple(filter(None, settings.value("proxy/noProxyUrls", [], type="QStringList") or ()))
    if kind == "DefaultProxy" or not host:
        return Network(direct=direct, certificates=certificates)
    scheme = "socks5h" if kind == "Socks5Proxy" else "http"
    if scheme == "socks5h" and not libraries.available("socks"):
        raise ParameterError("QGIS uses a SOCKS proxy, for which the Python package 'PySocks' is needed; install it or use an HTTP proxy.")
    address = f"{scheme}://{_user(settings)}{host}{':' + port if port else ''}"
    return Network({"http": address, "https": address}, direct, certificates)


def _user(settings) -> str:
    """Name and password of the proxy, from its authentication or from the settings, as an address holds them."""
    known = None
    with contextlib.suppress(ParameterError):
        known = login("proxy", settings.value("proxy/authcfg", "", type=str))
    name = known.name if known else settings.value("proxy/proxyUser", "", type=str)
    password = known.password if known else settings.value("proxy/proxyPassword", "", type=str)
    return f"{quote(name, safe='')}:{quote(password, safe='')}@" if name else ""
