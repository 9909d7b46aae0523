"""Every step that opens a file of the plugin, on a damaged one, in child processes with little memory: what comes of it, counted by kind.

``python steps_on_files.py FOLDER FIRST LAST`` is the child; ``torture`` starts it and watches it.
"""

from __future__ import annotations

import collections
import contextlib
import json
import os
import resource
import select
import subprocess
import sys
import time
import traceback
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]

#: Bytes of memory and seconds that one damaged file may take.
MEMORY, SECONDS = 2 * 2**30, 30.0

#: What is damaged: how often of 14, and the file.
KINDS = {"cube": (4, "screened.nc"), "annsm": (4, "annsm.nc"), "model": (2, "model.nc"), "shared": (1, "shared.nc"),
         "series": (1, "series.nc"), "filled": (1, "filled.nc"), "months": (1, "months.nc")}  # fmt: skip

#: Steps that take seconds, and how often they are taken where they could be.
RARE = {"study": 0.02, "sensitivity": 0.1, "comparison": 0.15, "train": 0.25, "fillgaps": 0.25}


def originals(folder: Path) -> Path:
    """The whole files, in ``folder``: those of a small study, a model that all cells share and a filled record."""
    import studies

    from annsm_plugin.core import gaps, training

    if not (folder / "filled.nc").is_file():
        studies.make(folder)
        training.train(folder / "screened.nc", folder / "shared.nc", **studies.PERIOD, method="regional")
        gaps.fill(folder / "annsm.nc", folder / "screened.nc", folder / "filled.nc", method="dct")
    return folder


def kind_of(seed: int) -> str:
    """What the damaged file of a seed is."""
    kinds = [kind for kind, (often, _) in KINDS.items() for _ in range(often)]
    return kinds[seed // 2 % len(kinds)]


def steps_of(kind: str, bad: Path, good: Path, out: Path) -> dict:
    """Name -> call of the steps that open a file of ``kind``, on the damaged file ``bad``, the others being whole."""
    import studies

    from annsm_plugin.core import comparison, gaps, reconstruction, sensitivity, training
    from annsm_plugin.core.exploration import known, story
    from annsm_plugin.core.matching import appended, precipitation
    from annsm_plugin.core.record import aggregation, extraction
    from annsm_plugin.core.stations import reading
    from annsm_plugin.core.triple_collocation import maps
    from annsm_plugin.core.validation import satellite, stations

    cube, annsm, model = good / "screened.nc", good / "annsm.nc", good / "model.nc"
    period = studies.PERIOD

    def look(_=None):
        found = known.know([bad])
        for _story in story.read(found, 32.4, 90.4):
            pass

    def extract():
        source = extraction.look(bad)
        cells = np.array([0, min(source.grid.shape) - 1])
        extraction.extract(source, [extraction.Place("one", cells, cells, np.ones(2))], source.grid)

    def study():
        from annsm_plugin.core.study import report
        from annsm_plugin.core.study.request import StudyRequest

        copy = out / "study"
        copy.mkdir(exist_ok=True)
        for path in good.iterdir():
            here = copy / path.name
            here.unlink(missing_ok=True)
            here.symlink_to(bad if path.name == KINDS[kind][1] else path)
        report.run(StudyRequest(folder=str(copy), report=str(out / "study.html")))

    def triple(x, y, z, *variables):
        return maps.collocate(x, y, z, draws=0, min_n=20, variables=variables)

    both = {
        "extract": extract,
        "explorer": look,
        "aggregate": lambda: aggregation.aggregate(bad, out / "a.nc"),
        "study": study,
    }
    if kind == "cube":
        return {
            **both,
            "train": lambda: training.train(bad, out / "m.nc", **period, hidden=2),
            "reconstruct": lambda: reconstruction.reconstruct(model, bad, out / "r.nc"),
            "satellite": lambda: satellite.validate_satellite(annsm, bad),
            "stations": lambda: stations.validate_stations(annsm, good / "series.nc", cube=bad),
            "triple": lambda: triple(annsm, bad, cube, "", "smap", "gldas"),
            "screen": lambda: precipitation.screen(bad, out / "s.nc"),
            "fillgaps": lambda: gaps.fill(annsm, bad, out / "f.nc", method="dct"),
            "sensitivity": lambda: sensitivity.analyse(bad, **period, hidden=2, experiments=["neurons"], neurons="2"),
            "comparison": lambda: comparison.compare(bad, **period, hidden=2, methods=["linear", "climatology"]),
            "append": lambda: appended.about(bad),
        }
    if kind in ("annsm", "filled"):
        return {
            **both,
            "satellite": lambda: satellite.validate_satellite(bad, cube),
            "stations": lambda: stations.validate_stations(bad, good / "series.nc", cube=cube),
            "triple": lambda: triple(bad, cube, cube, "", "smap", "gldas"),
            "fillgaps": lambda: gaps.fill(bad, cube, out / "f.nc", method="dct"),
        }
    if kind in ("model", "shared"):
        return {"reconstruct": lambda: reconstruction.reconstruct(bad, cube, out / "r.nc"), "explorer": look, "study": study}
    if kind == "series":
        return {
            "read": lambda: reading.read(bad),
            "stations": lambda: stations.validate_stations(annsm, bad),
            "triple": lambda: triple(annsm, bad, cube, "", "", "gldas"),
            "study": study,
        }
    return {name: call for name, call in both.items() if name != "aggregate"}


def one(seed: int, good: Path, out: Path, tell) -> None:
    """Damage a file by ``seed``, take every step on it, and ``tell`` of each what came of it."""
    from mutations import damaged

    from annsm_plugin.core.foundation.errors import AnnsmError

    kind = kind_of(seed)
    bad = out / f"bad_{KINDS[kind][1]}"
    bad.unlink(missing_ok=True)
    damage = damaged(good / KINDS[kind][1], bad, seed)
    random = np.random.default_rng([seed, 5])
    for name, call in steps_of(kind, bad, good, out).items():
        if random.random() > RARE.get(name, 1.0):
            continue
        begun = time.perf_counter()
        tell(begin=f"{kind} {name}", seed=seed, damage=damage)
        try:
            call()
            came, words = "fine", ""
        except AnnsmError as error:
            words = str(error)
            came = "project error" if "\n" not in words and len(words) < 2000 else "bare error"
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)
            own = [frame for frame in last if "annsm_plugin" in frame.filename]
            where = f"{Path(own[-1].filename).name}:{own[-1].lineno}" if own else ""
            came, words = "bare error", f"{type(error).__name__}: {' '.join(str(error).split())[:150]} [{where}]"
        tell(came=came, words=words, seconds=time.perf_counter() - begun)


