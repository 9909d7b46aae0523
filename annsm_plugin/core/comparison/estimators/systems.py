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

#: Trees of the region's forest.
TREES = 100


def estimate(values: Values, arrays: Arrays, progress: Progress) -> tuple[Values, Arrays]:
    """The task: estimates (N,) of the target, m3 m-3, NaN but for testing samples.

    values: name, inputs (names), seed, device. arrays: inputs (N, F) in the cube's units, target (N,), role (N,), day (N,) of the year,
    lat and lon (N,).
    """
    progress.check()
    chosen = _rfsm if values["name"] == "rfsm" else _nnsm
    testing = arrays["role"] == splits.TESTING
    found = np.full(testing.size, np.nan)
    found[testing] = chosen(values, arrays, testing, progress)
    return {}, {"estimates": found}


def _rfsm(values: Values, arrays: Arrays, testing: np.ndarray, progress: Progress) -> np.ndarray:
    """One random forest of all inputs, day of the year, latitude and longitude."""
    load("sklearn")
    from sklearn.ensemble import RandomForestRegressor

    features = np.column_stack([arrays["inputs"], arrays["day"], arrays["lat"], arrays["lon"]]).astype(np.float32)
    train = np.flatnonzero(arrays["role"] == splits.TRAINING)
    draw = np.random.default_rng([int(values["seed"]), 28])
    if train.size > FOREST_SAMPLES:
        train = np.sort(draw.choice(train, FOREST_SAMPLES, replace=False))
    grown = RandomForestRegressor(10, random_state=int(draw.integers(2**31)), n_jobs=1, min_samples_leaf=2, warm_start=True)
    for trees in range(10, TREES + 1, 10):  # ten by ten, so that one can stop in between
        progress.check()
        progress.report(trees / TREES, f"Forest of the region, {trees} of {TREES} trees")
        grown.set_params(n_estimators=trees)
        grown.fit(features[train], arrays["target"][train])
    return grown.predict(features[testing])


def _nnsm(values: Values, arrays: Arrays, testing: np.ndarray, progress: Progress) -> np.ndarray:
    """One network for all pixels from brightness temperatures and, where there are both polarisations, the microwave vegetation index."""
    features = brightness(arrays["inputs"], values["inputs"])
    seen = arrays["role"] != splits.TESTING
    centre, scale = features[seen].mean(axis=0), np.maximum(features[seen].std(axis=0), 1e-9)
    middle, spread = arrays["target"][seen].mean(), max(float(arrays["target"][seen].std()), 1e-9)
    standard = ((features - centre) / scale).astype(np.float32)
    given = {
        "inputs": np.ascontiguousarray(standard[seen]),
        "target": ((arrays["target"][seen] - middle) / spread).astype(np.float32),
        "cell": np.zeros(int(seen.sum()), dtype=np.int32),
        "descriptors": np.zeros((1, 0), dtype=np.float32),
        "validation": arrays["role"][seen] == splits.VALIDATION,
    }
    asked = {**members.Settings().__dict__, "hidden": [20], "decay": 0.0}
    message = {"seed": values["seed"], "member": 0, "device": values["device"], "settings": asked}
    _, found = members.train(message, given, progress)
    net = ensemble.joined([found])
    cells = np.zeros(int(testing.sum()), dtype=int)
    return middle + spread * ensemble.members(net, standard[testing], np.zeros((1, 0), np.float32), cells)[0]


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
