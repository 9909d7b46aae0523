"""A partial convolutional network over neighbouring days that fills the middle one.

After Zhang et al. 2021 (Earth Syst. Sci. Data 13, 1385). A partial convolution (Liu et al. 2018, ECCV) sums over known pixels only, is
scaled by the share of them in its window, and leaves a pixel unknown where its window holds none; the mask of known pixels grows from
layer to layer. Channels of the first layer are days. What is theirs: days as channels, masks updated layer by layer, training on masks of
other days. What is ours: the network learns what interpolation between the nearest known days of the window leaves over, since the scaling
by known shares blurs them. Theirs has 11 layers, windows of 13 days and 40 x 40 pixels of a global product; ours is smaller: five layers of
24 channels.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..foundation.libraries import load
from ..foundation.progress import Progress
from .adam import Adam, one_thread
from .perceptron import falling

#: Most rows and columns of what a step takes of each window.
CROP = 20

#: Days of a window, channels and layers of the network, windows of a step, steps, and the rate of learning at the start.
DAYS, CHANNELS, LAYERS, BATCH, STEPS, RATE = 13, 24, 5, 16, 1500, 1.5e-3

Weights = dict[str, np.ndarray]


def partial_convolution(x: Any, mask: Any, weight: Any, bias: Any) -> tuple[Any, Any]:
    """One layer: x and mask (N, C, rows, columns), weight (O, C, 3, 3), bias (O,); output (N, O, rows, columns) and its mask (N, 1, ...).

    Output = W (x m) * (pixels of the window) / (known pixels of the window) + b where any is known, else 0. A mask of one channel holds
    for all. Beyond the edge nothing is known; the window counts as whole there, as in the reference implementation.
    """
    torch = load("torch")
    function = torch.nn.functional
    size = weight.shape[1] * weight.shape[2] * weight.shape[3]
    shared = weight.shape[1] // mask.shape[1]
    window = torch.ones((1, mask.shape[1], 3, 3), dtype=x.dtype, device=x.device)
    known = function.conv2d(mask, window, padding=1) * shared
    there = (known > 0).to(x.dtype)
    output = function.conv2d(x * mask, weight, padding=1) * (size / known.clamp(min=1.0))
    return (output + bias[:, None, None]) * there, there


def _forward(parameters: list, x: Any, mask: Any) -> tuple[Any, Any]:
    torch = load("torch")
    for number in range(0, len(parameters), 2):
        x, mask = partial_convolution(x, mask, parameters[number], parameters[number + 1])
        if number < len(parameters) - 2:
            x = torch.nn.functional.leaky_relu(x, 0.1)
    return x[:, 0], mask[:, 0]


def _start(random: np.random.Generator) -> list[np.ndarray]:
    sizes = [DAYS, *[CHANNELS] * (LAYERS - 1), 1]
    arrays: list[np.ndarray] = []
    for fan_in, fan_out in zip(sizes[:-1], sizes[1:]):
        arrays += [random.normal(0.0, np.sqrt(2.0 / (9 * fan_in)), (fan_out, fan_in, 3, 3)), np.zeros(fan_out)]
    arrays[-2] *= 0.1  # begins near the interpolation that it corrects
    return arrays


def between(x: np.ndarray, known: np.ndarray) -> np.ndarray:
    """The middle day (N, rows, columns) interpolated between the nearest known days of windows ``x`` (N, days, rows, columns).

    One-sided where only one side has a known day, 0 where none has. The middle day itself is not looked at.
    """
    middle = x.shape[1] // 2
    sides = []
    for sign in (-1, 1):
        value, away = np.zeros_like(x[:, 0]), np.full(x[:, 0].shape, np.inf, dtype=np.float32)
        for off in range(middle, 0, -1):
            there = known[:, middle + sign * off]
            value, away = np.where(there, x[:, middle + sign * off], value), np.where(there, np.float32(off), away)
        sides.append((value, 1.0 / away))
    (left, near_left), (right, near_right) = sides
    return (left * near_left + right * near_right) / np.maximum(near_left + near_right, 1e-6)


def train(windows: np.ndarray, masks: np.ndarray, seed: int, device: str, progress: Progress) -> Weights:
    """Weights of a network that fills the middle day.

    windows (N, DAYS, rows, columns), NaN where unknown, standardised; masks (M, rows, columns) bool, True where another day is unknown.
    Each step takes the pixels of such a mask away from the middle day of each window (in one of three, the whole day and some beside it)
    and learns them. The same seed gives the same weights. Raises ``Cancelled`` and ``MissingLibrary``.
    """
    torch = load("torch")
    random = np.random.default_rng([seed, 73])
    parameters = [torch.tensor(a, dtype=torch.float32, device=device, requires_grad=True) for a in _start(random)]
    adam = Adam(parameters)
    middle = DAYS // 2
    with one_thread():
        for step in range(STEPS):
            if step % 10 == 0:
                progress.check()
                progress.report(step / STEPS, f"Training the partial convolutions, step {step} of {STEPS}")
            rows, columns = (int(random.integers(0, max(1, size - CROP + 1))) for size in windows.shape[2:])
            place = slice(rows, rows + CROP), slice(columns, columns + CROP)
            x = windows[(random.integers(0, len(windows), BATCH), slice(None), *place)]
            known = np.isfinite(x)
            shape = masks[(random.integers(0, len(masks), BATCH), *place)]
            seen = known.copy()
            for number in range(BATCH):
                if random.integers(3) == 0:  # a longer gap
                    half = int(random.integers(0, middle))
                    seen[number, middle - half : middle + half + 1] = False
                else:
                    seen[number, middle] &= ~shape[number]
            wanted = known[:, middle] & ~seen[:, middle]
            if not wanted.any():
                continue
            values, mask, target, learnt = (
                torch.from_numpy(np.ascontiguousarray(a, dtype=np.float32)).to(device)
                for a in (np.where(seen, x, 0.0), seen, np.where(wanted, x[:, middle] - between(x, seen), 0.0), wanted)
            )
            output, there = _forward(parameters, values, mask)
            learnt = learnt * there
            adam.step(((output - target) ** 2 * learnt).sum() / learnt.sum().clamp(min=1.0), falling(RATE, step / STEPS))
    return {f"w{number:02}": p.detach().cpu().numpy() for number, p in enumerate(parameters)}


#: Days filled at once.
_TOGETHER = 32


def fill(weights: Weights, field: np.ndarray, days: slice, device: str, progress: Progress) -> np.ndarray:
    """The network's (days, rows, columns) for some ``days`` of a ``field`` (days, rows, columns), NaN where unknown; NaN where nothing
    known is within its reach: ``DAYS // 2`` days and ``LAYERS`` pixels."""
    torch = load("torch")
    half = DAYS // 2
    padded = np.full((field.shape[0] + 2 * half, *field.shape[1:]), np.nan, dtype=np.float32)
    padded[half : half + field.shape[0]] = field
    parameters = [torch.from_numpy(weights[name].astype(np.float32)).to(device) for name in sorted(weights)]
    found = np.full((days.stop - days.start, *field.shape[1:]), np.nan, dtype=np.float32)
    with one_thread(), torch.no_grad():
        for first in range(days.start, days.stop, _TOGETHER):
            progress.check()
            last = min(first + _TOGETHER, days.stop)
            x = np.stack([padded[day : day + DAYS] for day in range(first, last)])
            known = np.isfinite(x)
            values, mask = (
                torch.from_numpy(np.ascontiguousarray(a, dtype=np.float32)).to(device) for a in (np.where(known, x, 0.0), known)
            )
            output, there = _forward(parameters, values, mask)
            corrected = torch.where(there > 0, output, float("nan")).cpu().numpy() + between(x, known)
            found[first - days.start : last - days.start] = corrected
    return found
