"""What is there is left out of the lists: counted by hand for every product; broken files and other observations are not there."""

from __future__ import annotations

import datetime
import json

import numpy as np
import product_files as make
import pytest
from named_files import export, hdf5

from annsm_plugin.core import downloads
from annsm_plugin.core.downloads.gldas import VARIABLES
from annsm_plugin.core.foundation.errors import ParameterError
from annsm_plugin.core.products import entry

TODAY = datetime.date(2022, 1, 1)


def lists(tmp_path, **settings):
    settings = {"start": "2016-03-01", "end": "2016-03-03", "today": TODAY, "have": tmp_path / "have", **settings}
    return downloads.write_lists(tmp_path / "lists", tmp_path / "table.csv", **settings)


def lines(tmp_path, name):
    return (tmp_path / "lists" / name).read_text().split()


def fields(*missing):
    """All variables of the lists but some, on the cells that ``product_files.gldas`` writes by itself: 70 to 110 E, 20 to 45 N."""
    values = {"SoilMoi0_10cm_inst": 20.0, "Rainf_f_tavg": 0.0}
    return {name: np.full((100, 160), values.get(name, 280.0)) for name in VARIABLES if name not in missing}


def test_gldas_steps_that_are_there_whole_or_as_subsets_are_left_out(tmp_path):
    have = tmp_path / "have" / "deep"
    have.mkdir(parents=True)
    make.gldas(have, "20160229.1800")
    make.gldas(have, "20160301.0000", fields(), suffix=".SUB.nc4")
    make.gldas(have, "20160302.1200")  # not wanted
    (have / "GLDAS_NOAH025_3H.A20160301.0300.021.nc4").write_bytes(b"<html>log in</html>")
    result = lists(tmp_path, products="GLDAS")
    # twelve steps (see the test of the lists), two of them there
    listed = {str(entry(url).time)[:16] for url in lines(tmp_path, "gldas_file_urls.txt")}
    assert len(listed) == 10 == len(lines(tmp_path, "gldas_subset_urls.txt")) == result.files
    assert not listed & {"2016-02-29T18:00", "2016-03-01T00:00"} and "2016-03-01T03:00" in listed
    readme = (tmp_path / "lists" / "README.txt").read_text()
    assert f"Files that {tmp_path / 'have'} holds are left out" in readme and "2 files are in" in readme


@pytest.mark.parametrize(("extent", "missing", "left"), [(None, (), 11), (None, ("Rainf_f_tavg",), 12), ((100, 30, 112, 32), (), None)])
def test_subsets_of_gldas_of_another_region_or_without_all_variables_are_listed_again(tmp_path, extent, missing, left):
    (tmp_path / "have").mkdir()
    for stamp in ("20160301.0000", "20160302.1200"):
        make.gldas(tmp_path / "have", stamp, fields(*missing), suffix=".SUB.nc4")
    wanted = lists(tmp_path, products="GLDAS", extent=extent, have=None).files
    assert lists(tmp_path, products="GLDAS", extent=extent).files == (wanted if left is None else left)
    assert ("1 files in" in (tmp_path / "lists" / "README.txt").read_text()) == (left != 11)


def test_smap_days_are_searched_in_the_runs_that_are_missing(tmp_path):
    (tmp_path / "have").mkdir()
    for day in ("20160303", "20160304"):
        hdf5(tmp_path / "have" / f"SMAP_L3_SM_P_{day}_R18290_002.h5")
    lists(tmp_path, products="SMAP", start="2016-03-01", end="2016-03-07")
    assert [entry(u).date.day for u in lines(tmp_path, "smap_urls_likely.txt")] == [29, 1, 2, 5, 6, 7]
    spans = [url.split("temporal=")[1].split("&")[0].replace("%3A", ":").replace("%2C", ",") for url in lines(tmp_path, "smap_search.txt")]
    assert spans == ["2016-02-29T00:00:00Z,2016-03-02T23:59:59Z", "2016-03-05T00:00:00Z,2016-03-07T23:59:59Z"]


def test_amsr_files_are_left_out_channel_by_channel(tmp_path):
    (tmp_path / "have").mkdir()
    for channel, day, orbit in (("06", "20160229", "D"), ("06", "20160301", "D"), ("10", "20160301", "D"), ("18", "20160301", "A")):
        hdf5(tmp_path / "have" / f"GW1AM2_{day}_01D_EQM{orbit}_L3SGT{channel}LA1110000.h5")
    result = lists(tmp_path, products="AMSR")
    left = {(entry(p).channel, entry(p).date.day) for p in lines(tmp_path, "amsr_paths.txt")}
    # five channels of 29 February to 2 March
    assert len(left) == result.files == 12 and not left & {("06", 29), ("06", 1), ("10", 1)}
    assert "EQMD_L3SGT06" in (tmp_path / "lists" / "amsr_sftp_batch.txt").read_text()


def test_amsr_e_is_known_by_its_date_whatever_its_name_begins_with(tmp_path):
    (tmp_path / "have").mkdir()
    hdf5(tmp_path / "have" / "P1AME_20050301_01D_EQMD_L3SGT06LA8000000.h5")
    whole = lists(tmp_path, products="AMSR", start="2005-03-01", end="2005-03-03", have=None).files
    assert lists(tmp_path, products="AMSR", start="2005-03-01", end="2005-03-03").files == whole - 1


def test_composites_in_an_export_are_left_out_and_the_rest_gets_a_request_of_another_name(tmp_path):
    export(tmp_path / "have", ["2016-02-18", "2016-02-26", "2016-03-13"])
    result = lists(tmp_path, products="LAI")
    (path,) = (tmp_path / "lists").glob("lai_*.json")
    assert path.name == "lai_MCD15A2H_2016_0305_0305.json"  # so that its file does not take the place of the other
    assert json.loads(path.read_text())["params"]["dates"] == [{"startDate": "03-05-2016", "endDate": "03-05-2016"}]
    assert any("3 composites are in" in note for note in result.listings[0].notes)
    export(tmp_path / "have" / "more", ["2016-03-05"])
    assert lists(tmp_path, products="LAI").files == 0


def test_nothing_is_left_where_all_is_there_and_a_folder_must_be_one(tmp_path):
    (tmp_path / "have").mkdir()
    assert lists(tmp_path).files == lists(tmp_path, have=None).files > 0
    for day in (29, 1, 2, 3):
        hdf5(tmp_path / "have" / f"SMAP_L3_SM_P_2016{'02' if day == 29 else '03'}{day:02d}_R19240_001.h5")
    result = lists(tmp_path, products="SMAP")
    assert result.files == 0 and result.summary[0] == "SMAP: nothing"
    with pytest.raises(ParameterError, match="HAVE"):
        lists(tmp_path, have=tmp_path / "none")
