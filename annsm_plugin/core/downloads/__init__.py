"""Lists and requests with which a user fetches the inputs of a region and period. Nothing is downloaded and no login is touched."""

from ..foundation.lazy import exports

__getattr__, __all__ = exports(
    __name__,
    {
        "request": ("LAI_PRODUCTS", "PRODUCTS", "DownloadListRequest"),
        "lists": ("SOURCES", "DownloadLists", "check", "run", "write_lists"),
        "wanted": ("Listing", "Wanted", "checked"),
    },
)
