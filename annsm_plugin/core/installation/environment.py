"""The one command that makes a Python for training: outside the plugin and the profile, with PyTorch's CPU build."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from ..workers import process

#: The CPU builds of PyTorch: a tenth of the size of those for GPUs.
CPU_BUILDS = "https://download.pytorch.org/whl/cpu"

#: What is installed where the index of the CPU builds cannot be reached: a version that PyPI has for every supported Python.
PINNED = "torch==2.13.0"


def command(platform: str | None = None) -> str:
    """The command for a shell of ``platform`` (``sys.platform``; None: this computer's) that makes the environment ``process.HOME``.

    It brings its own numpy, so that QGIS's stays as it is. ``annsm:train`` finds the environment by itself afterwards.
    """
    platform = platform or sys.platform
    if platform == "win32":
        folder = r"%LOCALAPPDATA%\annsm-python"
        return f'py -3 -m venv "{folder}" && "{folder}\\Scripts\\python" -m pip install numpy torch'
    folder = "$HOME/.local/share/annsm-python" if platform != "darwin" else "$HOME/Library/Application Support/annsm-python"
    python = f'"{folder}/bin/python"'
    make = f'{_python3()} -m venv "{folder}" && {python} -m pip install numpy'
    if platform == "darwin":
        return f"{make} torch"
    quick = "--retries 1 --timeout 15"
    return f"{make} && ({python} -m pip install {quick} torch --index-url {CPU_BUILDS} || {python} -m pip install {PINNED})"


def _python3() -> str:
    """The interpreter that makes the environment: this program's own, if it is one that a shell can start."""
    own = next((path for path in process.candidates() if os.access(path, os.X_OK)), "")
    return f'"{own}"' if own and Path(own).name.startswith("python3") and "venv" not in own else "python3"
