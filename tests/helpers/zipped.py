"""The zip that QGIS installs, made in a checkout of its own: what is not of the repository cannot get into it."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAME = "annsm_plugin"

#: What ``make package`` reads beside the plugin, the documents and the scripts.
FILES = ("Makefile", "metadata.txt", "LICENSE", "README.md")


def make(checkout: Path) -> tuple[Path, Path]:
    """The zip and the folder in which it was put together, both in the empty folder ``checkout``."""
    for name in (*FILES, *(p.relative_to(ROOT) for part in (NAME, "docs", "scripts") for p in (ROOT / part).rglob("*"))):
        if "__pycache__" not in str(name) and (ROOT / name).is_file():
            (checkout / name).parent.mkdir(parents=True, exist_ok=True)
            (checkout / name).write_bytes((ROOT / name).read_bytes())
    (checkout / ".venv").symlink_to(ROOT / ".venv")
    done = subprocess.run(["make", "-s", "package"], cwd=checkout, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return checkout / "dist" / f"{NAME}.zip", checkout / "build"
