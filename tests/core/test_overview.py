"""overview: the numbers are those of the files."""

import numpy as np
import pytest
from record_cubes import write_annsm
from test_model import small

from annsm_plugin.core import model, overview, validation, validation_stations
from annsm_plugin.core.errors import ParameterError


def test_training_rows(tmp_path):
    trained = small()
    model.write(tmp_path / "m.nc", trained, "test")
    rows = overview.rows(trained=tmp_path / "m.nc")
    assert rows[0].paper == 0.90 and rows[0].ours == pytest.approx(trained.errors[0, 3].mean())
    assert rows[3].ours == pytest.approx((trained.errors[1, 2] * 0.4).mean())


def test_station_rows_and_text(tmp_path):
    from types import SimpleNamespace

    from annsm_plugin.core import localtime
    from annsm_plugin.core.grid import Grid

    values = 0.2 + 0.05 * np.random.default_rng(0).normal(size=(50, 4, 4))
    write_annsm(tmp_path / "a.nc", values)
    grid = Grid.from_extent((90.0, 32.0, 91.0, 33.0))
    times = localtime.utc_of(np.datetime64("2019-04-01") + np.arange(50), 1.5, grid.lon[0])
    station = SimpleNamespace(name="A", network="N", lat=grid.lat[0], lon=grid.lon[0], depth=0, times=times, values=values[:, 0, 0] + 0.01)
    result = validation.stations(tmp_path / "a.nc", [station])
    (tmp_path / "t.csv").write_text(validation_stations.table_csv(result))
    rows = overview.rows(table=tmp_path / "t.csv")
    assert [r.paper for r in rows] == [0.74, 0.106, 0.061]
    assert rows[2].ours == pytest.approx(0.01, abs=1e-6)
    text = overview.text(rows)
    assert "synthetic" in text and "0.106" in text and "ANN-SM: mean |BIAS|" in text
    overview.write(tmp_path / "o.html", rows, synthetic=True)
    page = (tmp_path / "o.html").read_text(encoding="utf-8")
    assert "0.106" in page and "Synthetic data." in page and "demo archive" in page


def test_another_table(tmp_path):
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    with pytest.raises(ParameterError, match="is not the table"):
        overview.rows(table=tmp_path / "t.csv")
