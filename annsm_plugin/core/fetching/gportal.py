"""AMSR files from JAXA's G-Portal by SFTP, with the system's ``sftp`` (OpenSSH), which Linux, macOS and Windows have.

The login is a key of ssh, or a name and password that ssh asks a helper for (SSH_ASKPASS): a small script in a private folder that gives
what its environment holds, so that the password is in no file and in no command line. On Windows only keys work. The host's key must be
known to ssh: it is never accepted unseen.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from .. import products
from ..downloads.amsr import HOST, PORT
from ..foundation import machine, store
from ..foundation.errors import AnnsmError
from ..foundation.progress import Progress
from ..products import Entry
from ..products.probe import problem
from .crew import look_into, named
from .login import Login
from .transfer import INCOMING
from .web import Broken, Refused

#: Files that are asked for in one session.
_MANY = 40

#: Sessions in a row that bring nothing, after which no other is begun.
_IDLE = 3

_ANSWER = "ANNSM_SFTP_ANSWER"
_HELPER = f'#!/bin/sh\nprintf "%s\\n" "${_ANSWER}"\n'

#: What ssh says -> what it means.
_MEANING = {
    "host key verification failed": f"ssh does not know the key of {HOST}; connect once by hand (sftp -P {PORT} NAME@{HOST}), compare the "
    "key with the one that G-Portal publishes, and accept it",
    "permission denied": f"{HOST} refused the login; look at name and password, or at the key that G-Portal has of you",
    "could not resolve": f"{HOST} cannot be found; look at the network",
}


def needed(login: Login) -> str:
    """What is missing for SFTP, in a sentence; empty if all is there."""
    if shutil.which("sftp") is None:
        return "G-Portal needs the program sftp (OpenSSH), which is not there; on Debian and Ubuntu 'sudo apt install openssh-client'."
    if not login.name:
        return (
            "G-Portal asks for a login and none is given; choose an authentication of QGIS in GPORTAL, set GPORTAL_USERNAME (with a key of "
            f"ssh, or GPORTAL_PASSWORD), or write 'machine {HOST} login NAME password PASSWORD' into the file .netrc of your home folder."
        )
    return ""


def fetch(wanted: dict[str, Entry], folder: Path, login: Login, tries: int, progress: Progress) -> tuple[dict[Path, int], dict[str, str]]:
    """Fetch paths (with wildcards) into ``folder``: the files that came with their bytes, and path -> why it did not.

    Raises ``Refused`` and ``Broken`` if there is no way in, and ``Cancelled``.
    """
    incoming = folder / INCOMING
    try:
        incoming.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise store.what_failed(incoming, error) or AnnsmError(f"{incoming} cannot be made: {error.strerror}.") from error
    came = _take(incoming, folder, progress)  # of a run that was stopped
    missing: dict[str, str] = {}
    waiting, asked, idle = deque(wanted), Counter[str](), 0
    while waiting:
        there = _keys(came)
        part = [waiting.popleft() for _ in range(min(_MANY, len(waiting)))]
        part = [path for path in part if wanted[path].key not in there]
        progress.report(len(came) / len(wanted), f"amsr: {len(came)} of {len(wanted)} files")
        if not part:
            continue
        said = _session(part, incoming, login, progress)
        new = _take(incoming, folder, progress)
        came.update(new)
        there, begun = _keys(came), _keys(incoming.iterdir())
        idle = 0 if new else idle + 1
        for path in part:
            asked[path] += 1
            if wanted[path].key in there:
                continue
            if (said or wanted[path].key in begun) and asked[path] < tries and idle < _IDLE:
                waiting.append(path)
            else:
                missing[path] = said or "the archive does not have it, or it could not be opened"
        if idle >= _IDLE and said:
            missing.update(dict.fromkeys(waiting, f"not tried: {said}"))
            break
    with contextlib.suppress(OSError):
        incoming.rmdir()
    return came, missing


def _keys(paths: Iterable[Path]) -> set[Any]:
    """The observations that files hold by their names."""
    return {e.key for e in map(products.entry, paths) if e is not None}


def _take(incoming: Path, folder: Path, progress: Progress) -> dict[Path, int]:
    """Open what has come whole and give it its name; what is cut off stays to be gone on with, what cannot be used is removed."""
    known = [products.entry(path) for path in sorted(incoming.iterdir())]
    whole = [e for e in known if e is not None and "cut off" not in problem(e.path)]
    wrong = look_into(whole, progress)
    came = {}
    for path in (Path(e.path) for e in whole):
        if path in wrong:
            store.remove(path)
        else:
            came[folder / path.name] = named(path, folder / path.name)
    return came


def _session(paths: list[str], incoming: Path, login: Login, progress: Progress) -> str:
    """One session of sftp that fetches ``paths``, going on with what is cut off; what went wrong with the connection, if anything."""
    program = shutil.which("sftp") or "sftp"
    local = str(incoming).replace("\\", "/").replace('"', '\\"')
    commands = "".join(f'get -a -p {path} "{local}/"\n' for path in paths) + "bye\n"
    options = ["StrictHostKeyChecking=yes", "NumberOfPasswordPrompts=1", "ConnectTimeout=30", "ServerAliveInterval=20"]
    command = [program, "-q", "-P", str(PORT), *(f"-o{option}" for option in options), f"{login.name}@{HOST}"]
    with _asking(login) as environment:
        own = {"start_new_session": True} if sys.platform != "win32" else {"creationflags": getattr(subprocess, "CREATE_NO_WINDOW", 0)}
        with tempfile.TemporaryFile() as complaints:
            child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=complaints, env=environment, **own)
            feeding = machine.Thread(target=_feed, args=(child, commands), daemon=True)
            try:
                feeding.start()
                while child.poll() is None:
                    progress.check()
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        child.wait(0.1)
            finally:
                _end(child)
            complaints.seek(0)
            said = complaints.read(20_000).decode("utf-8", "replace").lower()
    for words, meaning in _MEANING.items():
        if words in said and child.returncode == 255:
            if "resolve" in words:
                raise Broken(meaning)
            raise Refused(f"{meaning}.")
    return f"the connection to {HOST} broke or could not be made" if child.returncode == 255 else ""


def _feed(child: subprocess.Popen[bytes], commands: str) -> None:
    with contextlib.suppress(OSError, ValueError):
        if child.stdin is not None:
            child.stdin.write(commands.encode())
            child.stdin.close()


def _end(child: subprocess.Popen[bytes]) -> None:
    """End a session and the ssh that it has started."""
    if child.poll() is None:
        with contextlib.suppress(OSError):
            if sys.platform != "win32":
                os.killpg(child.pid, signal.SIGTERM)
            else:
                child.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(2.0)
        if child.poll() is None:
            child.kill()
            child.wait()


@contextlib.contextmanager
def _asking(login: Login) -> Iterator[dict[str, str]]:
    """The environment of a session, in which ssh finds the password if there is one."""
    environment = dict(os.environ)
    if not login.password or sys.platform == "win32":
        yield environment
        return
    with tempfile.TemporaryDirectory(prefix="annsm-") as place:  # private: only this user may enter it
        helper = Path(place) / "ask"
        with os.fdopen(os.open(helper, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o700), "w", encoding="ascii") as file:
            file.write(_HELPER)
        yield {**environment, _ANSWER: login.password, "SSH_ASKPASS": str(helper), "SSH_ASKPASS_REQUIRE": "force",
               "DISPLAY": environment.get("DISPLAY", ":0")}  # fmt: skip
