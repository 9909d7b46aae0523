"""Translation: of the window's words where they are used, of the algorithms' where QGIS asks for them."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QTranslator

#: The context of all texts of the plugin in the translation files.
CONTEXT = "annsm"

FOLDER = Path(__file__).resolve().parent.parent / "i18n"


def tr(text: str) -> str:
    """``text`` in the language of QGIS."""
    return QCoreApplication.translate(CONTEXT, text) if text else text


def install() -> QTranslator | None:
    """Let Qt know the translation into QGIS's language, if there is one; the translator must be kept, and given to ``remove``."""
    language = QgsApplication.instance().locale() if hasattr(QgsApplication.instance(), "locale") else "en"
    for name in (language, language.partition("_")[0], *(p.stem[len("annsm_") :] for p in FOLDER.glob(f"annsm_{language[:2]}_*.qm"))):
        path = FOLDER / f"annsm_{name}.qm"
        translator = QTranslator()
        if path.is_file() and translator.load(str(path)):
            QCoreApplication.installTranslator(translator)
            return translator
    return None


def remove(translator: QTranslator | None) -> None:
    """Take a translation away again."""
    if translator is not None:
        QCoreApplication.removeTranslator(translator)
