"""What networks that are trained on batches share: Adam, and PyTorch held to one thread meanwhile."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from ..foundation.libraries import load


class Adam:
    """Adam (Kingma and Ba 2015, ICLR) with decoupled weight decay (Loshchilov and Hutter 2019, ICLR), for a list of parameters.

    PyTorch's imports its compiler and SymPy, which takes seconds and may not load: the SymPy beside QGIS is often older than it asks for.
    """

    def __init__(self, parameters: list, decay: float = 0.0) -> None:
        torch = load("torch")
        self._torch, self._parameters, self._decay, self._count = torch, parameters, decay, 0
        self._mean, self._square = ([torch.zeros_like(p) for p in parameters] for _ in range(2))

    def step(self, loss: Any, rate: float, fade: float = 0.9, fade_square: float = 0.999) -> None:
        """Go one step down the gradient of ``loss``."""
        self._count += 1
        gradients = self._torch.autograd.grad(loss, self._parameters)
        with self._torch.no_grad():
            for parameter, gradient, mean, square in zip(self._parameters, gradients, self._mean, self._square):
                if self._decay:
                    parameter.mul_(1.0 - rate * self._decay)
                mean.mul_(fade).add_(gradient, alpha=1.0 - fade)
                square.mul_(fade_square).addcmul_(gradient, gradient, value=1.0 - fade_square)
                wide = (square / (1.0 - fade_square**self._count)).sqrt_().add_(1e-8)
                parameter.addcdiv_(mean, wide, value=-rate / (1.0 - fade**self._count))


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Inside, PyTorch computes with one thread; afterwards with as many as before.

    The numbers are the same everywhere, and products this small are done seventy times faster than by two threads that wait for each other.
    """
    torch = load("torch")
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
