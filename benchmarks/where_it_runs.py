"""The trainer where users are: inside qgis_process beside plain Python, and on 1, 2, 4, ... cores; a table, JSON lines and a plot.

Also how long the start of QGIS waits for the plugin.

    where_it_runs.py [CELLS] [REPEATS] [FOLDER]

CELLS (2048) of 110 days, all defaults. What two processes can reach at all on this machine is measured beside it, by matrix products that
share nothing: cores that are two threads of one have less than twice the speed of one.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts"), str(ROOT / "benchmarks")]

PERIOD = {"start": "2015-04-01", "end": "2015-07-19"}

TRAIN = """
import sys
sys.path.insert(0, sys.argv[1])
from annsm_plugin.core import training
training.train(sys.argv[2], sys.argv[3], start=sys.argv[4], end=sys.argv[5])
"""

LOAD = """
import sys, time
from qgis.core import QgsApplication
application = QgsApplication([], False)
application.initQgis()
sys.path.insert(0, sys.argv[1])
begun = time.perf_counter()
import annsm_plugin
annsm_plugin.classFactory(None).initProcessing()
print(time.perf_counter() - begun)
"""

PRODUCTS = """
import time
import numpy as np
a = np.random.default_rng(0).random((128, 128))
begun = time.perf_counter()
for _ in range(4000):
    a @ a
print(time.perf_counter() - begun)
"""


def plain(cube: Path, output: Path) -> float:
    """Seconds of a training in a Python of its own, from start to end."""
    begun = time.perf_counter()
    words = [sys.executable, "-c", TRAIN, str(ROOT), str(cube), str(output), PERIOD["start"], PERIOD["end"]]
    subprocess.run(words, check=True)
    return time.perf_counter() - begun


def in_qgis(cube: Path, output: Path, environment: dict) -> float:
    """Seconds of the same training through qgis_process, with the environment left as a user has it."""
    import qgis_cli

    begun = time.perf_counter()
    qgis_cli.run("annsm:train", environment, INPUT=cube, START=PERIOD["start"], END=PERIOD["end"], OUTPUT=output)
    return time.perf_counter() - begun


def loading() -> float:
    """Seconds that the start of QGIS waits for the plugin."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    return float(
        subprocess.run([sys.executable, "-c", LOAD, str(ROOT)], check=True, env=environment, stdout=subprocess.PIPE, text=True).stdout
    )


def same(one: Path, other: Path) -> bool:
    """Whether two models hold the same weights, bit for bit."""
    import netCDF4

    with netCDF4.Dataset(one) as a, netCDF4.Dataset(other) as b:
        a.set_auto_mask(False)
        b.set_auto_mask(False)
        return a["weights"][:].tobytes() == b["weights"][:].tobytes()


def on_processes(count: int) -> tuple[float, float]:
    """Seconds that ``count`` workers take for 8 blocks of 32 networks each (started before), and seconds of the pipes and the program."""
    from annsm_plugin.core.workers.run import Crew, Where
    from annsm_plugin.core.workers.tasks import Block

    values = {"cells": 32, "samples": 480, "epochs": 60, "max_fail": 60}
    with Crew(Where(processes=count)) as crew:
        warm = [Block(str(n), {**values, "cells": 2, "seed": n}, {}) for n in range(2 * count)]
        list(crew.run("training.trial:train", warm))
        blocks = [Block(str(n), {**values, "seed": n}, {}) for n in range(8 * count)]
        begun = time.perf_counter()
        list(crew.run("training.trial:train", blocks))
        seconds = time.perf_counter() - begun
        begun = time.perf_counter()
        list(crew.run("training.trial:echo", [Block(str(n), {}, _arrays()) for n in range(8 * count)]))
        return seconds, time.perf_counter() - begun


def _arrays() -> dict:
    """What a block of 128 cells, 600 days and 10 variables sends."""
    import numpy as np

    return {"inputs": np.zeros((10, 128, 600), dtype=np.float32)}


def machine_limit(count: int) -> float:
    """Speed of ``count`` programs that share nothing, in units of one of them alone."""
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

    def run(number: int) -> float:
        programs = [
            subprocess.Popen([sys.executable, "-c", PRODUCTS], env=environment, stdout=subprocess.PIPE, text=True) for _ in range(number)
        ]
        return statistics.mean(float(program.communicate()[0]) for program in programs)

    return count * run(1) / run(count)


def main() -> None:
    import qgis_cli
    from large_cube import write_cube

    from annsm_plugin.core.foundation.machine import cores

    cells, repeats = (int(sys.argv[n]) if len(sys.argv) > n else default for n, default in ((1, 2048), (2, 3)))
    folder = Path(sys.argv[3]) if len(sys.argv) > 3 else Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    cube, here, there = folder / "cube.nc", folder / "plain.nc", folder / "qgis.nc"
    write_cube(cube, cells, 110, columns=128)
    environment = qgis_cli.environment()
    qgis_cli.enable(environment)
    pairs = [(plain(cube, here), in_qgis(cube, there, environment)) for _ in range(repeats)]
    ratio = statistics.median(qgis / own for own, qgis in pairs)
    rows = [
        {"what": "plain Python", "cells": cells, "seconds": statistics.median(own for own, _ in pairs)},
        {"what": "qgis_process", "cells": cells, "seconds": statistics.median(qgis for _, qgis in pairs), "ratio": ratio},
    ]
    print(f"Training {cells} cells: plain Python {rows[0]['seconds']:.1f} s, qgis_process {rows[1]['seconds']:.1f} s, {ratio:.2f} times")
    print(f"Weights equal bit for bit: {'yes' if same(here, there) else 'NO'}")
    rows.append({"what": "loading the plugin", "seconds": statistics.median(loading() for _ in range(repeats))})
    print(f"Loading the plugin: {1000 * rows[-1]['seconds']:.0f} ms")
    counts = [count for count in (1, 2, 4, 8, 16) if count <= cores()]
    alone = None
    for count in counts:
        found = [on_processes(count) for _ in range(repeats)]
        seconds, pipes = (statistics.median(values) for values in zip(*found))
        alone = alone or seconds
        speed, limit = count * alone / seconds, machine_limit(count)
        rows.append({"what": "workers", "cores": count, "seconds": seconds, "speed": speed, "limit": limit, "pipes": pipes})
        print(f"{count:2} workers: {speed:.2f} times one; {count} programs that share nothing {limit:.2f} times; pipes {pipes:.2f} s")
    with (folder / "where_it_runs.jsonl").open("w") as out:
        out.writelines(json.dumps(row) + "\n" for row in rows)
    _plot([row for row in rows if row["what"] == "workers"], folder / "where_it_runs.png")
    print(f"Rows and plot: {folder}")


def _plot(rows: list[dict], path: Path) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure((3.4, 2.6), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    cores = [row["cores"] for row in rows]
    axes.plot(cores, cores, color="0.8", label="as many as cores")
    axes.plot(cores, [row["limit"] for row in rows], "s--", color="0.4", label="programs that share nothing")
    axes.plot(cores, [row["speed"] for row in rows], "o-", label="workers")
    axes.set(xlabel="cores", ylabel="speed, times one worker")
    axes.legend(fontsize=7, frameon=False)
    figure.savefig(path, dpi=150)


if __name__ == "__main__":
    main()
