"""Looking into a record: the series of a cell are those of the files, and what belongs together is found."""

import json
import shutil

import numpy as np
import pytest
import record_cubes
from netCDF4 import Dataset

from annsm_plugin.core import metrics
from annsm_plugin.core.exploration import drawing, known, stations, story, views
from annsm_plugin.core.exploration.gridded import GriddedFile
from annsm_plugin.core.foundation import store
from annsm_plugin.core.foundation.errors import CubeError
from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.foundation.variables import FLAGS
from annsm_plugin.core.reports.figures import figure

EXTENT = (90.0, 30.0, 92.0, 31.5)


def field(days, seed=0, gaps=0.3):
    rng = np.random.default_rng(seed)
    values = rng.uniform(0.05, 0.4, (days, 6, 8)).astype("float32")
    values[rng.random(values.shape) < gaps] = np.nan
    return values


@pytest.fixture
def folder(tmp_path):
    """A record as the algorithms leave it: cube, ANN-SM, run records."""
    record_cubes.write_cube(tmp_path / "cube.nc", extent=EXTENT, days=420)
    values = field(300)
    flags = np.where(np.isnan(values), 255, FLAGS["soil_frozen"]).astype("uint8")
    attributes = {
        "annsm_kind": "annsm",
        "model": "model.nc",
        "cube": "cube.nc",
        "training_start": "2015-04-01",
        "training_end": "2016-01-01",
    }
    record_cubes.write_annsm(tmp_path / "annsm.nc", values, extent=EXTENT, start="2016-01-01", uncertainty=values * 0.1, flags=flags,
                             attributes=attributes)  # fmt: skip
    record = {"algorithm": "annsm:validatesatellite", "request": {},
              "parameters": {"INPUT": str(tmp_path / "annsm.nc"), "START": "2016-02-01", "END": "2016-06-30"}}  # fmt: skip
    (tmp_path / "validation.run.json").write_text(json.dumps(record))
    return tmp_path


@pytest.mark.parametrize("chunks", [(64, 2, 3), (64, 60, 50), (7, 1, 1)])
@pytest.mark.parametrize("largest", [16 * 2**20, 100])
def test_series_are_those_of_the_file_whatever_its_chunks(tmp_path, monkeypatch, chunks, largest):
    from annsm_plugin.core.exploration import gridded

    monkeypatch.setattr(store.gridded, "CHUNKS", chunks)
    monkeypatch.setattr(gridded, "LARGEST_COLUMN", largest)
    monkeypatch.setattr(gridded, "DAYS", 50)
    record_cubes.write_annsm(tmp_path / "a.nc", field(200), extent=EXTENT, start="2016-01-01")
    file = GriddedFile(tmp_path / "a.nc")
    with Dataset(tmp_path / "a.nc") as data:
        whole = data["soil_moisture"][:].filled(np.nan)
    for row in range(6):
        for column in range(8):
            assert np.array_equal(file.series("soil_moisture", row, column), whole[:, row, column].astype(float), equal_nan=True)
    assert file.dates[0] == np.datetime64("2016-01-01")
    assert file.dates.size == 200


def test_a_file_stored_south_first_and_east_first_is_turned(tmp_path):
    values = field(20)
    grid = Grid.from_extent(EXTENT)
    with Dataset(tmp_path / "turned.nc", "w") as file:
        for name, size in (("time", 20), ("lat", 6), ("lon", 8)):
            file.createDimension(name, size)
        file.createVariable("lat", "f8", ("lat",))[:] = grid.lat[::-1]
        file.createVariable("lon", "f8", ("lon",))[:] = grid.lon[::-1]
        time = file.createVariable("time", "f8", ("time",))
        time.units = "hours since 2001-12-31 12:00:00"
        time[:] = 24.0 * np.arange(20) + 12.0
        packed = file.createVariable("soil_moisture", "i2", ("time", "lat", "lon"), fill_value=-999)
        packed.scale_factor, packed.units = 0.0001, "m3 m-3"
        packed[:] = np.ma.masked_invalid(values[:, ::-1, ::-1])
    file = GriddedFile(tmp_path / "turned.nc")
    assert file.dates[0] == np.datetime64("2002-01-01")
    assert np.allclose(file.grid.lat, grid.lat)
    for row, column in ((0, 0), (5, 7), (2, 3)):
        assert np.allclose(file.series("soil_moisture", row, column), values[:, row, column], atol=6e-5, equal_nan=True)


def test_a_changed_file_is_read_again(tmp_path):
    path = tmp_path / "a.nc"
    record_cubes.write_annsm(path, field(30), extent=EXTENT, start="2016-01-01")
    file = GriddedFile(path)
    before = file.series("soil_moisture", 0, 0)
    record_cubes.write_annsm(path, field(30, seed=9), extent=EXTENT, start="2016-01-01")
    assert file.changed()
    assert not np.array_equal(before, GriddedFile(path).series("soil_moisture", 0, 0), equal_nan=True)
    record_cubes.write_annsm(path, field(31), extent=EXTENT, start="2016-01-01")
    with pytest.raises(CubeError, match="as it was when it was opened"):
        file.series("soil_moisture", 0, 0)


