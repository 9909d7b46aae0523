"""annsm:checkinstallation: what this computer has and lacks, per step."""

from __future__ import annotations

from typing import ClassVar

from ...core.installation.request import STEPS, CheckInstallationRequest
from ..base import AnnsmAlgorithm


class CheckInstallation(AnnsmAlgorithm):
    NAME, TITLE = "checkinstallation", "Check installation"
    GROUP = ("data", "0 - Data")
    TAGS = ("PyTorch", "Python", "packages", "dependencies", "install")
    ICON = "data.svg"
    NEEDS = ()
    MAIN = "REPORT"
    HELP = (
        "Says which steps this computer is ready for and which packages are missing. Every Python that is found is started and trains a "
        "few networks, so that a broken one is told from a good one. If none can, the report holds one command that makes an environment "
        "for training; QGIS itself needs no PyTorch then."
    )
    REQUEST, STEP = CheckInstallationRequest, "installation"
    BOOLEANS: ClassVar[dict[str, str]] = {name: f"Ready: {title}" for name, (title, _) in STEPS.items()}
    STRINGS: ClassVar[dict[str, str]] = {"COMMAND": "Command that makes a Python for training"}

    def numbers(self, result):
        return {**result.ready, "COMMAND": result.command}
