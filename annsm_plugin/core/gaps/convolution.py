"""The way ``convolution``: partial convolutions over neighbouring days, trained on gaps of other days and applied in gaps only."""

from __future__ import annotations

import numpy as np

from ..foundation.progress import Progress
from ..network import inpainting
from ..network.block import choose_device
from ..workers.tasks import Arrays, Values

#: Windows and masks taken from one tile.
WINDOWS, MASKS = 500, 300

#: A gap is filled where its cell has a known value within so many days: the convolutions see no farther.
REACH = inpainting.DAYS // 2


def bank(field: np.ndarray, present: np.ndarray, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Windows (N, days, rows, columns) of a ``field`` (days, rows, columns), NaN where unknown, whose middle day has values, and masks
    (M, rows, columns) of what is missing on days of the record that are partly seen (wholly missing ones count where there is no other).
    """
    half = inpainting.DAYS // 2
    days = np.flatnonzero(np.isfinite(field).any(axis=(1, 2)))
    days = days[(days >= half) & (days < field.shape[0] - half)]
    if days.size == 0:
        return np.zeros((0, inpainting.DAYS, *field.shape[1:]), dtype=np.float32), np.zeros((0, *field.shape[1:]), dtype=bool)
    taken = np.sort(generator.choice(days, min(WINDOWS, days.size), replace=False))
    windows = np.stack([field[day - half : day + half + 1] for day in taken]).astype(np.float32)
    alive = present.any(axis=0)
    missing = alive & ~present
    share = missing.sum(axis=(1, 2)) / max(1, alive.sum())
    good = np.flatnonzero((share > 0.05) & (share < 1.0))
    if good.size == 0:
        return windows, alive[np.newaxis]
    chosen = np.sort(generator.choice(good, min(MASKS, good.size), replace=False))
    return windows, missing[chosen]


def train(values: Values, arrays: Arrays, progress: Progress) -> tuple[Values, Arrays]:
    """The task that trains the network: values seed and device, arrays windows and masks (``bank``); its weights."""
    device = choose_device(values["device"])
    return {}, inpainting.train(arrays["windows"], arrays["masks"].astype(bool), values["seed"], device, progress)


def fill(values: Values, arrays: Arrays, progress: Progress) -> tuple[Values, Arrays]:
    """The task that applies it: values first, last (days of the field) and device, arrays field and the weights; array ``filled``."""
    field = arrays.pop("field")
    device = choose_device(values["device"])
    return {}, {"filled": inpainting.fill(arrays, field, slice(values["first"], values["last"]), device, progress)}
