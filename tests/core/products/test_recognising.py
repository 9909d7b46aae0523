"""Files whose names say nothing or the wrong thing: taken for what they hold, or refused in a sentence that says what they seem to be."""

import os
import shutil
import signal
import threading
from pathlib import Path

import cetb_files
import h5py
import hurtful_files
import netCDF4
import numpy as np
import product_files as make
import pytest
import subsets
import viirs_files
from faithful_files import FILES
from foreign_files import FOREIGN

from annsm_plugin.core import products
from annsm_plugin.core.foundation.errors import Cancelled, ProductError
from annsm_plugin.core.foundation.progress import Progress
from annsm_plugin.core.products import naming
from annsm_plugin.core.products.recognising import first_bytes, looking


@pytest.fixture(scope="module")
def foreign(tmp_path_factory):
    folder = tmp_path_factory.mktemp("foreign")
    for name, (write, _) in FOREIGN.items():
        write(folder / name)
    return folder, products.inventory(folder)


def test_there_are_more_than_forty():
    assert len(FOREIGN) > 40


@pytest.mark.parametrize("name", FOREIGN)
def test_each_is_called_what_it_seems_to_be(foreign, name):
    folder, found = foreign
    path, words = str(folder / name), FOREIGN[name][1]
    refused = {e.path: e.refused for e in found.refused}
    said = refused.get(path) or found.unreadable.get(path) or found.seems.get(path, "")
    assert words in said and "\n" not in said, said
    with pytest.raises(ProductError) as caught:
        products.read_arrays(path)
    text = str(caught.value)
    assert path in text and "\n" not in text and "expected this is" not in text and "found this is" not in text
    assert words.split(" instead")[0] in text or "cut off" in words, text


def test_none_of_them_is_taken(foreign):
    _, found = foreign
    taken = {Path(e.path).name for e in found.entries if e.path not in found.unreadable}
    assert not taken
    assert len(found.refused) + len(found.unreadable) + found.n_unrecognised == len(FOREIGN)
    assert any(line.startswith("not recognised: 1 files: ") for line in found.summary())


def swath_lprm(folder):
    """A descending day: every column seen at 01:30 local solar time."""
    lon = -179.875 + 0.25 * np.arange(1440)
    start = float((np.datetime64("2015-04-01T00:00") - np.datetime64("1993-01-01")) / np.timedelta64(1, "s"))
    seconds = np.broadcast_to(start + np.mod(1.5 - lon / 15.0, 24.0) * 3600.0, (720, 1440))
    return make.lprm(folder, np.full((720, 1440), 20.0), seconds)


def swath_smos(folder):
    lat, lon = np.linspace(83.5, -83.5, 40), np.linspace(-179.8, 179.8, 100)
    seconds = np.broadcast_to(np.mod(6.0 - lon / 15.0, 24.0) * 3600.0, (40, 100))
    return make.smos(folder, lat, lon, np.full((40, 100), 0.2), np.full((40, 100), 5604.0), seconds)


def told(write):
    """A JAXA file that says its own name, as the format's header does."""

    def made(folder):
        path = write(folder)
        with h5py.File(path, "r+") as file:
            file.attrs["GranuleID"] = np.array([path.stem.encode()])
        return path

    return made


def cetb(channel, sensor="AMSRE", orbit="D", told=True):
    """A day of NSIDC's brightness temperatures, every column seen at 01:30 or 13:30 local solar time."""

    def made(folder):
        hour, day = (13.5 if orbit == "A" else 1.5), "2003-01-05" if sensor == "AMSRE" else "2015-01-05"
        minutes = np.broadcast_to(np.mod(hour - cetb_files.LON / 15.0, 24.0) * 60.0, (540, 1388))
        return cetb_files.write(folder, day, channel, np.full((540, 1388), 250.0), minutes, sensor=sensor, orbit=orbit, told=told)

    return made


