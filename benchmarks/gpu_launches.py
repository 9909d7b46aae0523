"""How often the GPU's way of training starts a kernel and waits for the device, counted on the CPU: no GPU is needed.

    python3 benchmarks/gpu_launches.py

Counts what PyTorch is asked to compute (views, which start nothing, left out) and the questions whose answer the host waits for
(numbers and arrays copied back), while a block loads and per round. The numbers depend on the code alone, not on the machine.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from torch.utils._python_dispatch import TorchDispatchMode

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from annsm_plugin.core.network import block, gpu, together
from annsm_plugin.core.network import levenberg_marquardt as lm

#: Operations that start nothing: they only look at an array otherwise, or make an empty one.
NOTHING = (
    "view _unsafe_view as_strided expand slice select unsqueeze squeeze t transpose alias detach diagonal empty empty_like split permute"
)
WAITS = ("_local_scalar_dense", "nonzero", "is_nonzero", "equal")


class Count(TorchDispatchMode):
    """Kernels started and answers waited for while it is active."""

    def __init__(self) -> None:
        super().__init__()
        self.kernels = self.waits = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        name = func.overloadpacket.__name__
        if name in WAITS:
            self.waits += 1
        elif name not in NOTHING.split():
            self.kernels += 1
        return func(*args, **(kwargs or {}))


def main() -> None:
    """Print the counts for blocks of several sizes."""
    rng = np.random.default_rng(0)
    print(f"{'networks':>9} {'precision':>10} {'loading':>8} {'rounds':>7} {'kernels/round':>14} {'waits/round':>12} {'waits in all':>13}")
    for precision in ("float64", "mixed"):
        for cells in (16, 64, 256):
            x, t = rng.random((cells, 200, 9)), rng.random((cells, 200))
            role = np.tile((np.arange(200) % 10 >= 8).astype(np.int8), (cells, 1))
            made, in_rounds, count, rounds = [], [], Count(), [0]
            load, one_round, ask = gpu.load_lanes, together.Together.round, together.Together.tally

            def loading(*args, _load=load, _made=made, _count=count):
                before = _count.kernels
                lanes = _load(*args)
                _made.append(_count.kernels - before)
                return lanes

            def round_(lanes, _round=one_round, _in=in_rounds, _count=count, _rounds=rounds):
                before = _count.kernels
                _round(lanes)
                _in.append(_count.kernels - before)
                _rounds[0] += 1

            def tally(lanes, _ask=ask, _count=count):  # its numbers come to the host past the counter
                _count.waits += 1
                return _ask(lanes)

            gpu.load_lanes, together.Together.round, together.Together.tally = loading, round_, tally
            try:
                with count:
                    block.train_block(x, t, role, settings=lm.Settings(epochs=40, precision=precision), _together="cpu")
            finally:
                gpu.load_lanes, together.Together.round, together.Together.tally = load, one_round, ask
            each, waits = np.mean(in_rounds), count.waits + 1  # the results, at the end
            print(f"{cells:9} {precision:>10} {sum(made):8} {rounds[0]:7} {each:14.1f} {waits / rounds[0]:12.2f} {waits:13}")


if __name__ == "__main__":
    main()
