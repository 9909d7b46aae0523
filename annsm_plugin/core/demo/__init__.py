"""A small synthetic archive in the formats of the products, made with physical models: to try the whole chain, not for science.

``write_archive`` writes it. ``climate`` and ``soil`` simulate the truth, ``emission`` and ``orbits`` the observation, ``scene`` what each
product shows of it, and ``formats``, ``lai_tiles`` and ``stations`` write the files.
"""

from ..foundation.lazy import exports

__getattr__, __all__ = exports(
    __name__,
    {
        "request": ("REGIONS", "DemoRequest"),
        "archive": ("Archive", "check", "periods", "run", "write_archive"),
    },
)