def viirs(product="VNP15A2H", told="LocalGranuleID"):
    """A tile of VIIRS that tells its own name or its product."""

    def made(folder):
        path = viirs_files.tile(folder, np.full((2400, 2400), 20, "u1"), product=product)
        with h5py.File(path, "r+") as file:
            about = file["HDFEOS/ADDITIONAL/FILE_ATTRIBUTES"].attrs
            about[told] = np.bytes_(path.name if told == "LocalGranuleID" else product)
        return path

    return made


#: 2015-04-10T19:20 in the seconds of SMAP.
EVENING = float((np.datetime64("2015-04-10T19:20") - np.datetime64("2000-01-01T12:00")) / np.timedelta64(1, "s"))

RENAMED = {
    "amsr": told(FILES["amsr"]),
    "jaxa": told(FILES["jaxa"]),
    "smap": lambda folder: make.smap(folder, sm=np.full((406, 964), 0.2), seconds=np.full((406, 964), EVENING)),
    "smap, told": lambda folder: subsets.complete(make.smap(folder, sm=np.full((406, 964), 0.2), seconds=np.full((406, 964), EVENING))),
    "gldas": FILES["gldas"],
    "lprm": swath_lprm,
    "cetb": cetb("36V"),
    "cetb, amsr2": cetb("10H", "AMSR2", "A"),
    "viirs": viirs(),
    "viirs, of another satellite": viirs("VJ215A2H", "ShortName"),
    "smos": swath_smos,
    "smos-ic": lambda folder: make.smos_ic(
        folder, np.linspace(80, -80, 40), np.linspace(-179, 179, 100), np.full((40, 100), 0.2), np.full((40, 100), 6575.0),
        np.broadcast_to(np.mod(6.0 - np.linspace(-179, 179, 100) / 15.0, 24.0) * 3600.0, (40, 100)), np.zeros((40, 100))),
}  # fmt: skip


@pytest.mark.parametrize("ending", [".dat", ".nc4", ".h5"])
@pytest.mark.parametrize("kind", RENAMED)
def test_a_renamed_file_is_taken_for_what_it_is(tmp_path, kind, ending):
    path = RENAMED[kind](tmp_path)
    known = naming.entry(path)
    right = products.read_arrays(path).variables
    renamed = path.rename(tmp_path / f"my file 7{ending}")
    found = products.inventory(tmp_path)
    (entry,) = found.entries
    assert not found.unreadable
    for name in ("product", "sensor", "date", "time", "channel", "orbit", "polarisation", "tile"):
        assert getattr(entry, name) == getattr(known, name), name
    for read in (products.read_arrays(entry), products.read_arrays(renamed)):
        assert set(read.variables) == set(right)
        assert all(read.variables[name].tobytes() == values.tobytes() for name, values in right.items())


def test_a_renamed_tile_is_taken_by_its_metadata(tmp_path):
    hdf = pytest.importorskip("pyhdf.SD")
    from annsm_plugin.core.demo import lai_tiles

    name = "MCD15A2H.A2015097.h25v05.061.2015113000000.hdf"
    codes = np.random.default_rng(6).integers(0, 100, (2400, 2400), dtype=np.uint8)
    lai_tiles.write_tile(tmp_path / name, (25, 5), codes, codes)
    file = hdf.SD(str(tmp_path / name), hdf.SDC.WRITE)
    lines = ("GROUP = ECSDATAGRANULE", "OBJECT = LOCALGRANULEID", "NUM_VAL = 1", f'VALUE = "{name}"', "END_OBJECT = LOCALGRANULEID")
    text = "\n".join([*lines, "END_GROUP = ECSDATAGRANULE", "END", ""])
    file.attr("CoreMetadata.0").set(hdf.SDC.CHAR, text)
    file.end()
    right = products.read_arrays(tmp_path / name, variables=("lai",)).variables["lai_class"]
    (tmp_path / name).rename(tmp_path / "tile one.bin")
    (entry,) = products.find(tmp_path, "lai")
    assert (entry.tile, str(entry.date), entry.version) == ("h25v05", "2015-04-07", "061")
    assert np.array_equal(products.read_arrays(entry, variables=("lai",)).variables["lai_class"], right)
    assert not products.inventory(tmp_path).unreadable


