"""A file is written whole or not at all: under a temporary name beside its own, and renamed when it is finished; so is a set of files."""

from __future__ import annotations

import contextlib
import datetime
import errno
import itertools
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from ... import __version__
from ..errors import AnnsmError, ParameterError
from ..paths import PathLike, known_as, place_of
from . import locks, watched
from .examined import trust
from .guard import words_of
from .provenance import RECORD

#: What other programs write beside a file and take for part of it, by the file's ending: statistics, pyramids and masks of GDAL's; what
#: SQLite has not written into a database yet.
_BESIDE = {
    **dict.fromkeys((".tif", ".tiff", ".nc", ".nc4"), (".aux.xml", ".ovr", ".msk")),
    ".gpkg": ("-wal", "-shm", "-journal"),
}

#: Bytes of the name of an output at most: file systems take 255, and what lies beside it while it is written has a longer name.
LONGEST_NAME = 200


def check_output(path: PathLike, *extensions: str, made: PathLike | None = None) -> Path:
    """The output path, if it can be written: a name with the right extension, an existing folder, no file that may only be read.

    made: a folder that the step makes, in which the output may lie. Raises ``ParameterError``.
    """
    path = Path(path)
    place = place_of(path)
    if path.name.lower() in extensions:
        raise ParameterError(f"The output {path} is an ending without a name; expected a name before it, such as result{path.name}.")
    if extensions and path.suffix.lower() not in extensions:
        raise ParameterError(f"The output {path} must end in {' or '.join(extensions)}; it ends in '{path.suffix}'.")
    if path.name.lower().endswith(RECORD):
        raise ParameterError(f"The output {path} has the name of a run record; expected one that does not end in {RECORD}.")
    size = max(len(os.fsencode(name)) for name in (path.name, place.name))
    if size > LONGEST_NAME:
        raise ParameterError(f"The name of the output {path} has {size} bytes; expected at most {LONGEST_NAME}.")
    if place.is_dir():
        raise ParameterError(f"The output {path} is a folder; expected the name of a file.")
    if place.exists() and not place.is_file():
        raise ParameterError(f"The output {path} is there and no file; expected the name of a file.")
    if place.exists() and (not os.access(place, os.W_OK) or not place.stat().st_mode & 0o222):
        raise ParameterError(f"The output {path} is there and may only be read; choose another name, or allow that it is written.")
    if not place.parent.is_dir() and (made is None or known_as(place.parent) != known_as(made)):
        raise ParameterError(f"The folder of the output {path} does not exist.")
    if place.parent.is_dir() and not os.access(place.parent, os.W_OK):
        raise ParameterError(f"The folder of the output {path} cannot be written to.")
    return path


def check_output_folder(folder: PathLike) -> None:
    """Raise ``ParameterError`` if it can be told before work begins that no file can be written into an output folder."""
    folder = Path(folder)
    places = (folder, *folder.parents)
    new = next((number for number, place in enumerate(places) if os.path.lexists(place)), 0)
    size = max((len(os.fsencode(place.name)) for place in places[:new]), default=0)
    if size > LONGEST_NAME:
        raise ParameterError(f"A name in the output folder {folder} has {size} bytes; expected at most {LONGEST_NAME}.")
    there = places[new]
    if not there.is_dir():
        what = _stands_for_a_folder(there)
        raise ParameterError(f"The output folder {folder} cannot be made: {there} {what}; expected a folder, or a name for a new one.")
    if not os.access(there, os.W_OK):
        raise ParameterError(f"The output folder {folder} cannot be written to.")


@contextlib.contextmanager
def atomic(path: PathLike, *, alone: bool = True) -> Any:
    """Give a temporary name beside ``path``; rename it to ``path`` when the block ends well, remove it otherwise.

    alone: no other run may write this file meanwhile (``locks.held``); leftovers of killed runs for it are removed first. A full disk, a
    folder that vanished and the like end in one sentence (``AnnsmError``). If the rename is refused (Windows, when a layer holds the old
    file), the finished temporary file is kept and named in the error. Of an output that is a link the file is written to which it leads.
    """
    path = place_of(path) if alone else Path(path)
    with locks.held(path) if alone else contextlib.nullcontext():
        part = _part(path, tidy=alone)
        try:
            yield part
        except BaseException as error:
            remove(part)
            told = what_failed(path, error)
            if told is not None:
                raise told from error
            raise
        try:
            _settled(part)
            if alone:
                watched.check(path)
        except BaseException as error:
            told = what_failed(path, error)
            remove(part)
            if told is not None:
                raise told from error
            raise
        _renamed(part, path)


