"""The stations of the demo archive: the true soil moisture with gain, bias, noise and gaps, in ISMN files (header and values)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ..foundation.grid import Grid
from . import soil
from .scene import Scene

NETWORK = "SYNTHETIC"


@dataclass
class Site:
    """One station: its name and position (degrees), and the lines of its file with UTC time, value (m3 m-3) and flag of every hour."""

    name: str
    lat: float
    lon: float
    lines: list[str] = field(default_factory=list)


def sites(
    grid: Grid,
    scene: Scene,
    local: np.ndarray,
    since: np.datetime64,
    seed: int,
    named: Mapping[str, tuple[float, float]] | None = None,
) -> list[Site]:
    """Stations with measurements from the UTC date ``since`` to the last ``local`` date.

    ``named``: their names and positions (lat, lon); None: eight stations in six cells (two in each of two cells).
    """
    rng = np.random.default_rng([seed, 31])
    rows, columns = grid.shape
    if named is None:
        cells = rng.choice(rows * columns, size=6, replace=False)
        hosts = np.concatenate([cells, cells[:2]])
    else:
        places = [grid.cell_of(*at) for at in named.values()]
        hosts = np.array([row * columns + column for row, column in filter(None, places)])
    count = hosts.size
    gain, bias = rng.uniform(0.85, 1.2, count), rng.uniform(-0.03, 0.03, count)
    away = rng.uniform(-0.09, 0.09, (count, 2))
    noise = np.random.default_rng([seed, 32, int(local[0].astype(int))])
    start = int((np.datetime64(since, "s") - scene.weather.start) / np.timedelta64(3600, "s"))
    stop = int(((local[-1] + 1).astype("datetime64[s]") - scene.weather.start) / np.timedelta64(3600, "s"))
    stamps = scene.weather.start + np.arange(start, stop) * np.timedelta64(3600, "s")
    texts = [str(t).replace("-", "/").replace("T", " ")[:16] for t in stamps]
    result = []
    for number, host in enumerate(hosts):
        row, column = divmod(int(host), columns)
        cell = int(scene.inner[host])
        temperature = scene.weather.soil_temperature[start:stop, cell]
        total = scene.liquid[start:stop, cell]
        value = np.clip(bias[number] + gain[number] * total + 0.012 * noise.standard_normal(total.size), 0.0, 0.9)
        flag = np.where(temperature <= soil.FREEZING, "D01", "G")
        missing = noise.random(total.size) < 0.02
        spike = noise.random(total.size) < 0.002
        value, flag = np.where(spike, value + 0.3, value), np.where(spike, "D06", flag)
        value, flag = np.where(missing, -9999.0, value), np.where(missing, "M", flag)
        lines = [f"{t} {v:9.4f} {f} M" for t, v, f in zip(texts, value, flag)]
        name = f"SYN_{number + 1:02d}" if named is None else list(named)[number]
        site = Site(name, grid.lat[row] + away[number, 0], grid.lon[column] + away[number, 1], lines)
        result.append(site)
    return result


def write(folder: Path, segments: list[list[Site]]) -> None:
    """Write one file per station with the lines of all ``segments`` (periods), in folders as in an ISMN download."""
    for parts in zip(*segments):
        site = parts[0]
        place = folder / NETWORK / site.name.replace("_", "-")
        place.mkdir(parents=True)
        lines = [line for part in parts for line in part.lines]
        first, last = (lines[i][:10].replace("/", "") for i in (0, -1))
        header = f"{NETWORK} {NETWORK} {site.name} {site.lat:10.5f} {site.lon:10.5f} 4500.00 0.00 0.05 DEMO-MODEL"
        name = f"{NETWORK}_{NETWORK}_{site.name.replace('_', '-')}_sm_0.000000_0.050000_DEMO-MODEL_{first}_{last}.stm"
        (place / name).write_text("\n".join([header, *lines, ""]), encoding="ascii")
