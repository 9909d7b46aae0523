"""Testing error of the trainer against scikit-learn's MLPRegressor (lbfgs) of the same size on four standard problems.

The peer's alpha and max_iter are chosen on the same validation samples. Prints the median testing mean squared error (0-1
units) over 20 splits of one network, of the best of ten restarts and of their average, and the ratios to the peer's.
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


def scaled(values):
    return (values - values.min(axis=0)) / (values.max(axis=0) - values.min(axis=0))


def main(splits: int = 20) -> None:
    warnings.simplefilter("ignore")
    print(f"{'problem':10} {'one':>9} {'best of 10':>11} {'average':>9} {'MLPRegressor':>13} {'ratios':>20}")
    for name, (x, t) in PROBLEMS.items():
        x, t = scaled(x), scaled(t)
        errors = {"one": [], "best": [], "average": [], "peer": []}
        for seed in range(splits):
            order = np.random.default_rng(seed).permutation(len(t))
            role = np.zeros(len(t), np.int8)
            role[order[: len(t) // 10]], role[order[len(t) // 10 : len(t) // 5]] = 1, 2
            block = training.train_block(x[None], t[None], role[None], seed=seed, restarts=10)
            outputs = network.predict(block.all_weights[0], np.repeat(x[None], 10, axis=0), 12)
            errors["one"].append(block.all_mse[0, 0, 2])
            errors["best"].append(block.mse[0, 2])
            errors["average"].append(np.mean((t - outputs.mean(axis=0))[role == 2] ** 2))
            scores = []
            for alpha in (1e-4, 1e-3, 1e-2, 1e-1, 1.0):
                for iterations in (50, 200, 800):
                    peer = MLPRegressor(
                        hidden_layer_sizes=(12,), activation="tanh", solver="lbfgs", alpha=alpha, max_iter=iterations, random_state=seed
                    ).fit(2 * x[role == 0] - 1, t[role == 0])
                    scores.append([np.mean((t[role == k] - peer.predict(2 * x[role == k] - 1)) ** 2) for k in (1, 2)])
            errors["peer"].append(min(scores)[1])
        one, best, average, peer = (np.median(v) for v in errors.values())
        print(f"{name:10} {one:9.5f} {best:11.5f} {average:9.5f} {peer:13.5f} {one / peer:8.2f} {best / peer:5.2f} {average / peer:5.2f}")


if __name__ == "__main__":
    main()