def test_a_renamed_file_of_jaxa_without_its_name_is_refused(tmp_path):
    FILES["amsr"](tmp_path).rename(tmp_path / "a.h5")
    found = products.inventory(tmp_path)
    assert "says neither its channel nor its date" in found.seems[str(tmp_path / "a.h5")]


@pytest.mark.parametrize(
    ("write", "words"),
    [(cetb("36V", told=False), "does not tell its sensor (instrument) nor its channel"), (viirs(told="x"), "does not tell its product")],
)
def test_what_a_renamed_file_does_not_tell_is_named(tmp_path, write, words):
    write(tmp_path).rename(tmp_path / "a.h5")
    found = products.inventory(tmp_path)
    assert words in found.seems[str(tmp_path / "a.h5")] and "give the file its old name" in found.seems[str(tmp_path / "a.h5")]


def test_brightness_temperatures_of_another_sensor_are_refused(tmp_path):
    path = cetb("36V")(tmp_path).rename(tmp_path / "a.nc")
    with netCDF4.Dataset(path, "r+") as file:
        file.instrument = "SSMIS > Special Sensor Microwave Imager/Sounder"
    (refused,) = products.inventory(tmp_path).refused
    assert "CETB brightness temperature (NSIDC) of SSMIS" in refused.refused and "AMSR-E or AMSR2 is needed" in refused.refused


