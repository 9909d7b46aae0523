"""The demo: the whole chain on a synthetic archive through qgis_process, then a QGIS project, a map and the reports."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import qgis_cli

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "demo"


class Steps:
    """Runs the steps and says how long each took."""

    def __init__(self):
        self.env = qgis_cli.environment()
        self.begun = time.perf_counter()
        self.seconds: dict[str, float] = {}

    def __call__(self, text: str, algorithm: str, **parameters) -> dict:
        print(f"  {text:58}", end="", flush=True)
        begun = time.perf_counter()
        try:
            results = qgis_cli.run(algorithm, self.env, **parameters)
        except RuntimeError as error:
            print("failed")
            raise SystemExit(str(error)) from None
        self.seconds[text] = time.perf_counter() - begun
        print(f"{self.seconds[text]:6.0f} s", flush=True)
        return results


def main() -> None:
    if OUT.exists():
        shutil.rmtree(OUT)
    OUT.mkdir()
    step = Steps()
    qgis_cli.enable(step.env)
    print("ANN-SM demo: the data are synthetic, made by a model; they are no observations.", flush=True)
    data = step("Synthetic archive in the products' formats", "annsm:demodata", REGION="landscape", YEARS=1, SEED=0, FOLDER=OUT / "archive")
    inputs = {name: data[name] for name in ("AMSR", "GLDAS", "LAI")}
    extent = f"{data['EXTENT']} [EPSG:4326]"
    common = {**inputs, "EXTENT": extent, "CHANNELS": "common", "LAI_METHOD": "area", "RAIN_HOURS": "interval"}
    step("Matching, AMSR2 and SMAP", "annsm:match", **common, SMAP=data["SMAP"], START=data["TRAIN_START"], END=data["TEST_END"],
         OUTPUT=OUT / "cube.nc", PAIRS=OUT / "pairs.tif", CALIBRATION="none")  # fmt: skip
    step("Precipitation screening, 8.75 mm", "annsm:screenprecipitation", INPUT=OUT / "cube.nc", THRESHOLD=8.75,
         OUTPUT=OUT / "screened.nc", DROPPED=OUT / "dropped.tif")  # fmt: skip
    step("Training, one network per cell", "annsm:train", INPUT=OUT / "screened.nc", START=data["TRAIN_START"], END=data["TRAIN_END"],
         RESTARTS=3, COMBINE="average", SPLIT="blocks", OUTPUT=OUT / "model.nc", R=OUT / "training_r.tif", RMSE=OUT / "training_rmse.tif",
         STATUS=OUT / "training_status.tif", REPORT=OUT / "training.html")  # fmt: skip
    step("Reconstruction, AMSR2 years", "annsm:reconstruct", MODEL=OUT / "model.nc", INPUT=OUT / "screened.nc", OUTPUT=OUT / "annsm.nc")
    step("Validation against SMAP, test period", "annsm:validatesatellite", INPUT=OUT / "annsm.nc", REFERENCE=OUT / "cube.nc",
         START=data["TEST_START"], END=data["TEST_END"], R=OUT / "test_r.tif", RMSE=OUT / "test_rmse.tif", BIAS=OUT / "test_bias.tif",
         REPORT=OUT / "validation_smap.html")  # fmt: skip
    step("Matching, AMSR-E years, inter-calibrated", "annsm:match", **common, START=data["HISTORY_START"], END=data["HISTORY_END"],
         OUTPUT=OUT / "cube_history.nc", CALIBRATION="table", CALIBRATION_TABLE=data["CALIBRATION_TABLE"])  # fmt: skip
    step("Reconstruction, AMSR-E years", "annsm:reconstruct", MODEL=OUT / "model.nc", INPUT=OUT / "cube_history.nc",
         OUTPUT=OUT / "annsm_history.nc")  # fmt: skip
    step("Validation against stations, LPRM, JAXA, SMOS", "annsm:validatestations", INPUT=OUT / "annsm_history.nc",
         STATIONS=data["STATIONS"], LPRM=data["LPRM"], JAXA=data["JAXA"], SMOS=data["SMOS"], START=data["HISTORY_START"],
         END=data["HISTORY_END"], OUTPUT=OUT / "stations.gpkg", TABLE=OUT / "stations.csv",
         REPORT=OUT / "validation_stations.html")  # fmt: skip
    print(f"  {'QGIS project, map and overview':58}", end="", flush=True)
    begun = time.perf_counter()
    done = subprocess.run(
        ["/usr/bin/python3", str(ROOT / "scripts" / "demo_project.py"), str(OUT)], env=step.env, capture_output=True, text=True
    )
    if done.returncode:
        print("failed")
        raise SystemExit(done.stdout[-2000:] + done.stderr[-4000:])
    print(f"{time.perf_counter() - begun:6.0f} s\n\n{done.stdout.strip()}\n")
    print(f"Done in {(time.perf_counter() - step.begun) / 60:.1f} minutes. Look at:")
    for name, what in (
        ("annsm_demo.qgz", "the QGIS project"),
        ("map.png", "the map"),
        ("training.html", "the report of the training"),
        ("validation_smap.html", "the validation against SMAP"),
        ("validation_stations.html", "the validation against stations"),
        ("overview.html", "the paper's figures beside the demo's"),
    ):
        print(f"  {OUT / name!s:60} {what}")


if __name__ == "__main__":
    main()
