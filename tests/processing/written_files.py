"""What QGIS's own raster provider must see in a written file, and what an independent CF checker says of it."""

from __future__ import annotations

import datetime
import json
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
READER = Path(__file__).with_name("qgis_reader.py")
CHECKER = ROOT / ".venv-cf" / "bin" / "compliance-checker"

#: Points looked at in each file, beside the corners and some missing cells.
POINTS, MISSING = 200, 20

#: A request over the network fails at once: nothing listens at this port. The checker's table of standard names comes with the package.
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
OFFLINE = {**dict.fromkeys(PROXIES, "http://127.0.0.1:9"), "no_proxy": "", "NO_PROXY": ""}


@dataclass
class Raster:
    """A raster as it must be: ``values`` (bands, rows, columns), the north first, NaN missing.

    ``bounds``: west, south, east, north of its cells' outer edges; ``bands``: the date or the name of each, empty where they have
    none; ``tolerance``: how far a value may be off.
    """

    source: str
    values: np.ndarray
    bounds: tuple[float, float, float, float]
    bands: Sequence = ()
    tolerance: float = 0.0

    def __post_init__(self):
        self.values = np.asarray(self.values, dtype=np.float32)
        if self.values.ndim == 2:
            self.values = self.values[np.newaxis]

    def places(self, random) -> np.ndarray:
        """(n, 3) band, row and column: random ones, the corners of the first and last band, and missing cells, in random order."""
        shape = self.values.shape
        anywhere = np.stack([random.integers(0, size, POINTS) for size in shape], axis=1)
        corners = np.stack(np.meshgrid(*([0, size - 1] for size in shape)), axis=-1).reshape(-1, 3)
        missing = np.argwhere(np.isnan(self.values))
        missing = missing[random.permutation(len(missing))[:MISSING]]
        return random.permutation(np.concatenate([anywhere, corners, missing]))

    def points(self, places: np.ndarray, random) -> list[tuple[float, float, int]]:
        """Longitude, latitude and band number: the centre of every other cell, any point inside the others."""
        west, south, east, north = self.bounds
        _, rows, columns = self.values.shape
        within = random.uniform(0.02, 0.98, (len(places), 2))
        within[::2] = 0.5
        lon = west + (places[:, 2] + within[:, 0]) * (east - west) / columns
        lat = north - (places[:, 1] + within[:, 1]) * (north - south) / rows
        return list(zip(lon.tolist(), lat.tolist(), (places[:, 0] + 1).tolist()))

    def differences(self, places: np.ndarray, seen: dict) -> Iterator[str]:
        """Each way in which what QGIS has ``seen`` is not this raster."""
        if not seen["valid"]:
            yield f"is no raster layer: {seen['error']}"
            return
        count, rows, columns = self.values.shape
        if seen["crs"] != "EPSG:4326":
            yield f"is in {seen['crs'] or 'no reference system'}"
        if not np.allclose(seen["extent"], self.bounds, rtol=0, atol=1e-9):
            yield f"extends over {seen['extent']}, not {list(self.bounds)}"
        if (len(seen["bands"]), seen["height"], seen["width"]) != (count, rows, columns):
            yield f"has {len(seen['bands'])} bands of {seen['height']} x {seen['width']} cells, not {count} of {rows} x {columns}"
            return
        for band, (text, wanted) in enumerate(zip(seen["bands"], self.bands), start=1):
            found = date_of(text) if isinstance(wanted, np.datetime64) else text.partition(": ")[2]
            if found != wanted:
                yield f"calls band {band} '{text}', not {wanted}"
        wanted = self.values[tuple(places.T)]
        for how in ("sampled", "identified"):
            found = np.array([np.nan if value is None else value for value in seen[how]])
            right = np.isclose(found, wanted[: found.size], rtol=0, atol=self.tolerance, equal_nan=True)
            if not right.all():
                at = int(np.argmin(right))
                yield (
                    f"gives, {how}, {found[at]} and not {wanted[at]} in band, row, column {places[at].tolist()}, "
                    f"and {int((~right).sum())} of {right.size} values are wrong"
                )


def netcdf(path, variable: str, values, bounds, bands=(), tolerance=0.0) -> Raster:
    """One variable of a NetCDF file, as QGIS opens it."""
    return Raster(f'NETCDF:"{path}":{variable}', values, bounds, bands, tolerance)


def date_of(band: str) -> np.datetime64 | None:
    """The date in the name that QGIS gives a band of a daily file, None if there is none."""
    found = re.search(r"time=(\d+) \(days since (\d{4}-\d{2}-\d{2})\)", band)
    return np.datetime64(datetime.date.fromisoformat(found[2]) + datetime.timedelta(days=int(found[1])), "D") if found else None


def look(*rasters: Raster, seed=0) -> list[str]:
    """Everything that QGIS, in a process of its own without any code of the plugin, sees otherwise than it must be."""
    random = np.random.default_rng(seed)
    places = [raster.places(random) for raster in rasters]
    asked = [{"source": r.source, "points": r.points(p, random)} for r, p in zip(rasters, places)]
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": folder, "QGIS_CUSTOM_CONFIG_PATH": folder,
                       "GDAL_PAM_ENABLED": "NO"}  # fmt: skip
        done = subprocess.run(
            ["/usr/bin/python3", "-I", str(READER)], input=json.dumps(asked), env=environment, capture_output=True, text=True
        )
    assert done.returncode == 0, done.stderr[-2000:]
    seen = json.loads(done.stdout)
    assert not seen["ours"]
    return [f"{r.source} {what}" for r, p, answer in zip(rasters, places, seen["answers"]) for what in r.differences(p, answer)]


def cf_findings(path, *, without=()) -> list[str]:
    """What the checker holds against a NetCDF file: its sentences of every priority; ``without`` names checks that it leaves out."""
    assert CHECKER.exists(), "the CF checker is not installed; run 'make setup'"
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        options = ["--test=cf:1.11", "--criteria=strict", "--format=json", f"--output={report}", *(f"--skip-checks={n}" for n in without)]
        done = subprocess.run([CHECKER, *options, path], env={**os.environ, **OFFLINE}, capture_output=True, text=True)
        # 0: nothing found, 1: something; anything else: one of its checks did not come to an end
        assert done.returncode in (0, 1), done.stderr[-2000:]
        result = json.loads(report.read_text())["cf:1.11"]
    found = [check for level in ("high", "medium", "low") for check in result[f"{level}_priorities"]]
    assert len(found) > 5, "the checker has checked next to nothing"
    return [f"{check['name']}: {text}" for check in found if check["value"][0] < check["value"][1] for text in check["msgs"] or ("?",)]
