"""A damaged remembered series is thrown away and said once; what it held is read anew, and nothing stops."""

import hurtful_files as hurt
import numpy as np
import pytest

from annsm_plugin.core.series.memory import LARGEST, SeriesMemory


@pytest.fixture
def written(tmp_path):
    """A memory of ten files, and the product file that it remembers."""
    product, path = tmp_path / "p.nc", tmp_path / "out.series.npz"
    product.write_bytes(b"x" * 100)
    memory = SeriesMemory(path)
    memory.of(product="lprm").put(str(product), [(np.datetime64("2015-04-02"), np.arange(n + 1.0)) for n in range(10)])
    memory.save()
    return product, path


def test_random_damage(written):
    product, path = written
    whole, thrown = path.read_bytes(), 0
    for seed in range(300):
        path.write_bytes(hurt.spoiled(whole, seed))
        memory = SeriesMemory(path)
        layers = memory.of(product="lprm").get(str(product))
        if memory.problem:
            thrown += 1
            assert layers is None and not path.exists() and "out.series.npz" in memory.problem and "\n" not in memory.problem
            assert SeriesMemory(path).problem == ""
        elif layers is not None:
            assert [values.tolist() for _, values in layers] == [list(range(n + 1)) for n in range(10)]
    assert thrown > 200


WRONG = {
    "of": [np.array([-1] + [0] * 9), np.array([1] * 10), np.zeros(10), np.zeros(9, int)],
    "size": [np.array([11] * 10), np.array([-1] * 10)],
    "date": [np.arange(10), np.array(["NaT"] * 10, "datetime64[D]"), np.arange(10).astype("datetime64[s]")],
    "values": [np.zeros(10), np.zeros((10, 10), int), np.array(["a"] * 10)],
    "marks": [np.array([1]), np.array("a")],
}


@pytest.mark.parametrize(("name", "number"), [(name, n) for name, values in WRONG.items() for n in range(len(values))])
def test_arrays_that_do_not_fit(written, name, number):
    _, path = written
    with np.load(path) as data:
        arrays = {**data, name: WRONG[name][number]}
    np.savez_compressed(path, **arrays)
    assert "out.series.npz" in SeriesMemory(path).problem and not path.exists()


def test_gigabytes_are_not_read(tmp_path):
    path = hurt.zip_of(tmp_path / "out.series.npz", {"values.npy": [(bytes(2**20), 3000)]})
    found = hurt.measured(path, "SeriesMemory(path).problem", "from annsm_plugin.core.series.memory import SeriesMemory")
    assert "cannot be used" in found["said"] and found["seconds"] < hurt.SECONDS and found["peak"] < hurt.MEGABYTES


def test_more_than_is_read_is_not_kept(tmp_path):
    product, path = tmp_path / "p.nc", tmp_path / "out.series.npz"
    product.write_bytes(b"x")
    memory = SeriesMemory(path)
    memory.of(product="lprm").put(str(product), [(np.datetime64("2015-04-02"), np.broadcast_to(0.0, LARGEST // 8))])
    memory.save()
    assert not path.exists()
