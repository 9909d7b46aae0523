"""What scripts/window.py has a real QGIS do: it is run by ``qgis --code`` in a fresh profile and writes what it saw as JSON.

Installs the plugin from its zip, opens the options, makes a small archive, runs the recommended chain from the dock (measuring how long
the window stood still), scrubs through the days, clicks two cells and a station, reads the plot's data, saves figure and numbers, runs
again from the list, switches the project, unloads and loads the plugin. A picture at each step.
"""

import datetime
import faulthandler
import json
import os
import time
import traceback
from pathlib import Path

import numpy as np
from qgis.core import Qgis, QgsApplication, QgsInterval, QgsPointXY, QgsProject, QgsTemporalNavigationObject, QgsUnitTypes
from qgis.PyQt.QtCore import QCoreApplication, QEvent, QPoint, Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QDockWidget
from qgis.utils import iface, loadPlugin, plugins, startPlugin, unloadPlugin

BUILD, ZIP, PROJECT = (Path(os.environ[f"ANNSM_{name}"]) for name in ("BUILD", "ZIP", "PROJECT"))
SHOTS = BUILD / "window"
seen: dict = {"errors": [], "times": {}, "version": Qgis.QGIS_VERSION}


def wait(until, seconds=60.0):
    """Let the window work until something is true; whether it became so."""
    end = time.monotonic() + seconds
    while not until() and time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.005)
    return bool(until())


def pause(seconds):
    wait(lambda: False, seconds)


def shoot(name):
    pause(0.4)
    iface.mainWindow().screen().grabWindow(0).save(str(SHOTS / f"{name}.png"))


class Stalls:
    """How late a tick of 20 ms comes while something else works."""

    def __init__(self):
        self.late, self.timer, self.last = [], QTimer(), time.monotonic()
        self.timer.setInterval(20)
        self.timer.timeout.connect(self.tick)

    def tick(self):
        now = time.monotonic()
        self.late.append(max(0.0, now - self.last - 0.02))
        self.last = now

    def __enter__(self):
        self.last = time.monotonic()
        self.timer.start()
        return self

    def __exit__(self, *_):
        self.timer.stop()

    def told(self):
        late = sorted(self.late) or [0.0]
        return {"p95": round(late[int(0.95 * (len(late) - 1))], 3), "worst": round(late[-1], 3), "ticks": len(late)}


def click(explorer, lat, lon, held=Qt.KeyboardModifier.NoModifier):
    """Click a place on the map; seconds until its story is complete."""
    canvas, done = iface.mapCanvas(), []
    explorer.read.connect(done.append)
    at = canvas.getCoordinateTransform().transform(QgsPointXY(lon, lat))
    began = time.monotonic()
    QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, held, QPoint(int(at.x()), int(at.y())))
    found = wait(lambda: bool(done), 20)
    explorer.read.disconnect(done.append)
    assert found, "no story after a click"
    return round(time.monotonic() - began, 3)


def install():
    import pyplugin_installer

    pyplugin_installer.instance().installFromZipFile(str(ZIP))
    assert wait(lambda: "annsm_plugin" in plugins, 30), "the plugin did not load from its zip"
    seen["algorithms"] = len(QgsApplication.processingRegistry().providerById("annsm").algorithms())
    window = plugins["annsm_plugin"].window
    window.toggle.trigger()
    assert window.dock.isVisible()
    shoot("1_installed")
    return window


def options(window):
    page = window.options.createWidget(iface.mainWindow())
    page.setWindowFlags(Qt.WindowType.Window)
    page.resize(760, 520)
    page.move(420, 160)
    page.show()
    page.check()
    assert wait(lambda: page.check_button.isEnabled(), 120)
    seen["installation"] = page.found.toPlainText().splitlines()
    shoot("2_options")
    page.close()
    page.deleteLater()


def run_chain(window):
    import processing

    made = processing.run("annsm:demodata", {"REGION": "tiny", "YEARS": 1, "SEED": 3, "FOLDER": str(BUILD / "window_archive")})
    runner = window.dock.runner
    window.dock.pages.setCurrentWidget(runner)
    results = BUILD / "window_results"
    runner.form.fill({
        "chain": "recommended", **{name: made[name] for name in ("AMSR", "SMAP", "GLDAS", "LAI", "STATIONS")}, "results": str(results),
        "START": made["TRAIN_START"], "END": made["TEST_END"], "region": "91.5,31,92.5,32",
        **{name: made[name] for name in ("TRAIN_START", "TRAIN_END", "TEST_START", "TEST_END")},
    })  # fmt: skip
    runner.look_into_all()
    assert wait(lambda: all(label.text() not in ("", "Looking …") for label in runner.form.found.values()))
    seen["folders"] = [label.text().splitlines()[0] for label in runner.form.found.values()]
    shoot("3_form")
    run_to_its_end(runner, "chain", "4_running", 300)
    seen["layers"] = [layer.name() for layer in QgsProject.instance().mapLayers().values()]
    shoot("5_results")
    return runner


