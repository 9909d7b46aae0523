"""Translation of the window's words."""

from __future__ import annotations

from qgis.PyQt.QtCore import QCoreApplication

#: The context of all texts of the plugin in the translation files.
CONTEXT = "annsm"


def tr(text: str) -> str:
    """``text`` in the language of QGIS."""
    return QCoreApplication.translate(CONTEXT, text)
