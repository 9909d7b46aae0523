"""Finds QGIS's command line and gives it a profile of its own with the staged plugin enabled."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build"


def environment(profile: Path | None = None) -> dict[str, str]:
    """Environment for QGIS: headless, the staged plugin on its path, the virtual environment's packages, a profile under build/."""
    site = next((ROOT / ".venv" / "lib").glob("python3*/site-packages"), None)
    runtime = Path(tempfile.gettempdir()) / f"annsm-runtime-{os.getuid()}"
    runtime.mkdir(mode=0o700, exist_ok=True)
    profile = profile or BUILD / "profile"
    profile.mkdir(parents=True, exist_ok=True)
    more = {
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_RUNTIME_DIR": str(runtime),
        "QGIS_CUSTOM_CONFIG_PATH": str(profile),
        "QGIS_PLUGINPATH": str(BUILD),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(site) if site else "", os.environ.get("PYTHONPATH", "")])),
        "PATH": os.pathsep.join(["/usr/bin", "/bin", os.environ.get("PATH", "")]),
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return {**os.environ, **more}


def command() -> str:
    """qgis_process; on QGIS 3.22 its wrapper does nothing, so the program behind it is called."""
    for name in ("qgis_process.bin", "qgis_process"):
        found = shutil.which(name, path=environment()["PATH"])
        if found:
            return found
    raise SystemExit("qgis_process was not found; run 'make setup'.")


def enable(env: dict[str, str]) -> None:
    """Switch the plugin on in the profile."""
    done = subprocess.run([command(), "plugins", "enable", "annsm_plugin"], env=env, capture_output=True, text=True)
    if done.returncode and "already enabled" not in done.stdout + done.stderr:
        raise SystemExit(f"The plugin could not be enabled:\n{done.stdout[-1000:]}\n{done.stderr[-2000:]}")


def run(algorithm: str, env: dict[str, str], **parameters) -> dict:
    """Run one algorithm; its outputs by name. Raises ``RuntimeError`` with what QGIS printed if it fails."""
    arguments = [f"--{name}={value}" for name, value in parameters.items() if value is not None]
    done = subprocess.run([command(), "--json", "run", algorithm, *arguments], env=env, capture_output=True, text=True)
    start = done.stdout.find("{")
    if done.returncode or start < 0:
        raise RuntimeError(f"{algorithm} failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return json.loads(done.stdout[start:]).get("results", {})
