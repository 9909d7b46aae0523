"""Errors of three soil-moisture products from each other, without a reference (triple collocation)."""

from ..foundation.lazy import exports

__getattr__, __all__ = exports(
    __name__,
    {
        "request": ("TripleRequest",),
        "result": ("TripleResult",),
        "maps": ("check", "collocate", "run", "write_maps"),
    },
)
