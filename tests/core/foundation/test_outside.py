"""Readings of JSON, CSV, zip and npz from outside: good ones as they are, bad ones in one sentence, within bounds."""

import json
import os
import time
import zipfile

import hurtful_files as hurt
import numpy as np
import pytest

from annsm_plugin.core import products, stations
from annsm_plugin.core.foundation import outside, store
from annsm_plugin.core.foundation.errors import AnnsmError, ParameterError, ProductError
from annsm_plugin.core.matching import best_settings, calibration, extra
from annsm_plugin.core.study import results

OUTSIDE = "from annsm_plugin.core.foundation import outside"

JSONS = {
    "brackets": "[" * 200_000 + "]" * 200_000,
    "braces": '{"a":' * 200_000 + "1" + "}" * 200_000,
    "infinity": '{"threshold": Infinity}',
    "minus infinity": '{"a": [-Infinity]}',
    "not a number": '{"threshold": NaN}',
    "beyond a double": '{"threshold": 1e999}',
    "digits": '{"hidden": ' + "9" * 1_000_000 + "}",
    "a list": "[1, 2]",
    "a word": "null",
    "cut off": '{"a": [1, 2',
    "half a surrogate and bytes": b'{"a": "\xff\xfe"}',
    "zeros": bytes(4000),
    "large": '{"a": [' + "[]," * 3_000_000 + "1]}",
    "empty": "",
}


@pytest.mark.parametrize("kind", JSONS)
def test_json_that_is_none(tmp_path, kind):
    path = tmp_path / "best.json"
    content = JSONS[kind]
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    hurt.assert_refused(hurt.measured(path, "outside.read_json(path, 'settings')", OUTSIDE), "best.json", "expected settings")


def test_json_as_python_reads_it(tmp_path):
    path = tmp_path / "a.json"
    path.write_text('\ufeff{"a": [1, 2.5, -3e-7, true, null, "é"], "b": {}}', encoding="utf-8")
    assert outside.read_json(path, "x") == {"a": [1, 2.5, -3e-7, True, None, "é"], "b": {}}
    path.write_text('{"a": NaN}')
    assert outside.read_json(path, "x", finite=False)["a"] != 0.0


