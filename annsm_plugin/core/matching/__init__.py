"""Matching: every product on the same 0.25 degree cells and the same local days, as one cube; and the screening of rainy days."""

from ..foundation.lazy import exports

__getattr__, __all__ = exports(
    __name__,
    {
        "request": ("MatchRequest", "ScreenRequest"),
        "assemble": ("MatchResult", "match", "run"),
        "settings": ("check",),
        "precipitation": ("ScreenResult", "screen"),
    },
)
