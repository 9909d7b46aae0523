"""Rows that are left out: each is counted once, and said with its reason and its line."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

#: Lines that are named for each reason.
_NAMED = 5

#: The reason that is no cause for a warning.
MISSING = "without a value"


class Losses:
    """Counts the rows of a table that are left out. ``kept`` (rows,): those that nothing was said against."""

    def __init__(self, lines: Sequence[int]) -> None:
        self._lines = np.asarray(lines, dtype=np.int64)
        self.kept = np.ones(self._lines.size, dtype=bool)
        self._reasons: dict[str, np.ndarray] = {}
        self._samples: dict[str, str] = {}

    def note(self, out: np.ndarray, reason: str, texts: Sequence[str] | None = None) -> None:
        """Leave the rows ``out`` (rows,) out for a ``reason``, those that are not left out already; texts (rows,): what they say."""
        new = np.asarray(out, dtype=bool) & self.kept
        if not new.any():
            return
        self.kept &= ~new
        self._reasons[reason] = self._reasons[reason] | new if reason in self._reasons else new
        if texts is not None:
            self._samples.setdefault(reason, " ".join(texts[int(np.flatnonzero(new)[0])].split())[:60])

    def count(self, reason: str) -> int:
        """How many rows are left out for a reason."""
        return int(self._reasons[reason].sum()) if reason in self._reasons else 0

    @property
    def unusual(self) -> bool:
        """Whether rows are left out for anything but a missing value."""
        return bool(self._reasons.keys() - {MISSING})

    def __bool__(self) -> bool:
        return bool(self._reasons)

    def words(self) -> str:
        """How many rows are left out, why, and in which lines of the file they begin."""
        parts = []
        for reason, out in sorted(self._reasons.items(), key=lambda item: -int(item[1].sum())):
            lines = self._lines[out]
            named = ", ".join(map(str, lines[:_NAMED].tolist())) + (" ..." if lines.size > _NAMED else "")
            sample = f", such as '{self._samples[reason]}'" if reason in self._samples else ""
            parts.append(f"{lines.size} {reason}{sample} (line{'s' if lines.size > 1 else ''} {named})")
        return f"{int((~self.kept).sum())} of {self.kept.size} rows were left out: {'; '.join(parts)}"
