"""Odd files among good ones in a match: those that say what they mean change nothing, the others are skipped, named and counted."""

from __future__ import annotations

import os
import shutil

import h5py
import netCDF4
import numpy as np
import pytest
import spoiled_archive
from spoiled_archive import SECONDS, SOIL, TB, check, edit, matched, put, stored, victims

from annsm_plugin.core import matching, products
from annsm_plugin.core.demo import lai_tiles
from annsm_plugin.core.products import reading

GROUP = "Soil_Moisture_Retrieval_Data_AM"


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return spoiled_archive.write_clean(tmp_path_factory.mktemp("clean"))


@pytest.fixture(scope="module")
def right(source, tmp_path_factory):
    """The cube of the clean archive and its attributes."""
    return stored(matched(source, tmp_path_factory.mktemp("right") / "cube.nc").path)


def rewritten(path, change):
    """A GLDAS file written anew: ``change`` takes and gives latitudes, longitudes and a field (lat, lon)."""
    with netCDF4.Dataset(path) as file:
        file.set_auto_mask(False)
        kept = {name: (file[name].dtype, file[name].dimensions, dict(file[name].__dict__), file[name][...]) for name in file.variables}
    path.unlink()
    lat, lon = kept["lat"][3], kept["lon"][3]
    with netCDF4.Dataset(path, "w") as file:
        new_lat, new_lon, _ = change(lat, lon, np.zeros((lat.size, lon.size)))
        for name, size in (("time", 1), ("lat", new_lat.size), ("lon", new_lon.size)):
            file.createDimension(name, size)
        for name, (dtype, dims, attributes, values) in kept.items():
            fill = attributes.pop("_FillValue", None)
            made = file.createVariable(name, dtype, dims, fill_value=fill)
            made.setncatts(attributes)
            fresh = {"lat": new_lat, "lon": new_lon}.get(name)
            made[:] = fresh if fresh is not None else values if values.ndim < 3 else change(lat, lon, values[0])[2][None]


def classic(path):
    with netCDF4.Dataset(path) as old, netCDF4.Dataset(path.with_suffix(".new"), "w", format="NETCDF3_64BIT_OFFSET") as new:
        old.set_auto_mask(False)
        for name, dimension in old.dimensions.items():
            new.createDimension(name, dimension.size)
        for name, variable in old.variables.items():
            fill = getattr(variable, "_FillValue", None)
            made = new.createVariable(name, variable.dtype, variable.dimensions, fill_value=fill)
            made.setncatts({k: v for k, v in variable.__dict__.items() if k != "_FillValue"})
            made[:] = variable[:]
    path.with_suffix(".new").replace(path)


def moved_behind_a_link(path):
    real = path.parent.parent / "elsewhere" / path.name
    real.parent.mkdir(exist_ok=True)
    path.rename(real)
    path.symlink_to(real)


def in_a_sub_folder(path):
    (path.parent / "2016" / "Mär z").mkdir(parents=True)
    path.rename(path.parent / "2016" / "Mär z" / path.name)


def named_in_capitals(path):
    path.rename(path.with_name(path.name.upper()))


def text_times(path):
    with h5py.File(path, "r+") as file:
        seconds = file[SECONDS][...]
        stamps = np.datetime64("2000-01-01T12:00:00.000") + np.round(seconds * 1000).astype("timedelta64[ms]")
        del file[SECONDS]
        file[f"{GROUP}/tb_time_utc"] = np.char.add(np.datetime_as_string(stamps, unit="ms"), "Z").astype("S24")


def every(file_name):
    """The same for one file of each product."""
    return [(product, file_name) for product in ("amsr", "smap", "gldas", "lai")]


SAME = {
    "links to files elsewhere": every(moved_behind_a_link),
    "sub-folders": every(in_a_sub_folder),
    "names in capitals": every(named_in_capitals),
    "gldas north first": [("gldas", lambda p: rewritten(p, lambda lat, lon, v: (lat[::-1], lon, v[::-1])))],
    "gldas from 0 to 360": [
        ("gldas", lambda p: rewritten(p, lambda lat, lon, v: (lat, np.mod(np.roll(lon, 720), 360.0), np.roll(v, 720, axis=1))))
    ],
    "gldas of the region": [("gldas", lambda p: rewritten(p, lambda lat, lon, v: (lat[350:400], lon[1060:1110], v[350:400, 1060:1110])))],
    "gldas in netCDF-3": [("gldas", classic)],
    "amsr in 32 bits": [("amsr", lambda p: edit(p, lambda f: put(f, TB, f[TB][...].astype("i4"))))],
    "amsr with an attribute of two dimensions": [("amsr", lambda p: edit(p, lambda f: f[TB].attrs.__setitem__("m", np.zeros((2, 2)))))],
    "smap with times as texts": [("smap", text_times)],
    "smap with an attribute of two dimensions": [("smap", lambda p: edit(p, lambda f: f[SOIL].attrs.__setitem__("m", np.zeros((2, 2)))))],
}


