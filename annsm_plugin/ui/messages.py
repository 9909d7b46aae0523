"""What goes wrong in the window: one sentence in the message bar with Details, everything else in the log."""

from __future__ import annotations

import html
import traceback

from qgis.core import Qgis, QgsMessageLog
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QMessageBox, QPushButton

from ..core.foundation.errors import AnnsmError
from ..processing.words import tr

LOG = "ANN-SM"


def log(text: str, level=Qgis.MessageLevel.Info) -> None:
    """Write to the tab "ANN-SM" of the log panel."""
    QgsMessageLog.logMessage(text, LOG, level, False)


def tip(text: str) -> str:
    """A tool tip that shows ``text``, in which names from files may be, as it is."""
    return "<qt>" + html.escape(text, quote=False).replace("\n", "<br>") + "</qt>"


def tell(iface, sentence: str, details: str = "", level=Qgis.MessageLevel.Warning, seconds: int = 15) -> None:
    """Show a sentence in the message bar; ``details`` behind a button, and in the log."""
    log(f"{sentence}\n{details}".strip(), level)
    bar = iface.messageBar()
    item = bar.createMessage("ANN-SM", html.escape(sentence, quote=False))
    if details:
        button = QPushButton(tr("Details"), item)
        button.clicked.connect(lambda: _show(iface, sentence, details))
        item.layout().addWidget(button)
    bar.pushWidget(item, level, seconds)


def failed(iface, error: BaseException) -> None:
    """Tell of an error: its own sentence if it is one for the user; of a defect, that there is one, the traceback behind the button."""
    if isinstance(error, AnnsmError):
        tell(iface, str(error))
        return
    text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    tell(iface, tr("Something went wrong in the plugin; Details has what to report."), text, Qgis.MessageLevel.Critical)


def _show(iface, sentence: str, details: str) -> None:
    box = QMessageBox(QMessageBox.Icon.Information, "ANN-SM", sentence, QMessageBox.StandardButton.Close, iface.mainWindow())
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setDetailedText(details)
    box.show()
