"""One network for many cells: numpy applies what torch has trained."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from annsm_plugin.core.foundation.errors import Cancelled
from annsm_plugin.core.foundation.progress import SILENT, Progress
from annsm_plugin.core.network import perceptron


@pytest.fixture(scope="module")
def trained():
    random = np.random.default_rng(0)
    inputs = random.normal(size=(6000, 5)).astype(np.float32)
    target = np.tanh(inputs[:, 0]) + 0.5 * inputs[:, 1] * inputs[:, 4]
    validation = np.arange(6000) % 5 == 0
    arguments = inputs, target, validation, (16, 12), 3, "cpu"
    return inputs, target, validation, arguments, perceptron.train(*arguments, SILENT)


def test_it_learns_what_was_planted(trained):
    inputs, target, validation, _, weights = trained
    found = perceptron.predict(weights, inputs[None, :, :3], inputs[:1, 3:])  # the fixed inputs of one cell
    assert found.shape == (1, 6000)
    error = perceptron.predict(weights, inputs[:, None, :3], inputs[:, 3:])[:, 0] - target
    assert error[validation].std() < 0.25 * target.std()


def test_numpy_applies_what_torch_computes(trained):
    inputs, _, _, _, weights = trained
    tensors = [torch.from_numpy(weights[f"w{n}"]) for n in range(6)]
    wanted = perceptron._output(torch, tensors, torch.from_numpy(inputs)).numpy()
    assert np.allclose(perceptron.predict(weights, inputs[:, None, :2], inputs[:, 2:])[:, 0], wanted, atol=1e-5)


def test_same_seed_same_weights(trained):
    again = perceptron.train(*trained[3], SILENT)
    assert all(np.array_equal(again[name], value) for name, value in trained[4].items())


def test_it_stops_when_asked(trained):
    class Stop(Progress):
        def cancelled(self):
            return True

    with pytest.raises(Cancelled):
        perceptron.train(*trained[3], Stop())
