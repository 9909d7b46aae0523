"""Published systems that learn from all pixels of a region together, as far as a cube has what they were given.

RFSM: Qu et al. (2019), Remote Sens. 11, 683. NNsm: Yao et al. (2017), Remote Sens. 9, 35, and (2021), Sci. Data 8, 143.
"""

from __future__ import annotations

import numpy as np

from ...foundation.libraries import load
from ...foundation.progress import Progress
from ...network import ensemble, members, splits
from ...workers.tasks import Arrays, Values

#: Samples that a forest of the region is grown on, at most; of more, each is taken with the same chance.
FOREST_SAMPLES = 200_000

#: Samples that the network of all pixels is trained on, at most, in the same way.
NETWORK_SAMPLES = 2_000_000

#: Trees of the region's forest, and how many are grown at a time.
TREES, AT_ONCE = 100, 10

#: Samples that are estimated at once.
PREDICTED = 500_000

#: Roles of the samples that each system learns from.
SEEN = {"rfsm": (splits.TRAINING,), "nnsm": (splits.TRAINING, splits.VALIDATION)}


def chosen(name: str, seed: int, count: int) -> tuple[np.ndarray | None, int]:
    """Which of ``count`` samples a system learns from, by their ascending numbers (None: all), and a number to start its own draws with."""
    most = FOREST_SAMPLES if name == "rfsm" else NETWORK_SAMPLES
    draw = np.random.default_rng([int(seed), 28])
    some = np.sort(draw.choice(count, most, replace=False)) if count > most else None
    return some, int(draw.integers(2**31))


def estimate(values: Values, arrays: Arrays, progress: Progress) -> tuple[Values, Arrays]:
    """The task: estimates (N,) of the target, m3 m-3, NaN but for testing samples.

    values: name, inputs (names), seed, draw (see ``chosen``), device. arrays: inputs (N, F) in the cube's units, target (N,), role (N,)
    of testing samples and of those that the system learns from, day (N,) of the year, lat and lon (N,).
    """
    progress.check()
    testing = arrays["role"] == splits.TESTING
    found = np.full(testing.size, np.nan)
    if values["name"] == "rfsm":
        found[testing] = _rfsm(values, arrays, testing, progress)
    else:
        found[testing] = _nnsm(values, arrays, testing, progress)
    return {}, {"estimates": found}


def _rfsm(values: Values, arrays: Arrays, testing: np.ndarray, progress: Progress) -> np.ndarray:
    """One random forest of all inputs, day of the year, latitude and longitude."""
    load("sklearn")
    from sklearn.ensemble import RandomForestRegressor

    seen, target, judged = _features(arrays, np.flatnonzero(~testing)), arrays["target"][~testing], np.flatnonzero(testing)
    grown = RandomForestRegressor(AT_ONCE, random_state=values["draw"], n_jobs=1, min_samples_leaf=2, warm_start=True)
    total = np.zeros(judged.size)
    for trees in range(AT_ONCE, TREES + 1, AT_ONCE):  # so that one can stop in between, and no more trees are held at once
        progress.check()
        progress.report(trees / TREES, f"Forest of the region, {trees} of {TREES} trees")
        grown.set_params(n_estimators=trees)
        grown.fit(seen, target)
        new = slice(trees - AT_ONCE, trees)
        for first in range(0, judged.size, PREDICTED):
            own = slice(first, first + PREDICTED)
            features = _features(arrays, judged[own])
            for tree in grown.estimators_[new]:
                total[own] += tree.predict(features, check_input=False)
        grown.estimators_[new] = [None] * AT_ONCE  # the next ones are grown after so many, whatever they are
    return total / TREES


def _features(arrays: Arrays, which: np.ndarray) -> np.ndarray:
    """(n, F + 3) float32 of the samples numbered ``which`` (n,)."""
    return np.column_stack([arrays[name][which] for name in ("inputs", "day", "lat", "lon")]).astype(np.float32, copy=False)


def _nnsm(values: Values, arrays: Arrays, testing: np.ndarray, progress: Progress) -> np.ndarray:
    """One network for all pixels from brightness temperatures and, where there are both polarisations, the microwave vegetation index."""
    seen = ~testing
    features, target = brightness(arrays["inputs"][seen], values["inputs"]), arrays["target"][seen]
    centre, scale = features.mean(axis=0), np.maximum(features.std(axis=0), 1e-9)
    middle, spread = target.mean(), max(float(target.std()), 1e-9)
    given = {
        "inputs": ((features - centre) / scale).astype(np.float32, copy=False),
        "target": ((target - middle) / spread).astype(np.float32),
        "cell": np.zeros(target.size, dtype=np.int32),
        "descriptors": np.zeros((1, 0), dtype=np.float32),
        "validation": arrays["role"][seen] == splits.VALIDATION,
    }
    del features, target
    asked = {**members.Settings().__dict__, "hidden": [20], "decay": 0.0}
    message = {"seed": values["seed"], "member": 0, "device": values["device"], "settings": asked}
    _, found = members.train(message, given, progress)
    del given
    net = ensemble.joined([found])
    judged, estimates = np.flatnonzero(testing), []
    for first in range(0, judged.size, PREDICTED):
        features = brightness(arrays["inputs"][judged[first : first + PREDICTED]], values["inputs"])
        standard = ((features - centre) / scale).astype(np.float32, copy=False)
        cells = np.zeros(standard.shape[0], dtype=int)
        estimates.append(middle + spread * ensemble.members(net, standard, np.zeros((1, 0), np.float32), cells)[0])
    return np.concatenate(estimates) if estimates else np.zeros(0)


def brightness(inputs: np.ndarray, names: list[str]) -> np.ndarray:
    """(N, ...) the brightness temperatures, and the microwave vegetation index (Shi et al. 2008, Remote Sens. Environ. 112) of the two
    lowest frequencies that have both polarisations: the ratio of their polarisation differences."""
    columns = {name: number for number, name in enumerate(names) if name.startswith("tb_")}
    both = [name[:-1] for name in columns if name.endswith("v") and f"{name[:-1]}h" in columns]
    features = [inputs[:, number] for number in columns.values()]
    if len(both) >= 2:
        low, high = (inputs[:, columns[f"{name}v"]] - inputs[:, columns[f"{name}h"]] for name in both[:2])
        features.append(np.clip(high / np.where(np.abs(low) < 0.5, np.copysign(0.5, low), low), -2.0, 3.0))
    return np.column_stack(features)
