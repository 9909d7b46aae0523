"""Subsets as the archives' tools cut them are read to the values of the original, in three regions, one across the dateline."""

import contextlib
import os
from pathlib import Path

import h5py
import netCDF4
import numpy as np
import product_files as make
import pytest
import subsets

from annsm_plugin.core import products
from annsm_plugin.core.foundation.errors import ProductError
from annsm_plugin.core.products import scan
from annsm_plugin.core.products.readers import ease

REGIONS = {"plateau": (73.0, 26.0, 105.0, 40.0), "andes": (-75.0, -40.0, -65.0, -20.0), "dateline": (165.0, 50.0, 195.0, 65.0)}
NOON = float((np.datetime64("2015-04-10T12:00") - np.datetime64("2000-01-01T12:00")) / np.timedelta64(1, "s"))
ALL = (*("soil_moisture", "retrieval_qual_flag", "observation_time"),)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A day of SMAP with a swath (two thirds of the columns) and rows that nobody saw."""
    random = np.random.default_rng(7)
    seen = np.ones((406, 964), bool)
    seen[:, np.arange(964) % 9 < 3] = False
    seen[100:104] = False
    sm = np.where(seen & (random.random(seen.shape) > 0.1), random.uniform(0.05, 0.4, seen.shape), -9999.0)
    seconds = np.where(seen, NOON + random.uniform(-40000, 40000, seen.shape), -9999.0)
    path = make.smap(
        tmp_path_factory.mktemp("whole"), sm=sm, seconds=seconds, flag=np.where(sm > 0, random.integers(0, 8, sm.shape), 65534)
    )
    return subsets.complete(path)


@pytest.fixture(scope="module")
def right(whole):
    return products.read_arrays(whole)


DIALECTS = {
    "harmony, all": lambda w, f, r: [subsets.harmony(w, f, r)],
    "harmony, flattened": lambda w, f, r: [subsets.harmony(w, f, r, flat=True)],
    "harmony, variables apart": lambda w, f, r: [
        subsets.harmony(w, f, r, [n, "latitude", "longitude"], name=w.name.replace(".h5", f"_{subsets.AM}_{n}_subsetted.nc4"))
        for n in ("soil_moisture", "retrieval_qual_flag", "tb_time_seconds")
    ],
    "heg, x and y": lambda w, f, r: [subsets.heg(w, f, r)],
    "heg, corners": lambda w, f, r: [subsets.heg(w, f, r, corners=True)],
    "hdf5, cut": lambda w, f, r: [subsets.cut_hdf5(w, f, r)],
    "hdf5, turned": lambda w, f, r: [subsets.cut_hdf5(w, f, r, turned=True)],
    "appeears, netcdf": lambda w, f, r: [subsets.appeears_netcdf([w], f, r)],
    "appeears, layers": lambda w, f, r: subsets.appeears_layers(w, f, r),
}


def only(folder, product="smap"):
    """The only entry of a folder, nothing lost beside it."""
    found = products.inventory(folder)
    assert len(found.of(product)) == 1 and not found.refused and not found.unreadable, found.summary()
    return found.of(product)[0]


def same_where_it_is(found, right, region, exact=True):
    """Every pixel that the region touches has the original's values; no other pixel has another one."""
    rows, columns = subsets.place(region)
    lat, lon = ease.centres(*ease.SMAP_36KM)
    at = [int(np.flatnonzero(lat == v)[0]) for v in found.lat], [int(np.flatnonzero(lon == v)[0]) for v in found.lon]
    assert set(at[0]) >= set(rows.tolist()) and set(at[1]) >= set(columns.tolist())
    inside = np.isin(at[0], rows)[:, None] & np.isin(at[1], columns)[None, :]
    for name in ALL:
        original, values = right.variables[name][np.ix_(*at)], found.variables[name]
        assert values.dtype == original.dtype and np.isfinite(original[inside].astype(float)).any()
        assert np.array_equal(values[inside].view("u1"), original[inside].view("u1")), name
        there = ~np.isnat(values) if values.dtype.kind == "M" else np.isfinite(values)
        assert np.array_equal(values[there], original[there]), name


