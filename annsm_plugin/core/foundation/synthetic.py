"""Whether inputs are synthetic: the demo archive's files are made like the real ones and cannot say it themselves."""

from __future__ import annotations

from pathlib import Path

from .paths import PathLike

#: A file of this name marks a folder of synthetic product files; the demo archive has it in its own folder and in each within.
MARK = "SYNTHETIC.txt"

#: What the attribute ``synthetic`` of files says, and the banner of reports.
DEMO = "the demo archive"


def attributes(*paths: PathLike | None) -> dict[str, str]:
    """``{"synthetic": ...}`` where one of the folders or files (None is allowed) belongs to a marked folder, else ``{}``."""
    folders = {folder for path in paths if path for folder in (Path(path), *Path(path).parents[:2])}
    return {"synthetic": DEMO} if any((folder / MARK).is_file() for folder in folders) else {}
