"""Opens a real QGIS under Xvfb in a fresh profile and has scripts/window_driver.py use the plugin there; pictures in build/window."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import qgis_cli

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build"
SHOTS = BUILD / "window"


def package() -> Path:
    """The plugin as a zip, made of the staged folder."""
    path = BUILD / "annsm_plugin.zip"
    path.unlink(missing_ok=True)
    return Path(shutil.make_archive(str(path.with_suffix("")), "zip", BUILD, "annsm_plugin"))


def ended_badly(status: int, complaints: str) -> list[str]:
    """What a crash leaves, also one after all pictures were taken: the exit status of QGIS, or its own word on standard error."""
    died = [line for line in complaints.splitlines() if "died on signal" in line or "Segmentation fault" in line]
    return died + ([f"QGIS ended with the status {status} instead of 0."] if status else [])


#: QGIS's news feed switched off, by the names that 3.22 and 3.40 give this setting: a test asks nothing outside the computer. The thread
#: of QGIS that asks the feed as QGIS starts also opens the database of logins, and with that QGIS 3.40.6 can end with signal 11 when it is
#: closed (QGIS's pull request 62429 of June 2025 mends it).
NO_NEWS = """[core]
NewsFeed\\httpsfeedqgisorg\\disabled=true
httpsfeedqgisorg\\disabled=true
"""


def main() -> None:
    for folder in ("window", "window_archive", "window_results", "window_study", "window_profile"):
        shutil.rmtree(BUILD / folder, ignore_errors=True)
    SHOTS.mkdir(parents=True)
    settings = BUILD / "window_profile" / "profiles" / "default" / "QGIS" / "QGIS3.ini"
    settings.parent.mkdir(parents=True)
    settings.write_text(NO_NEWS, encoding="utf-8")
    env = qgis_cli.environment(BUILD / "window_profile")
    env.pop("QGIS_PLUGINPATH")  # the plugin comes from its zip
    env.pop("QGIS_CUSTOM_CONFIG_PATH")
    env.update(QT_QPA_PLATFORM="xcb", LIBGL_ALWAYS_SOFTWARE="1", ANNSM_BUILD=str(BUILD), ANNSM_ZIP=str(package()),
               ANNSM_PROJECT=str(ROOT / "demo" / "annsm_demo.qgz"))  # fmt: skip
    # Xvfb finds a free number itself and says it when it is ready: a screen of the same number may be up outside a root directory
    screen = subprocess.Popen(["Xvfb", "-displayfd", "1", "-screen", "0", "1600x1000x24"],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)  # fmt: skip
    try:
        number = screen.stdout.readline().strip()
        if not number:
            raise SystemExit("Xvfb did not start.")
        env["DISPLAY"] = f":{number}"
        qgis = shutil.which("qgis.bin") or shutil.which("qgis")
        command = [qgis, "--nologo", "--noversioncheck", "--nocustomization", "--profiles-path", str(BUILD / "window_profile")]
        with (SHOTS / "stderr.txt").open("w") as complaints:
            window = subprocess.Popen([*command, "--code", str(ROOT / "scripts" / "window_driver.py")], env=env,
                                      stdout=subprocess.DEVNULL, stderr=complaints)  # fmt: skip
            try:
                window.wait(timeout=900)
            except subprocess.TimeoutExpired:
                window.kill()
    finally:
        screen.terminate()
    told = SHOTS / "seen.json"
    if not told.is_file():
        raise SystemExit(f"The window did not come up, or did not end.\n{(SHOTS / 'stderr.txt').read_text()[-2000:]}")
    seen = json.loads(told.read_text())
    noise = (SHOTS / "stderr.txt").read_text().count("HDF5-DIAG")
    errors = seen.pop("errors")
    errors += ended_badly(window.returncode, (SHOTS / "stderr.txt").read_text())
    for name, value in seen.items():
        print(f"{name}: {value}")
    print(f"lines of HDF5 on standard error: {noise}\npictures: {SHOTS}")
    if errors:
        raise SystemExit("\n".join(errors))


if __name__ == "__main__":
    os.umask(0o077)
    main()
