"""What is made of a finished record: months, seasons, anomalies and trends; series of points and areas."""

from ..foundation.lazy import exports

__getattr__, __all__ = exports(
    __name__,
    {
        "request": ("AggregateRequest", "ExtractRequest"),
        "aggregation": ("AggregateResult", "aggregate"),
        "extraction": ("ExtractResult", "extract"),
    },
)