def run_to_its_end(runner, name, picture, seconds):
    """Start what the form holds, with a picture of it at work; the list that receives the run when it has ended."""
    ended = []
    runner.finished.connect(ended.append)
    with Stalls() as stalls:
        assert runner.start()
        pause(6)
        shoot(picture)
        assert wait(lambda: bool(ended), seconds), f"the {name} did not end"
    seen.setdefault("stalls", {})[name] = stalls.told()
    assert ended[0].state == "done", ended[0].said
    seen[name] = ended[0].said
    return ended


def run_study(window, runner):
    """The ready model *Study* on the same folders, from the form to its page and PDF; the folder of its results."""
    results = BUILD / "window_study"
    window.dock.pages.setCurrentWidget(runner)
    iface.mainWindow().findChild(QDockWidget, "Temporal Controller").hide()
    runner.form.fill({**runner.form.values(), "chain": "study", "results": str(results)})
    ended = run_to_its_end(runner, "study", "13_study_running", 400)
    shoot("14_study")
    seen["study files"] = sorted(path.name for path in results.iterdir() if not path.name.startswith("."))
    assert (results / "study.html").stat().st_size > 100_000 and (results / "study.pdf").read_bytes()[:5] == b"%PDF-"
    return ended, results


def scrub(explorer):
    """Move through the days with the temporal controller; what the plot says of each and how long a frame took."""
    controller = iface.mapCanvas().temporalController()
    dock = iface.mainWindow().findChild(QDockWidget, "Temporal Controller")
    dock.show()
    controller.setNavigationMode(QgsTemporalNavigationObject.NavigationMode.Animated)
    controller.setFrameDuration(QgsInterval(1, QgsUnitTypes.TemporalUnit.TemporalDays))
    layer = next(layer for layer in QgsProject.instance().mapLayers().values() if layer.name().startswith("ANN-SM soil"))
    from annsm_plugin.processing import days

    controller.setTemporalExtents(days.whole_range(layer))
    took, shown = [], []
    for frame in (100, 101, 102, 103, 300):
        done = []
        iface.mapCanvas().mapCanvasRefreshed.connect(lambda done=done: done.append(1))
        began = time.monotonic()
        controller.setCurrentFrameNumber(frame)
        wait(lambda done=done: bool(done), 5)
        took.append(round(time.monotonic() - began, 3))
        shown.append(str(explorer.time.day()))
    seen["frames"], seen["days"] = took, shown
    iface.mapCanvas().mapCanvasRefreshed.disconnect()
    wanted = days.EPOCH + datetime.timedelta(days=days.days_of(layer)[days.best_band(layer) - 1])
    explorer.plot.clicked.emit(wanted)
    assert explorer.time.day() == wanted
    iface.mapCanvas().zoomToFullExtent()
    pause(1)


def explore(window):
    explorer = window.dock.explorer
    window.dock.pages.setCurrentWidget(explorer)
    assert wait(lambda: bool(explorer.known) and bool(explorer.station_cells)), "the project's files were not found"
    iface.messageBar().clearWidgets()
    iface.mainWindow().findChild(QDockWidget, "ProcessingToolbox").hide()
    pause(0.5)
    iface.mapCanvas().zoomToFullExtent()
    pause(1)
    explorer.pick_button.click()
    record = explorer.known.annsm[0]
    grid = record.grid
    free = [(float(lat), float(lon)) for lat in grid.lat for lon in grid.lon
            if np.isfinite(record.series("soil_moisture", *grid.cell_of(lat, lon))).any()
            and not any(abs(c.lat - lat) < 0.01 and abs(c.lon - lon) < 0.01 for c in explorer.station_cells)]  # fmt: skip
    seen["clicks"] = [click(explorer, *free[0])]
    shoot("6_cell")
    seen["clicks"].append(click(explorer, *free[1], Qt.KeyboardModifier.ControlModifier))
    station = explorer.station_cells[0]
    seen["clicks"].append(click(explorer, station.lat, station.lon, Qt.KeyboardModifier.ControlModifier))
    assert len(explorer.cells) == 3
    last = explorer.cells[-1].story
    assert "in situ" in last.series and "ANN-SM" in last.series, list(last.series)
    drawn = {line.get_label(): np.asarray(line.get_ydata()) for line in explorer.plot.axes.lines}
    values = last.series["ANN-SM"]
    assert np.isin(values[np.isfinite(values)], drawn[last.title]).all(), "the plot does not hold the cell's values"
    seen["cells"] = [cell.title for cell in explorer.cells]
    shoot("7_cells")
    scrub(explorer)
    shoot("8_time")
    for number, name in enumerate(("scatter", "course", "anomalies"), start=1):
        explorer.view.setCurrentIndex(number)
        shoot(f"9_{name}")
    explorer.view.setCurrentIndex(0)
    for name in ("figure.png", "figure.pdf", "figure.svg"):
        explorer.save_figure(str(SHOTS / name))
    explorer.save_numbers(str(SHOTS / "numbers.csv"))
    return explorer


