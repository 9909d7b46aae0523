"""The page that runs the chain: the form, the check of the folders, progress, and the list of runs."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from qgis.core import Qgis, QgsApplication, QgsSettings
from qgis.PyQt.QtCore import Qt, QTimer, QUrl, pyqtSignal
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from ...core.foundation.errors import AnnsmError, ParameterError
from ...processing import record
from ...processing.chains import TITLES
from ...processing.words import tr
from .. import messages
from ..background import Background
from . import runs
from .form import BESIDE, FOLDERS, Form
from .task import ChainTask, files_of, load, reports

KEPT = "annsm/form"


class Runner(QWidget):
    """Runs a chain; ``finished`` gives the run when it has ended and its layers are loaded."""

    finished = pyqtSignal(object)

    def __init__(self, iface, parent=None):
        super().__init__(parent)
        self.iface = iface
        self.task: Any = None
        self.run: Any = None
        self.background = Background(self)
        self.runs = runs.Runs(Path(QgsApplication.qgisSettingsDirPath()) / "annsm" / "runs.json")
        self._build()
        self._clock = QTimer(self)
        self._clock.setInterval(500)
        self._clock.timeout.connect(self._tick)
        self.form.fill(dict(QgsSettings().value(KEPT) or {}))
        self.form.changed.connect(self.look_into)
        self._list()

    def _build(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2, 2, 2, 2)
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        layout.addWidget(splitter)
        area = QScrollArea(splitter)
        area.setWidgetResizable(True)
        self.form = Form(self.iface, area)
        area.setWidget(self.form)
        side = QWidget(splitter)
        column = QVBoxLayout(side)
        buttons = QHBoxLayout()
        column.addLayout(buttons)
        self.check_button = QPushButton(tr("Check folders"), side)
        self.check_button.clicked.connect(self.look_into_all)
        self.run_button = QPushButton(tr("Run"), side)
        self.run_button.clicked.connect(lambda: self.start())
        self.cancel_button = QPushButton(tr("Cancel"), side)
        self.cancel_button.clicked.connect(self.cancel)
        for button in (self.check_button, self.run_button, self.cancel_button):
            buttons.addWidget(button)
        self.bar = QProgressBar(side)
        self.bar.setRange(0, 1000)
        self.status = QLabel(side)
        self.status.setTextFormat(Qt.TextFormat.PlainText)
        self.status.setWordWrap(True)
        self.status.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(self.bar)
        column.addWidget(self.status)
        column.addWidget(QLabel(tr("Runs (double click: settings into the form)"), side))
        self.list = QListWidget(side)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._menu)
        self.list.itemDoubleClicked.connect(lambda item: self.form.fill(self._of(item).asked))
        column.addWidget(self.list, 1)
        again = QHBoxLayout()
        column.addLayout(again)
        self.again_button = QPushButton(tr("Run again"), side)
        self.again_button.clicked.connect(lambda: self.run_again())
        self.resume_button = QPushButton(tr("Resume"), side)
        self.resume_button.setToolTip(tr("Go on where the run was stopped: steps that are done are not done again"))
        self.resume_button.clicked.connect(lambda: self.run_again(resume=True))
        self.load_button = QPushButton(tr("Load layers"), side)
        self.load_button.clicked.connect(self._load)
        self.report_button = QPushButton(tr("Open report"), side)
        self.report_button.setToolTip(tr("The report of the run in the web browser; the others of its folder: right click on the run"))
        self.report_button.clicked.connect(lambda: self._open_report())
        for button in (self.again_button, self.resume_button, self.load_button, self.report_button):
            again.addWidget(button)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        self._idle()

    # -- the folders --------------------------------------------------------------------------------------------------------------

    def look_into_all(self) -> None:
        """Say what each folder holds."""
        for name in FOLDERS:
            self.look_into(name)

    def look_into(self, name: str) -> None:
        """Say what a folder holds, in the inventory's sentences."""
        folder, label = self.form.folders[name].filePath(), self.form.found[name]
        if not folder:
            label.setText("")
            return
        label.setText(tr("Looking …"))

        def work(job):
            from ...core import products

            if not Path(folder).is_dir():
                raise ParameterError(tr("{folder} is not a folder.").format(folder=folder))
            return products.inventory(folder, progress=job).summary()

        self.background.run(name, work, lambda lines: label.setText("\n".join(lines[:4])), lambda error: label.setText(str(error)))

    # -- running ------------------------------------------------------------------------------------------------------------------

    def parameters(self, asked: dict) -> list[tuple[str, dict]]:
        """The algorithms of a run with their parameters. Raises ``ParameterError`` for what cannot work."""
        for name, (label, _) in FOLDERS.items():
            if not Path(asked.get(name) or "").is_dir() or not asked.get(name):
                raise ParameterError(tr("{label}: choose a folder.").format(label=tr(label)))
        if not asked.get("results"):
            raise ParameterError(tr("Results: choose a folder."))
        folder = Path(asked["results"])
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ParameterError(tr("The folder {folder} cannot be made: {why}.").format(folder=folder, why=error.strerror)) from None
        west, south, east, north = (float(v) for v in asked["region"].split(","))
        given = {name: asked[name] for name in (*FOLDERS, *self.form.dates)}
        given["EXTENT"] = f"{west},{east},{south},{north} [EPSG:4326]"
        study = asked["chain"] == "study"
        if study:
            if not asked.get("STATIONS"):
                raise ParameterError(tr("Stations: a study needs them; choose an ISMN download."))
            given.update({name: asked[name] for name in ("STATIONS", *BESIDE) if asked.get(name)})
        steps = [(f"annsm:{asked['chain']}", {**given, **{name: str(folder / file) for name, file in files_of(asked["chain"]).items()}})]
        if asked.get("STATIONS") and not study:
            steps.append(("annsm:validatestations", {
                "INPUT": str(folder / "annsm.nc"), "STATIONS": asked["STATIONS"], "CUBE": str(folder / "cube.nc"),
                "OUTPUT": str(folder / "stations.gpkg"), "TABLE": str(folder / "stations.csv"), "REPORT": str(folder / "stations.html"),
            }))  # fmt: skip
        return steps

    def start(self, asked: dict | None = None, resume: bool = False) -> bool:
        """Start a run of what the form, or ``asked``, holds; whether it began."""
        if self.task is not None:
            return False
        asked = asked or self.form.values()
        QgsSettings().setValue(KEPT, asked)
        try:
            steps = self.parameters(asked)
        except AnnsmError as error:
            messages.failed(self.iface, error)
            return False
        folder = Path(asked["results"]).resolve()
        record.RESUMED.discard(folder)
        if resume:
            record.RESUMED.add(folder)
        self.run = runs.Run(asked["chain"], asked, str(folder))
        self.runs.add(self.run)
        self.task = ChainTask(steps, self)
        self.task.ended.connect(self._ended)
        self.check_button.setEnabled(False)
        self.run_button.setEnabled(False)
        self.cancel_button.setEnabled(True)
        self.status.setText(tr("Starting …"))
        self._clock.start()
        self._list()
        self.task.start()
        return True

    def run_again(self, resume: bool = False) -> bool:
        """Run what the chosen run of the list was asked, once more."""
        run = self._chosen()
        return run is not None and self.start(dict(run.asked), resume)

    def cancel(self) -> None:
        """Ask the run to stop."""
        if self.task is not None:
            self.status.setText(tr("Stopping …"))
            self.task.cancel()

    def _tick(self) -> None:
        if self.task is None:
            return
        self.bar.setValue(int(1000 * self.task.progress()))
        left = self.task.left()
        text = self.task.feedback.text
        if not self.task.cancelled:
            self.status.setText(f"{text}  –  {tr('about {time} left').format(time=spoken(left))}" if left is not None else text)

    def _ended(self, good: bool, said: str) -> None:
        task, run = self.task, self.run
        self.task = None
        self._clock.stop()
        record.RESUMED.discard(Path(run.folder))
        run.seconds = round(time.monotonic() - task.began, 1)
        run.state = runs.DONE if good else runs.CANCELLED if task.cancelled else runs.FAILED
        run.said = said if not good else tr("{time}; results in {folder}").format(time=spoken(run.seconds), folder=run.folder)
        self.runs.keep()
        self._idle()
        messages.log(task.feedback.log())
        if good:
            titles = load(Path(run.folder))
            text = tr("{chain}: done in {time}, {count} layers loaded.")
            self.status.setText(text.format(chain=TITLES[run.chain], time=spoken(run.seconds), count=len(titles)))
            messages.tell(self.iface, self.status.text(), level=Qgis.MessageLevel.Success, seconds=10)
        elif task.cancelled:
            self.status.setText(tr("Cancelled. 'Resume' goes on where it was."))
        else:
            sentence = said.strip().splitlines()[-1] if said.strip() else tr("The run failed.")
            self.status.setText(sentence)
            messages.tell(self.iface, sentence, task.feedback.log(), Qgis.MessageLevel.Critical)
        self._list()
        self.finished.emit(run)

    def _idle(self) -> None:
        self.check_button.setEnabled(True)
        self.run_button.setEnabled(True)
        self.cancel_button.setEnabled(False)
        self.bar.setValue(0)

    # -- the list of runs ---------------------------------------------------------------------------------------------------------

    def _list(self) -> None:
        row = max(0, self.list.currentRow())
        self.list.clear()
        for run in self.runs.runs:
            item = QListWidgetItem(f"{run.started}  {TITLES.get(run.chain, run.chain)}: {tr(run.state)}")
            item.setToolTip(messages.tip(f"{run.folder}\n{run.said}".strip()))
            self.list.addItem(item)
        self.list.setCurrentRow(min(row, self.list.count() - 1))
        for button in (self.again_button, self.resume_button, self.load_button, self.report_button):
            button.setEnabled(self.list.count() > 0 and self.task is None)

    def _of(self, item) -> runs.Run:
        return self.runs.runs[self.list.row(item)]

    def _chosen(self) -> runs.Run | None:
        row = self.list.currentRow()
        return self.runs.runs[row] if 0 <= row < len(self.runs.runs) else None

    def _load(self) -> None:
        run = self._chosen()
        if run is not None and not load(Path(run.folder)):
            messages.tell(self.iface, tr("{folder} holds no result.").format(folder=run.folder))

    def _open_report(self) -> None:
        run = self._chosen()
        if run is None:
            return
        found = reports(Path(run.folder))
        if found:
            show(found[0])
        else:
            messages.tell(self.iface, tr("{folder} holds no report.").format(folder=run.folder))

    def _menu(self, at) -> None:
        item = self.list.itemAt(at)
        if item is None:
            return
        run, menu = self._of(item), QMenu(self)
        menu.addAction(tr("Settings into the form"), lambda: self.form.fill(run.asked))
        for path in reports(Path(run.folder)):
            menu.addAction(tr("Open {name}").format(name=path.name), lambda path=path: show(path))
        menu.addAction(tr("Remove from the list"), lambda: self._remove(run))
        menu.exec(self.list.viewport().mapToGlobal(at))

    def _remove(self, run: runs.Run) -> None:
        self.runs.remove(run)
        self._list()

    def close_runner(self) -> None:
        """Stop what runs; it can be resumed."""
        self._clock.stop()
        if self.task is not None:
            self.task.ended.disconnect(self._ended)
            self.task.cancel()
        self.background.close()


def show(path: Path) -> None:
    """Open a file in the program that the system has for its kind."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def spoken(seconds: float) -> str:
    """A time in words, such as "2 min 10 s"."""
    seconds = max(0, round(seconds))
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60:02d} s"
    return f"{seconds // 3600} h {seconds % 3600 // 60:02d} min"