def child(good: Path, out: Path, seeds: list[int]) -> None:
    """What the child process does: the answers go to what was its standard output, one JSON object a line."""
    import warnings

    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    with contextlib.suppress(ImportError):
        import torch

        torch.set_num_threads(1)
    if not os.environ.get("ANNSM_UNEXAMINED"):
        from annsm_plugin.core.workers import examining

        examining.install()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for seed in seeds:
        one(seed, good, out, lambda **told: answers.write(json.dumps(told) + "\n"))
        answers.write(json.dumps({"done": seed}) + "\n")


def torture(good: Path, out: Path, seeds: list[int], seconds: float = float("inf")) -> tuple[collections.Counter, list[str], int]:
    """Counts by kind, a line for everything that is neither fine nor a project error, and how many files were damaged."""
    counts: collections.Counter = collections.Counter()
    lines, left, finished, deadline = [], list(seeds), 0, time.monotonic() + seconds
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    environment.update(MALLOC_ARENA_MAX="2", PYTHONPATH=os.pathsep.join([str(ROOT), str(ROOT / "tests" / "helpers")]))
    while left and time.monotonic() < deadline:
        out.mkdir(parents=True, exist_ok=True)
        running, slow = {}, False
        command = [sys.executable, __file__, str(good), str(out), *map(str, left[:500])]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, text=True) as process:
            while True:
                wait = SECONDS if running else 60.0
                if not select.select([process.stdout], [], [], wait)[0]:
                    slow = True
                    process.kill()
                    break
                line = process.stdout.readline()
                if not line:
                    process.wait()
                    break
                if time.monotonic() > deadline:
                    process.kill()
                    break
                told = json.loads(line)
                if "begin" in told:
                    running = told
                elif "came" in told:
                    counts[told["came"]] += 1
                    if told["came"] == "bare error":
                        lines.append(f"{told['came']}: seed {running['seed']} {running['begin']} ({running['damage']}): {told['words']}")
                    if told["seconds"] > 10:
                        lines.append(f"slow: {told['seconds']:.0f} s, seed {running['seed']} {running['begin']} ({running['damage']})")
                    running = {}
                else:
                    left.remove(told["done"])
                    finished += 1
        if running and time.monotonic() < deadline:
            came = "too slow" if slow else f"crash (status {process.returncode})"
            counts[came] += 1
            lines.append(f"{came}: seed {running['seed']} {running['begin']} ({running['damage']})")
            left.remove(running["seed"])
            finished += 1
        elif process.returncode not in (0, None) and not running and time.monotonic() < deadline:
            lines.append(f"the child ended with status {process.returncode} between two files, before seed {left[0] if left else None}")
            left = left[1:]
    return counts, lines, finished


if __name__ == "__main__":
    child(Path(sys.argv[1]), Path(sys.argv[2]), [int(text) for text in sys.argv[3:]])
