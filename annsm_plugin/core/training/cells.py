"""Trains one block of cells: a pure function, values and arrays in, arrays out, that runs wherever blocks run (see ``workers``)."""

from __future__ import annotations

import dataclasses

import numpy as np

from .. import metrics
from ..foundation.progress import Progress
from ..network import block, function, splits
from ..network.levenberg_marquardt import Settings as Trainer
from ..workers.tasks import Arrays, Values
from . import model
from .samples import pack
from .settings import Settings

#: Seconds that a core takes for one network of ``SAMPLES`` samples, about: to judge whether starting workers pays.
SECONDS_PER_NETWORK, SAMPLES = 0.01, 480


def message(asked: Settings, trainer: Trainer, device: str) -> Values:
    """The values of the task ``train``: the settings in the words of JSON."""
    return {"asked": asked.values(), "trainer": dataclasses.asdict(trainer), "device": device}


def train(values: Values, arrays: Arrays, progress: Progress) -> tuple[Values, Arrays]:
    """Scale, split and train B cells and measure their errors; what goes into the model, cell first.

    values: of ``message``; arrays: inputs (F, B, days), target and complete (B, days), dates (days,), identities (B,).
    """
    asked = Settings.of(values["asked"])
    trainer = Trainer(**{**values["trainer"], "regularization": tuple(values["trainer"]["regularization"])})
    found = train_cells(**arrays, asked=asked, trainer=trainer, device=values["device"], progress=progress)
    return {}, found


def train_cells(
    inputs: np.ndarray,
    target: np.ndarray,
    complete: np.ndarray,
    dates: np.ndarray,
    identities: np.ndarray,
    asked: Settings,
    trainer: Trainer,
    device: str,
    progress: Progress,
) -> Arrays:
    """What ``train`` does, with its settings as objects."""
    samples = pack(inputs, target, complete, dates, identities, asked)
    trained = block.train_block(
        samples.inputs,
        samples.target,
        samples.role,
        hidden=asked.hidden,
        restarts=asked.restarts,
        seed=asked.seed,
        cells=identities,
        settings=trainer,
        device=device,
        progress=progress,
    )
    weights, best = trained.all_weights, trained.restart
    if asked.combine == "best_half":
        kind = np.where((samples.role == splits.VALIDATION).any(axis=1), 1, 0)
        score = np.take_along_axis(trained.all_mse, kind[:, np.newaxis, np.newaxis], axis=2)[..., 0]
        order = np.argsort(np.where(np.isnan(score), np.inf, score), axis=1, kind="stable")[:, : kept(asked)]
        weights, best = np.take_along_axis(weights, order[..., np.newaxis], axis=1), np.zeros_like(best)
    members = np.stack([function.predict(weights[:, k], samples.inputs, asked.hidden) for k in range(weights.shape[1])])
    predicted = members.mean(axis=0) if asked.combine != "best" else np.take_along_axis(members, best[np.newaxis, :, np.newaxis], 0)[0]
    return {
        "weights": weights,
        "best": best.astype(np.int32),
        "low": samples.low,
        "high": samples.high,
        "errors": errors_by_kind(samples.target, predicted, samples.role),
        "status": trained.status.astype(np.int32),
        "epochs": trained.epochs.astype(np.int32),
        "stop_reason": trained.stop_reason.astype(np.int32),
        "mu": trained.mu,
        "single_rmse": np.sqrt(trained.all_mse[..., splits.TESTING]).mean(axis=1),
    }


def kept(asked: Settings) -> int:
    """How many networks of a cell the model keeps."""
    return max(1, asked.restarts // 2) if asked.combine == "best_half" else asked.restarts


def errors_by_kind(target: np.ndarray, predicted: np.ndarray, role: np.ndarray) -> np.ndarray:
    """(B, measures, kinds): R, RMSE, BIAS, N of target and prediction (B, N) for training, validation, testing and overall samples."""
    chosen = [role == kind for kind in (splits.TRAINING, splits.VALIDATION, splits.TESTING)] + [role != splits.UNUSED]
    values = [[getattr(metrics, m)(np.where(c, target, np.nan), predicted, axis=1) for c in chosen] for m in model.MEASURES]
    return np.moveaxis(np.asarray(values, dtype=float), 2, 0)
