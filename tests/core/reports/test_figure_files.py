"""Figures as PNG, PDF and SVG with their numbers: real files, and numbers that are the ones drawn."""

import contextlib
import csv
import errno
import os
import signal
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from types import SimpleNamespace

import matplotlib.figure as drawing
import numpy as np
import pytest
from record_cubes import write_annsm, write_cube

from annsm_plugin.core import validation
from annsm_plugin.core.foundation import localtime, outside, tables
from annsm_plugin.core.foundation.errors import AnnsmError, ParameterError
from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.reports import figure_files, figures, pdf
from annsm_plugin.core.statistics import taylor
from annsm_plugin.core.validation import satellite_figures, satellite_report, station_publication, station_report

EXTENT = (90.0, 32.0, 91.0, 33.0)
GRID = Grid.from_extent(EXTENT)
DAYS = 200
DATES = np.datetime64("2015-04-01") + np.arange(DAYS)


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def number(text):
    return float(text) if text else np.nan


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A cube, ANN-SM made of its truth, and two stations."""
    folder = tmp_path_factory.mktemp("figures")
    cube, truth = write_cube(folder / "cube.nc", extent=EXTENT, days=DAYS)
    random = np.random.default_rng(0)
    values = truth + random.normal(0, 0.01, truth.shape)
    values[:, 3, 3] = np.nan
    annsm = write_annsm(folder / "annsm.nc", values, extent=EXTENT, start="2015-04-01")
    stations = []
    for name, (row, column) in {"A": (0, 0), "B": (1, 2), "C": (2, 1)}.items():
        times = localtime.utc_of(DATES, 1.5, GRID.lon[column])
        place = {"lat": float(GRID.lat[row]), "lon": float(GRID.lon[column])}
        stations.append(SimpleNamespace(name=name, network="N", depth=(0.05, 0.05), times=times, values=truth[:, row, column], **place))
    return SimpleNamespace(
        satellite=validation.validate_satellite(annsm, cube),
        stations=validation.validate_stations(annsm, stations, cube=cube),
        folder=folder,
    )


def test_every_format_is_what_it_says(shared, tmp_path):
    paths = figure_files.write(tmp_path / "new" / "folder", satellite_figures.publication(shared.satellite))
    assert [p.name for p in paths[:4]] == ["figure4_maps.png", "figure4_maps.pdf", "figure4_maps.svg", "figure4_maps_numbers.csv"]
    assert len(paths) == 16 and all(p.stat().st_size > 100 for p in paths)
    from matplotlib.image import imread

    for path in paths:
        if path.suffix == ".png":
            assert imread(path).shape[1] == pytest.approx(figures.TWO_COLUMNS * 300, abs=1)
        elif path.suffix == ".pdf":
            assert path.read_bytes().startswith(b"%PDF") and b"%%EOF" in path.read_bytes()[-20:]
        elif path.suffix == ".svg":
            assert ElementTree.parse(path).getroot().tag.endswith("svg")
    assert not [p for p in (tmp_path / "new" / "folder").iterdir() if p.name.startswith(".")]


def test_numbers_of_the_maps_are_the_maps(shared, tmp_path):
    figure_files.write(tmp_path, satellite_figures.publication(shared.satellite))
    maps = shared.satellite.maps
    rows = read(tmp_path / "figure4_maps_numbers.csv")
    assert len(rows) == 15  # one of the 16 cells has nothing
    for row in rows:
        i, j = np.flatnonzero(float(row["lat"]) == GRID.lat)[0], np.flatnonzero(float(row["lon"]) == GRID.lon)[0]
        for name in ("r", "rmse", "bias", "n"):
            assert number(row[name]) == pytest.approx(maps[name][i, j], rel=1e-5, abs=1e-9)
    spread = [number(row["abs_bias"]) for row in read(tmp_path / "histograms_numbers.csv")]
    assert np.mean(spread) == pytest.approx(shared.satellite.means["bias"][0], rel=1e-5)


def test_numbers_of_the_stations(shared, tmp_path):
    result = shared.stations
    names = {p.name for p in figure_files.write(tmp_path, station_publication.publication(result, panels=2))}
    assert names >= {f"{stem}{e}" for stem in ("products", "taylor", "figure6_scatter", "figure5_series_2") for e in figure_files.ENDINGS}
    rows = read(tmp_path / "figure6_scatter_numbers.csv")
    assert len(rows) == sum(r["n"] for r in result.table if r["product"] == "ANN-SM" and r["basis"] == "own days")
    series = [r for k in (1, 2) for r in read(tmp_path / f"figure5_series_{k}_numbers.csv")]
    assert {r["cell"] for r in series} == {c.name for c in result.cells} and list(series[0])[:3] == ["cell", "date", "in_situ"]
    first = next(r for r in series if r["cell"] == result.cells[1].name and r["date"] == "2015-05-01")
    assert number(first["annsm"]) == pytest.approx(result.series["ANN-SM"][1][30], rel=1e-5)
    points = read(tmp_path / "taylor_numbers.csv")
    wanted = taylor.of_stations(result, 10)["GLDAS"][2]
    found = [r for r in points if r["product"] == "GLDAS"][2]
    assert number(found["r"]) == pytest.approx(wanted.r, rel=1e-5)
    assert number(found["centred_rms_ratio"]) == pytest.approx(wanted.error, rel=1e-5) and len(points) == 3 * 4
    means = read(tmp_path / "products_numbers.csv")
    own = next(r for r in means if (r["basis"], r["product"], r["measure"]) == ("own days", "ANN-SM", "rmse"))
    assert number(own["mean"]) == pytest.approx(result.means["own days"]["ANN-SM"]["rmse"][0], rel=1e-5)


def test_the_reports_hold_the_diagram_and_stay_one_file(shared, tmp_path):
    station_report.write(tmp_path / "s.html", shared.stations)
    satellite_report.write(tmp_path / "v.html", shared.satellite)
    text = (tmp_path / "s.html").read_text(encoding="utf-8")
    assert "Taylor diagram" in text and "http" not in text and text.count("data:image/png") == 6
    assert len(text) < 5e6 and [p.name for p in tmp_path.iterdir()] and len(list(tmp_path.iterdir())) == 2


def test_csv_of_odd_values():
    text = tables.as_csv(("a", "b"), [(np.float64(0.1234567891), "x,y"), (float("nan"), np.int64(3)), (float("inf"), None)])
    assert text == 'a,b\n0.123457,"x,y"\n,3\n,None\n'


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "@SUM(A1)", "+1+1", "-A", "-1 +cmd|' /C calc'!A0", "\tx"])
def test_a_name_that_a_spreadsheet_would_calculate_is_text_there_and_the_name_here(tmp_path, text):
    path = tmp_path / "t.csv"
    path.write_text(
        tables.as_csv(("place", text), [(text, -1.5), ("-2.5", "+3e4"), ("-", "-0.002 (-0.004 to -0.001)"), ("'A", "")]),
        encoding="utf-8",
        newline="",
    )
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [["place", f"'{text}"], [f"'{text}", "-1.5"], ["-2.5", "+3e4"], ["-", "-0.002 (-0.004 to -0.001)"], ["'A", ""]]
    header, again = outside.read_rows(path, "a table")
    assert header == ["place", text]
    assert [row["place"] for row in again] == [text, "-2.5", "-", "'A"]


def test_a_name_of_two_lines_stays_in_its_row():
    assert tables.as_csv(("a", "b"), [("one\r\ntwo", "three\rfour")]) == "a,b\none two,three four\n"


def test_a_report_of_fifteen_cells_and_six_products_is_below_five_megabytes(tmp_path):
    """The largest report: 4.6 years of daily series."""
    days = 1680
    random = np.random.default_rng(0)
    dates = np.datetime64("2010-08-01") + np.arange(days)
    extent = (90.0, 32.0, 94.0, 33.0)
    grid = Grid.from_extent(extent)
    values = random.random((days, *grid.shape)) * 0.5
    path = write_annsm(tmp_path / "annsm.nc", values, extent=extent, start="2010-08-01")
    stations = []
    for number in range(15):
        row, column = divmod(number, 8)
        place = {"lat": float(grid.lat[row]), "lon": float(grid.lon[column])}
        times = localtime.utc_of(dates, 1.5, grid.lon[column])
        stations.append(
            SimpleNamespace(name=f"S{number}", network="N", depth=(0, 0.05), times=times, values=values[:, row, column], **place)
        )
    result = validation.validate_stations(path, stations)
    for title in ("LPRM", "JAXA", "SMOS", "GLDAS", "SMAP"):
        result.series[title] = random.random((15, days)) * 0.5
        result.products.append(title)
        for group in result.means.values():
            group[title] = group["ANN-SM"]
    station_report.write(tmp_path / "r.html", result)
    assert (tmp_path / "r.html").stat().st_size < 5e6


def streams(path) -> bytes:
    """A PDF with its compressed parts unpacked."""
    import re
    import zlib

    text, found = path.read_bytes(), []
    for part in re.findall(rb"stream\r?\n(.*?)endstream", text, re.DOTALL):
        try:
            found.append(zlib.decompress(part))
        except zlib.error:
            found.append(part)
    return text + b"".join(found)


def test_text_is_truetype_and_editable_and_maps_are_drawings(shared, tmp_path):
    """Journals refuse Type 3 fonts; a map of a few cells is not a picture inside a PDF or SVG."""
    paths = figure_files.write(tmp_path, satellite_figures.publication(shared.satellite))
    for path in paths:
        if path.suffix == ".pdf":
            assert b"/FontFile2" in path.read_bytes() and b"/Type3" not in streams(path)
            assert b"/Subtype /Image" not in path.read_bytes()
        elif path.suffix == ".svg":
            text = path.read_text(encoding="utf-8")
            assert "<text" in text and "<image" not in text
    assert ">(a) R<" in (tmp_path / "figure4_maps.svg").read_text(encoding="utf-8")


def test_the_days_in_common_are_a_figure_with_its_numbers(shared, tmp_path):
    figure_files.write(tmp_path, station_publication.publication(shared.stations))
    rows = read(tmp_path / "common_days_numbers.csv")
    own = {(r["cell"], r["product"]): r["n"] for r in shared.stations.table if r["basis"] == "own days"}
    assert len(rows) == 3
    for row in rows:
        assert all(int(row[product]) == own[row["cell"], product] for product in shared.stations.products)


def test_reports_give_units_intervals_and_p(shared, tmp_path):
    station_report.write(tmp_path / "s.html", shared.stations)
    text = (tmp_path / "s.html").read_text(encoding="utf-8")
    for header in ("RMSE (95\u00a0%), m³\u00a0m⁻³", "BIAS (95\u00a0%), m³\u00a0m⁻³", "p of R", "R (95\u00a0%)", "first day", "cell-days"):
        assert f">{header}<" in text, header
    row = next(r for r in shared.stations.table if r["product"] == "GLDAS" and r["basis"] == "own days")
    assert f">{row['r']:.2f} ({row['r_low']:.2f} to {row['r_high']:.2f})<" in text
    assert f">{row['rmse']:.3f} ({row['rmse_low']:.3f} to {row['rmse_high']:.3f})<" in text
    assert "negative where the product is too wet" in text and text.count("<img alt='") == 6 and "alt=''" not in text
    satellite_report.write(tmp_path / "v.html", shared.satellite)
    text = (tmp_path / "v.html").read_text(encoding="utf-8")
    mean, low, high = shared.satellite.means["rmse"]
    assert f">{low:.4f} to {high:.4f}<" in text if np.isfinite(low) else ">–<" in text
    assert "negative (blue) where ANN-SM is too wet, positive (brown) where it is too dry" in text and f">{mean:.4f}<" in text


def test_a_table_must_not_have_the_name_of_the_numbers(tmp_path):
    figure_files.check_names(tmp_path / "f.png", TABLE=tmp_path / "f.csv", OTHER="")
    with pytest.raises(ParameterError, match=r"TABLE is .*f_numbers\.csv, where the numbers of FIGURE are written"):
        figure_files.check_names(str(tmp_path / "f.png"), TABLE=str(tmp_path / "f_numbers.csv"))


def two_figures():
    return [figure_files.Figure(name, drawing.Figure(), ("a",), [(1,)]) for name in ("one", "two")]


@pytest.mark.parametrize(
    ("error", "told", "words"),
    [
        (MemoryError(), MemoryError, None),
        (OSError(errno.ENOSPC, "No space left on device"), AnnsmError, "The disk or the quota is full while .*figures was written"),
        (OSError(errno.EIO, "Input/output error"), AnnsmError, "figures could not be written"),
        (KeyboardInterrupt(), KeyboardInterrupt, None),
    ],
)
def test_a_folder_of_figures_is_written_whole_or_not_at_all(tmp_path, monkeypatch, error, told, words):
    plain, folder = figure_files.save, tmp_path / "figures"

    def second_fails(base, figure):
        if base.name == "two":
            raise error
        return plain(base, figure)

    monkeypatch.setattr(figure_files, "save", second_fails)
    with pytest.raises(told, match=words):
        figure_files.write(folder, two_figures())
    assert not list(tmp_path.iterdir())
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")
    (folder / "one.png").write_text("of an earlier run")
    with pytest.raises(told, match=words):
        figure_files.write(folder, two_figures())
    assert {path.name: path.read_text() for path in folder.iterdir()} == {"mine.txt": "mine", "one.png": "of an earlier run"}
    monkeypatch.undo()
    written = figure_files.write(folder, two_figures())
    assert sorted(folder.iterdir()) == sorted([*written, folder / "mine.txt"]) and (folder / "one.png").read_bytes()[1:4] == b"PNG"


@contextlib.contextmanager
def files_of_at_most(size):
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_an_error_names_the_figure_as_it_would_be_called(tmp_path):
    with files_of_at_most(100), pytest.raises(AnnsmError) as told:
        figure_files.write(tmp_path / "figures", two_figures())
    assert str(told.value).startswith(f"{tmp_path / 'figures' / 'one.png'} became larger")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="without fork")
@pytest.mark.parametrize("there", [False, True])
def test_a_run_that_is_killed_leaves_no_figures_and_the_next_no_remains(tmp_path, there):
    folder = tmp_path / "figures"
    if there:
        folder.mkdir()
    child = os.fork()
    if not child:  # it never comes back from the second figure
        plain = figure_files.save
        figure_files.save = lambda base, figure: os.kill(os.getpid(), signal.SIGKILL) if base.name == "two" else plain(base, figure)
        try:
            figure_files.write(folder, two_figures())
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    left = [path.relative_to(folder) for path in folder.rglob("one*")]
    assert len(left) == 4 and all(path.parts[0].startswith(".files.part-") for path in left)
    assert not [path for path in folder.iterdir() if not path.name.startswith(".")]
    written = figure_files.write(folder, two_figures())
    assert sorted(path for path in tmp_path.rglob("*") if path != folder) == sorted(written) and len(written) == 8


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs Linux")
@pytest.mark.parametrize(
    "write", [lambda path: figure_files.save(path, two_figures()[0]), lambda path: pdf.write(path, "A", intro=["b"] * 2000)]
)
def test_what_could_not_be_written_holds_no_space(tmp_path, write):
    """While the error is looked at, no library holds a file open that has no name any more."""
    for most in (0, 100, 5000):
        with files_of_at_most(most), pytest.raises(AnnsmError, match="became larger than the disk or the user's limit allows") as told:
            write(tmp_path / "one.pdf")
        held = [link.readlink() for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
        assert told.value and not [name for name in held if str(tmp_path) in str(name)] and not list(tmp_path.iterdir())
