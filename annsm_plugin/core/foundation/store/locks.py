"""Two runs never write one file: the second says so and stops."""

from __future__ import annotations

import contextlib
import datetime
import gc
import json
import os
import platform
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import outside
from ..errors import AnnsmError, ProductError
from ..paths import PathLike, no_file

#: A lock of another computer that is older than this is taken for one that was left behind.
FORGOTTEN = datetime.timedelta(days=7)

#: Tenths of a second that the maker of a lock is given to write what it says.
_PATIENCE = 10


@dataclass
class _Hold:
    """A lock of this process: its thread, how often it was taken, and its file, which stays open."""

    thread: int
    times: int
    file: int | None


_MINE: dict[str, _Hold] = {}
_GUARD = threading.RLock()


@contextlib.contextmanager
def held(path: PathLike) -> Iterator[None]:
    """Hold the lock of an output; the thread that holds it may take it again. Raises ``AnnsmError`` if another run writes that file.

    The lock is a small file beside the output (``.NAME.lock``), made so that only one can make it, on a shared drive too as far as that
    keeps to it. One whose process has ended is taken over; one of another computer or user, of which that cannot be known, after
    ``FORGOTTEN``. Where the first to take it fails, nobody in this process holds it any more, whatever remains of what failed.
    """
    path = Path(path)
    key, me = _known_as(path), threading.get_ident()
    with _GUARD:
        own = _MINE.get(key)
        if own is not None and own.thread != me:
            gc.collect()  # a run that failed gives its lock back when its remains go
            own = _MINE.get(key)
        if own is not None and own.thread != me:
            raise AnnsmError(f"{path} is being written by another run in this program; wait for it, or choose another output.")
        first = own is None
        if own is None:
            own = _MINE[key] = _Hold(me, 0, _take(path))
        own.times += 1
    failed = True
    try:
        yield
        failed = False
    finally:
        with _GUARD:
            own.times -= 1
            if (own.times == 0 or (first and failed)) and _MINE.get(key) is own:
                del _MINE[key]
                _give_back(file_of(path), own.file)


def _known_as(path: Path) -> str:
    """One name of an output, whichever way its folder is called (links, letters large or small where that is the same)."""
    return os.path.join(os.path.normcase(os.path.realpath(path.parent)), os.path.normcase(path.name))  # noqa: PTH118 (normcase is no method)


def file_of(path: PathLike) -> Path:
    """The lock of an output."""
    path = Path(path)
    return path.with_name(f".{path.name}.lock")


def _take(path: Path) -> int | None:
    """Make the lock file; its descriptor, where it is kept open. Raises ``AnnsmError`` if another run has it."""
    lock = file_of(path)
    for _ in range(3):
        try:
            return _made(lock)
        except FileExistsError:
            if (found := no_file(lock)) not in ("", "no such file"):
                raise AnnsmError(f"{lock} is {found}; move it away, it stands where a run puts its lock.") from None
            other = _read(lock)
            for _ in range(_PATIENCE):
                if other is not None or not lock.exists():
                    break
                time.sleep(0.1)  # its maker may be writing it
                other = _read(lock)
            if other is None and _is_closed(lock):
                raise AnnsmError(
                    f"{path} is being written by a run whose lock may not be read, such as another user's; wait for it, or choose another "
                    f"output. If that run is gone, delete {lock}."
                ) from None
            if other is not None and _lives(other, lock):
                raise AnnsmError(
                    f"{path} is being written by process {other.get('process')} on {other.get('host')} since {other.get('since')}; wait "
                    f"for it, or choose another output. If that run is gone, delete {lock}."
                ) from None
            _remove_stale(lock, other)
        except OSError:
            return None  # a folder without locks: what is wrong with it shows when the file itself is written
    return None


