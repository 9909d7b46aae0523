"""Trains the networks of a block of cells at once: arrays in, arrays out, the same on a thread, a process or a cluster worker."""

from __future__ import annotations

import sys
import threading
from concurrent.futures import wait
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..foundation import machine
from ..foundation.errors import Cancelled, ParameterError
from ..foundation.libraries import load
from ..foundation.progress import SILENT, Progress
from . import gpu
from . import levenberg_marquardt as lm
from .choices import DEVICES
from .function import n_weights, nguyen_widrow
from .levenberg_marquardt import STOP_REASONS, Settings
from .normal_equations import PRECISIONS

#: What became of a cell.
NOT_TRAINED, TRAINED, NOT_CONVERGED, NO_SAMPLES, CONSTANT_TARGET, NO_INPUTS = range(6)
STATUS = {
    NOT_TRAINED: "not trained",
    TRAINED: "trained",
    NOT_CONVERGED: "not converged",
    NO_SAMPLES: "no training samples",
    CONSTANT_TARGET: "constant target",
    NO_INPUTS: "all inputs constant",
}

#: Networks that a worker keeps in step: enough to share the cost of the bookkeeping, few enough for their arrays to stay in the cache.
LANES = 8

#: Seconds after which a thread may ask for Python's lock while training; at Python's own 5 ms the workers wait for each other.
SWITCH_INTERVAL = 1e-4

#: Sample counts (all, and training) are padded to multiples of this, so that padding depends on the cell alone.
PAD = 32


#: A network to train: the padded counts of its samples (all, training), its cell and its restart.
Job = tuple[tuple[int, int], int, int]


@dataclass
class TrainedBlock:
    """Result of ``train_block`` for B cells, K restarts, P weights. Errors are mean squared errors in 0-1 units, NaN without samples.

    weights (B, P) of the restart that is best on validation (on training where there is none), NaN in cells that were not
    trained; restart (B,) which one that is; epochs, stop_reason (``levenberg_marquardt.STOP_REASONS``), mu (B,) and mse (B, 3: training,
    validation, testing) of that restart; status (B,) (``STATUS``); all_weights (B, K, P), all_mse (B, K, 3), all_epochs (B, K).
    """

    weights: np.ndarray
    restart: np.ndarray
    epochs: np.ndarray
    stop_reason: np.ndarray
    mu: np.ndarray
    mse: np.ndarray
    status: np.ndarray
    all_weights: np.ndarray
    all_mse: np.ndarray
    all_epochs: np.ndarray


__all__ = ["STATUS", "STOP_REASONS", "Settings", "TrainedBlock", "choose_device", "train_block"]


def choose_device(device: str) -> str:
    """ "cpu" or "cuda" for "auto", "cpu" or "cuda"; raises ``ParameterError`` for another word, or cuda where there is none."""
    if device not in DEVICES:
        raise ParameterError(f"The device '{device}' is not known: expected auto, cpu or cuda.")
    if device == "cpu":
        return device
    present = load("torch").cuda.is_available()
    if device == "cuda" and not present:
        raise ParameterError("The device 'cuda' was asked for, but this computer's PyTorch finds no CUDA GPU; choose 'auto' or 'cpu'.")
    return "cuda" if present else "cpu"