@pytest.mark.parametrize("content", [b"", b"not a NetCDF file", b"\x89HDF\r\n\x1a\n" + bytes(2000)])
def test_what_is_no_gridded_file_is_told_in_a_sentence(tmp_path, content):
    (tmp_path / "bad.nc").write_bytes(content)
    with pytest.raises(CubeError, match=r"bad\.nc"):
        GriddedFile(tmp_path / "bad.nc")
    found = known.know([tmp_path / "bad.nc", tmp_path / "gone.nc"])
    assert len(found.problems) == 2
    assert not found


def test_the_cube_of_an_annsm_file_and_the_periods_are_found(folder):
    found = known.know([folder / "annsm.nc", folder / "annsm.nc"])
    assert [file.path.name for file in found.annsm] == ["annsm.nc"]
    assert [file.path.name for file in found.cubes] == ["cube.nc"]
    assert [(p.name, str(p.first), str(p.last)) for p in found.periods] == [
        ("training", "2015-04-01", "2016-01-01"),
        ("test", "2016-02-01", "2016-06-30"),
    ]


def test_a_folder_that_was_moved_still_belongs_together(folder, tmp_path):
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    for name in ("annsm.nc", "cube.nc", "validation.run.json"):
        shutil.move(folder / name, moved / name)
    found = known.know([moved / "annsm.nc"])
    assert [file.path.parent for file in found.cubes] == [moved]
    assert [p.name for p in found.periods] == ["training", "test"]


def test_records_of_outputs_that_have_one_name_are_found(folder):
    shutil.copy(folder / "cube.nc", folder / "matched.nc")
    told = {"algorithm": "annsm:aggregate", "output": "annsm.csv", "parameters": {}}
    (folder / "annsm.csv").write_text("a")
    (folder / "annsm.run.json").write_text(json.dumps(told))
    told = {"algorithm": "annsm:reconstruct", "output": "annsm.nc", "parameters": {"INPUT": str(folder / "matched.nc")}}
    (folder / "annsm.nc.run.json").write_text(json.dumps(told))
    found = known.know([folder / "annsm.nc"])
    assert {file.path.name for file in found.cubes} == {"cube.nc", "matched.nc"}
    (folder / "at.series.npz").write_text("kept")
    asked = {"annsm": str(folder / "annsm.nc"), "stations": str(folder / "cube.nc"), "table": str(folder / "at.csv")}
    told = {"algorithm": "annsm:validatestations", "output": "at.csv", "parameters": {}, "request": asked}
    (folder / "at.csv.run.json").write_text(json.dumps(told))
    assert [source.memory for source in known.know([folder / "annsm.nc"]).stations] == [folder / "at.series.npz"]


def test_the_story_of_a_cell_holds_what_the_files_hold(folder):
    found = known.know([folder / "annsm.nc"])
    lat, lon = story.centre(found, 30.3, 91.1)
    assert (lat, lon) == (30.375, 91.125)
    first, last = story.read(found, lat, lon)
    assert list(first.series) == ["ANN-SM"]
    assert list(last.series) == ["ANN-SM", "SMAP", "GLDAS"]
    assert last.dates[0] == np.datetime64("2015-04-01")
    with Dataset(folder / "annsm.nc") as data:
        own = data["soil_moisture"][:].filled(np.nan)[:, 4, 4].astype(float)
    after = last.dates >= np.datetime64("2016-01-01")
    assert np.array_equal(last.series["ANN-SM"][after][:300], own, equal_nan=True)
    assert np.isnan(last.series["ANN-SM"][~after]).all()
    assert np.allclose(last.uncertainty[after][:300], own * 0.1, equal_nan=True)
    assert set(last.flags[after][:300][np.isfinite(own)]) == {FLAGS["soil_frozen"]}
    assert not last.flags[~after].any()
    assert last.title == "30.375° N, 91.125° E"
    assert story.centre(found, 50.0, 91.1) is None
    assert list(story.read(found, 50.125, 91.125)) == []


def test_records_of_one_model_join_and_of_two_stand_side_by_side(folder):
    before = field(100, seed=4)
    same = {"annsm_kind": "annsm", "model": "model.nc"}
    record_cubes.write_annsm(folder / "history.nc", before, extent=EXTENT, start="2010-01-01", attributes=same)
    found = known.know([folder / "annsm.nc", folder / "history.nc"])
    joined = list(story.read(found, 30.375, 91.125))[-1]
    assert np.array_equal(joined.series["ANN-SM"][:100], before[:, 4, 4].astype(float), equal_nan=True)
    record_cubes.write_annsm(folder / "other.nc", before, extent=EXTENT, start="2010-01-01", attributes={**same, "model": "other.nc"})
    found = known.know([folder / "annsm.nc", folder / "other.nc"])
    apart = list(story.read(found, 30.375, 91.125))[-1]
    assert {"ANN-SM (annsm)", "ANN-SM (other)"} <= set(apart.series)


def cell_with(values, dates, **series):
    return stations.StationCell("NET 1", 30.375, 91.125, ("A", "B"), dates, {"in situ": values, **series})


