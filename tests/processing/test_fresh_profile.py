"""The zip in a fresh profile of the real QGIS: unpacked as QGIS's installer does, switched on, and the chain run from it alone."""

from __future__ import annotations

import zipfile

import netCDF4
import numpy as np
import pytest
import zipped

pytest.importorskip("torch")

REGION = "91.75,92.25,31,31.5 [EPSG:4326]"
TRAINING = {"START": "2015-04-01", "END": "2015-10-31"}


def test_the_chain_runs_from_the_zip_in_a_fresh_profile(qgis_process, tmp_path):
    (tmp_path / "checkout").mkdir()
    path, _ = zipped.make(tmp_path / "checkout")
    profile = tmp_path / "profile"
    plugins = profile / "profiles" / "default" / "python" / "plugins"
    plugins.mkdir(parents=True)
    with zipfile.ZipFile(path) as file:
        file.extractall(plugins)
    environment = {k: v for k, v in qgis_process.environment.items() if k != "QGIS_PLUGINPATH"}
    environment["QGIS_CUSTOM_CONFIG_PATH"] = str(profile)
    tool = type(qgis_process)(qgis_process.program, environment)
    code, text = tool("run", "annsm:inventory", "--FOLDER=x")
    assert code != 0 and "annsm" in text  # it is there, and off
    assert tool("plugins", "enable", "annsm_plugin")[0] == 0
    code, text = tool("help", "annsm:match")
    assert code == 0 and "Match products" in text, text[-2000:]
    out = tmp_path / "out"
    out.mkdir()
    made = tool.results("annsm:demodata", REGION="tiny", YEARS=1, SEED=3, FOLDER=out / "archive")
    folders = {name: made[name] for name in ("AMSR", "SMAP", "GLDAS", "LAI")}
    tool.results("annsm:match", **folders, EXTENT=REGION, CHANNELS="common", **TRAINING, OUTPUT=out / "cube.nc")
    tool.results("annsm:train", INPUT=out / "cube.nc", **TRAINING, HIDDEN=4, OUTPUT=out / "model.nc")
    tool.results("annsm:reconstruct", MODEL=out / "model.nc", INPUT=out / "cube.nc", OUTPUT=out / "annsm.nc")
    with netCDF4.Dataset(out / "annsm.nc") as file:
        values = np.ma.filled(file["soil_moisture"][:].astype(float), np.nan)
        assert file.count_values == np.isfinite(values).sum() > 200
