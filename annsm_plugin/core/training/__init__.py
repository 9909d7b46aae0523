"""Trains the networks of a whole cube, tile by tile, and writes the model file. Paper section 3.1.

``train_block``, which trains the cells of one block (arrays in, arrays out), lives in ``network`` and is lent here for scripts.
"""

from ..foundation.lazy import exports
from ..network.block import STATUS, STOP_REASONS, Settings, TrainedBlock, choose_device, train_block

__getattr__, _names = exports(__name__, {"cube": ("TrainResult", "train"), "request": ("check",)})

__all__ = ["STATUS", "STOP_REASONS", "Settings", "TrainResult", "TrainedBlock", "check", "choose_device", "train", "train_block"]
