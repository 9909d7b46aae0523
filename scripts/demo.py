"""Drives the demo: every step through qgis_process, with its time; then the project, the map and the overview."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))

from annsm_plugin.core import demo as archive_of  # noqa: E402


def run(algorithm: str, title: str, **parameters) -> dict:
    """Run one algorithm with qgis_process, print its time, and return its results; stop the demo if it fails."""
    command = [os.environ["qgis_process"], "run", f"annsm:{algorithm}", "--"]
    command += [f"{name}={value}" for name, value in parameters.items() if value is not None]
    begin = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - begin
    outputs = [Path(v) for n, v in parameters.items() if n in ("OUTPUT", "REPORT", "TABLE", "R", "RMSE", "BIAS", "STATUS", "PAIRS", "DROPPED")]
    absent = [str(path) for path in outputs if not path.exists()]
    if done.returncode or absent:
        print(done.stdout[-4000:], done.stderr[-4000:], sep="\n")
        sys.exit(f"annsm:{algorithm} failed (exit {done.returncode}; not written: {', '.join(absent) or 'none'})")
    print(f"  {seconds:6.1f} s  {title}", flush=True)
    record = next((p.with_suffix(".run.json") for p in outputs if p.with_suffix(".run.json").exists()), None)
    return json.loads(record.read_text()) if record else {}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--region", default="demo")
    options.add_argument("--years", type=int, default=2)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--folder", type=Path, default=HERE / "demo")
    asked = options.parse_args()
    begin = time.perf_counter()
    folder = asked.folder
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    print("The chain on a synthetic archive, step by step through qgis_process:", flush=True)
    run("demodata", "archive in the products' own formats (synthetic)", REGION=asked.region, YEARS=asked.years, SEED=asked.seed, FOLDER=folder / "archive")
    record = json.loads((folder / "archive" / "run.json").read_text())["results"]
    source = {name: record[name] for name in ("AMSR", "SMAP", "GLDAS", "LAI", "LPRM", "JAXA", "SMOS", "STATIONS")}
    days = archive_of.periods(asked.years)
    files = {name: folder / f"{name}.nc" for name in ("cube", "cube_screened", "history", "history_screened", "model", "annsm", "annsm_history")}
    products = {"AMSR": source["AMSR"], "GLDAS": source["GLDAS"], "LAI": source["LAI"], "EXTENT": record["EXTENT"]}
    shared = {**products, "CHANNELS": "common", "LAI_METHOD": "area", "RAIN_HOURS": "interval"}
    run("match", "match: training and test period (AMSR2, SMAP)", **shared, SMAP=source["SMAP"], START=days["train_start"], END=days["test_end"],
        OUTPUT=files["cube"], PAIRS=folder / "pairs.tif")  # fmt: skip
    run("match", "match: AMSR-E period, without SMAP", **shared, START=days["history_start"], END=days["history_end"], OUTPUT=files["history"])
    run("screenprecipitation", "screen precipitation", INPUT=files["cube"], OUTPUT=files["cube_screened"], DROPPED=folder / "rainy_days.tif")
    run("screenprecipitation", "screen precipitation, AMSR-E period", INPUT=files["history"], OUTPUT=files["history_screened"])
    run("train", "train one network per cell", INPUT=files["cube_screened"], START=days["train_start"], END=days["train_end"], SPLIT="blocks", RESTARTS=3,
        COMBINE="average", OUTPUT=files["model"], R=folder / "train_r.tif", RMSE=folder / "train_rmse.tif", STATUS=folder / "train_status.tif",
        REPORT=folder / "training.html")  # fmt: skip
    run("reconstruct", "reconstruct: training and test period", MODEL=files["model"], INPUT=files["cube_screened"], OUTPUT=files["annsm"], LOAD="false")
    run("reconstruct", "reconstruct: AMSR-E period", MODEL=files["model"], INPUT=files["history_screened"], OUTPUT=files["annsm_history"], LOAD="false")
    run("validatesatellite", "validate against SMAP, test period", INPUT=files["annsm"], REFERENCE=files["cube"], START=days["test_start"],
        END=days["test_end"], R=folder / "r.tif", RMSE=folder / "rmse.tif", BIAS=folder / "bias.tif", REPORT=folder / "validation_smap.html")  # fmt: skip
    run("validatestations", "validate against stations, AMSR-E period", INPUT=files["annsm_history"], STATIONS=source["STATIONS"], LPRM=source["LPRM"],
        JAXA=source["JAXA"], SMOS=source["SMOS"], START=days["history_start"], END=days["history_end"], OUTPUT=folder / "stations.gpkg",
        TABLE=folder / "stations.csv", REPORT=folder / "validation_stations.html")  # fmt: skip
    step = time.perf_counter()
    subprocess.run([sys.executable, str(HERE / "scripts" / "demo_project.py"), str(folder)], check=True)
    print(f"  {time.perf_counter() - step:6.1f} s  QGIS project and map", flush=True)
    table = overview(folder)
    print(f"\n{table}\n")
    for label, name in (("QGIS project", "annsm_demo.qgz"), ("map", "demo_map.png"), ("overview", "overview.md"), ("training report", "training.html"),
                        ("SMAP report", "validation_smap.html"), ("station report", "validation_stations.html")):  # fmt: skip
        print(f"  {label:16} {folder / name}")
    print(f"\nDone in {time.perf_counter() - begin:.0f} s.")


def overview(folder: Path) -> str:
    """Write overview.md: the paper's figures beside the demo's, from the run records; return its table."""
    def results(name):
        return json.loads((folder / f"{name}.run.json").read_text())["results"]

    def number(found, name, digits):
        return f"{found[name]:.{digits}f}" if name in found else "-"

    training, satellite, stations = results("model"), results("validation_smap"), results("stations")
    rows = [
        ("Training, overall samples: mean R", "0.90", number(training, "MEAN_R", 2)),
        ("Training, overall samples: mean RMSE (0-1 units, inferred)", "0.096", number(training, "MEAN_RMSE", 3)),
        ("Against SMAP, test period: mean R", "0.72", number(satellite, "MEAN_R", 2)),
        ("Against SMAP, test period: mean RMSE (m3 m-3)", "0.034", number(satellite, "MEAN_RMSE", 3)),
        ("Against SMAP, test period: mean |BIAS| (m3 m-3)", "0.0122", number(satellite, "MEAN_BIAS", 4)),
        ("Against stations, AMSR-E period: mean R", "0.74", number(stations, "MEAN_R", 2)),
        ("Against stations, AMSR-E period: mean RMSE (m3 m-3)", "0.106", number(stations, "MEAN_RMSE", 3)),
        ("Against stations, AMSR-E period: mean |BIAS| (m3 m-3)", "0.0610", number(stations, "MEAN_BIAS", 4)),
        ("Station cells", "15", str(stations.get("CELLS", "-"))),
    ]
    width = max(len(row[0]) for row in rows)
    lines = [f"| {'quantity':{width}} | paper  | demo   |", f"|{'-' * (width + 2)}|--------|--------|"]
    lines += [f"| {what:{width}} | {paper:6} | {ours:6} |" for what, paper, ours in rows]
    lines += ["", "The demo's data are synthetic: its figures show that the chain works and say nothing about any real place.",
              "The paper: Wang and Xu (2021), Remote Sens. 13, 5156, the Qinghai-Tibet Plateau."]  # fmt: skip
    text = "\n".join(lines)
    (folder / "overview.md").write_text(f"# The demo (synthetic) beside the paper\n\n![map](demo_map.png)\n\n{text}\n", encoding="utf-8")
    return text


if __name__ == "__main__":
    main()