@contextlib.contextmanager
def atomic_file(path: PathLike) -> Iterator[BinaryIO]:
    """``atomic`` with the temporary file open for bytes: it is closed, and its space free, whatever a library still holds of it."""
    with atomic(path) as part, open(part, "wb") as file:
        yield file


@contextlib.contextmanager
def atomic_folder(folder: PathLike) -> Iterator[Path]:
    """Give a temporary folder for files, inside ``folder``, which is made if it is not there; they are moved into it when all are finished.

    If the block fails, or its process is killed in it, none of them is in ``folder``; those of the same names are there until then, and
    other files stay. At the end they are moved one by one: another program that holds one of them keeps that one as it was. What fails is
    told with the names that the files would have had (``AnnsmError``).
    """
    folder = Path(folder)
    made = not folder.is_dir()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise (what_failed(folder, error) or error) from error
    try:
        with locks.held(folder / _FILES):
            part = _part(folder / _FILES)
            try:
                part.mkdir()
                yield part
                _moved(part, folder)
            except BaseException as error:
                told = what_failed(part, error) or error
                for kept in part.glob("*-finished*"):  # which the error speaks of
                    with contextlib.suppress(OSError):
                        kept.replace(folder / kept.name)
                if isinstance(told, AnnsmError):
                    told.args = tuple(str(text).replace(str(part), str(folder)).replace(part.name, folder.name) for text in told.args)
                if told is error:
                    raise
                raise told from error
            finally:
                remove(part)
    except BaseException:
        with contextlib.suppress(OSError):
            if made:
                folder.rmdir()  # if it is empty
        raise


#: What the files of a folder that are written together are called.
_FILES = "files"

#: Most files that a sentence names.
MOST_NAMES = 12


def _moved(part: Path, folder: Path) -> None:
    """Move finished files from ``part`` into ``folder``; those that can be moved, if not all can. Raises ``AnnsmError`` then."""
    refused = []
    for path in sorted(part.iterdir()):
        try:
            _replaced(path, place_of(folder / path.name))
        except OSError as error:
            if error.errno != errno.EXDEV:
                refused.append(path.name)
                continue
            with atomic(folder / path.name) as beside:  # a link leads to another disk
                shutil.copyfile(path, beside)
    if refused:
        more = f" and {len(refused) - MOST_NAMES} more" if len(refused) > MOST_NAMES else ""
        raise AnnsmError(
            f"In {folder} these could not be replaced: {', '.join(refused[:MOST_NAMES])}{more}. Are they open in another program, or not "
            "to be written? Close them there and run it again."
        )


def _part(path: Path, *, tidy: bool = True) -> Path:
    """A temporary name beside ``path``; tidy: those that killed runs left for it are removed."""
    if tidy:
        for leftover in path.parent.glob(f".{_glob_escape(path.name)}.part-*"):
            remove(leftover)
    return path.with_name(f".{path.name}.part-{os.getpid()}-{next(_NUMBERS)}{path.suffix}")


#: Tell the temporary files of one process apart: one that a library could not close stays open under its name.
_NUMBERS = itertools.count()

#: Free space (bytes) below which an error of a library while it writes is that of a full disk.
LITTLE = 2**20


def what_failed(path: Path, error: BaseException) -> AnnsmError | None:
    """What an error while ``path`` was written means, in a sentence; None for one that has another cause."""
    path = place_of(path)
    again = "Make room and run it again; a long run goes on where it was."
    of_library = isinstance(error, RuntimeError) and str(error).startswith("NetCDF:")
    number = error.errno if isinstance(error, OSError) else None
    full = number in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
    if not full and isinstance(error, Exception) and not isinstance(error, (AnnsmError, MemoryError)):  # libraries stumble over it, too
        with contextlib.suppress(OSError):
            full = shutil.disk_usage(path.parent).free < LITTLE
    if full:
        return AnnsmError(f"The disk or the quota is full while {path} was written. {again}")
    of_library = of_library or number == errno.EIO
    if number == errno.EFBIG or (of_library and _limited()):
        return AnnsmError(f"{path} became larger than the disk or the user's limit allows. {again}")
    if isinstance(error, (RuntimeError, OSError)) and not isinstance(error, AnnsmError) and not path.parent.is_dir():
        return AnnsmError(_no_folder(path))
    if isinstance(error, OSError) and number in (errno.EACCES, errno.EPERM, errno.EROFS):
        return AnnsmError(f"The folder {path.parent} cannot be written to: {error.strerror}.")
    if of_library:
        return AnnsmError(f"{path} could not be written ({words_of(error)}). Is the disk still there and whole?")
    return None


