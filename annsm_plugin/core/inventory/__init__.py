"""The table and the report of what folders of product files hold."""

from ..foundation.lazy import exports

__getattr__, __all__ = exports(
    __name__,
    {
        "request": ("InventoryRequest",),
        "folder": ("InventoryResult", "check", "run"),
        "report": ("write_report", "write_table"),
    },
)
