"""Opens the demo's project in a real QGIS window under Xvfb, with the training dialog, and takes screenshots into build/."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import qgis_cli

ROOT = Path(__file__).resolve().parents[1]

CODE = """
import sys, traceback
from pathlib import Path
from qgis.core import QgsApplication, QgsProject
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QApplication, QDockWidget
from qgis.utils import iface, plugins

BUILD = Path({build!r})
told = []

def step(work, then, wait=2500):
    def go():
        try:
            work()
        except Exception:
            told.append(traceback.format_exc())
        QTimer.singleShot(wait, then)
    QTimer.singleShot(1500, go)

def look():
    provider = QgsApplication.processingRegistry().providerById("annsm")
    told.append("plugin loaded: " + str("annsm_plugin" in plugins))
    told.append("algorithms: " + str(len(provider.algorithms()) if provider else 0))
    project = Path({project!r})
    if project.is_file():
        iface.addProject(str(project))
        told.append("layers: " + str(len(QgsProject.instance().mapLayers())))
    for name in ("ProcessingToolbox",):
        dock = iface.mainWindow().findChild(QDockWidget, name)
        if dock is not None:
            dock.show()
    iface.mainWindow().showMaximized()

def shoot(name):
    (BUILD / name).unlink(missing_ok=True)
    iface.mainWindow().screen().grabWindow(0).save(str(BUILD / name))

def dialog():
    shoot("window.png")
    import processing
    look.dialog = processing.createAlgorithmDialog("annsm:train", {{}})
    look.dialog.resize(900, 760)
    look.dialog.show()

def end():
    shoot("dialog.png")
    (BUILD / "window.txt").write_text("\\n".join(told) + "\\n")
    look.dialog.close()
    QgsProject.instance().clear()
    iface.actionExit().trigger()

step(look, lambda: step(dialog, end), 6000)
"""


def main() -> None:
    build = ROOT / "build"
    for name in ("window.png", "dialog.png", "window.txt"):
        (build / name).unlink(missing_ok=True)
    code = build / "window_code.py"
    code.write_text(CODE.format(build=str(build), project=str(ROOT / "demo" / "annsm_demo.qgz")), encoding="utf-8")
    env = qgis_cli.environment()
    qgis_cli.enable(env)
    env.update(QT_QPA_PLATFORM="xcb", LIBGL_ALWAYS_SOFTWARE="1")
    number = next(n for n in range(90, 200) if not Path(f"/tmp/.X11-unix/X{n}").exists())
    screen = subprocess.Popen(["Xvfb", f":{number}", "-screen", "0", "1600x1000x24"], stderr=subprocess.DEVNULL)
    try:
        time.sleep(1.5)
        env["DISPLAY"] = f":{number}"
        qgis = shutil.which("qgis.bin") or shutil.which("qgis")
        command = [
            qgis,
            "--nologo",
            "--noversioncheck",
            "--nocustomization",
            "--profiles-path",
            str(build / "profile"),
            "--code",
            str(code),
        ]
        window = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        try:
            window.wait(timeout=120)
        except subprocess.TimeoutExpired:
            window.kill()
        if not (build / "window.txt").is_file():
            raise SystemExit(f"The window did not come up.\n{window.stderr.read()[-2000:]}")
    finally:
        screen.terminate()
    text = (build / "window.txt").read_text(encoding="utf-8")
    print(text + f"{build / 'window.png'}\n{build / 'dialog.png'}")
    if "Traceback" in text or "algorithms: 0" in text or "plugin loaded: False" in text:
        raise SystemExit(1)


if __name__ == "__main__":
    os.umask(0o077)
    main()
