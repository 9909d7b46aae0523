"""Matching subsets of the demo's archive gives the cube of the whole one, bit for bit; and the 9 km product of SMAP as the target."""

import shutil

import h5py
import netCDF4
import numpy as np
import pytest
import subsets
from demo_scene import scene_of

from annsm_plugin.core import demo, matching
from annsm_plugin.core.demo import formats, lai_tiles
from annsm_plugin.core.foundation.errors import ParameterError
from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.foundation.progress import SILENT
from annsm_plugin.core.products.readers import ease

EXTENT = demo.REGIONS["tiny"]
DAYS = np.arange("2015-06-02", "2015-06-14", dtype="datetime64[D]")
WANTED = DAYS[3:8]


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """Days of the demo's archive in the formats of its products."""
    root = tmp_path_factory.mktemp("demo")
    for name in ("amsr", "smap", "gldas", "lai"):
        (root / name).mkdir()
    made, grid = scene_of(region="tiny", days=DAYS), Grid.from_extent(EXTENT)
    for number, date in enumerate(np.arange(WANTED[0] - 2, WANTED[-1] + 3)):
        rng = np.random.default_rng(number)
        formats.amsr(root / "amsr", date, "AMSR2", grid, {"06": made.brightness(date, rng)["06"]})
        formats.gldas(root / "gldas", date, grid, made.gldas(date))
        formats.smap(root / "smap", date, *made.smap(date, rng))
    lai_tiles.write(root / "lai", WANTED, made.wide, made, np.random.default_rng(0), SILENT, tiles=False)
    return root


def match(output, root, **settings):
    folders = {name: settings.pop(name, root / name) for name in ("amsr", "smap", "gldas", "lai")}
    result = matching.match(output, **folders, extent=EXTENT, start=WANTED[0], end=WANTED[-1], channels="06", **settings)
    with netCDF4.Dataset(result.path) as file:
        file.set_auto_maskandscale(False)
        return result, {name: file[name][...] for name in file.variables}, {name: file.getncattr(name) for name in file.ncattrs()}


@pytest.fixture(scope="module")
def whole(archive, tmp_path_factory):
    return match(tmp_path_factory.mktemp("whole") / "cube.nc", archive)


@pytest.fixture(scope="module")
def gldas(archive, tmp_path_factory):
    """GLDAS with rain and states asked for apart."""
    west, south, east, north = EXTENT
    folder = tmp_path_factory.mktemp("gldas")
    for path in sorted((archive / "gldas").iterdir()):
        for part, names in (("states", ("SoilMoi0_10cm_inst", "SoilTMP0_10cm_inst", "AvgSurfT_inst")), ("rain", ("Rainf_f_tavg",))):
            subsets.gldas(path, folder / part, (west - 0.3, south - 0.3, east + 0.3, north + 0.3), names, called=path.name)
    return folder


#: How a file of SMAP is cut into a folder, with a degree around the region.
CUTS = {
    "harmony": subsets.harmony,
    "flat": lambda p, f, r: subsets.harmony(p, f, r, flat=True),
    "heg": subsets.heg,
    "renamed": lambda p, f, r: subsets.renamed(subsets.cut_hdf5(p, f, r), f"{p.name[13:21]} cut.dat"),
    "layers": subsets.appeears_layers,
}


@pytest.mark.parametrize("how", CUTS)
def test_the_cube_of_subsets_is_that_of_the_whole(archive, whole, gldas, tmp_path, how):
    west, south, east, north = EXTENT
    (tmp_path / "smap").mkdir()
    for path in sorted((archive / "smap").iterdir()):
        CUTS[how](path, tmp_path / "smap", (west - 1, south - 1, east + 1, north + 1))
    result, values, about = match(tmp_path / "cube.nc", archive, smap=tmp_path / "smap", gldas=gldas)
    assert (whole[1]["sm_smap"] > 0).any() and set(values) == set(whole[1])
    for name, right in whole[1].items():
        assert values[name].dtype == right.dtype and values[name].tobytes() == right.tobytes(), name
    assert about["files_gldas"] == whole[2]["files_gldas"]
    if how != "renamed":  # a file without any observation does not tell its date; it has nothing to give
        assert about["files_smap"] == whole[2]["files_smap"] and about["files_smap_empty"] == whole[2]["files_smap_empty"]
    assert np.array_equal(result.pairs, whole[0].pairs)
    assert not [line for line in result.warnings if "SMAP" in line or "GLDAS" in line]


def test_a_subset_that_is_too_narrow_is_said(archive, tmp_path):
    (tmp_path / "smap").mkdir()
    west, south, east, north = EXTENT
    for path in (archive / "smap").iterdir():
        subsets.harmony(path, tmp_path / "smap", (west + 0.8, south, east, north))
    result, _, _ = match(tmp_path / "cube.nc", archive, smap=tmp_path / "smap")
    assert any("Ask for a degree more on each side" in line for line in result.warnings)


