"""BEST files and calibration tables from outside: what is not what it should be is refused in one sentence."""

import json

import hurtful_files as hurt
import pytest

from annsm_plugin.core.foundation.errors import ParameterError
from annsm_plugin.core.matching import best_settings, calibration
from annsm_plugin.core.training.request import TrainRequest
from annsm_plugin.core.training.settings import with_best

WRONG = {
    "threshold": [-1, True, "8.75", [8.75], {}, 1e300],
    "hidden": [True, None, "4", [4], 0, -3, 1e300],
    "variables": [3, [], [3], {"a": 1}, None, True, "", ["a" * 1000], ["lai"] * 2000],
    "ratio": [3, True, [1], ["70", "15", "15"], None, {}, "7" * 1000],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_setting_of_another_kind(tmp_path, name, value):
    path = tmp_path / "best.json"
    path.write_text(json.dumps({"hidden": 4, name: value}))
    for read in (best_settings.read, lambda path: best_settings.threshold_of(path, 1.0), lambda p: with_best(TrainRequest(settings=p))):
        with pytest.raises(ParameterError, match=name) as caught:
            read(path)
        assert "best.json" in str(caught.value) and "\n" not in str(caught.value) and len(str(caught.value)) < 400
    with pytest.raises(ParameterError, match=name):
        with_best(TrainRequest(settings={name: value}))


@pytest.mark.parametrize(
    "text", ['{"threshold": NaN}', '{"threshold": Infinity}', '{"threshold": 1e999}', "[" * 200_000, '{"hidden": 1' + "0" * 5000 + "}"]
)
def test_what_is_no_json(tmp_path, text):
    path = tmp_path / "best.json"
    path.write_text(text)
    with pytest.raises(ParameterError, match="cannot be read as JSON"):
        best_settings.threshold_of(path, 1.0)


def test_good_settings_stay(tmp_path):
    path = tmp_path / "best.json"
    for found in (
        {"threshold": None},
        {"threshold": 8.75, "hidden": 2, "ratio": [70, 15, 15], "variables": "tb_06v, lai"},
        {"ratio": "70/15/15"},
    ):
        path.write_text(json.dumps(found))
        assert best_settings.read(path) == found
    assert best_settings.threshold_of(path, 3.5) == 3.5 and best_settings.threshold_of(None, 2.5) == 2.5


HEADER = "channel,polarisation,orbit,slope,offset\n"


@pytest.mark.parametrize(
    "text",
    [
        HEADER + "²,V,descending,1.0,0.0\n",
        HEADER + "06,V,descending," + "1" * 132_000 + ",0.0\n",
        HEADER + '06,V,descending,"' + "1" * 132_000 + '",0.0\n',
        HEADER.replace("slope,", "slope,slope ,") + "06,V,descending,1.0,1.1,0.0\n",
        HEADER.replace("slope,", "slope,Slope,") + "06,V,descending,1.0,1.1,0.0\n",
        HEADER + "06,V,descending,inf,0.0\n",
        HEADER + "06,,descending,1.0,0.0\n",
        HEADER + "06\n",
        "\0" * 500,
        "channel," * 100_000,
        "",
    ],
)
def test_a_calibration_table_that_is_none(tmp_path, text):
    path = tmp_path / "calibration.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError, match=r"calibration\.csv") as caught:
        calibration._read(path)
    assert "\n" not in str(caught.value)


def test_random_damage(tmp_path):
    path = tmp_path / "calibration.csv"
    whole = (HEADER + "".join(f"{c},{p},descending,1.01,-0.5\n" for c in ("06", "10", "18") for p in "VH")).encode()
    for seed in range(300):
        path.write_bytes(hurt.spoiled(whole, seed))
        try:
            found = calibration._read(path)
        except ParameterError as error:
            assert "calibration.csv" in str(error)
        else:
            assert all(0.5 <= slope <= 2.0 and abs(offset) <= 200 for slope, offset in found.values())
