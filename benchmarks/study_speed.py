"""Time and size of the report of a study of 15 station cells, six products and many years, after the series are remembered.

``python benchmarks/study_speed.py [DAYS]`` writes the archive of ``stations_speed.py`` for so many days (default 4 015, eleven years),
validates against the stations and against SMAP with run records, and prints JSON lines: seconds of the validation, of the report with page,
PDF and all figures, of the page alone, and the size of the page in MB.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks"), str(ROOT / "tests" / "helpers")]

START = "2008-01-01"


def study(folder: Path, days: int) -> None:
    """Two validations with what they wrote and their records."""
    from station_archive import write
    from studies import record

    from annsm_plugin.core.validation import satellite, stations
    from annsm_plugin.core.validation.request import SatelliteRequest, StationsRequest

    (folder / "archive").mkdir()
    paths = {name: str(path) for name, path in write(folder / "archive", START, days).items()}
    for kind, name in (("annsm", "annsm"), ("cube", "cube")):
        link = folder / f"{kind}.nc"
        link.symlink_to(paths[name])
    given = {name: paths[name] for name in ("annsm", "stations", "lprm", "jaxa", "smos", "cube")}
    asked = StationsRequest(**given, table=str(folder / "stations.csv"), sites=str(folder / "sites.csv"))
    began = time.perf_counter()
    found = stations.run(asked)
    say("validation against stations, first time", time.perf_counter() - began, "s")
    own = found.means["own days"]["ANN-SM"]
    record(
        asked.table,
        "validatestations",
        asked,
        results={f"MEAN_{n.upper()}": own[n][0] for n in ("r", "rmse", "bias")},
        summary=found.summary,
    )
    asked = SatelliteRequest(annsm=paths["annsm"], reference=paths["cube"], report=str(folder / "smap.html"))
    found = satellite.run(asked)
    record(
        asked.report, "validatesatellite", asked, results={f"MEAN_{n.upper()}": found.means[n][0] for n in ("r", "rmse", "bias", "ubrmse")}
    )


def say(what: str, value: float, unit: str) -> None:
    print(json.dumps({"name": f"study: {what}", "value": round(float(value), 2), "unit": unit}), flush=True)


def main() -> None:
    from annsm_plugin.core.study import report
    from annsm_plugin.core.study.request import StudyRequest

    days = int(sys.argv[1]) if len(sys.argv) > 1 else 4015
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        study(folder, days)
        page = folder / "study.html"
        for what, further in (
            ("page, PDF and figures", {"pdf": str(folder / "study.pdf"), "figures": str(folder / "figures")}),
            ("page alone", {}),
        ):
            began = time.perf_counter()
            found = report.run(StudyRequest(folder=str(folder), report=str(page), **further))
            say(f"report of {days} days, {what}", time.perf_counter() - began, "s")
        say("figures", len(found.document.figures), "1")
        say("size of the page", page.stat().st_size / 1e6, "MB")


if __name__ == "__main__":
    main()
