"""Random forest, by scikit-learn (Breiman 2001, Machine Learning 45)."""

from __future__ import annotations

import numpy as np

from ...foundation.libraries import load

#: Trees of a forest; everything else as scikit-learn has it.
TREES = 100


def forest(inputs: np.ndarray, target: np.ndarray, train: np.ndarray, seed: int, cell: int) -> np.ndarray:
    """(N,) estimates of a forest grown on the training samples of one cell; its random numbers depend on ``seed`` and ``cell`` alone.

    Raises ``MissingLibrary`` without scikit-learn.
    """
    load("sklearn")
    from sklearn.ensemble import RandomForestRegressor

    grown = RandomForestRegressor(TREES, random_state=state_of(seed, cell), n_jobs=1).fit(inputs[train], target[train])
    return grown.predict(inputs)


def state_of(seed: int, cell: int) -> int:
    """scikit-learn's 32-bit seed for one cell of a run."""
    return int(np.random.SeedSequence([int(seed), int(cell)]).generate_state(1)[0])
