"""A model of a few cells with random weights and errors."""

import numpy as np

from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.training import model


def small(hidden=2, inputs=("tb_06v", "lai"), restarts=1):
    """The model of 2 x 3 cells."""
    grid = Grid.from_extent((90, 30, 90.5, 30.75))
    shape, count = grid.shape, len(inputs)
    random = np.random.default_rng(0)
    return model.Model(
        grid=grid,
        inputs=list(inputs),
        hidden=hidden,
        combine="best",
        weights=random.normal(size=(*shape, restarts, hidden * (count + 2) + 1)),
        best=np.zeros(shape, dtype=np.int32),
        low=np.zeros((*shape, count + 1)),
        high=np.ones((*shape, count + 1)) * 0.4,
        errors=random.random((4, 4, *shape)),
        status=np.ones(shape, dtype=np.int32),
        epochs=np.full(shape, 12, dtype=np.int32),
        stop_reason=np.full(shape, 5, dtype=np.int32),
        mu=np.full(shape, 1e-3),
        status_meanings={1: "trained"},
        stop_meanings={5: "validation stop"},
        attributes={"channels": "paper", "polarisation": "V"},
    )
