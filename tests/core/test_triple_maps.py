"""Triple collocation of files: planted errors come back per cell, shared days alone count, what cannot work is refused."""

import numpy as np
import pytest
from record_cubes import write_annsm, write_cube

from annsm_plugin.core import triple_maps, triple_report
from annsm_plugin.core.errors import AnnsmError

DAYS = 1500
ERRORS = {"X": 0.02, "Y": 0.035, "Z": 0.03}


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """Three records of 4 x 4 cells on the same truth, each with its own gain, offset, gaps and independent error."""
    folder, random = tmp_path_factory.mktemp("triple"), np.random.default_rng(11)
    truth = np.zeros((DAYS, 4, 4))
    for t in range(1, DAYS):
        truth[t] = 0.95 * truth[t - 1] + random.normal(0, 0.02, (4, 4))
    paths = {}
    for (name, error), (gain, offset) in zip(ERRORS.items(), ((1.0, 0.25), (0.8, 0.3), (1.2, 0.2))):
        values = offset + gain * truth + random.normal(0, error, truth.shape)
        values[random.random(truth.shape) < 0.1] = np.nan
        paths[name] = write_annsm(folder / f"{name}.nc", values, start="2013-01-01")
    return paths


def run(paths, **changed):
    return triple_maps.collocate(**{**{name.lower(): path for name, path in paths.items()}, "draws": 0, **changed})


def test_planted_errors_are_recovered(planted):
    result = run(planted)
    assert (result.maps["n"] > 1000).all() and result.cells == 16
    for name, error in ERRORS.items():
        found = result.maps[f"std_{name.lower()}"]
        assert np.abs(found / error - 1).max() < 0.15, name
        assert result.means[f"std_{name.lower()}"][0] == pytest.approx(error, rel=0.05)
    r = {name: result.means[f"r_{name.lower()}"][0] for name in ERRORS}
    assert r["X"] > r["Z"] > r["Y"] > 0.7


def test_the_caveat_and_shared_origins_are_said(planted):
    """All three call themselves ANN-SM: one family."""
    text = " ".join(run(planted).warnings)
    assert "ANN-SM" in text
    assert "trained on SMAP" in triple_maps.INDEPENDENCE


def test_a_period_and_few_days(planted):
    result = run(planted, start="2013-01-01", end="2013-12-31")
    assert 200 < result.maps["n"].max() <= 365
    result = run(planted, start="2013-01-01", end="2013-02-15")
    assert result.cells == 0 and np.isnan(result.maps["std_x"]).all() and result.warnings


def test_no_common_day_or_cell_is_refused(planted, tmp_path):
    late = write_annsm(tmp_path / "late.nc", np.full((100, 4, 4), 0.2), start="2022-01-01")
    with pytest.raises(AnnsmError, match="no period in common"):
        run({**planted, "Z": late})
    away = write_annsm(tmp_path / "away.nc", np.full((100, 4, 4), 0.2), start="2013-01-01", extent=(10.0, 32.0, 11.0, 33.0))
    with pytest.raises(AnnsmError, match="cell"):
        run({**planted, "Z": away})


def test_a_constant_product_has_a_status_and_no_number(planted, tmp_path):
    flat = write_annsm(tmp_path / "flat.nc", np.full((DAYS, 4, 4), 0.2), start="2013-01-01")
    result = run({**planted, "Z": flat})
    assert result.cells == 0 and np.isnan(result.maps["std_z"]).all()


@pytest.mark.parametrize("bad", ["", "no.nc"])
def test_a_product_that_is_not_there(planted, tmp_path, bad):
    with pytest.raises(AnnsmError, match="Y"):
        run({**planted, "Y": str(tmp_path / bad) if bad else ""})


def test_the_same_product_twice_is_refused(planted):
    with pytest.raises(AnnsmError):
        run({**planted, "Y": planted["X"]})


def test_a_cube_with_its_variables_and_the_report(tmp_path, planted):
    cube, _ = write_cube(tmp_path / "cube.nc", start="2013-01-01", days=900)
    result = triple_maps.collocate(x=cube, y=cube, z=planted["X"], variables=["smap", "gldas", ""], draws=0)
    assert result.titles == ("SMAP", "GLDAS", "ANN-SM") or list(result.titles) == ["SMAP", "GLDAS", "ANN-SM"]
    path = triple_report.triple(tmp_path / "r.html", run(planted, draws=40))
    text = path.read_text(encoding="utf-8")
    assert "independent" in text and "http" not in text.replace("http://www.w3.org", "") and path.stat().st_size < 5e6