@pytest.fixture(scope="module")
def fine(archive, tmp_path_factory):
    """The demo's SMAP as the 9 km product: each pixel of 36 km and its neighbours' values with a pattern of their own, in a subset."""
    folder = tmp_path_factory.mktemp("fine")
    west, south, east, north = EXTENT
    rows, columns = subsets.place((west - 1, south - 1, east + 1, north + 1), ease.SMAP_9KM)
    for path in (archive / "smap").iterdir():
        with h5py.File(path) as source, h5py.File(folder / path.name.replace("SM_P_", "SM_P_E_"), "w") as out:
            for group in ("Soil_Moisture_Retrieval_Data_AM", "Soil_Moisture_Retrieval_Data_PM"):
                for name, data in source[group].items():
                    values = data[...][np.ix_(rows // 4, columns // 4)]
                    if name.startswith("soil_moisture"):
                        pattern = 0.001 * ((rows[:, None] * 7 + columns[None, :] * 3) % 5)
                        values = np.where(values > 0, values + pattern, values).astype("f4")
                    elif name.startswith(("latitude", "longitude")):
                        continue
                    out[f"{group}/{name}"] = values
                end = "_pm" if group.endswith("PM") else ""
                out[f"{group}/EASE_row_index{end}"] = np.broadcast_to(rows[:, None], (rows.size, columns.size)).astype("u2")
                out[f"{group}/EASE_column_index{end}"] = np.broadcast_to(columns[None, :], (rows.size, columns.size)).astype("u2")
    return folder


def test_the_fine_product_as_mean_of_the_cell(archive, fine, whole, tmp_path):
    """By hand: of each cell and local day, the mean of the pixels whose centres lie in it, the pass nearest to 06:00."""
    _, values, about = match(tmp_path / "cube.nc", archive, smap=fine, smap_product="SPL3SMP_E mean")
    assert about["smap_product"] == "SPL3SMP_E mean" and about["smap_versions"] == "R18290"
    lat, lon = ease.centres(*ease.SMAP_9KM)
    cells_lat, cells_lon = values["lat"], values["lon"]
    wanted = np.full(values["sm_smap"].shape, np.nan)
    sums, counts = np.zeros(wanted.shape), np.zeros(wanted.shape)
    for path in sorted(fine.iterdir()):
        with h5py.File(path) as file:
            am = {name: data[...] for name, data in file["Soil_Moisture_Retrieval_Data_AM"].items()}
        for r, c in zip(*np.nonzero((am["soil_moisture"] > 0) & (am["tb_time_seconds"] > 0))):
            row, column = am["EASE_row_index"][r, c], am["EASE_column_index"][r, c]
            i, j = np.flatnonzero(np.abs(cells_lat - lat[row]) < 0.125), np.flatnonzero(np.abs(cells_lon - lon[column]) < 0.125)
            seconds = am["tb_time_seconds"][r, c] + lon[column] * 240
            local = np.datetime64("2000-01-01T12:00:00") + np.timedelta64(round(seconds * 1000), "ms")
            day = int((local.astype("datetime64[D]") - WANTED[0]).astype(int))
            if i.size and j.size and 0 <= day < WANTED.size:
                sums[day, i[0], j[0]] += am["soil_moisture"][r, c]
                counts[day, i[0], j[0]] += 1
    wanted[counts > 0] = (sums / np.maximum(counts, 1))[counts > 0]
    found = np.where(values["sm_smap"] > 0, values["sm_smap"], np.nan)
    assert np.isfinite(wanted).any()
    assert np.allclose(found, wanted, atol=2e-6, equal_nan=True)
    linear = match(tmp_path / "linear.nc", archive, smap=fine, smap_product="SPL3SMP_E linear")[1]["sm_smap"]
    both = (linear > 0) & np.isfinite(wanted)
    assert both.any() and 0 < np.abs(linear - wanted)[both].max() < 0.2
    assert whole[2]["smap_product"] == "SPL3SMP"


def test_the_product_is_the_users_choice(archive, fine, tmp_path):
    with pytest.raises(ParameterError, match=r"SMAP 9 km \(SPL3SMP_E\) files.*set SMAP_PRODUCT .* to 'SPL3SMP_E mean'"):
        match(tmp_path / "a.nc", archive, smap=fine)
    with pytest.raises(ParameterError, match=r"set SMAP_PRODUCT .* to 'SPL3SMP'"):
        match(tmp_path / "a.nc", archive, smap_product="SPL3SMP_E mean")
    with pytest.raises(ParameterError, match="SMAP_PRODUCT is 'SPL4'"):
        match(tmp_path / "a.nc", archive, smap_product="SPL4")
    both = tmp_path / "both"
    shutil.copytree(archive / "smap", both)
    shutil.copytree(fine, both, dirs_exist_ok=True)
    for product in ("SPL3SMP", "SPL3SMP_E mean"):
        about = match(tmp_path / f"{product}.nc", archive, smap=both, smap_product=product)[2]
        assert about["smap_product"] == product and about["files_smap"] <= WANTED.size + 4
