"""Every file says which files, versions and settings it came from, those of the files before it too."""

from __future__ import annotations

import re

import gappy_records
import netCDF4
import numpy as np
import pytest
from record_cubes import write_cube

from annsm_plugin.core import gaps, reconstruction, training
from annsm_plugin.core.foundation.store import provenance
from annsm_plugin.core.matching import appended, precipitation
from annsm_plugin.core.record import aggregation
from annsm_plugin.core.stations import reading
from annsm_plugin.core.stations.station import Station

pytest.importorskip("torch")

#: The line of the product files, as matching writes it.
PRODUCTS = "smap: 3 files, 300 bytes, names and sizes sha256 0123456789abcdef"


@pytest.fixture(scope="module")
def chain(tmp_path_factory):
    """Cube, screened, model, ANN-SM, months: each of the one before; file -> attributes, and the folder."""
    folder = tmp_path_factory.mktemp("provenance")
    write_cube(folder / "cube.nc", days=420, attributes={"input_files": PRODUCTS, "smap_versions": "v8", "history": "matched"})
    precipitation.screen(folder / "cube.nc", folder / "screened.nc", threshold=10.0)
    training.train(folder / "screened.nc", folder / "model.nc", start="2015-04-01", end="2016-03-31", hidden=2, seed=3)
    reconstruction.reconstruct(folder / "model.nc", folder / "screened.nc", folder / "annsm.nc")
    aggregation.aggregate(folder / "annsm.nc", folder / "months.nc")
    return folder


def attributes(path) -> dict:
    with netCDF4.Dataset(path) as file:
        return {name: file.getncattr(name) for name in file.ncattrs()}


#: File -> what it was made of, and settings that it must name.
SCREENED = {"screening_threshold": 10.0}
MADE = {
    "screened.nc": (["cube: cube.nc"], SCREENED),
    "model.nc": (["cube: screened.nc", "cube: cube.nc"], {"seed": 3, "hidden": 2, "training_start": "2015-04-01", **SCREENED}),
    "annsm.nc": (["model: model.nc", "cube: screened.nc", "cube: cube.nc"], {"seed": 3, "training_end": "2016-03-31", **SCREENED}),
    "months.nc": (["source: annsm.nc", "model: model.nc", "cube: screened.nc", "cube: cube.nc"], {"seed": 3, "period": "month"}),
}


@pytest.mark.parametrize("name", MADE)
def test_a_file_names_its_inputs_versions_and_settings(chain, name):
    files, settings = MADE[name]
    told = attributes(chain / name)
    lines = told["input_files"].splitlines()
    for line in files:
        path = chain / line.partition(": ")[2]
        assert f"{line}, {path.stat().st_size} bytes" in lines
    assert lines[-1] == PRODUCTS and len(lines) == len(files) + 1
    assert told["smap_versions"] == "v8" and "matched" in told["history"]
    assert re.search(r"ANN-SM for QGIS \d+\.\d+", told.get("software", told["history"]))
    for key, value in settings.items():
        assert told[key] == value, key


def test_a_filled_record_too(tmp_path):
    record, cube, _ = gappy_records.write(tmp_path, days=400, extent=(90.0, 32.0, 91.0, 33.0))
    gaps.fill(record, cube, tmp_path / "filled.nc", method="dct", seed=5)
    told = attributes(tmp_path / "filled.nc")
    wanted = [f"{role}: {path.name}, {path.stat().st_size} bytes" for role, path in (("record", record), ("cube", cube))]
    assert told["input_files"].splitlines() == wanted and told["fill_method"] == "dct" and told["fill_seed"] == 5


def test_series_of_stations_too(tmp_path):
    (tmp_path / "a.stm").write_text("x" * 40)
    times = np.datetime64("2015-04-01T00:00:00") + np.arange(3)
    station = Station("a", "N", 32.4, 90.4, (0.0, 0.05), "probe", times, np.full(3, 0.2), path=str(tmp_path / "a.stm"))
    told = attributes(reading.write_series(tmp_path / "series.nc", [station, station]))
    assert told["input_files"].startswith("stations: 1 files, 40 bytes, names and sizes sha256 ") and "ANN-SM" in told["software"]


def test_the_checksum_is_of_names_and_sizes(tmp_path):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        for name, size in (("a.h5", 10), ("b.h5", 20)):
            (tmp_path / folder / name).write_bytes(bytes(size))
    lines = [provenance.many("smap", sorted((tmp_path / folder).iterdir(), reverse=folder == "two")) for folder in ("one", "two")]
    assert lines[0] == lines[1] and lines[0].startswith("smap: 2 files, 30 bytes")
    (tmp_path / "two" / "b.h5").write_bytes(bytes(21))
    assert provenance.many("smap", (tmp_path / "two").iterdir()) != lines[0]


def test_a_cube_of_two_matches_names_the_files_of_both():
    found = appended.joined({"history": "b", "input_files": "smap: b"}, {"history": "a", "input_files": "smap: a\nlai: c"})
    assert found["input_files"].splitlines() == ["smap: b", "smap: a", "lai: c"] and found["history"] == "b\na"
