"""Works off blocks on a dask.distributed cluster whose scheduler's address the user gives."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from typing import Any

from ..foundation import machine
from ..foundation.errors import AnnsmError, ParameterError
from ..foundation.libraries import load
from ..foundation.progress import SILENT, Progress
from .tasks import Arrays, Block, Results, Values, find

#: Seconds to wait for a scheduler to answer.
PATIENCE = 10

#: Seconds between looks at whether the user has asked to stop.
PAUSE = 0.3

#: Blocks that are with the cluster for each of its threads.
AHEAD = 2


def check(scheduler: str) -> None:
    """Raise ``MissingLibrary`` without the package, ``ParameterError`` if no scheduler answers at the address; nothing if it is empty."""
    if scheduler:
        _client(scheduler).close()


def _client(scheduler: str) -> Any:
    distributed = load("distributed")
    try:
        return distributed.Client(scheduler, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise ParameterError(
            f"No dask scheduler answers at '{scheduler}' ({error}); expected an address such as tcp://host:8786."
        ) from error


def call(task: str, values: Values, arrays: Arrays) -> tuple[Values, Arrays]:
    """A task on a worker of the cluster, which needs this package installed; one thread, since dask runs as many as it has."""
    with machine.one_thread():
        return find(task)(values, arrays, SILENT)


def run(task: str, blocks: Iterable[Block], scheduler: str, total: float, progress: Progress) -> Results:
    """Yield (name, values, arrays) of the task for every block, in any order; cancelling takes the waiting blocks back.

    dask does a block again whose worker has died. Raises ``AnnsmError`` when the scheduler or a task fails.
    """
    distributed = load("distributed")
    client = _client(scheduler)
    waiting: dict[Any, Block] = {}
    source, open_ended, finished = iter(blocks), True, 0.0
    try:
        while open_ended or waiting:
            progress.check()
            if client.status != "running":
                raise AnnsmError(
                    f"The dask scheduler at {scheduler} does not answer any more; what is finished is kept, start again to go on."
                )
            room = AHEAD * max(1, sum(client.nthreads().values()))
            while open_ended and len(waiting) < room:
                block = next(source, None)
                if block is None:
                    open_ended = False
                    break
                waiting[client.submit(call, task, block.values, block.arrays, pure=False)] = block
            if not waiting:
                break
            try:
                with client.as_current():
                    done, _ = distributed.wait(list(waiting), timeout=PAUSE, return_when="FIRST_COMPLETED")
            except (TimeoutError, distributed.TimeoutError):
                continue
            for future in done:
                block = waiting.pop(future)
                values, arrays = _result(future, scheduler)
                finished += block.weight
                progress.report(min(1.0, finished / total) if total else 0.0, f"block {block.name} back from the cluster")
                yield block.name, values, arrays
    except (OSError, distributed.comm.CommClosedError, distributed.TimeoutError) as error:
        raise AnnsmError(
            f"The dask scheduler at {scheduler} does not answer any more ({error}); what is finished is kept, start again to go on."
        ) from error
    finally:
        _leave(client, waiting)


def _result(future: Any, scheduler: str) -> tuple[Values, Arrays]:
    try:
        return future.result()
    except AnnsmError:
        raise
    except Exception as error:
        raise AnnsmError(f"A worker of the cluster at {scheduler} failed: {type(error).__name__}: {error}.") from error


def _leave(client: Any, waiting: dict[Any, Any]) -> None:
    """Take the waiting blocks back and end the connection, whatever state the cluster is in."""
    with contextlib.suppress(Exception):  # a scheduler that is gone has nothing to be taken back from
        if waiting and client.status == "running":
            client.cancel(list(waiting))
    client.close(timeout=2)
