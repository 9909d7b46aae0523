"""ISMN's old CEOP reference format and CEOP's own: one file per station, several depths in it."""

import zipfile

import numpy as np
import pytest
from listening import Ear

from annsm_plugin.core import stations
from annsm_plugin.core.foundation.errors import ProductError

#: Depth -> soil moisture and flag of each hour.
SERIES = {
    0.05: [("0.2100", "G"), ("0.2200", "U"), ("-999.99", "M"), ("0.2300", "D01")],
    0.2: [("0.3100", "G"), ("0.3200", "G"), ("0.3300", "G"), ("0.3400", "G")],
}
NAME = "MAQU_MAQU_CST-01_20080701_20080731.stm"


def lines(station="CST_01", ends="    {0:.2f}    {0:.2f}", factor=1.0, times="2008/07/01 {0:02d}:00 2008/07/01 {0:02d}:02"):
    """Lines of all depths, hour by hour as such files have them."""
    for hour in range(4):
        for depth, series in SERIES.items():
            value, flag = series[hour]
            value = value if value.startswith("-9") else f"{float(value) * factor:.4f}"
            place = f"MAQU       MAQU            {station}         33.88330   102.13330 3431.00"
            yield f"{times.format(hour)} {place}{ends.format(depth)}    12.30 U {value:>9} {flag}"


def write(folder, content, name=NAME):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("\n".join([*content, ""]))
    return folder / name


def is_right(found, name="CST_01"):
    assert (found.name, found.network, found.lat, found.lon) == (name, "MAQU", 33.8833, 102.1333)
    start = np.datetime64("2008-07-01T00:00", "s")
    hours = [0, 1] if found.depth == (0.05, 0.05) else [0, 1, 2, 3]
    assert found.times.tolist() == [(start + np.timedelta64(hour, "h")).item() for hour in hours]
    assert found.values.tolist() == [float(SERIES[found.depth[0]][hour][0]) for hour in hours]


@pytest.mark.parametrize(
    ("form", "factor"),
    [("    {0:.2f}    {0:.2f}", 1.0), ("   -{0:.2f}", 100.0), ("    {0:.2f}", 1.0)],
    ids=["ISMN", "CEOP, percent, below the ground", "one depth"],
)
@pytest.mark.parametrize("name", ["CST_01", "CST 01", "107"])
def test_all_depths_of_one_file(tmp_path, form, factor, name):
    path = write(tmp_path / "MAQU" / "CST-01", lines(name, form, factor))
    for source in (tmp_path, path):
        upper, lower = stations.read(source, depth=None)
        assert (upper.depth, lower.depth) == ((0.05, 0.05), (0.2, 0.2))
        assert upper.rejected == 2 and lower.rejected == 0
        is_right(upper, name)
        is_right(lower, name)
    (surface,) = stations.read(tmp_path)
    assert surface.depth == (0.05, 0.05)


def test_in_a_zip_beside_other_variables(tmp_path):
    path = tmp_path / "Data_20080701_20080731.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(f"MAQU/CST-01/{NAME}", "\n".join(lines()))
        file.writestr("MAQU/CST-01/MAQU_MAQU_CST-01_ts_0.050000_0.050000_X_20080701_20080731.stm", "soil temperature is not read")
    is_right(stations.read(path)[0])


def test_malformed_lines_are_counted_and_other_depths_named(tmp_path):
    good = list(lines()) + [line.replace("2008/07/01", f"2008/07/{day:02d}") for day in (2, 3, 4) for line in lines()]
    write(tmp_path, [*good[:3], "2008/07/01 01:00", *good[3:]])

    ear = Ear()
    (found,) = stations.read(tmp_path, depth=(0.1, 0.3), progress=ear)
    assert found.depth == (0.2, 0.2) and found.values.size == 16
    assert any("0.05-0.05 m (1)" in text for text in ear.infos)
    upper, lower = stations.read(tmp_path, depth=None)
    assert upper.rejected + lower.rejected == 1 + 4 * 2
    write(tmp_path / "mostly", [*good, *["2008/07/01"] * 20])
    with pytest.raises(ProductError, match="malformed lines, such as"):
        stations.read(tmp_path / "mostly")


def test_24_00_is_the_end_of_the_day_and_a_header_alone_is_refused(tmp_path):
    header = "MAQU MAQU CST_01 33.88330 102.13330 3431.00 0.05 0.05 5TM"
    name = "MAQU_MAQU_CST-01_sm_0.050000_0.050000_5TM_20080701_20080731.stm"
    write(tmp_path / "late", [header, "2008/07/31 23:00 0.2 G M", "2008/07/31 24:00 0.3 G M"], name)
    (found,) = stations.read(tmp_path / "late")
    assert str(found.times[1]) == "2008-08-01T00:00:00" and found.values.tolist() == [0.2, 0.3]
    write(tmp_path / "none", [header], name)
    with pytest.raises(ProductError, match="a header alone"):
        stations.read(tmp_path / "none")
    with pytest.raises(ProductError, match="a header alone"):
        stations.read(tmp_path / "none" / name)
    write(tmp_path / "percent", [header, "2008/07/31 23:00 20.5 G M", "2008/07/31 23:30 30.5 G M"], name)
    with pytest.raises(ProductError, match=r"accepted values such as 20\.5"):
        stations.read(tmp_path / "percent")
