"""What this computer has and lacks for each step, and the command that makes a Python for training."""

from ..foundation.lazy import exports

__getattr__, __all__ = exports(
    __name__,
    {"request": ("CheckInstallationRequest",), "computer": ("InstallationResult", "check", "look", "run"), "environment": ("command",)},
)
