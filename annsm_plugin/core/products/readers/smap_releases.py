"""The releases of SPL3SMP and which retrieval algorithm is the baseline of each."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ...foundation.errors import ParameterError
from ..naming import Entry


def release(version: str | None) -> int | None:
    """The data version (3-9) of a release such as "R18290_001"; None if the text is not a release."""
    match = re.fullmatch(r"R(\d{2})\d{3}(?:_\d{3})?", str(version or "").strip(), re.IGNORECASE)
    if not match:
        return None
    major = int(match.group(1))
    return {13: 3, 14: 4, 15: 5, 16: 6, 17: 7, 18: 8, 19: 9}.get(major, major - 10)


def _of(entry: Entry) -> int | None:
    """The data version of SPL3SMP that a file's release is of. Layers of AppEEARS carry data versions; SPL3SMP_E's are three less."""
    if re.fullmatch(r"\d{3}", str(entry.version or "")):
        return int(str(entry.version)) + (3 if entry.product == "smap_e" else 0)
    return release(entry.version)


def baseline(entries: Iterable[Entry], smap_variable: str) -> str:
    """The baseline algorithm of SMAP files, "DCA" or "SCA-V".

    Empty if ``smap_variable`` is not "baseline", or if no file has a known release.
    """
    releases = [_of(entry) for entry in entries] if smap_variable == "baseline" else []
    known = [number for number in releases if number is not None]
    return ("DCA" if known[-1] >= 8 else "SCA-V") if known else ""


def check_releases(entries: Iterable[Entry], smap_variable: str) -> None:
    """Raise ``ParameterError`` if ``smap_variable`` is "baseline" and ``entries`` are of releases with different baseline algorithms."""
    if smap_variable != "baseline":
        return
    kinds: dict[str, set[str]] = {}
    for entry in entries:
        number = _of(entry)
        if number is not None:
            kinds.setdefault("DCA (version 8 and later)" if number >= 8 else "SCA-V (up to version 7)", set()).add(
                str(entry.version).split("_")[0]
            )
    if len(kinds) > 1:
        found = " and ".join(f"{', '.join(sorted(versions))} with {kind}" for kind, versions in sorted(kinds.items()))
        raise ParameterError(
            f"The SMAP files are of releases with different baseline algorithms ({found}); "
            "keep one kind, or choose the variable DCA, SCA-V or SCA-H."
        )
