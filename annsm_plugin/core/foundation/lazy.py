"""Lets a room name its nouns without importing the modules that define them: QGIS loads the plugin's choices, not numpy."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any


def exports(package: str, modules: dict[str, tuple[str, ...]]) -> tuple[Callable[[str], Any], list[str]]:
    """``__getattr__`` and ``__all__`` of ``package`` (its ``__name__``): module -> the names that it lends (PEP 562).

    A module is one of the package, or one elsewhere as a relative import says it ("..network.block").
    """
    home = {name: module for module, names in modules.items() for name in names}

    def lend(name: str) -> Any:
        if name not in home:
            raise AttributeError(f"module '{package}' has no attribute '{name}'")
        module = home[name] if home[name].startswith(".") else f".{home[name]}"
        return getattr(importlib.import_module(module, package), name)

    return lend, sorted(home)
