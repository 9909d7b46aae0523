"""The zip in a fresh profile of the real QGIS: unpacked as QGIS's installer does, switched on, and the chain run from it alone."""

from __future__ import annotations

import netCDF4
import numpy as np
import pytest

pytest.importorskip("torch")

REGION = "91.75,92.25,31,31.5 [EPSG:4326]"
TRAINING = {"START": "2015-04-01", "END": "2015-07-31"}


def test_the_chain_runs_from_the_zip_in_a_fresh_profile(unzipped, archive, tmp_path):
    """Its first step, the archive, was run by the fixture: from the zip too."""
    code, text = unzipped("help", "annsm:match")
    assert code == 0 and "Match products" in text, text[-2000:]
    folders = {name: archive[name] for name in ("AMSR", "SMAP", "GLDAS", "LAI")}
    unzipped.results("annsm:match", **folders, EXTENT=REGION, CHANNELS="common", **TRAINING, OUTPUT=tmp_path / "cube.nc")
    unzipped.results("annsm:train", INPUT=tmp_path / "cube.nc", **TRAINING, HIDDEN=4, MIN_PAIRS=10, OUTPUT=tmp_path / "model.nc")
    unzipped.results("annsm:reconstruct", MODEL=tmp_path / "model.nc", INPUT=tmp_path / "cube.nc", OUTPUT=tmp_path / "annsm.nc")
    with netCDF4.Dataset(tmp_path / "annsm.nc") as file:
        values = np.ma.filled(file["soil_moisture"][:].astype(float), np.nan)
        assert file.count_values == np.isfinite(values).sum() > 200
