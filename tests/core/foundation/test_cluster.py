"""cluster: the same results here and on workers; a scheduler that is not there is said at once."""

import pytest

from annsm_plugin.core.foundation import cluster
from annsm_plugin.core.foundation.errors import AnnsmError, Cancelled, MissingLibrary, ParameterError
from annsm_plugin.core.foundation.libraries import available
from annsm_plugin.core.foundation.progress import SILENT, Progress

needs_distributed = pytest.mark.skipif(not available("distributed"), reason="dask.distributed is not installed")


def double(value, progress):
    progress.check()
    return 2 * value


def fail(value, progress):
    raise ValueError("broken block")


JOBS = {str(v): (v,) for v in range(5)}


class Stop(Progress):
    def cancelled(self):
        return True


def test_here():
    assert dict(cluster.run(double, JOBS, None, SILENT)) == {str(v): 2 * v for v in range(5)}
    with pytest.raises(Cancelled):
        list(cluster.run(double, JOBS, "", Stop()))


@pytest.mark.skipif(available("distributed"), reason="dask.distributed is installed")
def test_without_the_package():
    cluster.check("")
    with pytest.raises(MissingLibrary, match="distributed"):
        cluster.check("tcp://127.0.0.1:1")


@needs_distributed
def test_no_scheduler_there(monkeypatch):
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    with pytest.raises(ParameterError, match="No dask scheduler answers"):
        cluster.check("tcp://127.0.0.1:1")


@needs_distributed
def test_on_workers():
    import distributed

    with distributed.LocalCluster(n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None) as here:
        assert dict(cluster.run(double, JOBS, here.scheduler_address, SILENT)) == {str(v): 2 * v for v in range(5)}
        with pytest.raises(AnnsmError, match="broken block"):
            list(cluster.run(fail, JOBS, here.scheduler_address, SILENT))
        with pytest.raises(Cancelled):
            list(cluster.run(double, JOBS, here.scheduler_address, Stop()))
