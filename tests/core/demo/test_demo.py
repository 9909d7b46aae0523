"""The demo archive: errors as stated, formats that GDAL and the readers take, reproducible, whole or not at all."""

import ast
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from demo_scene import DAYS, scene_of
from osgeo import gdal

from annsm_plugin.core import demo, metrics, products
from annsm_plugin.core.demo import emission, formats, lai_tiles, orbits, scene
from annsm_plugin.core.foundation.errors import Cancelled, ParameterError
from annsm_plugin.core.foundation.progress import Progress
from annsm_plugin.core.products.readers.lai import SIDE


@pytest.fixture(scope="module")
def year():
    return scene_of()


def test_gldas_agrees_with_the_truth_as_stated(year):
    _, truth, frozen = year.truth(DAYS[1:])
    hours = (np.arange(DAYS.size - 1) + 121) * 24 - 5  # 19:00 UTC of the day before, about 01:00 local
    gldas = year.gldas_moisture[hours][:, year.inner].reshape(truth.shape)
    assert 0.6 <= np.nanmean(metrics.r(np.where(frozen, np.nan, truth), gldas, axis=0)) <= 0.75
    assert 0.4 < 1 - frozen.mean() < 0.7


def test_smap_errors_and_frozen_mask(year):
    errors, rng = [], np.random.default_rng(0)
    for date in DAYS[60:180]:
        _, _, (morning, _) = year.smap(date, rng)
        seen = np.isfinite(morning["soil_moisture"])
        at = year.index(morning["seconds"].ravel() + scene._J2000)
        truth = year._at(year.total, at, morning["lat"].ravel(), morning["lon"].ravel()).reshape(seen.shape)
        inside = seen & (truth > 0.12) & (truth < 0.38)  # clear of the product's limits 0.02 and 0.5
        errors.append((morning["soil_moisture"] - truth)[inside])
        assert not (seen & morning["frozen"]).any()
        assert (morning["flag"][~np.isfinite(morning["seconds"])] == 65534).all()
    errors = np.concatenate(errors)
    assert errors.std() == pytest.approx(0.04, abs=0.003)
    assert abs(errors.mean()) < 0.003


def test_brightness_noise_and_amsre_offsets():
    two, e = scene_of("AMSR2", region="tiny"), scene_of("AMSR-E", region="tiny")
    e.seen = lambda orbit, *place: two.seen(orbits.AMSR2, *place)  # the same overpasses, so that only the sensor differs
    noise, offset = [], []
    for day, date in enumerate(DAYS[80:140]):
        clean = [two.brightness(date, np.random.default_rng(s))["10"][0] for s in (day, day + 1000)]
        noise.append((clean[0] - clean[1]).ravel())
        offset.append((e.brightness(date, np.random.default_rng(day))["10"][0] - clean[0]).ravel())
    assert np.nanstd(np.concatenate(noise)) == pytest.approx(0.7 * np.sqrt(2), rel=0.08)
    assert np.nanmean(np.concatenate(offset)) == pytest.approx(emission.CHANNELS["10"].offset_v, abs=0.15)
    offsets = [abs(o) for c, s in emission.CHANNELS.items() if c != "07" for o in (s.offset_v, s.offset_h)]
    assert min(offsets) >= 1.0
    assert max(offsets) <= 4.0


def test_wetter_soil_is_colder_and_low_frequencies_feel_it_most(year):
    land = year.land
    cells = land.sand.size

    def at(water, canopy, channel):
        return emission.brightness(channel, liquid=np.full(cells, water), ice=np.zeros(cells), film=np.zeros(cells),
                                   soil_temperature=np.full(cells, 285.0), skin_temperature=np.full(cells, 284.0),
                                   canopy_water=np.full(cells, canopy), land=land)  # fmt: skip

    for channel in emission.CHANNELS:
        dry, wet = at(0.08, 0.3, channel), at(0.30, 0.3, channel)
        assert all((w < d).all() for d, w in zip(dry, wet))
        assert all(((v > 150) & (v < 290)).all() for v in (*dry, *wet))
        assert (dry[0] > dry[1]).all()  # vertical is warmer than horizontal at 55 degrees
    fall = {c: float(np.mean(at(0.08, 1.0, c)[1] - at(0.30, 1.0, c)[1])) for c in ("06", "18", "36")}
    assert fall["06"] > fall["18"] > fall["36"] > 0


