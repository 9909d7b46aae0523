"""A progress that keeps what a step says."""

from __future__ import annotations

from annsm_plugin.core.foundation.progress import Progress


class Ear(Progress):
    """``infos`` and ``warnings`` apart, and ``said``, both in the order in which they came."""

    def __init__(self):
        self.infos, self.warnings, self.said = [], [], []

    def info(self, text):
        self.infos.append(text)
        self.said.append(text)

    def warning(self, text):
        self.warnings.append(text)
        self.said.append(text)
