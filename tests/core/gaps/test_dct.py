"""The solver on the cosine transform against a dense least-squares solution that knows nothing of transforms."""

from __future__ import annotations

import numpy as np
import pytest

from annsm_plugin.core.gaps import dct


def second_difference(size):
    """Mirrored at the edges."""
    matrix = 2.0 * np.eye(size) - np.eye(size, k=1) - np.eye(size, k=-1)
    matrix[0, 0] = matrix[-1, -1] = 1.0
    return matrix


@pytest.mark.parametrize("smoother", [dct.Smoother(0.3, 1.0, 2), dct.Smoother(3.0, 0.25, 2), dct.Smoother(0.03, 4.0, 1)])
def test_solution_is_that_of_dense_least_squares(smoother):
    random = np.random.default_rng(0)
    shape = (6, 4, 5)
    values = random.normal(size=shape)
    values[random.random(shape) < 0.4] = np.nan
    values[2:4] = np.nan  # two days without any value
    eyes = [np.eye(size) for size in shape]
    differences = [second_difference(size) for size in shape]
    laplacian = (
        smoother.time * np.kron(np.kron(differences[0], eyes[1]), eyes[2])
        + np.kron(np.kron(eyes[0], differences[1]), eyes[2])
        + np.kron(np.kron(eyes[0], eyes[1]), differences[2])
    )
    known = np.isfinite(values.ravel())
    # minimise |known (y - z)|^2 + s |L z|^2 (or s |gradient of z|^2) as one overdetermined system
    slopes = [np.diff(eye, axis=0) for eye in eyes]
    gradient = [
        np.sqrt(smoother.time) * np.kron(np.kron(slopes[0], eyes[1]), eyes[2]),
        np.kron(np.kron(eyes[0], slopes[1]), eyes[2]),
        np.kron(np.kron(eyes[0], eyes[1]), slopes[2]),
    ]
    penalty = laplacian if smoother.power == 2 else np.concatenate(gradient)
    rows = np.concatenate([np.eye(known.size)[known], np.sqrt(smoother.s) * penalty])
    right = np.concatenate([values.ravel()[known], np.zeros(len(penalty))])
    wanted = np.linalg.lstsq(rows, right, rcond=None)[0].reshape(shape)
    found = dct.solve(values, smoother, tolerance=1e-12, most=500)
    assert np.abs(found - wanted).max() < 1e-8


def test_a_field_that_bends_nowhere_is_kept():
    values = np.full((5, 3, 4), 0.7)
    values[1:3] = np.nan
    assert np.allclose(dct.solve(values, dct.Smoother(10.0, 1.0), tolerance=1e-12, most=500), 0.7)


def test_nothing_known_gives_no_departure():
    assert (dct.solve(np.full((4, 3, 3), np.nan), dct.Smoother(1.0, 1.0)) == 0).all()


def test_the_usual_tolerance_is_near_the_exact_solution():
    random = np.random.default_rng(1)
    smooth = np.cumsum(random.normal(size=(80, 12, 10)), axis=0).astype(np.float32)
    smooth[random.random(smooth.shape) < 0.4] = np.nan
    smooth[30:60] = np.nan
    smoother = dct.Smoother(0.03, 4.0)
    exact = dct.solve(smooth.astype(float), smoother, tolerance=1e-10, most=2000)
    found = dct.solve(smooth, smoother)
    known = np.isfinite(smooth)
    assert np.sqrt(np.mean((found - exact) ** 2)) < 0.02 * np.nanstd(smooth)
    assert np.sqrt(np.mean((found - exact)[known] ** 2)) < 0.001 * np.nanstd(smooth)


def test_pieces_cover_everything_once(monkeypatch):
    monkeypatch.setattr(dct, "BLOCK", (20, 7, 9))
    shape = (50, 16, 30)
    count = np.zeros(shape, dtype=int)
    for outer, inner in dct.pieces(shape):
        count[inner] += 1
        assert all(o.start <= i.start and o.stop >= i.stop for o, i in zip(outer, inner))
        assert count[outer][dct.within(outer, inner)].shape == count[inner].shape
    assert (count == 1).all()
