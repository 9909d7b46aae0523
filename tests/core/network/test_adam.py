"""Adam, with and without weight decay, against PyTorch's own."""

import numpy as np
import pytest

from annsm_plugin.core.network import adam

torch = pytest.importorskip("torch")


def test_adam_is_pytorchs():
    start = [torch.tensor([1.0, -2.0], dtype=torch.float64), torch.tensor([[0.5]], dtype=torch.float64)]
    one, other = ([p.clone().requires_grad_(True) for p in start] for _ in range(2))
    loss = lambda p: ((p[0] ** 2).sum() * p[1] - p[1]).sum() ** 2  # noqa: E731
    own, reference = adam.Adam(one), torch.optim.Adam(other, lr=0.05)
    for _ in range(20):
        own.step(loss(one), 0.05)
        reference.zero_grad()
        loss(other).backward()
        reference.step()
    assert all(torch.allclose(a, b, atol=1e-9) for a, b in zip(one, other))


def test_steps_are_those_of_pytorchs_adamw():
    start = [np.array([[1.0, -2.0]], "float32"), np.array([0.5], "float32")]
    ours, theirs = ([torch.tensor(v, requires_grad=True) for v in start] for _ in range(2))
    own = adam.Adam(ours, 0.3)
    reference = torch.optim.AdamW(theirs, lr=1.0, weight_decay=0.3, foreach=False)
    for step in range(12):
        rate = 0.05 * (1 + step % 3)
        for group in reference.param_groups:
            group["lr"] = rate
        loss, other = ((p[0] ** 2).sum() + (p[0][0, 0] * p[1]).sum() + step * p[1].sum() for p in (ours, theirs))
        other.backward()
        reference.step()
        reference.zero_grad()
        own.step(loss, rate)
    for mine, other in zip(ours, theirs):
        np.testing.assert_allclose(mine.detach().numpy(), other.detach().numpy(), rtol=2e-6, atol=1e-7)
