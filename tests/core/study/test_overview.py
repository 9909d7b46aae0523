"""overview: the numbers are those of the files."""

import numpy as np
import pytest
from record_cubes import write_annsm
from small_model import small

from annsm_plugin.core import validation
from annsm_plugin.core.foundation.errors import ParameterError
from annsm_plugin.core.statistics import significance
from annsm_plugin.core.study import overview
from annsm_plugin.core.training import model
from annsm_plugin.core.validation import station_result


def test_training_rows(tmp_path):
    trained = small()
    model.write(tmp_path / "m.nc", trained, "test")
    rows = overview.rows(trained=tmp_path / "m.nc")
    assert rows[0].paper == 0.90 and rows[0].ours == pytest.approx(trained.errors[0, 3].mean())
    assert rows[3].ours == pytest.approx((trained.errors[1, 2] * 0.4).mean())
    assert rows[0].interval == pytest.approx(significance.interval_of_mean(trained.errors[0, 3]), nan_ok=True)


def test_station_rows_and_text(tmp_path):
    from types import SimpleNamespace

    from annsm_plugin.core.foundation import localtime
    from annsm_plugin.core.foundation.grid import Grid

    values = 0.2 + 0.05 * np.random.default_rng(0).normal(size=(50, 4, 4))
    write_annsm(tmp_path / "a.nc", values)
    grid = Grid.from_extent((90.0, 32.0, 91.0, 33.0))
    times = localtime.utc_of(np.datetime64("2019-04-01") + np.arange(50), 1.5, grid.lon[0])
    station = SimpleNamespace(name="A", network="N", lat=grid.lat[0], lon=grid.lon[0], depth=0, times=times, values=values[:, 0, 0] + 0.01)
    result = validation.validate_stations(tmp_path / "a.nc", [station])
    (tmp_path / "t.csv").write_text(station_result.stations_csv(result))
    rows = overview.rows(table=tmp_path / "t.csv")
    assert [r.paper for r in rows] == [0.74, 0.106, 0.061]
    assert rows[2].ours == pytest.approx(0.01, abs=1e-6)
    text = overview.text(rows)
    assert "synthetic" in text and "0.106" in text and "ANN-SM: mean |BIAS|" in text
    overview.write(tmp_path / "o.html", rows, synthetic=True)
    page = (tmp_path / "o.html").read_text(encoding="utf-8")
    assert "0.106" in page and "Synthetic data." in page and "demo archive" in page


def test_intervals_are_those_of_the_means(tmp_path):
    """Twelve cells in a table: the mean of R and Student's interval of it, in the text and on the page."""
    r = np.round(np.random.default_rng(0).uniform(0.5, 0.9, 12), 3)
    empty = dict.fromkeys(station_result.COLUMNS, "")
    lines = [{**empty, "product": "LPRM", "basis": "own days", "n": "100", "r": str(v), "rmse": "0.1", "bias": "-0.1"} for v in r]
    text = ",".join(station_result.COLUMNS) + "\n" + "\n".join(",".join(line.values()) for line in lines) + "\n"
    (tmp_path / "t.csv").write_text(text)
    first = overview.rows(table=tmp_path / "t.csv")[0]
    assert first.ours == pytest.approx(r.mean()) and "12 station cells, 1200 cell-days" in first.basis
    assert first.interval == pytest.approx(significance.interval_of_mean(r))
    said = f"{first.interval[0]:.3g} to {first.interval[1]:.3g}"
    assert 0.5 < first.interval[0] < first.ours < first.interval[1] < 0.9 and said in overview.text([first])
    overview.write(tmp_path / "o.html", [first])
    assert said in (tmp_path / "o.html").read_text(encoding="utf-8")


def test_another_table(tmp_path):
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    with pytest.raises(ParameterError, match="is not the table"):
        overview.rows(table=tmp_path / "t.csv")
