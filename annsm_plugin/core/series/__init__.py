"""Daily series of soil moisture in cells of the 0.25 degree grid: from folders of products, gridded files or stations.

``product_series`` and ``gldas_series`` read a folder; ``look`` and ``Reader`` take any of the three; a ``SeriesMemory`` keeps what was
read of single files for the next run.
"""

from ..foundation.lazy import exports

__getattr__, __all__ = exports(
    __name__,
    {
        "catalogue": ("FOLDERS", "LPRM_BANDS", "SOURCES", "Source"),
        "collocation": ("Series", "product_series"),
        "gldas": ("gldas_series",),
        "memory": ("SeriesMemory",),
        "sources": ("Input", "Reader", "look"),
    },
)
