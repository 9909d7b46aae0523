"""Fills the gaps of a daily record: swaths that the sensor left out, and months between sensors. numpy; PyTorch for what is trained."""

from ..foundation.lazy import exports

__getattr__, __all__ = exports(__name__, {"request": ("FillRequest",), "filling": ("FillResult", "fill")})