@pytest.mark.parametrize("where", REGIONS)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_of_smap(whole, right, tmp_path, dialect, where):
    DIALECTS[dialect](whole, tmp_path, REGIONS[where])
    same_where_it_is(products.read_arrays(only(tmp_path)), right, REGIONS[where])


@pytest.mark.parametrize("where", ["plateau", "andes"])
def test_opendap_says_its_place_in_the_history(whole, right, tmp_path, where):
    subsets.opendap(whole, tmp_path, REGIONS[where], ["soil_moisture", "retrieval_qual_flag", "tb_time_seconds"])
    same_where_it_is(products.read_arrays(only(tmp_path)), right, REGIONS[where])


def test_a_window_of_a_subset_is_the_window_of_the_whole(whole, tmp_path):
    subsets.harmony(whole, tmp_path, REGIONS["plateau"])
    window = (80.0, 30.0, 95.0, 36.0)
    one, other = products.read_arrays(only(tmp_path), window=window), products.read_arrays(whole, window=window)
    assert np.array_equal(one.lat, other.lat) and np.array_equal(one.lon, other.lon)
    for name, values in other.variables.items():
        assert one.variables[name].tobytes() == values.tobytes(), name


def test_bounds_in_degrees_place_a_subset(whole, right, tmp_path):
    path = subsets.harmony(whole, tmp_path, REGIONS["andes"], coordinates=False)
    rows, columns = subsets.place(REGIONS["andes"])
    lat, lon = ease.centres(*ease.SMAP_36KM)
    with netCDF4.Dataset(path, "r+") as out:
        out.geospatial_lat_min, out.geospatial_lat_max = lat[rows[-1]], lat[rows[0]]
        out.geospatial_lon_min, out.geospatial_lon_max = lon[columns[0]], lon[columns[-1]]
    same_where_it_is(products.read_arrays(only(tmp_path)), right, REGIONS["andes"])


def test_a_subset_that_nothing_places_is_refused(whole, tmp_path):
    path = subsets.harmony(whole, tmp_path, REGIONS["plateau"], coordinates=False)
    with pytest.raises(ProductError, match=r"a subset of \d+ x \d+ pixels and nothing that tells its rows"):
        products.read_arrays(path)


def test_a_subset_that_says_two_places_is_refused(whole, tmp_path):
    path = subsets.cut_hdf5(whole, tmp_path, REGIONS["plateau"])
    with h5py.File(path, "r+") as file:
        rows = file[f"{subsets.AM}/EASE_row_index"]
        rows[...] = np.where(rows[...] == 65534, 65534, rows[...] + 1)
    with pytest.raises(ProductError, match=r"row 0 at row \d+ of the grid by EASE_row_index .*, at \d+ by latitude"):
        products.read_arrays(path)


def test_unseen_columns_between_two_windows_are_not_guessed(whole, tmp_path):
    """Columns 200-219 and 300-319 side by side, the last three of the first and the first three of the second window unseen."""
    columns = np.r_[200:220, 300:320]
    path = tmp_path / whole.name.replace(".h5", "_subsetted.h5")
    with h5py.File(path, "w") as out:
        for (group, name), (values, fill) in subsets.variables(whole).items():
            data = values[120:160][:, columns]
            data[:, 17:23] = fill
            out.create_dataset(f"{group}/{name}", data=data).attrs["_FillValue"] = fill
    with pytest.raises(ProductError, match="nothing that tells its columns"):
        products.read_arrays(path)


def test_one_pass_alone(whole, right, tmp_path):
    path = subsets.cut_hdf5(whole, tmp_path, REGIONS["plateau"])
    with h5py.File(path, "r+") as file:
        del file["Soil_Moisture_Retrieval_Data_PM"]
    same_where_it_is(products.read_arrays(path), right, REGIONS["plateau"])


def test_layers_without_times_name_the_layer_that_is_needed(whole, tmp_path):
    subsets.appeears_layers(whole, tmp_path, REGIONS["andes"], times=False)
    found = products.inventory(tmp_path)
    assert not found.entries and len(found.refused) == 4
    for path in tmp_path.iterdir():
        with pytest.raises(ProductError, match=r"without the times of its pixels; expected the layer .*tb_time_seconds"):
            products.read_arrays(path)


