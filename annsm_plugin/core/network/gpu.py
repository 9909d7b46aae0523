"""Trains all networks of a call on one device: blocks by the device's memory, one way in and one way out, few questions in between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..foundation.errors import Cancelled
from ..foundation.libraries import load
from ..foundation.progress import Progress
from .levenberg_marquardt import Settings
from .normal_equations import up
from .together import Sizes, Together, order_of_weights

#: Rounds between two questions to the device (how many lanes still run). Between them the host only queues work.
ROUNDS = 4
#: Fewer lanes than this are not worth being taken out.
FEW = 64
#: Share of the device's free memory that a block may take; the rest is for the libraries' own work and the gaps of the allocator.
SHARE = 0.8
#: Bytes of a block where the device does not say what it has (a CPU).
MEMORY = 2**30
#: Sample counts of a block are rounded up to multiples of this: rows then begin at multiples of 128 bytes.
PAD = 16
#: A block of at least so many lanes ends where sample counts fall below this share of its largest: padding is computed too.
MANY, ALIKE = 1024, 0.75


@dataclass(frozen=True)
class Trained:
    """Results of J networks: best weights (J, P), their errors per role (J, 3; NaN without samples) and epoch (J,); epochs done, mu at
    the end and stop reason (J,) (``levenberg_marquardt.STOP_REASONS``)."""

    weights: np.ndarray
    mse: np.ndarray
    best_epoch: np.ndarray
    epoch: np.ndarray
    mu: np.ndarray
    stop: np.ndarray


def train(
    inputs: np.ndarray,
    target: np.ndarray,
    role: np.ndarray,
    cell: np.ndarray,
    starts: np.ndarray,
    constant: np.ndarray,
    ratios: np.ndarray,
    settings: Settings,
    device: Any,
    progress: Progress,
    memory: int | None = None,
) -> Trained:
    """Train J networks on ``device`` (any of torch's).

    inputs (C, N, F), target (C, N) and role (C, N) as ``block.train_block`` takes them; cell (J,) each network's row of these; starts
    (J, P); constant (C, F): inputs left out; ratios (J,) of regularization; memory: bytes to use instead of a share of what is free.
    Raises ``Cancelled`` when the progress asks to stop.
    """
    torch = load("torch")
    device = torch.device(device)
    f, total = inputs.shape[2], cell.size
    h = (starts.shape[1] - 1) // (f + 2)
    out = torch.zeros(total, starts.shape[1] + 9, dtype=torch.float64, device=device)
    used, trained = (role >= 0).sum(axis=1), (role == 0).sum(axis=1)
    memory = free_memory(device) if memory is None else memory
    finished, loss = 0, 0.0
    for jobs in blocks(used[cell], f, h, settings.precision == "mixed", inputs.shape[1], memory):
        cells = np.unique(cell[jobs])
        sizes = Sizes(up(int(used[cells].max()), PAD), up(int(trained[cells].max()), PAD), f, h, settings.precision == "mixed")
        lanes = load_lanes(inputs, target, role, cell, starts, constant, ratios, jobs, sizes, settings, device)
        spent = 0.0
        for running, spent in rounds(lanes, out):
            if progress.cancelled():
                raise Cancelled()
            done = finished + jobs.size - running
            if done:
                rmse = ((loss + spent) / done) ** 0.5
                progress.report(done / total, f"{done} of {total} networks, training RMSE {rmse:.4f} (0-1)")
        finished, loss = finished + jobs.size, loss + spent
        del lanes  # its memory is the next block's
    return _trained(out.cpu().numpy(), role, cell, f, h, settings)


def free_memory(device: Any) -> int:
    """Bytes that a block may take on a device."""
    if device.type != "cuda":
        return MEMORY
    return int(SHARE * load("torch").cuda.mem_get_info(device)[0])


def blocks(samples: np.ndarray, f: int, h: int, mixed: bool, days: int, memory: int) -> Iterator[np.ndarray]:
    """The networks (indices) of each block: those with many samples first, as many as ``memory`` bytes hold.

    samples (J,) of each network, of ``days`` days as they come. One network at least is taken, whatever the memory.
    """
    order, begin = np.argsort(-samples, kind="stable"), 0
    while begin < order.size:
        n = up(int(samples[order[begin]]), PAD)
        sizes = Sizes(n, n, f, h, mixed)
        lanes = max(1, min(memory // sizes.lane_bytes(days), (2**31 - 1) // (sizes.p * max(n, sizes.p))))
        end = min(order.size, begin + int(lanes))
        unlike = np.flatnonzero(samples[order[begin:end]] < ALIKE * samples[order[begin]])
        if unlike.size:
            end = min(end, begin + max(MANY, int(unlike[0])))
        yield order[begin:end]
        begin = end


def load_lanes(
    inputs: np.ndarray,
    target: np.ndarray,
    role: np.ndarray,
    cell: np.ndarray,
    starts: np.ndarray,
    constant: np.ndarray,
    ratios: np.ndarray,
    jobs: np.ndarray,
    sizes: Sizes,
    settings: Settings,
    device: Any,
) -> Together:
    """The networks ``jobs`` on the device: one array of their cells goes there, one of the networks; the device does the sorting."""
    torch = load("torch")
    f, n, p = sizes.f, sizes.n, sizes.p
    cells, row = np.unique(cell[jobs], return_inverse=True)
    days = inputs.shape[1]
    of_cells = np.empty((cells.size, max(n, days), f + 2))
    of_cells[:, :days, :f], of_cells[:, :days, f], of_cells[:, :days, f + 1] = inputs[cells], target[cells], role[cells]
    of_cells[:, days:, f + 1] = -1.0
    of_jobs = np.empty((jobs.size, p + f + 3))
    start = starts[jobs]
    left_out = constant[cell[jobs]]
    start[:, : sizes.h * f].reshape(-1, sizes.h, f)[np.broadcast_to(left_out[:, None], (jobs.size, sizes.h, f))] = 0.0
    of_jobs[:, :p], of_jobs[:, p : p + f] = start[:, order_of_weights(f, sizes.h)], left_out
    of_jobs[:, p + f], of_jobs[:, p + f + 1] = ratios[jobs] / (1.0 - ratios[jobs]) / p, row.reshape(-1)
    of_jobs[:, p + f + 2] = jobs
    raw, packed = torch.from_numpy(of_cells).to(device), torch.from_numpy(of_jobs).to(device)
    data = _samples(raw, packed[:, p + f + 1].long(), packed[:, p : p + f] > 0, sizes)
    del raw
    data["ids"], data["decay"] = packed[:, p + f + 2].long(), packed[:, p + f].contiguous()
    never = float("nan")
    mu_limit = np.nextafter(-settings.mu_max, -np.inf) if np.isfinite(settings.mu_max) else never  # above the largest mu, not at it
    limits = [settings.goal, -settings.epochs, settings.min_gradient / 2.0, mu_limit, -settings.max_fail]
    data["limits"] = torch.tensor(limits, dtype=torch.float64, device=device).repeat(jobs.size, 1)
    data["limits"][:, 4].masked_fill_(~data["validated"], never)
    return Together(data, packed[:, :p], sizes, settings)


def _samples(raw: Any, row: Any, left_out: Any, sizes: Sizes) -> dict[str, Any]:
    """x, t, share and validated of the lanes from their cells' samples (C, N, F + 2): inputs, target and role, in 0-1 units."""
    torch, f, n = load("torch"), sizes.f, sizes.n
    kind = raw[:, :, f + 1]
    order = torch.where(kind < 0, 3.0, kind).argsort(dim=1, stable=True)[:, :n]  # training samples first, unused ones last
    raw = raw.gather(1, order.unsqueeze(2).expand(-1, -1, f + 2))
    kind = raw[:, :, f + 1]
    x = torch.where((kind >= 0).unsqueeze(2), 2.0 * raw[:, :, : f + 1] - 1.0, 0.0).transpose(1, 2)  # the target is the last row
    mine = torch.stack([kind == role for role in range(3)], dim=1)
    counts = mine.sum(dim=2)
    share = mine * (0.25 / counts.clamp(min=1).double()).unsqueeze(2)  # a mean, and half a unit in -1..1 per unit in 0-1, squared
    target = x[:, f].index_select(0, row)
    x = x.index_select(0, row)  # as (lanes, F + 1, N), contiguous, with 1 where the target was
    x[:, f] = 1.0
    x[:, :f].masked_fill_(left_out.unsqueeze(2), 0.0)
    validated = (counts[:, 1] > 0).index_select(0, row)
    return {"x": x.contiguous(), "t": target, "share": share.index_select(0, row), "validated": validated}


def rounds(lanes: Together, out: Any) -> Iterator[tuple[int, float]]:
    """Train ``lanes`` to their ends, the results into ``out``; yields, now and then, how many still run and the ended ones' errors' sum.

    Each time is one question to the device, which waits for the rounds before it.
    """
    ended = 0.0
    while True:
        running, spent = lanes.tally()
        if running == 0 or (lanes.count >= FEW and running < lanes.count / 2):
            out.index_copy_(0, lanes.lanes.ids, lanes.outcome())
            ended, spent = ended + spent, 0.0
            if running:
                lanes.compact()
        yield running, ended + spent
        if running == 0:
            return
        for _ in range(ROUNDS):
            lanes.round()


def _trained(found: np.ndarray, role: np.ndarray, cell: np.ndarray, f: int, h: int, settings: Settings) -> Trained:
    order = order_of_weights(f, h)
    p = order.size
    weights = np.empty((cell.size, p))
    weights[:, order] = found[:, :p]
    has = np.stack([(role == kind).any(axis=1) for kind in range(3)], axis=1)[cell]
    performance, epoch, norm, mu, fails = found[:, p + 4 :].T
    hit = np.stack(
        [
            performance <= settings.goal,
            -epoch >= settings.epochs,
            2.0 * norm <= settings.min_gradient,
            -mu > settings.mu_max,
            has[:, 1] & (-fails >= settings.max_fail),
        ]
    )
    stop = np.where(hit.any(axis=0), 1 + hit.argmax(axis=0), 0)
    mse = np.where(has, found[:, p : p + 3], np.nan)
    return Trained(weights, mse, -found[:, p + 3].astype(int), -epoch.astype(int), -mu, stop)