def test_files_are_read_back_by_the_readers(year, tmp_path):
    date = next(d for d in DAYS[100:] if np.isfinite(year.smap(d, np.random.default_rng(1))[2][0]["soil_moisture"]).any())
    channels = year.brightness(date, np.random.default_rng(1))
    formats.amsr(tmp_path, date, "AMSR2", year.grid, {"06": channels["06"]})
    formats.gldas(tmp_path, date, year.grid, year.gldas(date))
    formats.smap(tmp_path, date, *year.smap(date, np.random.default_rng(1)))
    lprm, jaxa = year.lprm(date, np.random.default_rng(2)), year.jaxa(date, np.random.default_rng(3))
    formats.lprm(tmp_path, date, "AMSR2", year.grid, *lprm)
    formats.jaxa(tmp_path, date, "AMSR2", year.grid, *jaxa)
    smos = year.smos(date, np.random.default_rng(4))
    formats.smos(tmp_path, date, *smos)
    read = {e.product: products.read(e.path) for e in products.inventory(tmp_path).entries if e.product != "gldas"}
    place = {"lat": year.grid.lat, "lon": year.grid.lon}
    assert np.allclose(read["amsr_tb"]["tb_v"].sel(place), channels["06"][0], atol=0.006, equal_nan=True)
    assert np.allclose(read["lprm"]["soil_moisture_c1"].sel(place), lprm[0], atol=0.006, equal_nan=True)
    assert np.allclose(read["jaxa"]["soil_moisture"].sel(place), jaxa[0], atol=0.0006, equal_nan=True)
    assert np.allclose(read["smos"]["soil_moisture"], smos[2], atol=2e-5, equal_nan=True)
    assert read["smap"]["soil_moisture"].count() > 0
    step = products.read(tmp_path / f"GLDAS_NOAH025_3H.A{str(date).replace('-', '')}.1800.021.nc4.SUB.nc4")
    wide = year.gldas(date)[6]["SoilMoi0_10cm_inst"]
    assert np.allclose(step["SoilMoi0_10cm_inst"].values[::-1], wide)
    assert {e.product for e in products.inventory(tmp_path).entries} == {"amsr_tb", "gldas", "smap", "lprm", "jaxa", "smos"}


def test_lai_tile_is_where_modis_puts_it(tmp_path):
    codes = np.full((2400, 2400), 255, "uint8")
    codes[1200, 600] = 23
    lai_tiles.write_tile(tmp_path / "MCD15A2H.A2015097.h25v05.061.2015097000000.hdf", (25, 5), codes, np.zeros_like(codes))
    data = products.read(tmp_path / "MCD15A2H.A2015097.h25v05.061.2015097000000.hdf")
    assert data["lai"].count() == 1
    assert float(data["lai"].values[1200, 600]) == pytest.approx(2.3)
    step = SIDE / 2400
    assert float(data["x"][600]) == pytest.approx(7 * SIDE + 600.5 * step, abs=1e-3)
    assert float(data["y"][1200]) == pytest.approx(4 * SIDE - 1200.5 * step, abs=1e-3)
    assert "Sinusoidal" in data.attrs["crs"]
    names = [n for n, _ in gdal.Open(str(tmp_path / "MCD15A2H.A2015097.h25v05.061.2015097000000.hdf")).GetSubDatasets()]
    assert any(n.startswith("HDF4_EOS:EOS_GRID:") and n.endswith(":Lai_500m") for n in names)


def test_the_same_seed_gives_the_same_scene(year):
    again = scene_of()
    assert np.array_equal(again.total, year.total)
    assert np.array_equal(again.gldas_moisture, year.gldas_moisture)
    assert not np.array_equal(scene_of(seed=1).total, year.total)


def test_a_foreign_folder_is_refused_and_a_cancelled_archive_leaves_nothing(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.doc").write_text("x")
    with pytest.raises(ParameterError, match="holds no demo archive"):
        demo.write_archive(tmp_path / "mine", region="tiny", years=1)
    with pytest.raises(ParameterError, match="REGION is 'atlantis'; expected one of demo, tiny"):
        demo.write_archive(tmp_path / "new", region="atlantis")

    class Stop(Progress):
        at = None

        def cancelled(self):
            return self.at is not None

    stop = Stop()
    threading.Timer(5.0, lambda: setattr(stop, "at", time.monotonic())).start()
    with pytest.raises(Cancelled):
        demo.write_archive(tmp_path / "new", region="tiny", years=1, progress=stop)
    assert time.monotonic() - stop.at < 2.0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["mine"]


def test_no_step_of_the_chain_knows_the_truth():
    core = Path(demo.__file__).resolve().parents[1]
    for path in core.rglob("*.py"):
        if "demo" not in path.relative_to(core).parts:
            texts = [n.value for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Constant)]
            assert not any(isinstance(t, str) and "truth.nc" in t for t in texts), path