def train_block(
    inputs: np.ndarray,
    target: np.ndarray,
    role: np.ndarray,
    *,
    hidden: int = 12,
    restarts: int = 1,
    seed: int = 0,
    cells: Any | None = None,
    initial: Any = None,
    settings: Settings | None = None,
    device: str = "cpu",
    progress: Progress | None = None,
    _together: Any = None,
) -> TrainedBlock:
    """Train B cells at once.

    inputs (B, N, F) and target (B, N) scaled 0-1; role (B, N) int8: 0 training, 1 validation, 2 testing, -1 unused; cells (B,)
    int64 identities that, with ``seed``, fix each cell's random start (default 0..B-1); initial (B, P) or (B, K, P) start weights
    instead of random ones. Raises ``ParameterError`` for shapes that do not fit or a used sample that is not finite,
    ``Cancelled`` when the progress asks to stop. (For tests: ``_together`` is the device of torch on which all networks are trained at
    once, as on "cuda".)
    """
    settings, progress = settings or Settings(), progress or SILENT
    if settings.precision not in PRECISIONS:
        raise ParameterError(f"The precision '{settings.precision}' is not known: expected {' or '.join(PRECISIONS)}.")
    if not settings.regularization or not all(0 <= ratio < 1 for ratio in settings.regularization):
        raise ParameterError(f"The regularization {settings.regularization} is not a list of ratios of at least 0 and below 1.")
    inputs, target, role, cells, initial = _checked(inputs, target, role, cells, initial, hidden, restarts)
    b, _, f = inputs.shape
    p = n_weights(f, hidden)
    device = choose_device(device)
    together = _together or (device if device != "cpu" else None)
    if together is not None:
        return _train_together(inputs, target, role, cells, initial, hidden, restarts, seed, settings, together, progress)
    all_weights = np.full((b, restarts, p), np.nan)
    all_mse, all_epochs = np.full((b, restarts, 3), np.nan), np.zeros((b, restarts), dtype=np.int64)
    all_mu, all_stop = np.full((b, restarts), np.nan), np.zeros((b, restarts), dtype=np.int64)
    status = np.full(b, NOT_TRAINED)
    jobs: list[Job] = []
    for cell in range(b):
        used = role[cell] >= 0
        status[cell] = _fitness(inputs[cell], target[cell], role[cell])
        if status[cell] in (NO_SAMPLES, CONSTANT_TARGET):
            continue
        size = _padded(used.sum())
        sizes = size, _padded((role[cell] == 0).sum())
        jobs.extend((sizes, cell, k) for k in range(restarts))
    jobs.sort(key=lambda job: job[0])

    def take(job: Any) -> Any:
        _, cell, k = job
        used = role[cell] >= 0
        x = inputs[cell][used]
        low, high = x.min(axis=0), x.max(axis=0)
        trained = x[role[cell][used] == 0]
        constant = trained.min(axis=0) == trained.max(axis=0)
        low, high = np.where(constant, 0.0, low), np.where(constant, 0.0, high)
        if initial is None:
            generator = np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, int(cells[cell]), k])))
            start = nguyen_widrow(low, high, hidden, generator)
        else:
            start = initial[cell, k]
        return x, target[cell][used], role[cell][used], start, constant, settings.regularization[k % len(settings.regularization)]

    def done(job: Any, lanes: Any, lane: int) -> None:
        _, cell, k = job
        all_weights[cell, k] = lanes.weights_of(lane)
        all_mse[cell, k], all_epochs[cell, k] = lanes.best_mse[lane], lanes.best_epoch[lane]
        all_mu[cell, k], all_stop[cell, k] = lanes.mu[lane], lanes.stop[lane]
        if not (role[cell] == 1).any():
            all_epochs[cell, k] = lanes.epoch[lane]

    _run(jobs, take, done, f, hidden, settings, progress)
    return _collect(status, role, all_weights, all_mse, all_epochs, all_mu, all_stop)