def test_a_subset_of_retrievals_alone_is_refused_for_its_times(whole, tmp_path):
    subsets.harmony(whole, tmp_path, REGIONS["andes"], ["soil_moisture", "latitude", "longitude"])
    with pytest.raises(ProductError, match="no observation times"):
        products.read_arrays(only(tmp_path))


def test_an_export_of_days_gives_each_day(whole, tmp_path):
    second = subsets.complete(
        make.smap(tmp_path, date="20150412", sm=np.full((406, 964), 0.3), seconds=np.full((406, 964), NOON + 2 * 86400.0))
    )
    folder = tmp_path / "export"
    folder.mkdir()
    subsets.appeears_netcdf([whole, second], folder, REGIONS["andes"])
    entries = products.find(folder, "smap")
    assert [str(e.date) for e in entries] == ["2015-04-10", "2015-04-12"]
    assert np.nanmax(products.read_arrays(entries[1]).variables["soil_moisture"]) == np.float32(0.3)
    assert np.isnan(products.read_arrays(entries[0]).variables["soil_moisture"]).any()


STATES = ("SoilMoi0_10cm_inst", "SoilTMP0_10cm_inst", "AvgSurfT_inst")


@pytest.mark.parametrize("where", REGIONS)
@pytest.mark.parametrize("called", [None, "same", "address"])
def test_gldas_asked_for_in_parts_is_one_file(tmp_path, where, called):
    """Rain and states requested apart, over the dateline in two windows each: under the subsetter's name, a common one or an address."""
    random = np.random.default_rng(1)
    lat, lon = np.arange(-59.875, 90, 0.25), np.arange(-179.875, 180, 0.25)
    fields = {name: random.uniform(270, 300, (600, 1440)) for name in STATES[1:]}
    fields.update({STATES[0]: random.uniform(2, 40, (600, 1440)), "Rainf_f_tavg": random.uniform(0, 1e-4, (600, 1440))})
    (tmp_path / "whole").mkdir()
    path = make.gldas(tmp_path / "whole", fields=fields, lat=lat, lon=lon)
    name = {None: None, "same": path.name, "address": f"HTTP_services.cgi@FILENAME=%2Fdata%2FGLDAS%2F{path.name}&VARIABLES=x"}[called]
    folder = tmp_path / "parts"
    for part, names in (("states", STATES), ("rain", ("Rainf_f_tavg",))):
        subsets.gldas(path, folder / part, REGIONS[where], names, called=name)
    entry, window = only(folder, "gldas"), REGIONS[where]
    one, other = products.read_arrays(entry, window=window), products.read_arrays(path, window=window)
    assert set(one.variables) == set(other.variables)
    west, south, east, north = window
    rows = np.flatnonzero((other.lat > south) & (other.lat < north))
    columns = np.flatnonzero(np.mod(other.lon - west, 360) < east - west)
    mine = (
        [int(np.flatnonzero(one.lat == v)[0]) for v in other.lat[rows]],
        [int(np.flatnonzero(one.lon == v)[0]) for v in other.lon[columns]],
    )
    for name, values in other.variables.items():
        assert np.array_equal(one.variables[name][np.ix_(*mine)], values[np.ix_(rows, columns)]), name
    with pytest.raises(ProductError, match=r"Qs_acc.*no such variable in \d files of this stamp"):
        products.read_arrays(entry, variables=("Qs_acc",))


#: Two regions side by side, and a window over both.
WEST, EAST, BOTH = (80.0, 30.0, 85.0, 35.0), (85.0, 30.0, 90.0, 35.0), (80.0, 30.0, 90.0, 35.0)
INDICES = ["EASE_row_index", "EASE_column_index"]


