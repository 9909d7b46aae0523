"""What holds for every step: nobody else writes its files meanwhile, its inputs stay as they are, and what the system refuses is said."""

from __future__ import annotations

import contextlib
import errno
import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable, TypeVar, cast

import numpy as np

from ..errors import AnnsmError, tells_of_memory
from ..machine import check_memory
from ..paths import check_apart, place_of
from ..requests import OUTPUTS, Request
from . import locks, watched
from .whole import check_output, check_output_folder

_Run = TypeVar("_Run", bound=Callable[..., Any])


def step(run: _Run) -> _Run:
    """Decorates ``run(request, ...)`` of a step.

    Its outputs can be written, and none is an input or another output: raises ``ParameterError``. They are locked from its beginning
    (``locks.held``): raises ``AnnsmError`` if another run writes one of them. An input file that changes meanwhile keeps outputs from
    getting their names (``watched``). A lack of memory and errors of the system are one sentence.
    """

    @functools.wraps(run)
    def alone(request: Request, *given: Any, **named: Any) -> Any:
        with contextlib.ExitStack() as stack:
            stack.enter_context(_told(request))
            outputs, inputs = _files(request)
            for output in outputs:
                stack.enter_context(locks.held(output))
            stack.enter_context(watched.unchanged(inputs))
            _warm_blas()
            return run(request, *given, **named)

    return cast(_Run, alone)


@functools.cache
def _warm_blas() -> None:
    """Let OpenBLAS take its memory while there is some: it tries for ever where it is refused it later. Raises ``AnnsmError``."""
    check_memory()
    square = np.ones((128, 128))
    np.matmul(square, square)


@contextlib.contextmanager
def _told(request: Request) -> Iterator[None]:
    try:
        yield
    except (MemoryError, RuntimeError, OSError) as error:
        number = getattr(error, "errno", None)
        if tells_of_memory(error):
            raise AnnsmError(
                f"The computer ran out of memory during the step '{request.STEP}'; use a smaller region, a shorter period or fewer workers."
            ) from error
        if isinstance(error, OSError) and number is not None:
            too_many = number in (errno.EMFILE, errno.ENFILE)  # open files; the one that came too late has no part in it
            where = f" ({error.filename})" if error.filename and not too_many else ""
            raise AnnsmError(f"The system ended the step '{request.STEP}': {error.strerror}{where}.") from error
        raise


def _files(request: Request) -> tuple[list[Path], list[Path]]:
    """The files that a step writes (its folder where it writes no file), and those that it reads.

    Raises ``ParameterError`` if an output is an input or another output, or cannot be written.
    """
    options, written = request.options(), request.outputs()
    files = {name: path for name, path in written.items() if options[name].kind != "folder_out"}
    inputs = list(_read(request))
    check_apart(((options[name].parameter, path) for name, path in files.items()), inputs)
    for name in written.keys() - files.keys():
        if options[name].optional:  # made when the work is done
            check_output_folder(written[name])
    made = next((path for name, path in written.items() if name not in files and not options[name].optional), None)
    for path in files.values():
        check_output(path, made=made)
    outputs = {place_of(path).absolute() for path in (files or written).values()}
    return sorted(outputs), sorted({path.absolute() for _, path in inputs})


def _read(request: Request) -> Iterator[tuple[str, Path]]:
    """The input files of a request, each with its parameter's name."""
    for name, known in request.options().items():
        value = getattr(request, name)
        for path in value if isinstance(value, (list, tuple)) else (value,):
            if known.kind not in OUTPUTS and isinstance(path, (str, Path)) and str(path):
                with contextlib.suppress(OSError, ValueError):
                    if Path(path).is_file():
                        yield known.parameter, Path(path)