def _train_together(
    inputs: np.ndarray,
    target: np.ndarray,
    role: np.ndarray,
    cells: np.ndarray,
    initial: np.ndarray | None,
    hidden: int,
    restarts: int,
    seed: int,
    settings: Settings,
    device: Any,
    progress: Progress,
) -> TrainedBlock:
    """``train_block`` on a GPU: all networks at once."""
    b, _, f = inputs.shape
    low, high, constant = _ranges(inputs, role)
    status = _fitness_of_all(target, role, constant)
    fit = np.flatnonzero(~np.isin(status, (NO_SAMPLES, CONSTANT_TARGET)))
    cell, k = np.repeat(fit, restarts), np.tile(np.arange(restarts), fit.size)
    if initial is None:
        low, high = np.where(constant, 0.0, low), np.where(constant, 0.0, high)
        starts = np.empty((cell.size, n_weights(f, hidden)))
        for job, (of, restart) in enumerate(zip(cell, k)):
            generator = np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, int(cells[of]), int(restart)])))
            starts[job] = nguyen_widrow(low[of], high[of], hidden, generator)
    else:
        starts = initial[cell, k]
    ratios = np.array(settings.regularization)[k % len(settings.regularization)]
    found = gpu.train(inputs, target, role, cell, starts, constant, ratios, settings, device, progress)
    validated = (role == 1).any(axis=1)[cell]

    def of_all(values: np.ndarray, missing: float, dtype: Any = float) -> np.ndarray:
        whole = np.full((b, restarts, *values.shape[1:]), missing, dtype=dtype)
        whole[cell, k] = values
        return whole

    epochs = of_all(np.where(validated, found.best_epoch, found.epoch), 0, np.int64)
    stop = of_all(found.stop, 0, np.int64)
    return _collect(status, role, of_all(found.weights, np.nan), of_all(found.mse, np.nan), epochs, of_all(found.mu, np.nan), stop)