def _no_folder(path: Path) -> str:
    """Why the folder of a file is none, in a sentence."""
    there = next((place for place in path.parents if os.path.lexists(place)), path.parent)
    if there.exists() and not there.is_dir():
        return f"{there} is a file where a folder is needed for {path.name}."
    if there.is_symlink() and not there.exists():
        return f"{there} {_stands_for_a_folder(there)}, so {path.name} could not be written."
    return f"The folder {path.parent} vanished while {path.name} was written."


def _stands_for_a_folder(there: Path) -> str:
    """What is where a folder should be, in words that follow its name."""
    if there.exists():
        return "is a file"
    return f"is a link to {there.readlink()}, which is not there" if there.is_symlink() else "is not there"


def _limited() -> bool:
    """Whether this process may only write files up to some size."""
    if sys.platform == "win32":
        return False
    import resource

    return resource.getrlimit(resource.RLIMIT_FSIZE)[0] != resource.RLIM_INFINITY


@contextlib.contextmanager
def _unlimited() -> Iterator[None]:
    """Inside, files may be as large as the administrator allows: for closing one whose contents do not count."""
    if sys.platform == "win32":
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _settled(part: Path) -> None:
    """Wait until a finished file is on the disk: one that is renamed before can be empty after a power failure."""
    if part.is_file():
        with contextlib.suppress(PermissionError), open(part, "rb+") as file:
            os.fsync(file.fileno())


@contextlib.contextmanager
def closed(file: Any, part: Path, path: Path) -> Iterator[Any]:
    """Give ``file`` (an open netCDF4.Dataset, the temporary file ``part`` of ``path``) and close it at the end.

    After an error its space is given back, and what the library must still write to be able to close goes elsewhere: a file that it could
    not close stays open, and crashes the program when that ends. Raises ``AnnsmError`` for a full disk.
    """
    told: AnnsmError | None = None
    failed: BaseException | None = None
    try:
        yield file
    except BaseException as error:
        failed, told = error, what_failed(path, error)
        _give_up(part)
    for _ in range(2):
        try:
            with contextlib.nullcontext() if failed is None else _unlimited():
                if file.isopen():
                    file.close()
        except RuntimeError as error:
            told, failed = told or what_failed(path, error), failed or error
            _give_up(part)
    if failed is None:
        return
    if told is not None:
        raise told from failed
    raise failed


def _give_up(part: Path) -> None:
    """Empty a temporary file, and let what a library still writes to it go to memory, where the system can do that (Linux)."""
    with contextlib.suppress(OSError):
        os.truncate(part, 0)
    if not hasattr(os, "memfd_create"):
        return
    name = str(part.parent.resolve() / part.name)
    for link in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            if str(link.readlink()) in (name, f"{name} (deleted)"):
                elsewhere = os.memfd_create("annsm")
                os.dup2(elsewhere, int(link.name), inheritable=False)
                os.close(elsewhere)


def _renamed(part: Path, path: Path) -> None:
    """Give the finished temporary file its name."""
    try:
        _replaced(part, path)
    except PermissionError as error:
        kept = path.with_name(f"{path.stem}-finished{path.suffix}")
        with contextlib.suppress(OSError):
            part.replace(kept)
            part = kept
        raise AnnsmError(
            f"{path} is held open by another program (a layer in QGIS?), so it could not be replaced. "
            f"The finished result is in {part}: remove the layer and rename the file, or choose another output."
        ) from error
    except FileNotFoundError as error:
        gone = f"{part.name} was removed by another program before it could become {path}; start it again."
        raise AnnsmError(gone if path.parent.is_dir() else _no_folder(path)) from error


def _replaced(part: Path, path: Path) -> None:
    """Put a finished file in the place of another, if one is there; what lay beside that one goes. Raises ``OSError``."""
    part.replace(path)
    for ending in _BESIDE.get(path.suffix.lower(), ()):
        remove(path.with_name(path.name + ending))
    trust(path)


def _glob_escape(name: str) -> str:
    return "".join(f"[{c}]" if c in "*?[" else c for c in name)


def remove(path: Path) -> None:
    """Remove a file or folder, if it is there, or as much of it as can be; of a link the link."""
    with contextlib.suppress(OSError):
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() and not path.is_symlink() else path.unlink()


def history(step: str) -> str:
    """One line for the ``history`` attribute."""
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"{now} ANN-SM for QGIS {__version__}: {step}"


def write_text(path: PathLike, text: str) -> Path:
    """Write a text file (UTF-8) atomically."""
    with atomic(path) as part:
        part.write_text(text, encoding="utf-8")
    return Path(path)


def write_json(path: PathLike, content: Any) -> Path:
    """Write JSON atomically."""
    return write_text(path, json.dumps(content, indent=2, default=str) + "\n")