def test_rows(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text('a, b ,c\n1,"2,5",3\n\n4,5\n6,7,8,9\n', encoding="utf-8-sig")
    header, rows = outside.read_rows(path, "t")
    assert header == ["a", "b", "c"] and [list(row.values()) for row in rows] == [["1", "2,5", "3"], ["4", "5", ""], ["6", "7", "8"]]
    for content in ("a,b\n" + "x" * 132_000 + ",1\n", "a,a \n1,2\n", b"a,b\n\xff\xfe,1\n", b"x" * 21_000_000, "a," * 5000 + "\n"):
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        with pytest.raises(ProductError, match=r"t\.csv"):
            outside.read_rows(path, "t")


def arrays_of(path, **changed):
    arrays = {
        "one": np.arange(12.0).reshape(3, 4),
        "words": np.array(["a", "bcd"]),
        "days": np.arange(5).astype("datetime64[D]"),
        **changed,
    }
    np.savez_compressed(path, **arrays)
    return arrays


def test_arrays(tmp_path):
    path = tmp_path / "x.npz"
    arrays = arrays_of(path, columns=np.asfortranarray(np.arange(6.0).reshape(2, 3)), none=np.zeros((0, 4)), single=np.array(3))
    found = outside.read_arrays(path, 10_000, "arrays")
    assert set(found) == set(arrays)
    for name, values in arrays.items():
        assert found[name].dtype == values.dtype
        np.testing.assert_array_equal(found[name], values)
    with pytest.raises(ProductError, match="at most"):
        outside.read_arrays(path, 100, "arrays")
    np.savez(path, a=np.array([{}], dtype=object))
    with pytest.raises(ProductError, match="type object"):
        outside.read_arrays(path, 10_000, "arrays")


@pytest.mark.parametrize(
    "shape", ["(10000000000,)", "(-1, -4)", "(3, 3)", "(2, 10**9)", "(" * 90 + ")" * 90, "[3]", "(99999999999999999999999,)"]
)
def test_arrays_of_other_sizes_than_declared(tmp_path, shape):
    header = ("{'descr': '<f8', 'fortran_order': False, 'shape': " + shape + ", }").ljust(200).encode() + b"\n"
    path = tmp_path / "x.npz"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("one.npy", b"\x93NUMPY\x01\0" + len(header).to_bytes(2, "little") + header + bytes(32))
    hurt.assert_refused(hurt.measured(path, "outside.read_arrays(path, 10**9, 'arrays')", OUTSIDE), "x.npz")


def test_arrays_of_gigabytes(tmp_path):
    path = hurt.zip_of(tmp_path / "x.npz", {"one.npy": [(bytes(2**20), 3000)]})
    hurt.assert_refused(hurt.measured(path, "outside.read_arrays(path, 10**8, 'arrays')", OUTSIDE), "x.npz", "at most 100 MB")


@pytest.mark.parametrize("pack", [np.savez, np.savez_compressed])
def test_random_damage_of_arrays(tmp_path, pack):
    path = tmp_path / "x.npz"
    values = np.random.default_rng(0).normal(size=(20, 30))
    pack(path, one=values, two=np.arange(40))
    whole, refused = path.read_bytes(), 0
    for seed in range(300):
        path.write_bytes(hurt.spoiled(whole, seed))
        try:
            found = outside.read_arrays(path, 100_000, "arrays")
        except ProductError as error:
            refused += 1
            assert "x.npz" in str(error) and "\n" not in str(error)
        else:
            assert all(np.array_equal(found[name], right) for name, right in (("one", values), ("two", np.arange(40))) if name in found)
    assert refused > 200


def test_random_damage_of_json_and_rows(tmp_path):
    path = tmp_path / "a.json"
    json_text = json.dumps({"variables": ["tb_06v", "lai"], "hidden": 4, "ratio": "70/15/15", "threshold": 8.75}).encode()
    for seed in range(300):
        path.write_bytes(hurt.spoiled(json_text, seed))
        try:
            assert isinstance(outside.read_json(path, "x"), dict)
        except ProductError as error:
            assert "a.json" in str(error)
        path.write_bytes(hurt.spoiled(b"a,b,c\n" + b'1,"2",3\n' * 20, seed))
        try:
            outside.read_rows(path, "x")
        except ProductError as error:
            assert "a.json" in str(error)


def test_a_damaged_block_of_a_checkpoint_is_none(tmp_path):
    checkpoint = store.Checkpoint(tmp_path / "out.nc", {"a": 1})
    checkpoint.save("block", values=np.random.default_rng(0).normal(size=300))
    path = next(checkpoint.folder.glob("*.npz"))
    whole = path.read_bytes()
    for seed in range(300):
        path.write_bytes(hurt.spoiled(whole, seed))
        checkpoint.load("block")  # arrays or None


def test_a_name_of_240_bytes_is_refused_before_work_starts(tmp_path):
    with pytest.raises(ParameterError, match=r"has 240 bytes; expected at most 200"):
        store.check_output(tmp_path / ("名" * 79 + ".nc"), ".nc")
    assert store.check_output(tmp_path / ("n" * 197 + ".nc"), ".nc")


def test_a_table_whose_last_line_was_cut_off_is_told_in_one_sentence(tmp_path):
    (tmp_path / "t.csv").write_text("a,b\n1,2\n3,")
    with pytest.raises(ProductError) as said:
        outside.read_rows(tmp_path / "t.csv", "a table that a step wrote", ended=True)
    assert (
        said.value.variable is None
        and "last line without an end" in said.value.found
        and said.value.expected == "a table that a step wrote"
    )


PIPE = "found a pipe, a socket or a device; expected"


@pytest.mark.skipif(os.name == "nt", reason="needs pipes")
def test_pipes_are_not_waited_for(tmp_path):
    begin = time.monotonic()
    names = ("x.json", "t.csv", "z.zip", "Net_Net_Site_sm_0.05_0.05_x_20150101_20150131.stm", "field", "a.run.json")
    for name in names:
        os.mkfifo(tmp_path / name)
    for read in (
        lambda: best_settings.read(tmp_path / "x.json"),
        lambda: stations.read(tmp_path / "t.csv"),
        lambda: stations.read(tmp_path / "z.zip"),
        lambda: stations.read(tmp_path / names[3]),
        lambda: stations.read(tmp_path),
        lambda: calibration.Table(tmp_path / "t.csv", None, "descending"),
    ):
        with pytest.raises(AnnsmError, match=PIPE):
            read()
    with pytest.raises(ParameterError, match=r"t\.csv is a pipe, a socket or a device; expected a CSV file"):
        calibration.check("table", tmp_path / "t.csv", None, "descending")
    with pytest.raises(ParameterError, match=r"is a folder; expected a raster or a NetCDF file"):
        extra.check([tmp_path], ())
    assert set(products.inventory(tmp_path).seems.values()) == {"a pipe, a socket or a device"}
    with pytest.raises(AnnsmError, match=r"a\.run\.json is no run record that can be read"):
        results.look(tmp_path)
    assert time.monotonic() - begin < 5


@pytest.mark.skipif(os.name == "nt", reason="needs pipes")
def test_what_stands_in_the_place_of_a_lock_or_of_finished_blocks(tmp_path):
    lock = tmp_path / ".a.txt.lock"
    for make, words in ((lock.mkdir, "a folder"), (lambda: os.mkfifo(lock), "a pipe, a socket or a device")):
        make()
        with pytest.raises(AnnsmError, match=f"{lock} is {words}; move it away"):
            store.write_text(tmp_path / "a.txt", "x")
        assert list(tmp_path.iterdir()) == [lock]
        lock.rmdir() if lock.is_dir() else lock.unlink()
    (tmp_path / ".a.txt.resume").mkdir()
    os.mkfifo(tmp_path / ".a.txt.resume" / "settings.json")
    made = store.Checkpoint(tmp_path / "a.txt", {})
    assert (made.folder / "settings.json").is_file()
    made.clear()
    assert not list(tmp_path.iterdir())
