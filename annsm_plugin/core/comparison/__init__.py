"""Methods side by side on the same cube, cells and split: does the network earn its place? (The systems of the paper's section 5.)"""

from ..foundation.lazy import exports

__getattr__, __all__ = exports(
    __name__, {"request": ("METHODS", "CompareRequest"), "result": ("ComparisonResult",), "cube": ("check", "compare", "measure", "run")}
)
