"""Methods compared on the same cube, cells and split: the network, statistical methods, other learning methods and controls."""

from ..foundation.lazy import exports

__getattr__, __all__ = exports(
    __name__, {"request": ("METHODS", "CompareRequest"), "result": ("ComparisonResult",), "cube": ("check", "compare", "measure", "run")}
)
