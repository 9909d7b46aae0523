"""Speed of the batched trainer: per cell against scipy's Levenberg-Marquardt looped over cells, and the plateau in one go.

Same data, start weights, float64 and number of iterations, one thread for each peer's linear algebra; medians of interleaved
repeats, as ratios within this run. Writes a table and JSON lines. Run: .venv/bin/python benchmarks/trainer_speed.py
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", str(os.cpu_count()))
import numpy as np
import torch
from scipy.optimize import least_squares

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from annsm_plugin.core import levenberg_marquardt as lm
from annsm_plugin.core import network, training

N, F, H, EPOCHS, REPEATS = 480, 9, 12, 19, 5


def problems(cells: int, samples: int, seed: int = 0):
    """Smooth functions of nine inputs with noise: inputs (cells, samples, 9), target scaled 0-1."""
    rng = np.random.default_rng(seed)
    inputs = rng.random((cells, samples, F))
    target = np.tanh(inputs @ rng.normal(size=(cells, F, 4)) - 1.0).sum(axis=2) + 0.3 * rng.normal(size=(cells, samples))
    low, high = target.min(axis=1, keepdims=True), target.max(axis=1, keepdims=True)
    return inputs, (target - low) / (high - low)


def ours(inputs, target, start) -> float:
    role = np.zeros(target.shape, np.int8)
    settings = lm.Settings(epochs=EPOCHS, min_gradient=0.0)
    begin = time.perf_counter()
    training.train_block(inputs, target, role, initial=start, settings=settings)
    return (time.perf_counter() - begin) / len(target)


def scipy_loop(inputs, target, start) -> float:
    begin = time.perf_counter()
    for x, t, w in zip(inputs, target, start):
        least_squares(
            lambda w, x=x, t=t: network.predict(w[None], x[None], H)[0] - t,
            w,
            jac=lambda w, x=x: lm.jacobian(w, x, H),
            method="lm",
            max_nfev=EPOCHS + 1,
            xtol=1e-15,
            ftol=1e-15,
            gtol=1e-15,
        )
    return (time.perf_counter() - begin) / len(target)


def tell(name: str, value: float, unit: str) -> None:
    print(f"{name:58}{value:12.4g} {unit}")
    print(json.dumps({"name": name, "value": value, "unit": unit}))


def main() -> None:
    inputs, target = problems(256, N)
    rng = np.random.default_rng(1)
    start = np.stack([network.nguyen_widrow(x.min(axis=0), x.max(axis=0), H, rng) for x in inputs])
    times = {"this trainer": [], "scipy least_squares lm, looped": []}
    for _ in range(REPEATS):
        times["this trainer"].append(ours(inputs, target, start))
        times["scipy least_squares lm, looped"].append(scipy_loop(inputs[:16], target[:16], start[:16]))
    for name, values in times.items():
        tell(f"{name}, {EPOCHS} iterations, {N} samples, per cell", 1e3 * float(np.median(values)), "ms")
    peer = np.median(times["scipy least_squares lm, looped"])
    tell("ratio of scipy's loop to this trainer", float(peer / np.median(times["this trainer"])), "1")
    inputs, target = problems(3942, 600, 2)
    role = np.zeros(target.shape, np.int8)
    role[:, 480:540], role[:, 540:] = 1, 2
    for device in ("cpu", "cuda") if torch.cuda.is_available() else ("cpu",):
        begin = time.perf_counter()
        block = training.train_block(inputs, target, role, device=device)
        tell(f"plateau: 3942 cells, 600 samples 80/10/10, {device}", time.perf_counter() - begin, "s")
        tell(f"plateau: median epochs of the best weights, {device}", float(np.median(block.epochs)), "1")


if __name__ == "__main__":
    main()