def lai_of(place, codes=33):
    def spoil(path):
        field = np.full((2400, 2400), codes, "uint8")
        path.unlink()
        lai_tiles.write_tile(path, place, field, np.zeros_like(field))

    return spoil


def another_first_day(path):
    from pyhdf import SD

    file = SD.SD(str(path), SD.SDC.WRITE)
    file.attr("CoreMetadata.0").set(
        SD.SDC.CHAR8,
        '\nGROUP = INVENTORYMETADATA\n  OBJECT = RANGEBEGINNINGDATE\n    NUM_VAL = 1\n    VALUE = "2016-02-18"\n'
        "  END_OBJECT = RANGEBEGINNINGDATE\nEND_GROUP = INVENTORYMETADATA\nEND\n",
    )
    file.end()


def grid_of_the_other(path):
    with netCDF4.Dataset(path, "a") as file:
        file["lon"][:] = file["lon"][:] + 0.1


WRONG = {
    "lai of another place": ("lai", lai_of((24, 5))),
    "lai of another day": ("lai", another_first_day),
    "lai of an export": ("lai", lambda p: p.write_bytes(b"CDF\x01" + bytes(5000))),
    "amsr turned": ("amsr", lambda p: edit(p, lambda f: put(f, TB, f[TB][...].T))),
    "amsr with a layer more": ("amsr", lambda p: edit(p, lambda f: put(f, TB, f[TB][...][None]))),
    "amsr of two scales": ("amsr", lambda p: edit(p, lambda f: f[TB].attrs.__setitem__("SCALE FACTOR", [0.01, 0.02]))),
    "amsr as a table": ("amsr", lambda p: edit(p, lambda f: put(f, TB, np.zeros((720, 1440), [("a", "u2"), ("b", "u2")])))),
    "amsr of smc": ("amsr", lambda p: edit(p, lambda f: f.attrs.__setitem__("GranuleID", b"GW1AM2_20160305_01D_EQMD_L3SGSMCLA2220220"))),
    "smap turned": ("smap", lambda p: edit(p, lambda f: put(f, SOIL, f[SOIL][...].T))),
    "smap whose group is a variable": ("smap", lambda p: edit(p, lambda f: (f.__delitem__(GROUP), f.__setitem__(GROUP, np.zeros(5))))),
    "smap with times since 1970": ("smap", lambda p: edit(p, lambda f: put(f, SECONDS, f[SECONDS][...] + 946728000.0))),
    "smap with infinite times": ("smap", lambda p: edit(p, lambda f: put(f, SECONDS, np.full((406, 964), np.inf)))),
    "smap scaled": ("smap", lambda p: edit(p, lambda f: f[SOIL].attrs.__setitem__("scale_factor", 0.5))),
    "gldas beside the grid": ("gldas", grid_of_the_other),
    "gldas of one degree": ("gldas", lambda p: rewritten(p, lambda lat, lon, v: (lat[::4], lon[::4], v[::4, ::4]))),
    "gldas elsewhere on the globe": (
        "gldas",
        lambda p: rewritten(p, lambda lat, lon, v: (lat[350:400], lon[100:150], v[350:400, 100:150])),
    ),
}


def damaged(source, tmp_path, changes):
    root = tmp_path / "archive"
    shutil.copytree(source, root, copy_function=os.link)
    for product, change in changes:
        path = victims(root)[product]
        content = path.read_bytes()
        path.unlink()
        path.write_bytes(content)
        change(path)
    return root


@pytest.mark.parametrize("kind", SAME)
def test_odd_files_that_change_nothing(source, right, tmp_path, kind):
    result = matched(damaged(source, tmp_path, SAME[kind]), tmp_path / "cube.nc")
    values, attributes = stored(result.path)
    expected, about = right
    counts = [name for name in about if name.startswith(("files_", "values_", "missing_days"))]
    assert {name: attributes[name] for name in counts} == {name: about[name] for name in counts}
    for name, field in expected.items():
        assert np.array_equal(values[name], field, equal_nan=field.dtype.kind == "f"), name


@pytest.mark.parametrize("kind", WRONG)
def test_odd_files_that_are_skipped(source, tmp_path, kind):
    product, spoil = WRONG[kind]
    check(source, tmp_path, {product: spoil})


def test_a_second_copy_of_every_file_changes_nothing(source, right, tmp_path):
    root = tmp_path / "archive"
    shutil.copytree(source, root, copy_function=os.link)
    for product in ("amsr", "smap", "gldas", "lai"):
        shutil.copytree(source / product, root / product / "copy", copy_function=os.link)
    assert same_as(right, root, tmp_path)