def test_stations_name_their_cell_and_add_their_series(folder):
    found = known.know([folder / "annsm.nc"])
    dates = np.arange(np.datetime64("2014-01-01"), np.datetime64("2016-03-01"))
    values = np.linspace(0.1, 0.3, dates.size)
    told = list(story.read(found, 30.375, 91.125, [cell_with(values, dates, LPRM=values + 0.1)]))[-1]
    assert told.title == "A, B"
    assert told.sites == ("A", "B")
    both = np.isin(told.dates, dates)
    assert np.array_equal(told.series["in situ"][both], values[np.isin(dates, told.dates)])
    assert np.isnan(told.series["in situ"][~both]).all()
    assert views.references(told)[:2] == ["in situ", "SMAP"]
    other = list(story.read(found, 30.375, 91.375, [cell_with(values, dates)]))[-1]
    assert "in situ" not in other.series


def test_measures_are_those_of_the_core_on_the_days_that_count():
    rng = np.random.default_rng(1)
    dates = np.datetime64("2015-01-01") + np.arange(500)
    told = story.Story(30.375, 91.125, dates, {"ANN-SM": rng.random(500), "SMAP": rng.random(500)})
    inside = views.days_in(told, "2015-03-01", "2015-12-31")
    assert inside.sum() == 306
    found = views.measures(told, "SMAP", inside)["ANN-SM"]
    wanted = metrics.all_of(told.series["SMAP"][inside], told.series["ANN-SM"][inside])
    assert found == pytest.approx({name: float(value) for name, value in wanted.items()})


def test_the_years_course_by_hand():
    dates = np.arange(np.datetime64("2015-11-01"), np.datetime64("2017-03-01"))
    months = dates.astype("datetime64[M]")
    values = np.full(dates.size, np.nan)
    values[months == np.datetime64("2015-12")] = 0.1
    values[months == np.datetime64("2016-12")] = 0.3
    january = np.flatnonzero(months == np.datetime64("2016-01"))
    values[january[:4]] = 0.2  # too few days
    values[np.flatnonzero(months == np.datetime64("2017-01"))[:5]] = 0.25
    found = views.course(dates, values)
    assert found.mean[11] == pytest.approx(0.2)
    assert (found.low[11], found.high[11], found.years[11]) == (pytest.approx(0.1), pytest.approx(0.3), 2)
    assert (found.mean[0], found.years[0]) == (pytest.approx(0.25), 1)
    assert np.isnan(found.mean[1:11]).all()


def test_tables_hold_what_is_drawn(folder):
    told = list(story.read(known.know([folder / "annsm.nc"]), 30.375, 91.125))[-1]
    lines = views.series_csv([told]).splitlines()
    assert lines[0] == "cell,lat,lon,date,ANN-SM,SMAP,GLDAS,uncertainty,conditions"
    there = np.logical_or.reduce([np.isfinite(v) for v in told.series.values()])
    assert len(lines) == 1 + there.sum()
    day = int(np.flatnonzero(np.isfinite(told.series["ANN-SM"]))[0])
    line = next(line for line in lines if f",{told.dates[day]}," in line)
    assert float(line.split(",")[5]) == pytest.approx(told.series["ANN-SM"][day], rel=1e-5)
    assert line.endswith("soil frozen")
    table = views.measures_csv([told], "SMAP").splitlines()
    assert table[0].endswith("R,RMSE,BIAS,ubRMSE,N")
    assert [line.split(",")[-7] for line in table[1:]] == ["ANN-SM", "GLDAS"]


def test_the_views_draw_the_values(folder):
    found = known.know([folder / "annsm.nc"])
    tales = [list(story.read(found, 30.375, lon))[-1] for lon in (91.125, 91.375)]
    place = drawing.series(figure(), tales[:1], drawing.COLOURS)
    number = next(n for n, line in enumerate(place.lines) if line.get_label() == "ANN-SM")
    values = tales[0].series["ANN-SM"]
    drawn = np.asarray(place.lines[number].get_ydata())
    assert np.array_equal(drawn[np.isfinite(drawn)], values[np.isfinite(values)])
    has = np.isfinite(np.concatenate([[np.nan], values, [np.nan]]))
    alone = has[1:-1] & ~has[:-2] & ~has[2:]
    assert alone.sum() > 5
    assert np.array_equal(place.lines[number + 1].get_ydata(), values[alone])  # a line shows nothing of them
    assert {text.get_text() for text in place.texts} == {"training", "test"}
    several = drawing.series(figure(), tales, drawing.COLOURS, {"ANN-SM"})
    assert [line.get_label() for line in several.lines[::2]] == [told.title for told in tales]
    measured = drawing.scatter(figure(), tales, drawing.COLOURS, "ANN-SM", "SMAP")
    assert measured[tales[1].title] == views.measures(tales[1], "SMAP")["ANN-SM"]
    assert drawing.scatter(figure(), tales, drawing.COLOURS, "ANN-SM", "in situ") == {}
    assert drawing.course(figure(), tales, drawing.COLOURS).lines
    assert drawing.anomalies(figure(), tales[:1], drawing.COLOURS).lines
