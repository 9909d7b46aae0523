"""What a run is asked: chain, folders, region, periods, stations, folder of results."""

from __future__ import annotations

from qgis.core import QgsApplication, QgsCoordinateReferenceSystem, QgsRectangle
from qgis.gui import QgsExtentWidget, QgsFileWidget
from qgis.PyQt.QtCore import QDate, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QDateEdit, QFormLayout, QHBoxLayout, QLabel, QWidget

from ...core.foundation.grid import DEFAULT_REGION
from ...processing.chains import TITLES
from ...processing.words import tr

#: Folder parameters of a chain, in the order of work, and what lies in them.
FOLDERS = {
    "AMSR": ("AMSR brightness temperature", "JAXA L3 files of AMSR2 and AMSR-E"),
    "SMAP": ("SMAP", "SPL3SMP files"),
    "GLDAS": ("GLDAS", "GLDAS-2.1 Noah 3-hourly files"),
    "LAI": ("Leaf area index", "MODIS 15A2H files or an AppEEARS export"),
}

#: Folders that only the chain of a study takes: products that stand beside ANN-SM at the stations.
BESIDE = {
    "LPRM": ("LPRM", "Optional: LPRM AMSR files, to stand beside ANN-SM at the stations"),
    "JAXA": ("JAXA soil moisture", "Optional: JAXA SMC files, to stand beside ANN-SM at the stations"),
    "SMOS": ("SMOS", "Optional: CATDS L3 files, to stand beside ANN-SM at the stations"),
}

PERIODS = (("Record", "START", "END"), ("Training", "TRAIN_START", "TRAIN_END"), ("Test", "TEST_START", "TEST_END"))

WGS84 = QgsCoordinateReferenceSystem


class Form(QWidget):
    """The form; ``values`` and ``fill`` read and write it as plain text by name, ``changed`` tells of folders that changed."""

    changed = pyqtSignal(str)

    def __init__(self, iface, parent=None):
        super().__init__(parent)
        layout = QFormLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.chain = QComboBox(self)
        for name, title in TITLES.items():
            self.chain.addItem(tr(title), name)
        layout.addRow(tr("Chain"), self.chain)
        self.folders, self.found = {}, {}
        for name, (label, what) in FOLDERS.items():
            self.folders[name] = self._folder(tr(what))
            self.folders[name].fileChanged.connect(lambda _, name=name: self.changed.emit(name))
            self.found[name] = QLabel(self)
            self.found[name].setTextFormat(Qt.TextFormat.PlainText)
            self.found[name].setWordWrap(True)
            self.found[name].setStyleSheet("color: #666666; font-size: 8pt")
            layout.addRow(tr(label), self.folders[name])
            layout.addRow("", self.found[name])
        self.region = QgsExtentWidget(self, QgsExtentWidget.WidgetStyle.CondensedStyle)
        self.region.setMapCanvas(iface.mapCanvas())
        self.region.setOutputCrs(WGS84("EPSG:4326"))
        self.region.setToolTip(tr("West, east, south, north in degrees; from the map or a layer by the button"))
        layout.addRow(tr("Region"), self.region)
        self.dates = {}
        definitions = {d.name(): d for d in self._definitions()}
        for label, first, last in PERIODS:
            row = QHBoxLayout()
            for name in (first, last):
                edit = QDateEdit(self)
                edit.setDisplayFormat("yyyy-MM-dd")
                edit.setCalendarPopup(True)
                default = definitions[name].defaultValue() if name in definitions else "2015-04-01"
                edit.setDate(QDate.fromString(str(default), "yyyy-MM-dd"))
                self.dates[name] = edit
                row.addWidget(edit)
            row.addStretch(1)
            layout.addRow(tr(label), row)
        self.stations = self._folder(tr("Optional: an ISMN download, to validate against stations too"))
        layout.addRow(tr("Stations"), self.stations)
        self.beside = {}
        for name, (label, what) in BESIDE.items():
            self.beside[name] = self._folder(tr(what))
            layout.addRow(tr(label), self.beside[name])
        self.chain.currentIndexChanged.connect(self._show_beside)
        self._show_beside()
        self.results = self._folder(tr("Receives all files of the run"))
        layout.addRow(tr("Results"), self.results)
        self.set_region(DEFAULT_REGION)

    def _show_beside(self, *_) -> None:
        """Show what only a study takes when one is chosen."""
        for widget in self.beside.values():
            for part in (widget, self.layout().labelForField(widget)):
                part.setVisible(self.chain.currentData() == "study")

    def _folder(self, tip: str) -> QgsFileWidget:
        widget = QgsFileWidget(self)
        widget.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        widget.setToolTip(tip)
        widget.lineEdit().setPlaceholderText(tip)
        return widget

    @staticmethod
    def _definitions():
        algorithm = QgsApplication.processingRegistry().algorithmById("annsm:recommended")
        return algorithm.parameterDefinitions() if algorithm is not None else []

    def set_region(self, bounds) -> None:
        """Set the region to (west, south, east, north)."""
        self.region.setOutputExtentFromUser(QgsRectangle(*bounds), WGS84("EPSG:4326"))

    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees."""
        box = self.region.outputExtent()
        return box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()

    def values(self) -> dict[str, str]:
        """What the form holds."""
        found = {"chain": self.chain.currentData(), "region": ",".join(f"{v:.6g}" for v in self.bounds())}
        found.update({name: widget.filePath() for name, widget in self.folders.items()})
        found.update({name: edit.date().toString("yyyy-MM-dd") for name, edit in self.dates.items()})
        found.update({name: widget.filePath() for name, widget in self.beside.items()})
        return {**found, "STATIONS": self.stations.filePath(), "results": self.results.filePath()}

    def fill(self, values: dict) -> None:
        """Fill the form with what ``values`` holds; the rest stays."""
        index = self.chain.findData(values.get("chain"))
        if index >= 0:
            self.chain.setCurrentIndex(index)
        for name, widget in (*self.folders.items(), *self.beside.items(), ("STATIONS", self.stations), ("results", self.results)):
            if name in values:
                widget.setFilePath(values[name])
        for name, edit in self.dates.items():
            date = QDate.fromString(str(values.get(name, "")), "yyyy-MM-dd")
            if date.isValid():
                edit.setDate(date)
        try:
            west, south, east, north = (float(v) for v in str(values.get("region", "")).split(","))
        except ValueError:
            return
        self.set_region((west, south, east, north))
