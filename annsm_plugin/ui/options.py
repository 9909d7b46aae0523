"""The page "ANN-SM" of QGIS's options: Python for training, processes, device, memory, and what is missing."""

from __future__ import annotations

import os
from pathlib import Path

from qgis.core import QgsSettings
from qgis.gui import QgsFileWidget, QgsOptionsPageWidget, QgsOptionsWidgetFactory
from qgis.PyQt.QtGui import QGuiApplication, QIcon
from qgis.PyQt.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QSpinBox, QVBoxLayout

from ..core.foundation import machine
from ..processing.words import tr
from .background import Background

ICON = Path(__file__).resolve().parent.parent / "icons" / "annsm.svg"

#: Environment variable -> where QGIS keeps the setting.
KEPT = {
    machine.PYTHON: "annsm/python",
    machine.PROCESSES: "annsm/processes",
    machine.DEVICE: "annsm/device",
    machine.MEMORY: "annsm/memory",
}

#: What the environment said before the plugin set anything.
_BEFORE = {name: os.environ.get(name) for name in KEPT}


def apply() -> None:
    """Hand the settings to the core, as environment variables; without a setting the environment's own counts."""
    for name, key in KEPT.items():
        value = str(QgsSettings().value(key) or "") or _BEFORE[name]
        if value:
            os.environ[name] = value
        else:
            os.environ.pop(name, None)


def forget() -> None:
    """Leave the environment as it was before the plugin."""
    for name, value in _BEFORE.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


class OptionsFactory(QgsOptionsWidgetFactory):
    """Makes the page."""

    def __init__(self):
        super().__init__("ANN-SM", QIcon(str(ICON)))
        self.setTitle("ANN-SM")

    def icon(self):
        return QIcon(str(ICON))

    def createWidget(self, parent):
        return OptionsPage(parent)


class OptionsPage(QgsOptionsPageWidget):
    """The page."""

    def __init__(self, parent=None):
        super().__init__(parent)
        settings = QgsSettings()
        layout = QVBoxLayout(self)
        form = QFormLayout()
        layout.addLayout(form)
        self.python = QgsFileWidget(self)
        self.python.setStorageMode(QgsFileWidget.StorageMode.GetFile)
        self.python.setFilePath(str(settings.value(KEPT[machine.PYTHON]) or ""))
        self.python.lineEdit().setPlaceholderText(tr("found by itself"))
        form.addRow(tr("Python for training"), self.python)
        self.processes = self._number(settings.value(KEPT[machine.PROCESSES]), 1024, tr("as many as cores"))
        form.addRow(tr("Most worker processes"), self.processes)
        self.device = QComboBox(self)
        for value, text in (("", tr("whichever is faster")), ("cpu", tr("CPU")), ("cuda", tr("NVIDIA GPU (CUDA)"))):
            self.device.addItem(text, value)
        self.device.setCurrentIndex(max(0, self.device.findData(str(settings.value(KEPT[machine.DEVICE]) or ""))))
        form.addRow(tr("Device 'auto' means"), self.device)
        self.memory = self._number(settings.value(KEPT[machine.MEMORY]), 1_000_000, tr("256 MB"))
        self.memory.setSuffix(" MB")
        self.memory.setSingleStep(64)
        self.memory.setToolTip(tr("Memory that the arrays of one step may take; more makes large regions a little faster"))
        form.addRow(tr("Memory of a step"), self.memory)
        row = QHBoxLayout()
        layout.addLayout(row)
        self.check_button = QPushButton(tr("Check installation"), self)
        self.check_button.clicked.connect(self.check)
        row.addWidget(self.check_button)
        row.addStretch(1)
        self.found = QPlainTextEdit(self)
        self.found.setReadOnly(True)
        self.found.setPlaceholderText(tr("What this computer has and lacks for each step"))
        layout.addWidget(self.found, 1)
        layout.addWidget(QLabel(tr("A Python for training, beside QGIS's own; paste this into a terminal:"), self))
        row = QHBoxLayout()
        layout.addLayout(row)
        self.command = QLineEdit(self)
        self.command.setReadOnly(True)
        copy = QPushButton(tr("Copy"), self)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.command.text()))
        row.addWidget(self.command, 1)
        row.addWidget(copy)
        from ..core.installation.environment import command

        self.command.setText(command())
        self.background = Background(self)
        self.destroyed.connect(self.background.close)

    def _number(self, value, most: int, none: str) -> QSpinBox:
        box = QSpinBox(self)
        box.setRange(0, most)
        box.setSpecialValueText(none)
        try:
            box.setValue(int(value or 0))
        except (TypeError, ValueError):
            box.setValue(0)
        return box

    def check(self) -> None:
        """Look at packages and interpreters, beside the window."""
        self.check_button.setEnabled(False)
        self.found.setPlainText(tr("Looking …"))
        python = self.python.filePath()

        def work(job):
            from ..core.installation import computer

            return computer.look(python, job)

        def then(result):
            lines = [*result.summary, *(f"{one.path}: {one.words}" for one in result.interpreters), *result.warnings]
            self.found.setPlainText("\n".join(lines))
            self.command.setText(result.command)
            self.check_button.setEnabled(True)

        def failed(error):
            self.found.setPlainText(str(error))
            self.check_button.setEnabled(True)

        self.background.run("check", work, then, failed)

    def apply(self) -> None:
        """Keep the settings and hand them to the core."""
        settings = QgsSettings()
        settings.setValue(KEPT[machine.PYTHON], self.python.filePath())
        settings.setValue(KEPT[machine.PROCESSES], str(self.processes.value() or ""))
        settings.setValue(KEPT[machine.DEVICE], self.device.currentData())
        settings.setValue(KEPT[machine.MEMORY], str(self.memory.value() or ""))
        apply()
