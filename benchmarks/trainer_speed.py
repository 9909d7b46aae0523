"""Speed of the trainer: against what a user could pick instead, against the machine's limit, and its growth with the problem.

Same data, start weights, float64, iterations and cores; medians of five interleaved repeats, ratios within this run. Writes a table,
JSON lines (build/bench/trainer.jsonl) and a plot (build/bench/trainer.png). Run by ``make bench``; without the peers they are left out.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()))
import numpy as np
import torch

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
import trainer_peers as peers  # noqa: E402

from annsm_plugin.core.network import block as training  # noqa: E402
from annsm_plugin.core.network import function as network  # noqa: E402
from annsm_plugin.core.network import levenberg_marquardt as lm  # noqa: E402

N, F, H, ITERATIONS, REPEATS = 480, 9, 12, 19, 5
OUT = ROOT / "build" / "bench"


def problems(cells: int, samples: int, seed: int = 0):
    """Smooth functions of nine inputs with noise: inputs (cells, samples, 9), target scaled 0-1."""
    rng = np.random.default_rng(seed)
    inputs = rng.random((cells, samples, F))
    target = np.tanh(inputs @ rng.normal(size=(cells, F, 4)) - 1.0).sum(axis=2) + 0.3 * rng.normal(size=(cells, samples))
    low, high = target.min(axis=1, keepdims=True), target.max(axis=1, keepdims=True)
    return inputs, (target - low) / (high - low)


def starts(inputs, hidden=H):
    rng = np.random.default_rng(1)
    return np.stack([network.nguyen_widrow(x.min(axis=0), x.max(axis=0), hidden, rng) for x in inputs])


class _Budget(lm.Lanes):
    """Lanes whose networks end after so many damped steps, taken or not, as the peers count; counts the steps taken too."""

    budget, tried, taken = 0, 0, 0

    def load(self, lane, *network):
        super().load(lane, *network)
        self.trials = getattr(self, "trials", np.zeros(self.count, dtype=int))
        self.trials[lane] = 0

    def step(self):
        self.trials[self.loaded] += 1
        return super().step()

    def _ended(self, lane):
        over = self.trials[lane] >= self.budget
        if over:
            _Budget.tried += int(self.trials[lane])
            _Budget.taken += int(self.epoch[lane])
        return over


@contextlib.contextmanager
def budget(trials: int):
    """Within it, every network trains for ``trials`` damped steps."""
    _Budget.budget, _Budget.tried, _Budget.taken, plain = trials, 0, 0, lm.Lanes
    lm.Lanes = _Budget
    try:
        yield _Budget
    finally:
        lm.Lanes = plain


def ours(precision: str, epochs: bool = False):
    """A run of ``iterations`` damped steps, or with ``epochs`` of as many steps taken (each may need several tries)."""

    def run(inputs, target, start, hidden, iterations) -> float:
        settings = lm.Settings(epochs=iterations if epochs else 10**6, min_gradient=0.0, mu_max=np.inf, precision=precision)
        begin = time.perf_counter()
        with contextlib.nullcontext() if epochs else budget(iterations):
            training.train_block(inputs, target, np.zeros(target.shape, np.int8), hidden=hidden, initial=start, settings=settings)
        return (time.perf_counter() - begin) / len(target)

    return run


def limit(taken: float, tried: float) -> float:
    """Seconds per cell at the peak of a large matrix product: the sums once per step taken, forward, Cholesky and solve once per try."""
    a, p = torch.randn(2000, 2000, dtype=torch.float64), H * (F + 2) + 1
    best = np.inf
    for _ in range(5):
        begin = time.perf_counter()
        a @ a
        best = min(best, time.perf_counter() - begin)
    peak = 2 * 2000**3 / best
    sums = 2 * N * ((H * (H + 1) // 2) * 55 + 144 * 10 + 12 * 10 + 91)
    trial = 2 * N * (H * (F + 1) + H + 1) + p**3 / 3 + 2 * p**2
    tell("peak of a 2000 x 2000 product, float64", peak / 1e9, "GFLOP/s")
    return (taken * sums + (tried + 1) * trial) / peak


def tell(name: str, value: float, unit: str) -> None:
    print(f"{name:74}{value:12.4g} {unit}", flush=True)
    with open(OUT / "trainer.jsonl", "a") as file:
        file.write(json.dumps({"name": name, "value": value, "unit": unit}) + "\n")


def against_peers() -> None:
    inputs, target = problems(512, N)
    start = starts(inputs)
    runs = {
        "this trainer, float64": (ours("float64"), 512),
        "this trainer, mixed": (ours("mixed"), 512),
        "this trainer, float64, steps taken": (ours("float64", epochs=True), 512),
        "scipy least_squares lm, looped": (peers.scipy_loop, 12),
    }
    optional = {
        "torch-levenberg-marquardt, looped": (lambda: peers.torch_lm_loop, 12, "torch_levenberg_marquardt"),
        "optimistix, vmap, normal equations": (lambda: peers.optimistix_vmap("cholesky"), 64, "optimistix"),
        "optimistix, vmap, QR": (lambda: peers.optimistix_vmap("qr"), 64, "optimistix"),
        "pyrenn, looped": (lambda: peers.pyrenn_loop, 2, "pyrenn"),
    }
    for name, (make, cells, package) in optional.items():
        try:
            __import__(package)
            runs[name] = (make(), cells)
        except ImportError:
            print(f"{name}: {package} is not installed, left out")
    times = {name: [] for name in runs}
    for run, cells in runs.values():  # compile and warm up
        run(inputs[:cells], target[:cells], start[:cells], H, ITERATIONS)
    for _ in range(REPEATS):
        for name, (run, cells) in runs.items():
            times[name].append(run(inputs[:cells], target[:cells], start[:cells], H, ITERATIONS))
    median = {name: float(np.median(values)) for name, values in times.items()}
    for name, value in median.items():
        tell(f"{name}: {ITERATIONS} iterations, {N} samples, per cell", 1e3 * value, "ms")
    with budget(ITERATIONS) as counted:
        ours("float64")(inputs, target, start, H, ITERATIONS)
    tried, taken = counted.tried / len(target), counted.taken / len(target)
    tell("damped steps tried per cell", tried, "1")
    tell("damped steps taken per cell", taken, "1")
    least = limit(min(taken + 1, tried), tried)  # the sums are needed at the start, and after every step taken but the last
    tell("limit: the necessary operations at that peak, per cell", 1e3 * least, "ms")
    for mine in ("this trainer, float64", "this trainer, mixed"):
        for group, names in (("looped", [n for n in median if "looped" in n]), ("vmap", [n for n in median if "vmap" in n])):
            if names:
                fastest = min(names, key=median.get)
                ratios = np.array(times[fastest]) / np.array(times[mine])
                tell(f"{mine}: times faster than the fastest {group} ({fastest.split(',')[0]})", float(np.median(ratios)), "1")
    tell("this trainer, float64: times the limit", float(np.median(times["this trainer, float64"])) / least, "1")


def restarts() -> None:
    inputs, target = problems(96, 600, 3)
    role = np.zeros(target.shape, np.int8)
    role[:, 480:540], role[:, 540:] = 1, 2
    spent, rmse = {1: [], 10: []}, {}
    for _ in range(3):
        for k in (1, 10):
            begin = time.perf_counter()
            block = training.train_block(inputs, target, role, restarts=k)
            spent[k].append(time.perf_counter() - begin)
            rmse[k] = float(np.sqrt(block.mse[:, 2]).mean())
    tell("10 restarts cost, in times one", float(np.median(np.array(spent[10]) / np.array(spent[1]))), "1")
    tell("10 restarts, best on validation: mean testing RMSE over that of one", rmse[10] / rmse[1], "1")


def plateau() -> None:
    inputs, target = problems(3942, 600, 2)
    role = np.zeros(target.shape, np.int8)
    role[:, 480:540], role[:, 540:] = 1, 2
    for device in ("cpu", "cuda") if torch.cuda.is_available() else ("cpu",):
        if device == "cuda":
            training.train_block(inputs[:64], target[:64], role[:64], device=device)
        begin = time.perf_counter()
        block = training.train_block(inputs, target, role, device=device)
        tell(f"plateau: 3942 cells, 600 samples 80/10/10, trainlm's stops, {device}", time.perf_counter() - begin, "s")
        tell(f"plateau: median epochs of the best weights, {device}", float(np.median(block.epochs)), "1")


def growth() -> None:
    """Cost of 19 iterations against the number of cells, neurons and samples, as a plot."""
    run, panels = ours("float64"), {}

    def cost(cells, hidden, samples):
        inputs, target = problems(cells, samples)
        return min(run(inputs, target, starts(inputs, hidden), hidden, ITERATIONS) for _ in range(2))

    panels["cells"] = [(c, cost(c, H, N) * c) for c in (32, 64, 128, 256, 512, 1024)]
    panels["neurons"] = [(h, cost(128, h, N) * 1e3) for h in (2, 4, 6, 8, 10, 12, 16, 20)]
    panels["samples"] = [(n, cost(128, H, n) * 1e3) for n in (128, 256, 512, 1024, 2048)]
    for name, points in panels.items():
        for x, y in points:
            tell(f"cost at {x} {name}", y, "s in all" if name == "cells" else "ms per cell")
    try:
        import matplotlib
    except ImportError:
        return
    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(1, 3, figsize=(11, 3.4), layout="constrained")
    for axis, (name, points) in zip(axes, panels.items()):
        x, y = np.array(points).T
        axis.plot(x, y, "o-")
        axis.set(xlabel=f"number of {name}", ylabel="time (s)" if name == "cells" else "time per cell (ms)", ylim=(0, None), xlim=(0, None))
        axis.grid(alpha=0.3)
    figure.savefig(OUT / "trainer.png", dpi=120)
    print(f"Plot: {OUT / 'trainer.png'}")


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "trainer.jsonl").unlink(missing_ok=True)
    against_peers()
    restarts()
    plateau()
    growth()


if __name__ == "__main__":
    main()
