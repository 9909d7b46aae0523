"""Lists and requests with which a user fetches the inputs of a region and period. Nothing is downloaded and no login is touched."""

from ..foundation.lazy import exports

__getattr__, __all__ = exports(
    __name__,
    {
        "lists": ("SOURCES", "DownloadLists", "check", "write_lists"),
        "request": ("LAI_PRODUCTS", "PRODUCTS", "Listing", "Request", "parsed"),
    },
)
