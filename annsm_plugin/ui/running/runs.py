"""The list of runs: what was asked, when, and how it ended; kept in the user's profile."""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ...core.foundation import store

#: Runs that are remembered.
MOST = 50

#: How a run ended; one that says "running" when QGIS starts was cut off.
RUNNING, DONE, FAILED, CANCELLED, CUT_OFF = "running", "done", "failed", "cancelled", "cut off"


@dataclass
class Run:
    """One run of a chain. ``asked``: what the form holds, by name; ``folder`` of the results; ``said``: its last sentence."""

    chain: str
    asked: dict
    folder: str
    started: str = field(default_factory=lambda: datetime.datetime.now().strftime("%Y-%m-%d %H:%M:%S"))
    seconds: float = 0.0
    state: str = RUNNING
    said: str = ""


class Runs:
    """The runs, the newest first; every change is kept on disk at once. A damaged file is as good as none."""

    def __init__(self, path: Path):
        self.path = Path(path)
        self.runs: list[Run] = []
        from ...core.foundation.outside import parse_json

        try:
            known = set(Run.__dataclass_fields__)
            for row in parse_json(self.path.read_text(encoding="utf-8"), finite=False):
                self.runs.append(Run(**{name: value for name, value in row.items() if name in known}))
        except (OSError, ValueError, TypeError, AttributeError):
            self.runs = []
        for run in self.runs:
            if run.state == RUNNING:
                run.state = CUT_OFF

    def add(self, run: Run) -> None:
        """A new run, in front of the others."""
        self.runs = [run, *self.runs][:MOST]
        self.keep()

    def remove(self, run: Run) -> None:
        """Forget a run; its files stay."""
        self.runs = [other for other in self.runs if other is not run]
        self.keep()

    def keep(self) -> None:
        """Write the list."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        store.write_json(self.path, [asdict(run) for run in self.runs])
