"""Fetches what the download lists name from its archives: checked, resumed after any break, within the archives' manners."""

from ..foundation.lazy import exports

__getattr__, __all__ = exports(
    __name__,
    {
        "request": ("GLDAS", "DownloadRequest"),
        "download": ("Downloaded", "check", "run"),
        "login": ("Login", "Logins", "find_logins"),
        "web": ("Network", "Refused"),
    },
)