def test_subsets_under_any_name_and_of_both_grids(tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    sm = np.random.default_rng(1).uniform(0.05, 0.4, (406, 964))
    whole = subsets.complete(make.smap(source, date="20150410", sm=sm, seconds=np.full(sm.shape, EVENING)))
    folder = tmp_path / "in"
    folder.mkdir()
    subsets.cut_hdf5(whole, folder, (73, 26, 105, 40)).rename(folder / "monday.h5")
    (entry,) = products.find(folder, "smap")
    assert str(entry.date) == "2015-04-10" and not entry.whole
    assert np.isfinite(products.read_arrays(entry).variables["soil_moisture"]).all()


def test_known_names_are_never_opened_for_this(tmp_path, monkeypatch):
    monkeypatch.setattr(looking, "_inside", lambda *_: pytest.fail("a file was looked into"))
    FILES["gldas"](tmp_path)
    (tmp_path / "notes.txt").write_text("x")
    assert len(products.inventory(tmp_path).entries) == 1


def test_each_is_looked_into_once_and_of_many_alike_a_few(tmp_path, monkeypatch):
    opened = []
    real = looking._inside
    monkeypatch.setattr(looking, "_inside", lambda paths, progress: (opened.extend(paths), real(paths, progress))[1])
    FOREIGN["april.nc"][0](tmp_path / "era 0.nc")
    for number in range(1, 60):
        shutil.copy(tmp_path / "era 0.nc", tmp_path / f"era {number}.nc")
    found = products.inventory(tmp_path)
    assert found.n_unrecognised == 60 and len(opened) == looking.ALIKE
    assert any(line.startswith("not recognised: 60 files: ERA5") for line in found.summary())
    opened.clear()
    products.inventory(tmp_path)
    assert not opened
    os.utime(tmp_path / "era 0.nc", (1, 1))
    products.inventory(tmp_path)
    assert opened == [str(tmp_path / "era 0.nc")]


def test_a_file_that_was_replaced_is_looked_into_again(tmp_path):
    """By one of the same size, whose time of change is set to that of the old one."""
    for hour in ("03", "06"):
        path = make.gldas(tmp_path, f"20160102.{hour}00").rename(tmp_path / f"{hour}.bin")
        with open(path, "ab") as file:
            file.truncate(1_000_000)
    folder = tmp_path / "in"
    folder.mkdir()
    for hour in ("03", "06"):
        (folder / "file.nc4").write_bytes((tmp_path / f"{hour}.bin").read_bytes())
        os.utime(folder / "file.nc4", (1e9, 1e9))
        (entry,) = products.inventory(folder).entries
        assert str(entry.time) == f"2016-01-02T{hour}:00:00"


@pytest.mark.parametrize("first", ["web pages", "files without a pixel", "files without a time"])
def test_products_behind_many_others_of_like_names_are_found(tmp_path, first):
    """What is said of the first files for themselves, or of files in another format, does not hide those behind them."""
    if first == "files without a pixel":
        good = make.smap(tmp_path, sm=np.full((406, 964), 0.2), seconds=np.full((406, 964), EVENING))
        blank = make.smap(tmp_path, "20150411", sm=np.full((406, 964), np.nan), seconds=np.full((406, 964), np.nan))
    else:
        good = FILES["gldas"](tmp_path)
        blank = tmp_path / "blank"
        if first == "web pages":
            blank.write_text("<!DOCTYPE html><html>log in</html>" * 50)
        else:
            shutil.copy(good, blank)
            with netCDF4.Dataset(blank, "r+") as file:
                file.renameVariable("time", "moment")
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(30):
        shutil.copy(good if number == 20 else blank, folder / f"data_{number:03d}.nc4")
    found = products.inventory(folder)
    assert [Path(e.path).name for e in found.entries] == ["data_020.nc4"] and found.n_unrecognised == 29


@pytest.mark.parametrize(("ending", "looks"), [("SIGKILL", 2), ("SIGPROF", 1)])
def test_a_file_on_which_the_worker_ends_costs_that_file(tmp_path, monkeypatch, ending, looks):
    """A process that ends on one file is started again for the others, and the file is named; one that took too long has had its time."""
    for name in ("a", "b", "c"):
        FOREIGN["april.nc"][0](tmp_path / f"{name}.nc")
    real, asked = looking._Worker._ask, []

    def ask(self, paths, at):
        spoilt = [path for path in paths if path.endswith("b.nc")]
        if spoilt:
            asked.append(paths)
            if self._process is None:
                real(self, paths, at)
            at.info(spoilt[0])
            self._process.child.send_signal(getattr(signal, ending))
            self._process.child.wait()
        return real(self, paths, at)

    monkeypatch.setattr(looking._Worker, "_ask", ask)
    found = products.inventory(tmp_path)
    assert "the process that looked into it ended" in found.seems[str(tmp_path / "b.nc")]
    assert all("ERA5" in found.seems[str(tmp_path / f"{name}.nc")] for name in "ac")
    assert len(asked) == looks


def test_a_cancelled_inventory_leaves_no_process(tmp_path, monkeypatch):
    """The run is cancelled while workers are busy: they end, and none is started instead."""
    FOREIGN["april.nc"][0](tmp_path / "a.nc")
    for number in range(60):
        shutil.copy(tmp_path / "a.nc", tmp_path / f"{'abcdefgh'[number % 8]}{'stuvwxyz'[number // 8]}.nc")
    monkeypatch.setattr(looking, "MANY", 25)
    monkeypatch.setattr(looking.machine, "cores", lambda: 2)
    started, busy, stop = [], threading.Event(), threading.Event()
    real_start, real_do = looking.workers.start, looking.workers.Process.do

    def start(*args):
        started.append(real_start(*args))
        return started[-1]

    def do(process, task, values, arrays, progress):
        if values["paths"][0] == str(tmp_path / "a.nc"):
            busy.wait(20)
        else:
            busy.set()
            stop.wait(20)
        return real_do(process, task, values, arrays, progress)

    class Cancelling(Progress):
        def cancelled(self):
            return busy.is_set()

    real_close = looking._Worker.close

    def close(worker):
        real_close(worker)
        if all(process.status is not None for process in started):
            stop.set()

    monkeypatch.setattr(looking.workers, "start", start)
    monkeypatch.setattr(looking.workers.Process, "do", do)
    monkeypatch.setattr(looking._Worker, "close", close)
    with pytest.raises(Cancelled):
        products.inventory(tmp_path, progress=Cancelling())
    assert len(started) == 2 and all(process.status is not None for process in started)


@pytest.mark.parametrize(
    ("name", "product"),
    [
        ("SMAP_L3_SM_P_20150410_R19240_001_HEGOUT.nc", "smap"),
        ("SMAP_L3_SM_P_20150410_R19240_001_subsetted.nc4", "smap"),
        ("SMAP_L3_SM_P_20150410_R19240_001_Soil_Moisture_Retrieval_Data_AM_soil_moisture_subsetted.nc4", "smap"),
        ("SMAP_L3_SM_P_20150410_R19240_001 (1).h5", "smap"),
        ("SMAP_L3_SM_P_20150410_R19240_001 - Copy.h5", "smap"),
        ("SPL3SMP.009_SMAP_L3_SM_P_20150410_R19240_001.h5", "smap"),
        ("SC_SPL3SMP_009_SMAP_L3_SM_P_20150410_R19240_001_subsetted.nc4", "smap"),
        ("184310000_SMAP_L3_SM_P_20150410_R19240_001_HEGOUT.nc", "smap"),
        ("SMAP_L3_SM_P_20150410_R19240_001.h5.dap.nc4", "smap"),
        ("SMAP_L3_SM_P_E_20150410_R19240_001_HEGOUT.nc", "smap_e"),
        ("SPL3SMP_E.006_Soil_Moisture_Retrieval_Data_AM_soil_moisture_doy2015100000000_aid0001.tif", "smap_e"),
        ("GLDAS_NOAH025_3H_2.1_GLDAS_NOAH025_3H.A20150410.0300.021.nc4.SUB.nc4", "gldas"),
        (
            "HTTP_services.cgi@FILENAME=%2Fdata%2FGLDAS_NOAH025_3H.2.1%2F2015%2F100%2FGLDAS_NOAH025_3H.A20150410.0300.021.nc4&SHORTNAME=x",
            "gldas",
        ),
    ],
)
def test_names_of_tools(name, product):
    entry = products.entry(f"/data/{name}")
    assert (entry.product, str(entry.date), entry.refused) == (product, "2015-04-10", "")


def test_a_derived_file_is_no_original(tmp_path):
    assert products.entry("/data/mean_of_SMAP_L3_SM_P_20150410_R19240_001.h5") is None


def test_times_of_a_calendar_without_leap_days_are_refused(tmp_path):
    whole = make.smap(tmp_path, sm=np.full((406, 964), 0.2), seconds=np.full((406, 964), EVENING))
    folder = tmp_path / "export"
    folder.mkdir()
    path = subsets.appeears_netcdf([whole], folder, (73, 26, 105, 40))
    with netCDF4.Dataset(path, "r+") as file:
        file["time"].calendar = "noleap"
    assert "the calendar 'noleap'" in products.inventory(folder).seems[str(path)]


def test_an_archive_of_a_million_members_is_named_and_not_listed(tmp_path):
    """Its list alone would take gigabytes; the inventory looks at every archive that lies in a folder of products."""
    hurtful_files.million_members(tmp_path / "download.zip")
    (tmp_path / "cut.zip").write_bytes((tmp_path / "download.zip").read_bytes()[:5000])
    prepare = "from annsm_plugin.core.products.recognising import first_bytes"
    found = hurtful_files.measured(tmp_path / "download.zip", "first_bytes.what(path)", prepare)
    assert "cannot be unpacked" in found["said"] and found["seconds"] < 2.0 and found["peak"] < 500
    assert "cannot be unpacked" in first_bytes.what(str(tmp_path / "cut.zip"))[1]