def test_a_broken_newer_version_beside_a_good_older_one(source, right, tmp_path):
    root = tmp_path / "archive"
    shutil.copytree(source, root, copy_function=os.link)
    old = victims(root)["smap"]
    (old.parent / old.name.replace("_001.h5", "_002.h5")).write_bytes(old.read_bytes()[:5000])
    values, attributes = stored(matched(root, tmp_path / "cube.nc").path)
    assert np.array_equal(values["sm_smap"], right[0]["sm_smap"], equal_nan=True) and attributes["files_smap_unreadable"] == 0


def same_as(right, root, tmp_path):
    """Whether a match of ``root`` gives the ``right`` cube and its counts of files."""
    values, attributes = stored(matched(root, tmp_path / "cube.nc").path)
    expected, about = right
    assert {n: attributes[n] for n in about if n.startswith("files_")} == {n: about[n] for n in about if n.startswith("files_")}
    return all(np.array_equal(values[name], field, equal_nan=field.dtype.kind == "f") for name, field in expected.items())


def test_folders_that_contain_themselves(source, right, tmp_path):
    root = tmp_path / "archive"
    shutil.copytree(source, root, copy_function=os.link)
    for product in ("amsr", "smap", "gldas", "lai"):
        (root / product / "deep").mkdir()
        (root / product / "deep" / "again").symlink_to(root / product)
        (root / product / "all").symlink_to(root)
    assert same_as(right, root, tmp_path)


def test_ten_thousand_unrelated_files(source, right, tmp_path):
    root = tmp_path / "archive"
    shutil.copytree(source, root, copy_function=os.link)
    for number in range(10000):
        (root / "amsr" / f"GW1AM2_20160305_01D_PNMD_L3SGT06LA{number:07d}.h5").touch()  # polar: no file of this grid
    assert same_as(right, root, tmp_path)


def test_files_that_may_not_be_read(source, tmp_path, monkeypatch):
    """Whoever runs the test: opening the file is refused as the system refuses it."""
    import builtins

    root = tmp_path / "archive"
    shutil.copytree(source, root, copy_function=os.link)
    forbidden, allowed = {str(path) for path in victims(root).values()}, builtins.open

    def guarded(path, *arguments, **named):
        if str(path) in forbidden:
            raise PermissionError(13, "Permission denied")
        return allowed(path, *arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr(builtins, "open", guarded)
        result = matched(root, tmp_path / "cube.nc")
    values, attributes = stored(result.path)
    for product, key in (("amsr", "amsr_tb"), ("smap", "smap"), ("gldas", "gldas"), ("lai", "lai")):
        name = victims(root)[product].name
        assert attributes[f"files_{key}_unreadable"] == 1 and attributes[f"unreadable_{key}"] == name
        assert any(name in line and "Permission denied" in line for line in result.warnings)
    right = spoiled_archive.without(source, tmp_path, ("amsr", "smap", "gldas", "lai"))
    assert all(np.array_equal(values[name], right[name], equal_nan=right[name].dtype.kind == "f") for name in right)


def test_a_bad_beginning_says_nothing_about_the_rest(source, tmp_path):
    """The first six GLDAS files and the first AMSR file near the period: fewer than a fifth, so the run goes on without them."""
    root = tmp_path / "archive"
    shutil.copytree(source, root, copy_function=os.link)
    spoiled = {"gldas": sorted((root / "gldas").iterdir())[:6], "amsr": sorted((root / "amsr").glob("*_20160302_*"))}
    for path in (*spoiled["gldas"], *spoiled["amsr"]):
        content = path.read_bytes()
        path.unlink()
        path.write_bytes(content[:300])
    result = matched(root, tmp_path / "cube.nc")
    _, attributes = stored(result.path)
    assert attributes["files_amsr_tb_unreadable"] == 1 and 0 < attributes["files_gldas_unreadable"] <= 6
    assert all("a file that is cut off (300 of" in line for line in result.warnings if "GLDAS files could not be read" in line)


def test_this_process_opens_none_of_the_files(source, right, tmp_path, monkeypatch):
    """Damaged headers may end the program that reads them, so another one reads, from the first look on."""

    def never(*_, **__):
        raise AssertionError("read here")

    monkeypatch.setattr(reading, "read_arrays", never)
    monkeypatch.setattr(products, "read_arrays", never)
    folders = {name: source / name for name in ("amsr", "gldas", "lai", "smap")}
    days = {"start": spoiled_archive.DAYS[2], "end": spoiled_archive.DAYS[10]}
    result = matching.match(tmp_path / "cube.nc", **folders, **days, extent=spoiled_archive.EXTENT, channels="06")
    values, _ = stored(result.path)
    assert all(np.array_equal(values[name], field, equal_nan=field.dtype.kind == "f") for name, field in right[0].items())