def test_times_of_one_region_do_not_count_for_another(whole, right, tmp_path):
    for name in "ab":
        (tmp_path / name).mkdir()
    subsets.harmony(whole, tmp_path / "a", WEST)
    late = subsets.harmony(whole, tmp_path / "b", EAST, ["soil_moisture", "retrieval_qual_flag", *INDICES])
    with pytest.raises(ProductError, match=r"\d+ retrievals of places of which no file of this day holds observation times") as caught:
        products.read_arrays(only(tmp_path), window=BOTH)
    assert str(late) in str(caught.value) and "\n" not in str(caught.value)
    # a region of which the first file holds everything, with the second one at its edge only
    found = products.read_arrays(only(tmp_path), window=(79.5, 30.5, 85.6, 34.5))
    assert np.isfinite(found.variables["soil_moisture"]).any()
    (tmp_path / "c").mkdir()
    subsets.harmony(whole, tmp_path / "c", EAST, ["tb_time_seconds", *INDICES])
    found = products.read_arrays(only(tmp_path), window=BOTH)
    assert np.isfinite(found.variables["soil_moisture"]).sum() > 100
    assert not np.isnat(found.variables["observation_time"][np.isfinite(found.variables["soil_moisture"])]).any()


def test_variables_of_one_region_do_not_count_for_another(tmp_path):
    fields = ["SoilMoi0_10cm_inst", "Rainf_f_tavg"]
    values = np.random.default_rng(3).uniform(1e-5, 2e-5, (100, 160))
    (tmp_path / "whole").mkdir()
    whole = make.gldas(tmp_path / "whole", fields={fields[0]: values * 1e6, fields[1]: values})
    folder = tmp_path / "in"
    for name in "abc":
        (folder / name).mkdir(parents=True)
    subsets.gldas(whole, folder / "a", WEST, fields)
    (dry,) = subsets.gldas(whole, folder / "b", EAST, fields[:1])
    with pytest.raises(ProductError, match="238 cells for which the files of this stamp hold other variables") as caught:
        products.read_arrays(only(folder, "gldas"), window=BOTH, variables=fields)
    assert str(dry) in str(caught.value) and "Rainf_f_tavg" in str(caught.value) and "\n" not in str(caught.value)
    assert np.isfinite(products.read_arrays(only(folder, "gldas"), window=BOTH, variables=fields[:1]).variables[fields[0]]).sum() == 800
    inner = products.read_arrays(only(folder, "gldas"), window=(79.25, 30.0, 85.75, 35.0), variables=fields)
    assert np.isfinite(inner.variables[fields[1]]).sum() > 300
    subsets.gldas(whole, folder / "c", EAST, fields[1:])
    found = products.read_arrays(only(folder, "gldas"), window=BOTH, variables=fields)
    assert {name: int(np.isfinite(found.variables[name]).sum()) for name in fields} == dict.fromkeys(fields, 800)


def test_the_order_in_which_a_folder_is_listed_does_not_matter(tmp_path, monkeypatch):
    """Three parts, of which the third is a copy of the first, and then the whole file beside them."""
    (tmp_path / "whole").mkdir()
    whole = make.gldas(tmp_path / "whole")
    folder = tmp_path / "in"
    for name, region in (("a", WEST), ("b", EAST), ("c", WEST), ("d", (95.0, 30.0, 100.0, 35.0))):
        (folder / name).mkdir(parents=True)
        subsets.gldas(whole, folder / name, region, ["SoilMoi0_10cm_inst"])
    listed = os.scandir

    def seen(order):
        monkeypatch.setattr(
            scan.os, "scandir", lambda place: contextlib.nullcontext(sorted(listed(place), key=lambda item: order(item.name)))
        )
        found = products.inventory(folder, check="names")
        (entry,) = found.entries
        files = [Path(e.path).relative_to(folder).parts[0] for e in (entry, *entry.parts)]
        left = sorted((Path(e.path).relative_to(folder).parts[0], found.why_left[e.path]) for e in found.superseded)
        return files, left

    orders = ["abcd", "dcba", "cabd", "bacd", "acbd", "dacb"]
    every = [seen(order.find) for order in orders]
    assert every == [(["d", "c", "b"], [("a", "the same observation is there twice")])] * len(orders)
    whole.rename(folder / "e")
    (folder / "e").rename(folder / whole.name)
    rank = [
        lambda name, order=order, first=first: -1 if first and name == whole.name else order.find(name) % 9
        for order in orders
        for first in (0, 1)
    ]
    every = [seen(order) for order in rank]
    assert all(files == [whole.name] and [name for name, _ in left] == ["a", "b", "c", "d"] for files, left in every), every
