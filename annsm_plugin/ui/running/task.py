"""One run: a chain as a task of QGIS's task manager, its feedback, and its results as layers of the project."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from qgis.core import (
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ...core.foundation.paths import file_of
from ...processing import layers
from ...processing.chains import OUTPUTS

#: Output of a chain -> file name in the folder of results.
FILES = {
    "match:CUBE": "cube.nc",
    "screenprecipitation:SCREENED": "screened.nc",
    "train:MODEL": "model.nc",
    "reconstruct:ANNSM": "annsm.nc",
    "validatesatellite:R": "r.tif",
    "validatesatellite:RMSE": "rmse.tif",
    "validatesatellite:BIAS": "bias.tif",
    "validatesatellite:REPORT": "validation.html",
    "validatestations:STATION_CELLS": "stations.gpkg",
    "validatestations:STATION_TABLE": "stations.csv",
    "validatestations:SITES": "sites.csv",
    "sensitivity:SENSITIVITY": "sensitivity.csv",
    "sensitivity:BEST": "best.json",
    "sensitivity:DAYS": "days.tif",
    "comparemethods:METHODS": "methods.csv",
    "fillgaps:FILLED": "filled.nc",
    "aggregate:MONTHS": "months.nc",
    "aggregate:TREND": "trend.tif",
    "aggregate:SIGNIFICANCE": "significance.tif",
    "studyreport:STUDY": "study.html",
    "studyreport:PDF": "study.pdf",
    "studyreport:FIGURES": "figures",
}

#: File -> group of the layer tree, title, style, variable of a NetCDF file; the first is drawn on top.
LAYERS = (
    ("stations.gpkg", "Stations", "Stations: R of ANN-SM", "stations", ""),
    ("annsm.nc", "ANN-SM", "ANN-SM soil moisture", "soil_moisture", "soil_moisture"),
    ("filled.nc", "ANN-SM", "ANN-SM soil moisture, filled", "soil_moisture", "soil_moisture"),
    ("r.tif", "Validation against SMAP", "R", "r", ""),
    ("rmse.tif", "Validation against SMAP", "RMSE (m³ m⁻³)", "rmse", ""),
    ("bias.tif", "Validation against SMAP", "BIAS = SMAP − ANN-SM (m³ m⁻³)", "bias", ""),
    ("trend.tif", "Trend", "Trend per year", "trend", ""),
    ("significance.tif", "Trend", "Significance of the trend (p)", "significance", ""),
)

#: What a browser or a PDF reader shows, the most complete first.
REPORTS = ("study.html", "study.pdf", "stations.html", "validation.html")

#: Groups that are drawn when they are loaded, and the files in them that are not.
DRAWN, HIDDEN = ("Stations", "ANN-SM"), ("filled.nc",)


def files_of(chain: str) -> dict[str, str]:
    """The outputs of a chain and their file names."""
    return {output: FILES[output] for output in OUTPUTS[chain]}


def reports(folder: Path) -> list[Path]:
    """The reports in a folder of results, the most complete first."""
    return [folder / name for name in REPORTS if (folder / name).is_file()]


class Feedback(QgsProcessingFeedback):
    """Remembers the step's text, warnings, errors and the log; asked from the window's thread."""

    def __init__(self):
        super().__init__(False)
        self._lock, self.text, self.errors, self.lines = threading.Lock(), "", [], []

    def _add(self, text: str) -> None:
        with self._lock:
            self.lines.append(text)
            del self.lines[:-2000]

    def setProgressText(self, text):
        self.text = text
        self._add(text)

    def pushInfo(self, info):
        self._add(info)

    def pushWarning(self, warning):
        self._add(f"Warning: {warning}")

    def reportError(self, error, fatalError=False):
        self.errors.append(error)
        self._add(error)

    def pushDebugInfo(self, info):
        pass

    def pushCommandInfo(self, info):
        pass

    def pushConsoleInfo(self, info):
        pass

    def log(self) -> str:
        """Everything that was said."""
        with self._lock:
            return "\n".join(self.lines)


class ChainTask(QObject):
    """Runs algorithms one after the other as tasks: (id, parameters) each. ``ended`` gives whether all went well and what was said."""

    ended = pyqtSignal(bool, str)

    def __init__(self, steps, parent=None):
        super().__init__(parent)
        self._steps, self._task, self.began, self.at = list(steps), None, time.monotonic(), 0
        self.feedback = Feedback()
        self.cancelled = False

    def start(self) -> None:
        """Hand the next algorithm to the task manager."""
        name, parameters = self._steps[self.at]
        algorithm = QgsApplication.processingRegistry().createAlgorithmById(name)
        self._context = QgsProcessingContext()
        self._context.setProject(QgsProject.instance())
        self._context.setFeedback(self.feedback)
        good, sentence = algorithm.checkParameterValues(parameters, self._context)
        if not good:
            self.ended.emit(False, sentence)
            return
        self._algorithm = algorithm
        self._task = QgsProcessingAlgRunnerTask(algorithm, parameters, self._context, self.feedback)
        self._task.executed.connect(self._executed)
        QgsApplication.taskManager().addTask(self._task)

    def progress(self) -> float:
        """Share of the work that is done, 0 to 1."""
        own = self._task.progress() / 100.0 if self._task is not None else 0.0
        return min(1.0, (self.at + own) / len(self._steps))

    def left(self) -> float | None:
        """About how many seconds are left, None while that cannot be said."""
        done, spent = self.progress(), time.monotonic() - self.began
        return spent * (1.0 - done) / done if done > 0.03 and spent > 5 else None

    def cancel(self) -> None:
        """Ask the run to stop; ``ended`` follows."""
        self.cancelled = True
        if self._task is not None:
            self._task.cancel()

    def _executed(self, good: bool, results) -> None:
        self._task = None
        if good and not self.cancelled and self.at + 1 < len(self._steps):
            self.at += 1
            self.start()
            return
        said = next((text for text in reversed(self.feedback.errors) if text.strip()), "")
        self.ended.emit(bool(good) and not self.cancelled, said)


def load(folder: Path) -> list[str]:
    """Load what a run has written into the project: grouped, styled, named; layers of the same files are replaced. Returns the titles."""
    from ...core.products.access import quiet_gdal

    project = QgsProject.instance()
    titles: list[str] = []
    root = project.layerTreeRoot()
    for file, group_name, title, style, variable in reversed(LAYERS):
        path = Path(folder) / file
        if not path.is_file():
            continue
        source = f'NETCDF:"{path}":{variable}' if variable else str(path)
        for old in [layer for layer in project.mapLayers().values() if file_of(layer.source()) == source]:
            project.removeMapLayer(old.id())
        with quiet_gdal():  # QGIS asks for statistics of the first days, which may have no value
            layer = QgsVectorLayer(source, title, "ogr") if path.suffix == ".gpkg" else QgsRasterLayer(source, title, "gdal")
            if not layer.isValid():
                continue
            layers.dress(layer, style)
        project.addMapLayer(layer, False)
        group = root.findGroup(group_name) or root.insertGroup(0, group_name)
        node = group.insertLayer(0, layer)
        node.setItemVisibilityChecked(group_name in DRAWN and file not in HIDDEN)
        titles.insert(0, title)
    return titles
