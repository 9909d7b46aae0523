"""Inputs of the networks that carry physics and are computed from what a cube holds, by name; a cube's own variables come as they are."""

from ..foundation.lazy import exports

__getattr__, __all__ = exports(__name__, {"derived": ("available", "describe", "needs", "series")})
