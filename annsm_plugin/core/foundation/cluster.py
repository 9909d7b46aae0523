"""Runs the blocks of a long computation one after the other here, or side by side on a dask.distributed cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .errors import AnnsmError, ParameterError
from .libraries import load
from .progress import SILENT, Progress

#: Seconds to wait for a scheduler to answer.
PATIENCE = 10

#: Seconds between looks at whether the user has asked to stop.
PAUSE = 0.3


def check(scheduler: str | None) -> None:
    """Raise ``MissingLibrary`` without the package, ``ParameterError`` if no scheduler answers at the address; nothing if it is empty."""
    if scheduler:
        _client(scheduler).close()


def _client(scheduler: str):
    distributed = load("distributed")
    try:
        return distributed.Client(scheduler, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise ParameterError(
            f"No dask scheduler answers at '{scheduler}' ({error}); expected an address such as tcp://host:8786."
        ) from error


def run(function: Callable, jobs: dict[str, tuple], scheduler: str | None, progress: Progress) -> Iterator[tuple[str, object]]:
    """Yield (name, result) of ``function(*arguments, progress)`` for every job, in any order.

    Here each call gets its stretch of ``progress``. On a cluster the function runs with a silent progress on the workers,
    which need this package installed; cancelling takes the waiting blocks back.
    """
    if not scheduler:
        for number, (name, arguments) in enumerate(jobs.items()):
            progress.check()
            yield name, function(*arguments, progress.part(number / len(jobs), (number + 1) / len(jobs)))
        return
    if not jobs:
        return
    distributed = load("distributed")
    client = _client(scheduler)
    waiting = {}
    try:
        waiting = {client.submit(function, *arguments, SILENT, pure=False): name for name, arguments in jobs.items()}
        while waiting:
            progress.check()
            try:
                with client.as_current():
                    done, _ = distributed.wait(list(waiting), timeout=PAUSE, return_when="FIRST_COMPLETED")
            except (TimeoutError, distributed.TimeoutError):
                continue
            for future in done:
                name = waiting.pop(future)
                try:
                    result = future.result()
                except AnnsmError:
                    raise
                except Exception as error:
                    raise AnnsmError(f"A worker of the cluster at {scheduler} failed: {type(error).__name__}: {error}.") from error
                progress.report(1.0 - len(waiting) / len(jobs), f"{len(jobs) - len(waiting)} of {len(jobs)} blocks back from the cluster")
                yield name, result
    finally:
        if waiting:
            client.cancel(list(waiting))
        client.close()