def _ranges(inputs: np.ndarray, role: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Smallest and largest input (B, F) of each cell's used samples, and which inputs (B, F) do not vary in its training samples."""
    torch = load("torch")
    x, kind = torch.from_numpy(inputs), torch.from_numpy(role).unsqueeze(2)

    def limits(mine: Any) -> Any:
        return torch.where(mine, x, np.inf).amin(dim=1), torch.where(mine, x, -np.inf).amax(dim=1)

    low, high = limits(kind >= 0)
    least, most = limits(kind == 0)
    return low.numpy(), high.numpy(), (least == most).numpy()


def _fitness_of_all(target: np.ndarray, role: np.ndarray, constant: np.ndarray) -> np.ndarray:
    """``_fitness`` of every cell (B,)."""
    train = role == 0
    least, most = np.where(train, target, np.inf).min(axis=1, initial=np.inf), np.where(train, target, -np.inf).max(axis=1, initial=-np.inf)
    reasons = [~train.any(axis=1), least == most, constant.all(axis=1)]
    return np.select(reasons, [NO_SAMPLES, CONSTANT_TARGET, NO_INPUTS], TRAINED)


def _checked(inputs: np.ndarray, target: np.ndarray, role: np.ndarray, cells: Any, initial: Any, hidden: int, restarts: int) -> Any:
    inputs, target = np.asarray(inputs, dtype=float), np.asarray(target, dtype=float)
    role = np.asarray(role, dtype=np.int8)
    if inputs.ndim != 3 or target.shape != inputs.shape[:2] or role.shape != inputs.shape[:2]:
        raise ParameterError(f"Inputs {inputs.shape}, target {target.shape} and role {role.shape} are not (B, N, F), (B, N) and (B, N).")
    if role.size and (role.min() < -1 or role.max() > 2):
        raise ParameterError("A role is none of 0 (training), 1 (validation), 2 (testing) and -1 (unused).")
    if hidden < 1 or restarts < 1:
        raise ParameterError(f"Neurons ({hidden}) and restarts ({restarts}) must be at least 1.")
    cells = np.arange(inputs.shape[0]) if cells is None else np.asarray(cells, dtype=np.int64)
    if cells.shape != inputs.shape[:1]:
        raise ParameterError(f"There are {cells.size} cell identities for {inputs.shape[0]} cells.")
    broken = (role >= 0) & ~(np.isfinite(target) & np.isfinite(inputs).all(axis=2))
    if broken.any():
        cell, sample = np.argwhere(broken)[0]
        raise ParameterError(
            f"Cell {cells[cell]} has a used sample (number {sample}) that is not finite; mark missing samples with role -1."
        )
    if initial is not None:
        initial = np.asarray(initial, dtype=float)
        initial = initial[:, np.newaxis] if initial.ndim == 2 else initial
        wanted = (inputs.shape[0], restarts, n_weights(inputs.shape[2], hidden))
        if initial.shape != wanted:
            raise ParameterError(f"Initial weights {initial.shape} are not of the shape {wanted} (cells, restarts, weights).")
    return inputs, target, role, cells, initial


def _padded(samples: Any) -> int:
    return max(1, -(-int(samples) // PAD)) * PAD


def _fitness(inputs: np.ndarray, target: np.ndarray, role: np.ndarray) -> int:
    train = role == 0
    if not train.any():
        return NO_SAMPLES
    if target[train].min() == target[train].max():
        return CONSTANT_TARGET
    if (inputs[train].min(axis=0) == inputs[train].max(axis=0)).all():
        return NO_INPUTS
    return TRAINED


def _run(jobs: Any, take: Any, done: Any, n_inputs: int, hidden: int, settings: Any, progress: Progress) -> None:
    """Work off ``jobs`` (sorted by padded size): each worker keeps its lanes full from its group's queue."""
    torch = load("torch")
    queue: dict[tuple[int, int], list[Job]] = {}
    for job in jobs:
        queue.setdefault(job[0], []).append(job)
    total, finished, losses = len(jobs), [0], [0.0]
    lock = threading.Lock()
    failed: list[BaseException] = []
    workers = machine.threads()

    def stopping() -> Any:
        return bool(failed) or progress.cancelled()

    def work() -> None:
        for size in sorted(queue, reverse=True):
            waiting = queue[size]
            lanes: Any = None
            jobs_in: dict[int, Job] = {}
            while not stopping():
                new = []
                for lane in range(LANES):
                    if lane not in jobs_in:
                        with lock:
                            job = waiting.pop() if waiting else None
                        if job is None:
                            break
                        lanes = lanes or lm.Lanes(LANES, size[0], n_inputs, hidden, settings, n_train=size[1])
                        lanes.load(lane, *take(job))
                        jobs_in[lane] = job
                        new.append(lane)
                if not jobs_in:
                    break
                if new:
                    lanes.start(new)
                for lane in lanes.tick():
                    done(jobs_in.pop(lane), lanes, lane)
                    with lock:
                        finished[0] += 1
                        losses[0] += lanes.best_mse[lane, 0]

    def guarded() -> None:
        try:
            work()
        except BaseException as error:
            failed.append(error)

    threads_before, interval_before = torch.get_num_threads(), sys.getswitchinterval()
    try:
        torch.set_num_threads(1)
        sys.setswitchinterval(SWITCH_INTERVAL)
        with machine.quiet_blas(), machine.Threads(workers, initializer=_one_thread) as pool:
            try:
                running = [pool.submit(guarded) for _ in range(workers)]
                while not all(future.done() for future in running):
                    wait(running, timeout=0.02)
                    if finished[0]:
                        rmse = (losses[0] / finished[0]) ** 0.5
                        progress.report(finished[0] / total, f"{finished[0]} of {total} networks, training RMSE {rmse:.4f} (0-1)")
            except BaseException as error:
                failed.append(error)  # those that have begun are waited for
    finally:
        torch.set_num_threads(threads_before)
        sys.setswitchinterval(interval_before)
    if failed:
        raise failed[0]
    if progress.cancelled():
        raise Cancelled()


def _one_thread() -> None:
    load("torch").set_num_threads(1)


def _collect(
    status: np.ndarray,
    role: np.ndarray,
    all_weights: np.ndarray,
    all_mse: np.ndarray,
    all_epochs: np.ndarray,
    all_mu: np.ndarray,
    all_stop: np.ndarray,
) -> TrainedBlock:
    b = status.size
    kind = (role == 1).any(axis=1).astype(int)
    score = all_mse[np.arange(b), :, kind]
    restart = np.argmin(np.where(np.isnan(score), np.inf, score), axis=1)
    at = (np.arange(b), restart)
    stop = all_stop[at]
    status = np.where((status == TRAINED) & (stop == lm.EPOCHS), NOT_CONVERGED, status)
    return TrainedBlock(all_weights[at], restart, all_epochs[at], stop, all_mu[at], all_mse[at], status, all_weights, all_mse, all_epochs)
