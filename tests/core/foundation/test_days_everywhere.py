"""Every step that opens a cube, an ANN-SM file or another file of days refuses days out of order or twice, in one sentence."""

from __future__ import annotations

import netCDF4
import numpy as np
import pytest
import small_model
import steps_on_files
from record_cubes import EXTENT, write_annsm, write_cube

from annsm_plugin.core.foundation.errors import AnnsmError
from annsm_plugin.core.stations import reading
from annsm_plugin.core.stations.station import Station
from annsm_plugin.core.training import model

#: Order of the days -> words of the refusal.
ORDERS = {
    "halves swapped": (lambda days: np.roll(days, days.size // 2), " after "),
    "a day twice": (lambda days: np.where(days == days[9], days[8], days), " twice"),
}

#: Kind of file -> steps that open it; those that gather what there is, the explorer and the study, say it beside what they show.
STEPS = {
    "cube": ("extract", "aggregate", "train", "reconstruct", "satellite", "stations", "triple", "screen", "fillgaps", "sensitivity",
             "comparison", "append"),
    "annsm": ("extract", "aggregate", "satellite", "stations", "triple", "fillgaps"),
    "filled": ("extract", "aggregate", "satellite", "stations", "triple", "fillgaps"),
    "months": ("extract",),
    "series": ("read", "stations", "triple"),
}  # fmt: skip


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """Whole files of 60 days, as far as the steps look at them before they come to the one that is not."""
    folder = tmp_path_factory.mktemp("good")
    write_cube(folder / "screened.nc", days=60)
    for name in ("annsm.nc", "filled.nc", "months.nc"):
        write_annsm(folder / name, np.full((60, 4, 4), 0.2), start="2015-04-01")
    made = small_model.small()
    made.attributes = {"channels": "common", "channel_list": "06 10", "polarisation": "V"}
    model.write(folder / "model.nc", made, "a test")
    times = np.datetime64("2015-04-01T19:30:00") + np.arange(60) * np.timedelta64(86400, "s")
    west, south, _, _ = EXTENT
    reading.write_series(folder / "series.nc", [Station("a", "N", south + 0.4, west + 0.4, (0.0, 0.05), "probe", times, np.full(60, 0.2))])
    return folder


def test_the_list_of_steps_is_whole(good, tmp_path):
    for kind, names in STEPS.items():
        there = steps_on_files.steps_of(kind, good / "annsm.nc", good, tmp_path)
        assert set(names) == set(there) - {"explorer", "study"}


#: Of a file of station series, probes side by side can measure at the same second.
CASES = [
    (kind, step, order) for kind, steps in STEPS.items() for step in steps for order in ORDERS if kind != "series" or "twice" not in order
]


@pytest.mark.parametrize(("kind", "step", "order"), CASES)
def test_a_step_refuses_it(good, tmp_path, kind, step, order):
    change, words = ORDERS[order]
    bad = tmp_path / "bad.nc"
    bad.write_bytes((good / steps_on_files.KINDS[kind][1]).read_bytes())
    with netCDF4.Dataset(bad, "a") as file:
        file["time"][:] = change(file["time"][:])
    with pytest.raises(AnnsmError) as caught:
        steps_on_files.steps_of(kind, bad, good, tmp_path)[step]()
    said = str(caught.value)
    assert str(bad) in said and "\n" not in said
    assert (words in said and "one after the other" in said) or (kind == "series" and "run backwards" in said), said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.nc"]
