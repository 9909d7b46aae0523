"""The network that a region's cells share: function and training, against numbers worked by hand and PyTorch's own parts."""

import numpy as np
import pytest

from annsm_plugin.core.foundation.errors import Cancelled
from annsm_plugin.core.foundation.progress import SILENT, Progress
from annsm_plugin.core.network import ensemble, members

torch = pytest.importorskip("torch")


def swish(x):
    return x / (1.0 + np.exp(-x))


def test_a_network_of_three_units_worked_by_hand():
    first = np.array([[[1.0, -2.0], [0.5, 0.0], [0.25, 1.0]]])  # two inputs, one descriptor, two units
    net = ensemble.Ensemble([first, np.array([[[2.0], [-1.0]]])], [np.array([[0.1, 0.2]]), np.array([[0.3]])], np.zeros(1, int))
    one, two = 1.0 * 0.5 + 0.5 * -1.0 + 0.25 * 4.0 + 0.1, -2.0 * 0.5 + 1.0 * 4.0 + 0.2
    wanted = 2.0 * swish(one) - swish(two) + 0.3
    found = ensemble.members(net, np.array([[0.5, -1.0]]), np.array([[4.0]]), np.array([0]))
    assert found.shape == (1, 1) and found[0, 0] == pytest.approx(wanted, abs=1e-6)


def test_values_beyond_what_was_seen_are_held():
    net = ensemble.Ensemble([np.array([[[1.0]]])], [np.array([[0.0]])], np.zeros(1, int))
    found = ensemble.members(net, np.array([[99.0], [-99.0]]), np.zeros((1, 0)), np.array([0, 0]))
    assert found.tolist() == [[ensemble.FARTHEST, -ensemble.FARTHEST]]


def world(cells=6, days=150, noise=0.3, seed=0):
    """Samples whose target depends on two inputs and, in a way of its own, on what the cell is told."""
    random = np.random.default_rng(seed)
    cell = np.repeat(np.arange(cells), days)
    told = random.normal(size=(cells, 1))
    inputs = random.normal(size=(cells * days, 2))
    truth = np.tanh(inputs[:, 0]) + told[cell, 0] * 0.5 * inputs[:, 1]
    return {
        "inputs": inputs.astype("float32"),
        "target": truth + noise * random.normal(size=truth.size),
        "cell": cell.astype("int32"),
        "descriptors": told,
        "validation": np.arange(truth.size) % 5 == 0,
    }, truth


def message(**changed):
    settings = {"hidden": [16, 16], "batch": 256, "rate": 0.01, "decay": 0.1, "steps": 400, "look": 20, "judged": 1000, **changed}
    return {"seed": 3, "member": 0, "device": "cpu", "settings": settings}


def test_training_finds_the_function_behind_the_noise():
    arrays, truth = world()
    values, found = members.train(message(), arrays, SILENT)
    net = ensemble.joined([found])
    predicted = ensemble.members(net, arrays["inputs"], arrays["descriptors"], arrays["cell"])[0]
    assert np.sqrt(np.mean((predicted - truth) ** 2)) < 0.12  # the noise is 0.3, the signal 0.9
    unseen = arrays["validation"]
    assert values["error"] == pytest.approx(np.mean((predicted - arrays["target"])[unseen] ** 2), rel=1e-3)


def test_numpy_applies_what_pytorch_trained():
    arrays, _ = world(days=20)
    _, found = members.train(message(steps=20), arrays, SILENT)
    values = torch.cat([torch.tensor(arrays["inputs"]), torch.tensor(arrays["descriptors"][arrays["cell"]], dtype=torch.float32)], dim=1)
    for n in range(3):
        values = torch.nn.functional.silu(values) if n else values
        values = values @ torch.tensor(found[f"weights_{n}"]) + torch.tensor(found[f"biases_{n}"])
    net = ensemble.joined([found])
    own = ensemble.members(net, arrays["inputs"], arrays["descriptors"], arrays["cell"])[0]
    np.testing.assert_allclose(own, values[:, 0].numpy(), atol=2e-6)


def test_the_same_seed_gives_the_same_network_and_members_differ():
    arrays, _ = world(days=30)
    first, again = (members.train(message(steps=40), arrays, SILENT)[1] for _ in range(2))
    other = members.train({**message(steps=40), "member": 1}, arrays, SILENT)[1]
    for name in first:
        np.testing.assert_array_equal(first[name], again[name])
    assert not np.array_equal(first["weights_0"], other["weights_0"])


def test_pytorch_has_its_threads_back():
    """Training may run in QGIS's own process, where other plugins use PyTorch too."""
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(3)
        members.train(message(steps=5), world(days=10)[0], SILENT)
        assert torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(before)


def test_stops_when_asked_to():
    class Impatient(Progress):
        def cancelled(self):
            return True

    with pytest.raises(Cancelled):
        members.train(message(), world(days=10)[0], Impatient())


def test_larger_regions_get_more_steps_but_not_in_proportion():
    settings = members.Settings()
    few, many, most = (members.steps_for(n, settings) for n in (10_000, 1_000_000, 10**12))
    assert few == settings.steps < many < 10 * few and most == 5 * settings.steps
