"""Decoding in other processes: the same numbers, the same refusals, crashes that cost one file, and no program started unverified."""

import os
import signal
import time

import numpy as np
import product_files as make
import pytest
from faithful_files import FILES
from osgeo import gdal

from annsm_plugin.core import products
from annsm_plugin.core.demo import lai_tiles
from annsm_plugin.core.foundation.errors import AnnsmError, Cancelled, ProductError
from annsm_plugin.core.foundation.progress import Progress
from annsm_plugin.core.products.decoding import Pool, pool
from annsm_plugin.core.workers import process, serve

WINDOW = (88.0, 30.0, 92.0, 34.0)


def tile(folder):
    path = folder / "MCD15A2H.A2015097.h25v05.061.2015097000000.hdf"
    codes = np.random.default_rng(6).integers(0, 256, (2400, 2400), dtype=np.uint8)
    lai_tiles.write_tile(path, (25, 5), codes, codes)
    return path


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Entry of a faithful file of every product."""
    folder = tmp_path_factory.mktemp("files")
    return {name: products.entry(write(folder)) for name, write in {**FILES, "lai": tile}.items()}


@pytest.fixture(scope="module")
def workers():
    with Pool(2) as made:
        assert made.workers == 2
        yield made


def same(one, other):
    assert np.array_equal(one.lat, other.lat) and np.array_equal(one.lon, other.lon)
    assert (one.attrs, one.units, one.dims, one.outliers) == (other.attrs, other.units, other.dims, other.outliers)
    for mine, yours in ((one.variables, other.variables), (one.coords, other.coords)):
        assert list(mine) == list(yours)
        for name, values in mine.items():
            assert values.dtype == yours[name].dtype and values.shape == yours[name].shape
            assert values.tobytes() == yours[name].tobytes(), name


@pytest.mark.parametrize("window", [None, WINDOW])
def test_bit_for_bit_what_this_process_reads(files, workers, window):
    wanted = [(entry, window, None) for entry in files.values()] * 3
    workers.expect(wanted)
    for request in wanted:
        same(workers.take(*request), products.read_arrays(request[0], window=window))


def test_files_that_were_not_expected_or_are_passed_over(files, workers):
    entries = list(files.values())
    workers.expect([(entry, WINDOW, None) for entry in entries])
    same(workers.take(entries[3], WINDOW, None), products.read_arrays(entries[3], window=WINDOW))
    same(workers.take(entries[0], WINDOW, ("tb_h",)), products.read_arrays(entries[0], window=WINDOW, variables=("tb_h",)))
    same(workers.take(entries[5], WINDOW, None), products.read_arrays(entries[5], window=WINDOW))


def test_a_file_that_was_not_expected_is_read_by_a_process_too(files):
    """A crash costs that file alone, and what was expected is there all the same."""
    gldas, amsr = files["gldas"], files["amsr"]
    with Pool(1) as alone:
        alone.expect([(gldas, None, None)] * pool.AHEAD * 2)
        same(alone.take(gldas, None, None), products.read_arrays(gldas))
        end = time.monotonic() + 30
        while (len(alone._results) < pool.AHEAD or any(alone._busy)) and time.monotonic() < end:
            time.sleep(0.02)
        victim = alone._processes[0].child
        os.kill(victim.pid, signal.SIGSEGV)
        victim.wait()
        with pytest.raises(ProductError, match="the process that read it ended"):
            alone.take(amsr, None, None)
        same(alone.take(amsr, None, None), products.read_arrays(amsr))
        ahead = set(alone._results)
        assert ahead == set(range(1, pool.AHEAD + 1))  # nothing that was read ahead is dropped
        for _ in range(pool.AHEAD * 2 - 1):
            same(alone.take(gldas, None, None), products.read_arrays(gldas))
        assert alone._taken == pool.AHEAD * 2


NO_ROOM = (AnnsmError("The computer has no memory left."), MemoryError(), RuntimeError("can't start new thread"))


@pytest.mark.filterwarnings("error")  # of an error that nobody has handled in a thread
@pytest.mark.parametrize("error", NO_ROOM, ids=lambda error: type(error).__name__)
def test_a_process_that_cannot_begin_lets_nobody_wait(files, monkeypatch, error):
    """Without memory for the second process; what it should have read is read here."""
    wanted = [(entry, WINDOW, None) for entry in files.values()]

    def no_room(*_, **__):
        raise error

    with Pool(2) as both:
        monkeypatch.setattr(pool.workers, "start", no_room)
        both.expect(wanted)
        for request in wanted:
            same(both.take(*request), products.read_arrays(request[0], window=WINDOW))
        assert both.workers == 1


def test_refusals_are_the_same_sentence(tmp_path, workers):
    path = make.amsr(tmp_path, tb_v=np.full((720, 1440), 60000))
    (tmp_path / "empty").mkdir()
    empty = make.gldas(tmp_path / "empty")
    empty.write_bytes(b"")
    wanted = [(products.entry(p), None, None) for p in (path, empty)]
    workers.expect(wanted)
    for request in wanted:
        with pytest.raises(ProductError) as here:
            products.read_arrays(request[0])
        with pytest.raises(ProductError) as there:
            workers.take(*request)
        assert str(there.value) == str(here.value)
        assert (there.value.path, there.value.found) == (here.value.path, here.value.found)


def test_a_crash_costs_one_file(files):
    entry = files["gldas"]
    right = products.read_arrays(entry)
    with Pool(1) as alone:
        victim = alone._processes[0].child
        os.kill(victim.pid, signal.SIGSEGV)
        victim.wait()
        alone.expect([(entry, None, None)] * 3)
        with pytest.raises(ProductError, match="the process that read it ended"):
            alone.take(entry, None, None)
        same(alone.take(entry, None, None), right)
        assert alone._processes[0].child.pid != victim.pid
        same(alone.take(entry, None, None), right)


class Impatient(Progress):
    """Stops after half a second."""

    def __init__(self):
        self.end = time.monotonic() + 0.5

    def cancelled(self):
        return time.monotonic() > self.end


@pytest.mark.skipif(os.name == "nt", reason="needs SIGSTOP")
def test_cancelling_does_not_wait_for_a_process_that_hangs(files):
    with Pool(1) as alone:
        child = alone._processes[0].child
        os.kill(child.pid, signal.SIGSTOP)
        alone.expect([(files["gldas"], None, None)])
        start = time.monotonic()
        with pytest.raises(Cancelled):
            alone.take(files["gldas"], None, None, Impatient())
    assert time.monotonic() - start < 5.0
    assert child.poll() is not None, "the process is still there"


def test_no_process_is_left(files):
    with Pool(2) as two:
        two.expect([(files["lai"], None, None)] * 20)
        two.take(files["lai"], None, None)
        children = [process.child for process in two._processes if process]
    assert children
    assert all(child.poll() is not None for child in children)
    assert not [thread for thread in two._threads if thread.is_alive()]


def test_a_worker_with_nothing_to_do_is_handed_on_and_a_busy_one_is_not(files):
    request = (files["smap"], WINDOW, None)
    right = products.read_arrays(files["smap"], window=WINDOW)
    with pool.handed_on():
        with Pool(1) as first:
            child = first._processes[0].child
            first.expect([request])
            same(first.take(*request), right)
        assert child.poll() is None
        with Pool(2) as second:
            second.expect([request])
            assert second._processes[0].child is child
            same(second.take(*request), right)
            second.expect([(files["lai"], None, None)] * 20)
            while not all(second._busy):
                time.sleep(0.01)
        assert child.poll() is not None, "it was reading"
        with pool.handed_on(), Pool(1) as third:
            last = third._processes[0].child
        assert last is not child and last.poll() is None
    assert last.poll() is not None
    with Pool(1) as alone:
        assert alone._processes[0].child not in (child, last)


def test_no_more_is_read_ahead_than_allowed(files):
    with Pool(1) as alone:
        alone.expect([(files["smos"], WINDOW, None)] * 50)
        alone.take(files["smos"], WINDOW, None)
        time.sleep(0.5)
        assert len(alone._results) <= pool.AHEAD


@pytest.mark.parametrize("changed", [{"gdal": "1010000"}, {"numpy": "0.1"}, {"python": [2, 7]}, {"drivers": []}])
def test_other_libraries_are_refused_and_files_read_here(files, monkeypatch, changed):
    known = serve.about()
    monkeypatch.setattr(serve, "about", lambda: {**known, **changed})
    monkeypatch.setattr(process, "_verified", {})
    with Pool(2) as none:
        assert none.workers == 0 and none.python == ""
        none.expect([(files["smap"], WINDOW, None)])
        same(none.take(files["smap"], WINDOW, None), products.read_arrays(files["smap"], window=WINDOW))


def test_workers_name_what_gdal_is():
    assert serve.about()["gdal"] == gdal.VersionInfo("") and "netCDF" in serve.about()["drivers"]


def test_an_answer_that_makes_no_sense_costs_one_file_and_nobody_waits(tmp_path):
    """A window that JSON cannot hold: the request fails in the thread, which must answer all the same."""
    path = make.gldas(tmp_path, "20160101.0300")
    request = (products.entry(path), (np.int64(90), 30.0, 92.0, 32.0), ("SoilMoi0_10cm_inst",))
    with Pool(2) as pool:
        pool.expect([request])
        with pytest.raises(ProductError, match="TypeError"):
            pool.take(*request)