def _made(lock: Path) -> int | None:
    """Make a lock that is not there. Where the system can, it keeps the open file for this process, no longer than that lives."""
    content = {"host": platform.node(), "process": os.getpid(), "began": _began(os.getpid()), "since": _now().isoformat()}
    file = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666)
    try:
        content.update(space=_space(), boot=_boot(), kept=_keep(file))
        os.write(file, json.dumps(content).encode())
    except OSError:
        _give_back(lock, file)  # a disk without room for what it says
        raise
    if sys.platform != "win32":
        return file
    os.close(file)  # an open file cannot be removed there
    return None


def _give_back(lock: Path, file: int | None) -> None:
    """Remove a lock of this process; only then may the system give it free."""
    with contextlib.suppress(OSError):
        lock.unlink()
    if file is not None:
        with contextlib.suppress(OSError):
            os.close(file)


def _keep(file: int) -> bool:
    """Have the system keep an open file for this process alone; whether it does."""
    if sys.platform == "win32":
        return False
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _is_kept(lock: Path) -> bool:
    """Whether the system keeps a lock for a process that lives."""
    if sys.platform == "win32":
        return False
    import fcntl

    try:
        with open(lock, "rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def _is_closed(lock: Path) -> bool:
    """Whether a lock is there that may not be read (another user's, or kept from all others by a shared drive) and is not forgotten."""
    try:
        with open(lock, "rb") as file:
            file.read(1)
    except PermissionError:
        with contextlib.suppress(OSError):
            return time.time() - lock.stat().st_mtime < FORGOTTEN.total_seconds()
    except OSError:
        pass
    return False


def _remove_stale(lock: Path, other: dict[str, Any] | None) -> None:
    """Remove a lock that nobody holds; another run that takes it over at the same moment keeps the one that it has made."""
    aside = lock.with_name(f"{lock.name}-{os.getpid()}-{threading.get_ident()}")
    with contextlib.suppress(OSError):
        lock.rename(aside)
        if _read(aside) != other and not lock.exists():
            aside.rename(lock)
        else:
            aside.unlink()


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)


def _read(lock: Path) -> dict[str, Any] | None:
    """What a lock says; None for one that is gone or says nothing: its maker is writing it, or was killed while it did."""
    try:
        return outside.read_json(lock, "a lock", finite=False)
    except ProductError:
        return None


def _lives(other: dict[str, Any], lock: Path) -> bool:
    """Whether the run that a lock speaks of may still be writing."""
    try:
        process, since = int(other["process"]), datetime.datetime.fromisoformat(str(other["since"]))
    except (KeyError, OverflowError, TypeError, ValueError):
        return False
    since = since if since.tzinfo else since.replace(tzinfo=datetime.timezone.utc)
    here = other.get("host") == platform.node()
    if here and other.get("space") not in (None, _space()) and other.get("kept") is True and other.get("boot") == _boot():
        return _is_kept(lock)  # another container of this computer, whose processes are not seen from here
    if not here or other.get("space") not in (None, _space()):
        return _now() - since < FORGOTTEN
    if process == os.getpid() or not 0 < process < 2**31:
        return False  # not among the locks of this process: left by one that had the same number
    return _runs(process) and other.get("began") in (None, _began(process))


def _runs(process: int) -> bool:
    """Whether a process of this computer runs."""
    if sys.platform == "win32":
        import ctypes

        handle = ctypes.windll.kernel32.OpenProcess(0x1000, False, process)  # may it be asked for its state
        if not handle:
            return False
        code = ctypes.c_ulong()
        ctypes.windll.kernel32.GetExitCodeProcess(handle, ctypes.byref(code))
        ctypes.windll.kernel32.CloseHandle(handle)
        return code.value == 259  # still active
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _space() -> str | None:
    """Where the numbers of processes count, which containers have each for itself; None where that is not known."""
    try:
        return str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return None


def _boot() -> str | None:
    """Tells this start of this computer from all others; None where that is not known."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return None


def _began(process: int) -> str | None:
    """When a process began, in the kernel's ticks, which tells it from a later one of the same number; None where that is not known."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[19]
    except (OSError, IndexError, ValueError):
        return None
