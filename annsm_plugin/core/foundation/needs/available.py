"""What the system says is free: space in a folder, quota included where the system counts it in, and memory."""

from __future__ import annotations

import contextlib
import ctypes
import shutil
import sys
from pathlib import Path
from typing import Any

#: Limits of a control group at or above this (bytes) stand for none.
_NO_LIMIT = 2**60


def space(folder: Path) -> int | None:
    """Bytes that this user may still write in a folder; None if the system does not say."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def disk_of(folder: Path) -> object:
    """What tells one file system from another."""
    try:
        return folder.stat().st_dev
    except OSError:
        return str(folder)


def memory() -> tuple[int, int] | None:
    """Bytes of memory that programs can have without swapping, and with it; None if the system does not say.

    On Linux what is free or can be freed, within the limits of the control groups of this process; on Windows the same in its words; on
    macOS all the memory there is, since it does not say what could be freed.
    """
    try:
        if sys.platform == "win32":
            return _windows()
        if sys.platform == "darwin":
            return _macos()
        return _linux(Path("/"))
    except (OSError, ValueError, AttributeError):
        return None


def _linux(root: Path) -> tuple[int, int] | None:
    found = {}
    for line in (root / "proc/meminfo").read_text().splitlines():
        name, _, value = line.partition(":")
        with contextlib.suppress(ValueError, IndexError):
            found[name] = int(value.split()[0]) * 1024
    if "MemAvailable" not in found:
        return None
    dry, wet = found["MemAvailable"], found["MemAvailable"] + found.get("SwapFree", 0)
    for room in _groups(root):
        dry, wet = min(dry, room), min(wet, room)
    return max(dry, 0), max(wet, 0)


def _groups(root: Path) -> list[int]:
    """Bytes left under the limit of each control group around this process (versions 1 and 2)."""
    try:
        lines = (root / "proc/self/cgroup").read_text().splitlines()
    except OSError:
        return []
    rooms = []
    for line in lines:
        _, controllers, own = [*line.split(":", 2), "", ""][:3]
        if controllers and "memory" not in controllers.split(","):
            continue
        first = root / ("sys/fs/cgroup/memory" if controllers else "sys/fs/cgroup")
        limit, used = ("memory.limit_in_bytes", "memory.usage_in_bytes") if controllers else ("memory.max", "memory.current")
        inner = first / own.strip("/")
        around = [inner, *inner.parents]
        for folder in around[: around.index(first) + 1]:
            with contextlib.suppress(OSError, ValueError):
                most = int((folder / limit).read_text())
                if most < _NO_LIMIT:
                    rooms.append(most - int((folder / used).read_text()) + _reclaimable(folder))
    return rooms


def _reclaimable(folder: Path) -> int:
    """Bytes of a group's use that are copies of files, which the system drops when memory is short."""
    with contextlib.suppress(OSError, ValueError):
        for line in (folder / "memory.stat").read_text().splitlines():
            name, _, value = line.partition(" ")
            if name in ("inactive_file", "total_inactive_file"):
                return int(value)
    return 0


def _windows() -> tuple[int, int] | None:
    class Status(ctypes.Structure):
        _fields_ = [
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            *((name, ctypes.c_ulonglong) for name in ("total", "free", "total_page", "free_page", "total_virtual", "free_virtual", "more")),
        ]

    status: Any = Status()
    status.length = ctypes.sizeof(Status)
    windll: Any = getattr(ctypes, "windll", None)
    if not windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):
        return None
    return int(status.free), max(int(status.free), int(status.free_page))


def _macos() -> tuple[int, int] | None:
    size, length = ctypes.c_uint64(0), ctypes.c_size_t(8)
    if ctypes.CDLL(None).sysctlbyname(b"hw.memsize", ctypes.byref(size), ctypes.byref(length), None, 0):
        return None
    return int(size.value), int(size.value)
