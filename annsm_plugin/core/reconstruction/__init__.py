"""Runs the trained networks on every day with complete inputs and writes the ANN-SM file with its quality flags."""

from ..foundation.lazy import exports

__getattr__, __all__ = exports(
    __name__, {"request": ("ReconstructRequest",), "apply": ("ReconstructResult", "check", "reconstruct", "run")}
)
