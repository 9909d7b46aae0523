"""The partial convolution, by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from annsm_plugin.core.foundation.errors import Cancelled
from annsm_plugin.core.foundation.progress import SILENT, Progress
from annsm_plugin.core.network import inpainting


def by_hand(x, mask, weight, bias):
    """The definition in loops: sum over known pixels of the window, times pixels of the window, over known ones, plus the bias."""
    channels, rows, columns = x.shape
    out, there = np.zeros((len(weight), rows, columns)), np.zeros((rows, columns))
    for o in range(len(weight)):
        for r in range(rows):
            for c in range(columns):
                total, known = 0.0, 0
                for k in range(channels):
                    for dr in (-1, 0, 1):
                        for dc in (-1, 0, 1):
                            if 0 <= r + dr < rows and 0 <= c + dc < columns and mask[k, r + dr, c + dc]:
                                total += weight[o, k, dr + 1, dc + 1] * x[k, r + dr, c + dc]
                                known += 1
                if known:
                    out[o, r, c], there[r, c] = total * 9 * channels / known + bias[o], 1
    return out, there


def layer(x, mask, weight, bias):
    tensors = (torch.tensor(np.asarray(a, dtype=float)) for a in (x[None], mask[None], weight, bias))
    out, there = inpainting.partial_convolution(*tensors)
    return out[0].numpy(), there[0, 0].numpy()


def test_a_mask_worked_by_hand():
    # 3 x 3 pixels, one channel, weights all one: known are the corner (value 2) and the middle of the right edge (value 5)
    x, mask = np.zeros((1, 3, 3)), np.zeros((1, 3, 3))
    x[0, 0, 0], x[0, 1, 2], x[0, 2, 0] = 2.0, 5.0, 99.0  # the 99 is not known
    mask[0, 0, 0] = mask[0, 1, 2] = 1
    out, there = layer(x, mask, np.ones((1, 1, 3, 3)), np.array([0.5]))
    # pixel (0, 0) sees the 2 alone: 2 * 9 / 1; (0, 1) and (1, 1) both: 7 * 9 / 2; (2, 0) sees neither
    assert out[0].tolist() == [[18.5, 32.0, 45.5], [18.5, 32.0, 45.5], [0.0, 45.5, 45.5]]
    assert there.tolist() == [[1, 1, 1], [1, 1, 1], [0, 1, 1]]


def test_against_its_definition_in_loops():
    random = np.random.default_rng(0)
    x, weight, bias = random.normal(size=(3, 6, 5)), random.normal(size=(4, 3, 3, 3)), random.normal(size=4)
    mask = random.random((3, 6, 5)) < 0.15
    for given, wanted in zip(layer(x, mask, weight, bias), by_hand(x, mask, weight, bias)):
        assert np.allclose(given, wanted)


def test_a_mask_shared_by_all_channels():
    random = np.random.default_rng(1)
    x, weight, bias = random.normal(size=(3, 6, 5)), random.normal(size=(2, 3, 3, 3)), random.normal(size=2)
    mask = random.random((1, 6, 5)) < 0.3
    for given, wanted in zip(layer(x, mask, weight, bias), by_hand(x, np.repeat(mask, 3, axis=0), weight, bias)):
        assert np.allclose(given, wanted)


def test_between_the_nearest_known_days():
    x = np.zeros((1, 5, 1, 4), dtype=np.float32)
    x[0, :, 0, :] = np.array([1.0, 2.0, 99.0, 5.0, 7.0])[:, None]
    known = np.ones((1, 5, 1, 4), dtype=bool)
    known[0, 1, 0, 1] = False  # 1.0 two days before, 5.0 a day after
    known[0, :2, 0, 2] = False  # one side only
    known[0, :, 0, 3] = False
    assert np.allclose(inpainting.between(x, known)[0, 0], [3.5, 1.0 + 4.0 * 2 / 3, 5.0, 0.0])


@pytest.fixture
def windows():
    """Days of a field that moves slowly, a fifth missing."""
    random = np.random.default_rng(2)
    field = np.cumsum(random.normal(0, 0.3, (120, 1, 1)), axis=0) + np.cumsum(random.normal(0, 0.1, (120, 8, 9)), axis=0)
    field = ((field - field.mean()) / field.std()).astype(np.float32)
    whole = np.stack([field[d - 6 : d + 7] for d in range(6, 114)])
    masks = random.random((20, 1, 9)) < np.ones((20, 8, 1)) * 0.4
    return field, whole, masks


def test_it_learns_and_repeats_itself(windows, monkeypatch):
    field, whole, masks = windows
    monkeypatch.setattr(inpainting, "STEPS", 150)
    one, two = (inpainting.train(whole, masks, 3, "cpu", SILENT) for _ in range(2))
    assert all(np.array_equal(one[name], two[name]) for name in one)
    hidden = field.copy()
    hidden[60, :, 3:6] = np.nan
    found = inpainting.fill(one, hidden, slice(55, 65), "cpu", SILENT)
    assert found.shape == (10, 8, 9)
    assert np.sqrt(np.mean((found[5] - field[60])[:, 3:6] ** 2)) < 0.5 * field.std()


def test_what_is_out_of_reach_stays_missing(windows):
    weights = {f"w{n:02}": a.astype(np.float32) for n, a in enumerate(inpainting._start(np.random.default_rng(0)))}
    field = np.full((40, 8, 9), np.nan, dtype=np.float32)
    field[:10] = 0.1
    found = inpainting.fill(weights, field, slice(0, 40), "cpu", SILENT)
    assert np.isfinite(found[:16]).all() and np.isnan(found[16:]).all()


def test_it_stops_when_asked(windows):
    class Stop(Progress):
        def cancelled(self):
            return True

    with pytest.raises(Cancelled):
        inpainting.train(windows[1], windows[2], 0, "cpu", Stop())
