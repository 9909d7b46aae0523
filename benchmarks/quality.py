"""Testing error of the trainer against scikit-learn's MLPRegressor (lbfgs) of the same size on four standard problems.

The peer's alpha and max_iter are chosen on the same validation samples. Prints the median testing mean squared error (0-1
units) over 20 splits of one network and the best of twenty as the paper trains them, and of the best half of sixty with five ratios of
regularization; then their ratios to the peer's.
Run: .venv/bin/python benchmarks/quality.py
"""

import sys
import warnings
from pathlib import Path

import numpy as np
from sklearn.datasets import load_diabetes, make_friedman1, make_friedman2, make_friedman3
from sklearn.neural_network import MLPRegressor

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from annsm_plugin.core import network, training

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


def main(splits: int = 20) -> None:
    warnings.simplefilter("ignore")
    print(f"{'problem':10} {'one':>9} {'best of 20':>11} {'best half':>13} {'MLPRegressor':>13} {'ratios':>20}")
    for name, (x, t) in PROBLEMS.items():
        x, t = scaled(x), scaled(t)
        errors = {"one": [], "best": [], "half": [], "peer": []}
        for seed in range(splits):
            role = split(len(t), seed)
            block = training.train_block(x[None], t[None], role[None], seed=seed, restarts=20)
            errors["one"].append(block.all_mse[0, 0, 2])
            errors["best"].append(block.mse[0, 2])
            errors["half"].append(best_half(x, t, role, seed))
            scores = []
            for alpha in (1e-4, 1e-3, 1e-2, 1e-1, 1.0):
                for iterations in (50, 200, 800):
                    peer = MLPRegressor(
                        hidden_layer_sizes=(12,), activation="tanh", solver="lbfgs", alpha=alpha, max_iter=iterations, random_state=seed
                    ).fit(2 * x[role == 0] - 1, t[role == 0])
                    scores.append([np.mean((t[role == k] - peer.predict(2 * x[role == k] - 1)) ** 2) for k in (1, 2)])
            errors["peer"].append(min(scores)[1])
        one, best, half, peer = (np.median(v) for v in errors.values())
        print(f"{name:10} {one:9.5f} {best:11.5f} {half:13.5f} {peer:13.5f} {one / peer:8.2f} {best / peer:5.2f} {half / peer:5.2f}")


if __name__ == "__main__":
    main()
