"""Trains the networks of a whole cube, tile by tile, and writes the model file. Paper section 3.1.

``train_block``, which trains the cells of one block (arrays in, arrays out), lives in ``network`` and is lent here for scripts.
"""

from ..foundation.lazy import exports

__getattr__, __all__ = exports(
    __name__,
    {
        "request": ("TrainRequest",),
        "settings": ("check",),
        "cube": ("TrainResult", "run", "train"),
        "..network.block": ("STATUS", "STOP_REASONS", "Settings", "TrainedBlock", "choose_device", "train_block"),
    },
)