def tidy(window, explorer, runner, ended, results):
    first = (results / "model.nc").stat().st_mtime_ns
    ended.clear()
    runner.list.setCurrentRow(0)
    assert runner.run_again(resume=True)
    assert wait(lambda: bool(ended), 300)
    assert ended[0].state == "done", ended[0].said
    assert (results / "model.nc").stat().st_mtime_ns == first, "a step that was done was done again"
    ended.clear()
    assert runner.run_again()
    pause(3)
    runner.cancel()
    assert wait(lambda: bool(ended), 60), "the run did not stop"
    seen["cancelled"] = ended[0].state
    shoot("10_runs")
    for layer in list(QgsProject.instance().mapLayers()):  # while it is plotted
        QgsProject.instance().removeMapLayer(layer)
        pause(0.05)
    assert wait(lambda: not explorer.cells, 10), "cells of files that are gone are still there"
    if PROJECT.is_file():
        iface.messageBar().clearWidgets()
        iface.mainWindow().findChild(QDockWidget, "Temporal Controller").hide()
        iface.mainWindow().findChild(QDockWidget, "ProcessingToolbox").hide()
        iface.addProject(str(PROJECT))
        assert wait(lambda: bool(explorer.known), 20)
        iface.mapCanvas().zoomToFullExtent()
        pause(1)
        grid = explorer.known.annsm[0].grid
        explorer.pick(float(grid.lat[grid.lat.size // 2]), float(grid.lon[grid.lon.size // 2]))
        assert wait(lambda: bool(explorer.station_cells), 60)
        for station in explorer.station_cells[:2]:
            click(explorer, station.lat, station.lon, Qt.KeyboardModifier.ControlModifier)
        shoot("11_demo")
        explorer.clear()
        click(explorer, explorer.station_cells[0].lat, explorer.station_cells[0].lon)
        shoot("12_demo_station")
    before = len(iface.mainWindow().findChildren(QDockWidget, "AnnsmExplorer"))
    assert unloadPlugin("annsm_plugin"), "the plugin did not unload"
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    pause(0.5)
    left = iface.mainWindow().findChildren(QDockWidget, "AnnsmExplorer")
    assert before == 1 and not left, f"{before} docks before the plugin is unloaded, {len(left)} after"
    assert QgsApplication.processingRegistry().providerById("annsm") is None, "the provider stays"
    assert loadPlugin("annsm_plugin") and startPlugin("annsm_plugin")
    assert "annsm_plugin" in plugins, "the plugin did not load again"
    assert len(iface.mainWindow().findChildren(QDockWidget, "AnnsmExplorer")) == 1


def main():
    import qgis.utils

    def told(kind, value, trace, *_, **__):
        seen["errors"].append("".join(traceback.format_exception(kind, value, trace)))

    qgis.utils.showException = told
    QgsApplication.messageLog().messageReceived.connect(
        lambda text, tag, level: (
            seen["errors"].append(f"{tag}: {text}") if level == Qgis.MessageLevel.Critical and tag == "ANN-SM" else None
        )
    )
    began = time.monotonic()

    def timed(name, call, *arguments):
        start = time.monotonic()
        result = call(*arguments)
        seen["times"][name] = round(time.monotonic() - start, 1)
        return result

    try:
        iface.mainWindow().resize(1600, 1000)
        iface.mainWindow().move(0, 0)
        for name in ("Browser", "ProcessingToolbox"):
            dock = iface.mainWindow().findChild(QDockWidget, name)
            if dock is not None:
                dock.setVisible(name == "ProcessingToolbox")
        window = timed("install", install)
        timed("options", options, window)
        runner = timed("chain", run_chain, window)
        explorer = timed("explore", explore, window)
        ended, results = timed("study", run_study, window, runner)
        timed("again", tidy, window, explorer, runner, ended, results)
    except BaseException:
        seen["errors"].append(traceback.format_exc())
        shoot("failed")
    seen["times"]["all"] = round(time.monotonic() - began, 1)
    (SHOTS / "seen.json").write_text(json.dumps(seen, indent=1))
    QgsProject.instance().clear()
    QTimer.singleShot(300, iface.actionExit().trigger)


faulthandler.dump_traceback_later(400, file=(SHOTS / "hanging.txt").open("w"))
QTimer.singleShot(2000, main)
