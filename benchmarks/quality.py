"""Testing error of the trainer against scikit-learn's MLPRegressor (lbfgs) of the same size on four standard problems and the demo archive.

The peer's alpha and max_iter are chosen on the same validation samples. Prints the median testing mean squared error (0-1
units) over 20 splits of one network and the best of twenty as the paper trains them, and of the best half of sixty with five ratios of
regularization; then their ratios to the peer's.
Run: .venv/bin/python benchmarks/quality.py
"""

import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
from sklearn.datasets import load_diabetes, make_friedman1, make_friedman2, make_friedman3
from sklearn.neural_network import MLPRegressor

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from annsm_plugin.core import demo, matching
from annsm_plugin.core.foundation import store
from annsm_plugin.core.matching import precipitation
from annsm_plugin.core.network import block as training
from annsm_plugin.core.network import function as network
from annsm_plugin.core.training import request, settings
from annsm_plugin.core.training import samples as cell_samples

PROBLEMS = {
    "diabetes": load_diabetes(return_X_y=True),
    "friedman1": make_friedman1(400, noise=1.0, random_state=0),
    "friedman2": make_friedman2(400, noise=50.0, random_state=0),
    "friedman3": make_friedman3(400, noise=0.1, random_state=0),
}

RATIOS, RESTARTS = (0.0, 0.001, 0.01, 0.1, 0.3), 60


def scaled(values):
    return (values - values.min(axis=0)) / (values.max(axis=0) - values.min(axis=0))


def split(samples: int, seed: int) -> np.ndarray:
    """Roles of the samples: a tenth validates, a tenth tests."""
    order, role = np.random.default_rng(seed).permutation(samples), np.zeros(samples, np.int8)
    role[order[: samples // 10]], role[order[samples // 10 : samples // 5]] = 1, 2
    return role


def best_half(x, t, role, seed) -> float:
    """Testing error of the mean of the best half, by validation, of sixty networks with ratios of regularization in turn."""
    block = training.train_block(
        x[None], t[None], role[None], seed=seed, restarts=RESTARTS, settings=training.Settings(regularization=RATIOS)
    )
    kept = block.all_weights[0, np.argsort(block.all_mse[0, :, 1], kind="stable")[: RESTARTS // 2]]
    output = network.predict(kept, np.repeat(x[None], len(kept), axis=0), 12).mean(axis=0)
    return np.mean((t - output)[role == 2] ** 2)


def demo_cells(folder: Path):
    """Inputs (N, F) and target (N,), 0-1, of each cell of the small demo archive's training period, screened at 8.75 mm."""
    archive = demo.write_archive(folder / "archive", region="tiny", years=2)
    days, cube = archive.periods, folder / "cube.nc"
    folders = {name: archive.folders[name] for name in ("amsr", "smap", "gldas", "lai")}
    matching.match(cube, **folders, extent=archive.extent, start=days["train_start"], end=days["train_end"])
    precipitation.screen(cube, folder / "screened.nc", threshold=8.75)
    asked = settings.settings_of(request.NetworksRequest(cube=folder / "screened.nc", start=days["train_start"], end=days["train_end"]))
    with store.open_grid(folder / "screened.nc", kind="cube") as data:
        part = cell_samples.read_tile(
            data, slice(0, data.sizes["time"]), (slice(0, data.sizes["lat"]), slice(0, data.sizes["lon"])), asked.inputs
        )
        dates = data["time"].values.astype("datetime64[D]")
    for cell in part.groups(50, 1):
        samples = cell_samples.pack([v[cell] for v in part.inputs], part.target[cell], part.complete[cell], dates, cell, asked)
        used = samples.role[0] >= 0
        yield samples.inputs[0][used], samples.target[0][used]


def main(splits: int = 20) -> None:
    warnings.simplefilter("ignore")
    print(f"{'problem':13} {'one':>9} {'best of 20':>11} {'best half':>13} {'MLPRegressor':>13} {'ratios':>20}")
    for name, (x, t) in PROBLEMS.items():
        compare(name, [(scaled(x), scaled(t), seed) for seed in range(splits)])
    with tempfile.TemporaryDirectory() as folder:
        compare("demo archive", [(x, t, seed) for x, t in demo_cells(Path(folder)) for seed in range(2)])


def compare(name: str, problems) -> None:
    errors = {"one": [], "best": [], "half": [], "peer": []}
    for x, t, seed in problems:
        role = split(len(t), seed)
        block = training.train_block(x[None], t[None], role[None], seed=seed, restarts=20)
        errors["one"].append(block.all_mse[0, 0, 2])
        errors["best"].append(block.mse[0, 2])
        errors["half"].append(best_half(x, t, role, seed))
        errors["peer"].append(peer(x, t, role, seed))
    one, best, half, other = (np.median(v) for v in errors.values())
    print(
        f"{name:13} {one:9.5f} {best:11.5f} {half:13.5f} {other:13.5f} {one / other:8.2f} {best / other:5.2f} {half / other:5.2f}",
        flush=True,
    )


def peer(x, t, role, seed) -> float:
    """Testing error of the MLPRegressor that is best on the validation samples."""
    scores = []
    for alpha in (1e-4, 1e-3, 1e-2, 1e-1, 1.0):
        for iterations in (50, 200, 800):
            one = MLPRegressor(
                hidden_layer_sizes=(12,), activation="tanh", solver="lbfgs", alpha=alpha, max_iter=iterations, random_state=seed
            ).fit(2 * x[role == 0] - 1, t[role == 0])
            scores.append([np.mean((t[role == k] - one.predict(2 * x[role == k] - 1)) ** 2) for k in (1, 2)])
    return min(scores)[1]


if __name__ == "__main__":
    main()
