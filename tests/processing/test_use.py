"""What the record is for, through the real qgis_process: aggregates and trend, and QGIS's own view of the files."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from record_cubes import write_annsm


def test_months_and_trend(qgis_process, tmp_path):
    values = 0.2 + 0.00002 * np.arange(1200)[:, None, None] + np.random.default_rng(0).normal(0, 0.02, (1200, 4, 4))
    record = write_annsm(tmp_path / "annsm.nc", values, start="2013-01-01")
    out = {"OUTPUT": tmp_path / "months.nc", "TREND": tmp_path / "trend.tif", "SIGNIFICANCE": tmp_path / "p.tif"}
    found = qgis_process.results("annsm:aggregate", INPUT=record, PERIOD="month", **out)
    assert found["PERIODS"] == 40 and found["SIGNIFICANT"] >= 14
    trend, p = (gdal.Open(str(out[name])).ReadAsArray() for name in ("TREND", "SIGNIFICANCE"))
    assert found["MEDIAN_TREND"] == pytest.approx(np.median(trend), rel=1e-5)
    assert np.median(trend) == pytest.approx(0.0073, abs=0.002) and (p >= 0).all() and (p <= 1).all()
    raster = gdal.Open(f'NETCDF:"{out["OUTPUT"]}":soil_moisture_mean')
    assert raster.RasterCount == 40 and raster.GetGeoTransform()[5] < 0
    assert raster.GetRasterBand(1).ReadAsArray()[0, 0] == pytest.approx(values[:31, 0, 0].mean(), abs=1e-6)


def test_a_base_without_days_is_one_sentence(qgis_process, cube, tmp_path):
    code, text = qgis_process.run("annsm:aggregate", INPUT=cube, BASE="1990-1995", OUTPUT=tmp_path / "x.nc")
    assert code != 0 and "BASE 1990-1995 has no day" in text and "Traceback" not in text
    assert not list(tmp_path.iterdir())
