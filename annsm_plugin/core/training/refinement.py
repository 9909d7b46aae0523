"""A cell's own correction of the shared network, where the cell's own days prove that it helps."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .regional_days import FOLDS

#: Weights against a correction, in days: from a bold one to none to speak of. The one that does best on days left out is taken.
WEIGHTS = (10.0, 30.0, 100.0, 300.0)

#: A correction must lower the squared error on left-out stretches by so many standard errors, and by so large a share, to be believed.
STANDARD_ERRORS, LEAST_SHARE = 3.0, 0.03

#: Standardised inputs are held within, so that a straight line does not run away.
HELD = 3.0

#: Cells whose features are in memory at once.
AT_ONCE = 16


def features(output: np.ndarray, inputs: np.ndarray) -> np.ndarray:
    """(..., F + 2): 1, the shared network's output (...,), the standardised inputs (..., F)."""
    return np.concatenate([np.ones_like(output)[..., np.newaxis], output[..., np.newaxis], np.clip(inputs, -HELD, HELD)], axis=-1)


def corrections(
    output: np.ndarray, inputs: np.ndarray, target: np.ndarray, used: np.ndarray, fold: np.ndarray, block: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients (B, F + 2) of the correction of each cell, 0 where none is believed, and the outputs (B, N) corrected out of sample.

    output (B, N): of members that have not seen the day, standardised; inputs (B, N, F); target (B, N); used (B, N) bool; fold (B, N): the
    stretches that are left out in turn; block (B, N): stretches within which errors are alike, each one observation of the gain.
    """
    rest = np.where(used, np.nan_to_num(target) - np.nan_to_num(output), 0.0)
    count, width = output.shape[0], inputs.shape[-1] + 2
    whole, guesses = np.empty((len(WEIGHTS), count, width)), np.empty((len(WEIGHTS), *rest.shape))
    for own in _some(count):
        whole[:, own], guesses[:, own] = _fitted(output[own], inputs[own], rest[own], used[own], fold[own])
    best = np.full(count, -np.inf)
    chosen, outside = np.zeros((count, width)), output.copy()
    for slopes, guess in zip(whole, guesses):
        gain = _gain(rest, guess, used, block)
        better = gain > best
        best = np.where(better, gain, best)
        chosen = np.where(better[:, np.newaxis], slopes, chosen)
        outside = np.where(better[:, np.newaxis], output + guess, outside)
    believed = np.isfinite(best)
    return np.where(believed[:, np.newaxis], chosen, 0.0), np.where(believed[:, np.newaxis], outside, output)


def corrected(output: np.ndarray, inputs: np.ndarray, slopes: np.ndarray) -> np.ndarray:
    """(B, N): the shared network's ``output`` (B, N) with the corrections of the coefficients ``slopes`` (B, F + 2) added."""
    result = np.empty_like(output)
    for own in _some(output.shape[0]):
        phi = np.nan_to_num(features(output[own], inputs[own]), copy=False)
        result[own] = output[own] + np.einsum("bnf,bf->bn", phi, slopes[own])
    return result


def _some(count: int) -> Iterator[slice]:
    return (slice(first, first + AT_ONCE) for first in range(0, count, AT_ONCE))


def _fitted(output: np.ndarray, inputs: np.ndarray, rest: np.ndarray, used: np.ndarray, fold: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each of ``WEIGHTS``: the coefficients (weights, B, F + 2), and what they add out of sample (weights, B, N)."""
    phi = np.nan_to_num(features(output, inputs), copy=False)
    phi[~used] = 0.0
    count, _, width = phi.shape
    squares, products = np.zeros((FOLDS, count, width, width)), np.zeros((FOLDS, count, width))
    for number in range(FOLDS):
        part = phi * (fold == number)[..., np.newaxis]
        squares[number], products[number] = np.matmul(part.transpose(0, 2, 1), phi), np.einsum("bnf,bn->bf", part, rest)
    whole, guesses = np.empty((len(WEIGHTS), count, width)), np.zeros((len(WEIGHTS), *rest.shape))
    for place, weight in enumerate(WEIGHTS):
        penalty = weight * np.eye(width)
        for number in range(FOLDS):
            others = [n for n in range(FOLDS) if n != number]
            slopes = np.linalg.solve(squares[others].sum(axis=0) + penalty, products[others].sum(axis=0)[..., np.newaxis])[..., 0]
            guesses[place] += np.where(fold == number, np.einsum("bnf,bf->bn", phi, slopes), 0.0)
        whole[place] = np.linalg.solve(squares.sum(axis=0) + penalty, products.sum(axis=0)[..., np.newaxis])[..., 0]
    return whole, guesses


def _gain(rest: np.ndarray, guess: np.ndarray, used: np.ndarray, block: np.ndarray) -> np.ndarray:
    """(B,) share of the squared error that is saved on left-out days; -inf where it is no more than chance over the blocks may give."""
    saved = np.where(used, rest**2 - (rest - guess) ** 2, 0.0)
    numbers = np.unique(block[used]) if used.any() else np.zeros(1, int)
    sums = np.stack([(saved * (block == number)).sum(axis=1) for number in numbers], axis=1)
    there = np.stack([(used & (block == number)).any(axis=1) for number in numbers], axis=1)
    blocks = there.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = sums.sum(axis=1) / blocks
        spread = np.sqrt(np.where(there, (sums - mean[:, np.newaxis]) ** 2, 0.0).sum(axis=1) / (blocks - 1) / blocks)
        share = saved.sum(axis=1) / np.where(used, rest**2, 0.0).sum(axis=1)
        proved = (blocks > 3) & (mean > STANDARD_ERRORS * spread) & (share > LEAST_SHARE)
    return np.where(proved, share, -np.inf)
