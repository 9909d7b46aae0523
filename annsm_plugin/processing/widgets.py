"""What a dialog shows for a text with words to choose from; imported by QGIS's dialogs only, by its name (``parameters.words``)."""

from __future__ import annotations

from processing.gui.wrappers import DIALOG_MODELER, WidgetWrapper
from qgis.core import QgsProcessingOutputString, QgsProcessingParameterString
from qgis.PyQt.QtWidgets import QComboBox


class Offered(WidgetWrapper):
    """A box with the ``offered`` words that takes any other text too (QGIS's own drops a text that it does not offer)."""

    def createWidget(self, offered=()):
        box = QComboBox()
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        box.addItems(list(offered))
        if self.dialogType == DIALOG_MODELER:
            for value in self.dialog.getAvailableValuesOfType(QgsProcessingParameterString, QgsProcessingOutputString):
                box.addItem(self.dialog.resolveValueDescription(value), value)
        return box

    def setValue(self, value):
        self.setComboValue(value)

    def value(self):
        text = self.widget.currentText()
        data = self.widget.itemData(max(self.widget.findText(text), 0))  # of a model: the input or output that the text names
        return text.strip() if data is None else data
