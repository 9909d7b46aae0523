"""The record and its use: reconstruction, the filling of gaps, trends, and the software that did it."""

from __future__ import annotations

import re

from ...foundation.variables import POSSIBLE
from ...gaps.request import LONGEST_SHORT
from ...matching.request import THRESHOLD
from ...reconstruction.apply import FREEZING
from ...record.aggregation import years_of
from ...statistics.sensor_change import FIRST_AMSR2, LAST_AMSRE
from ..results import Study
from .telling import Sentence, Told, capital, count, listed, period, periods, say, some, spans

RECONSTRUCTION, GAPS, TRENDS, SOFTWARE = "Reconstruction", "Gap filling", "Trends", "Software"

_FLAGS = {
    "input_outside_training_range": "an input outside the range of the training",
    "soil_frozen": f"soil at or below {FREEZING:g} K",
    "precipitation_above_threshold": "too much rain",
    "amsre_day": "brightness temperatures of AMSR-E",
    "cell_not_trained": "a cell that was not trained itself",
    "input_outside_region_range": "an input outside the range of the whole region's training",
}

_WAYS = {
    "network": (
        "one network for all cells, trained by Adam [@kingma2015] on the inputs other than brightness temperatures, whose error on known "
        "days was carried into the gap by a Kalman smoother"
    ),
    "dct": "penalised least squares on the discrete cosine transform in time and space [@garcia2010]",
    "convolution": "a partial convolutional network over neighbouring days [after @zhang2021]",
}

_PACKAGES = {"numpy": "NumPy", "scipy": "SciPy", "xarray": "xarray", "netCDF4": "netCDF4", "torch": "PyTorch"}

#: Steps that may have trained networks, for which PyTorch counts.
_TRAINING = ("train", "sensitivity", "comparemethods", "fillgaps")


def reconstruction(study: Study) -> list[Sentence]:
    """What the model was applied to, and what came of it."""
    runs = sorted((Told(run) for run in study.of("reconstruct")), key=periods)
    for told in runs:
        told.notes = {}
    if not runs:
        return []
    models = {told.file("model") for told in runs}
    which = "The trained model was" if len(models) == 1 else "The trained models were"
    text = f"{which} applied to all cell days with complete inputs; the result is called ANN-SM."
    found = [say(RECONSTRUCTION, text, *runs)]
    for told in runs:
        found += [*_values(told, len(models) > 1), *_flags(told)]
    return [*found, *_uncertainty(runs)]


def _values(told: Told, named: bool) -> list[Sentence]:
    values, cells = told.result("VALUES"), told.result("CELLS")
    said = told.summary(r"values on (\d+) days in \d+ of (\d+) cells")
    if values is None or cells is None:
        return []
    days = period(told) or spans(periods(told))
    model = f"by {told.file('model')} " if named else ""
    text = f"{model}{days} there {'is' if values == 1 else 'are'} {some(values, 'value')}"
    text += (
        f" in {count(cells)} of {some(float(said[2]), 'cell')} on {some(float(said[1]), 'day')}" if said else f" in {some(cells, 'cell')}"
    )
    return [say(RECONSTRUCTION, f"{capital(text)}.", told)]


def _flags(told: Told) -> list[Sentence]:
    """Counts of the quality flags and of values held at a bound."""
    values = told.result("VALUES") or 0.0
    words: list[str] = []
    for name, what in _FLAGS.items():
        said = told.summary(rf"^{name.replace('_', ' ').capitalize()}: (\d+) values")
        number = told.number(f"count_{name}") or (float(said[1]) if said else 0.0)
        if number and values:
            threshold = told.attribute("screening_threshold") if name == "precipitation_above_threshold" else None
            rain = f"more than {float(THRESHOLD if threshold is None else threshold):g} mm of rain in seven hours"
            share = told.noted(f"share of {name}", round(100 * number / values, 1))
            of = " of these values" if not words else ""
            if name == "soil_frozen":
                told.noted("FREEZING", FREEZING)
            words.append(f"{rain if name == 'precipitation_above_threshold' else what} in {count(number)}{of} ({share:.1f} %)")
    found = []
    if words:
        found.append(say(RECONSTRUCTION, f"Quality flags mark {listed(words)}.", told))
    held = told.warning(r"^(\d+) values .*outside what soil can hold")
    number = told.number("count_held") or (float(held[1]) if held else 0.0)
    if number:
        low, high = told.noted("POSSIBLE", POSSIBLE)
        which = "The one value" if number == 1 else f"The {count(number)} values"
        text = f"{which} outside what soil can hold {'was' if number == 1 else 'were'} set to {low:g} or {high:g} m3 m-3."
        found.append(say(RECONSTRUCTION, text, told))
    told.notes = {}
    return found


def _uncertainty(runs: list[Told]) -> list[Sentence]:
    """What the stated uncertainty is."""
    found: dict[str, list[Told]] = {}
    for told in runs:
        method, restarts = str(told.attribute("method") or "cell"), told.number("restarts")
        if method != "cell":
            text = (
                "The stated uncertainty of a value is the root of the squared spread of the ensemble plus the squared residual of the cell "
                "on days that the judging networks had not seen, widened so that it covers such days."
            )
        elif restarts > 1:
            text = (
                "The stated uncertainty of a value is the root of the squared spread of the networks of the cell plus the mean squared "
                "error of its testing samples."
            )
        else:
            told.notes = {}
            continue
        found.setdefault(text, []).append(told)
    return [say(RECONSTRUCTION, text, *own) for text, own in found.items()]


def gaps(study: Study) -> list[Sentence]:
    """How gaps were filled, and how well hidden values came back."""
    found = []
    for run in reversed(study.of("fillgaps")):
        found += _filled(Told(run))
    return found


def _filled(told: Told) -> list[Sentence]:
    method, longest = told.word("method"), told.noted("LONGEST_SHORT", LONGEST_SHORT)
    lengths = {"short": f"gaps of up to {longest} days", "long": f"gaps of more than {longest} days"}
    counts = {kind: told.number(f"count_{kind}") for kind in lengths}
    ways = {kind: str(told.attribute(f"fill_{kind}_gaps") or method) for kind in lengths if counts[kind] or not any(counts.values())}
    by = {way: [kind for kind in ways if ways[kind] == way] for way in dict.fromkeys(ways.values()) if way in _WAYS}
    if len(by) == 1 and len(ways) == 2:
        text = f"Gaps were filled by {_WAYS[next(iter(by))]}"
    else:
        text = "; ".join(f"{lengths[kinds[0]]} were filled by {_WAYS[way]}" for way, kinds in by.items()) or "Gaps were filled"
    found = [say(GAPS, f"{capital(text)}.", told)]
    if method == "best" and not told.warning("^Without PyTorch"):
        text = (
            "For short gaps and for long ones, the network or the cosine transform was taken, whichever erred less where known values were "
            "hidden."
        )
        found.append(say(GAPS, text, told))
    found.append(say(GAPS, f"No estimated value was changed; the random seed was {told.asked('seed')}.", told))
    frozen = "were learnt from and filled too" if told.asked("frozen") else "were neither learnt from nor filled"
    found.append(say(GAPS, f"Days with soil at or below {told.noted('FREEZING', FREEZING):g} K {frozen}.", told))
    filled, estimated = told.result("FILLED"), told.number("count_estimated")
    if filled is not None:
        share = f", {told.noted('share', 100 * filled / (filled + estimated)):.1f} % of all values" if estimated else ""
        kinds = [f"{count(told.number(f'count_{kind}'))} in {lengths[kind]}" for kind in ways if told.number(f"count_{kind}")]
        told.noted("LONGEST_SHORT", LONGEST_SHORT)
        days, each = period(told), f": {listed(kinds)}" if kinds else ""
        text = f"{days} {some(filled, 'value')} {'was' if filled == 1 else 'were'} filled{share}{each}."
        found.append(say(GAPS, capital(text if days else f"in all,{text}"), told))
    return [*found, *_hidden(told)]


def _hidden(told: Told) -> list[Sentence]:
    """How well hidden values came back."""
    words, covers = [], []
    for kind in ("short", "long"):
        error = told.result(f"RMSE_{kind.upper()}")
        if error is None:
            continue
        said = told.summary(rf"^(\d+) values? hidden in {kind} gaps come back with RMSE [\d.]+ m3 m-3, R (-?[\d.]+)")
        many = f" (R {said[2]}, {some(float(said[1]), 'value')})" if said else ""
        words.append(f"{error:.4f} m3 m-3 in {kind} gaps{many}")
        share = told.number(f"fill_{kind}_coverage")
        if share:
            covers.append(f"{told.noted(f'coverage of {kind} gaps', 100 * share):.0f} % of those in {kind} gaps")
    if not words:
        return []
    text = f"Known values that had been hidden in gaps of the same shapes came back with an RMSE of {listed(words)}"
    text += f"; 1.96 of the stated uncertainty covers {listed(covers)}" if covers else ""
    return [say(GAPS, f"{text}.", told)]


def trends(study: Study) -> list[Sentence]:
    """Aggregation and trends."""
    found = []
    for run in reversed(study.of("aggregate")):
        found += _trend(Told(run))
    return found


def _trend(told: Told) -> list[Sentence]:
    length, least = told.word("period"), int(told.asked("min_days"))
    needed = int(told.number("min_days")) or {"month": 1, "season": 3, "year": 12}[length] * least
    said = told.summary(r"^\d+ \w+s of (\S+), days from (\S+) to (\S+);")
    what = f"Daily {_VARIABLES.get(said[1], said[1]) if said else told.word('variable') or 'soil moisture'}"
    days = f" from {said[2]} to {said[3]}" if said else ""
    number = told.result("PERIODS")
    text = f"{what}{days} was aggregated to {f'{count(number)} ' if number is not None else ''}{length}{'' if number == 1 else 's'}"
    found = [say(TRENDS, f"{text}; a {length} with values on fewer than {some(needed, 'day')} is missing.", told)]
    years = years_of(told.word("base"))
    base = f"the years {years[0]} to {years[1]}" if years else "all years"
    season = "their mean" if length == "year" else f"the mean of their calendar {length}"
    found.append(say(TRENDS, f"Anomalies are departures from {season} over {base}.", told))
    trend = told.summary(r"^Trend in (\d+) cells: median \S+ (.*) per year; p < 0.05 in (\d+) cells \((\d+) wetter, (\d+) drier\)")
    median = told.result("MEDIAN_TREND")
    if trend and median is not None:
        cells = f"{some(float(trend[3]), 'cell')} ({count(float(trend[4]))} wetter, {count(float(trend[5]))} drier)"
        text = (
            "Trends of the anomalies are slopes after @sen1968, their significance that of the test of @mann1945 with the variance that "
            f"@hamed1998 give for autocorrelated series: the median of {some(float(trend[1]), 'cell')} is {median:+.5f} {trend[2]} per "
            f"year, and p is below 0.05 in {cells}."
        )
        found.append(say(TRENDS, text, told))
    if told.warning("spans the change from AMSR-E"):
        last, first = told.noted("LAST_AMSRE", str(LAST_AMSRE)), told.noted("FIRST_AMSR2", str(FIRST_AMSR2))
        text = f"The record spans the change from AMSR-E (until {last}) to AMSR2 (from {first}), which can look like a trend."
        found.append(say(TRENDS, text, told))
    told.notes = {}
    return found


_VARIABLES = {"soil_moisture": "soil moisture of ANN-SM", "sm_smap": "soil moisture of SMAP", "sm_gldas": "soil moisture of GLDAS"}


def software(study: Study) -> list[Sentence]:
    """What did it, in which versions."""
    runs = [Told(run) for run in study.runs]

    def versions(name: str) -> str:
        found = [told.version(name) for told in runs if name != "torch" or told.run.step in _TRAINING]
        return listed(sorted({version for version in found if version}))

    plugin, qgis, python = versions("annsm"), re.sub(r"-\w+", "", versions("qgis")), versions("python")
    if not plugin:
        return []
    packages = [f"{title} {known}" for name, title in _PACKAGES.items() if (known := versions(name))]
    inside = listed(part for part in (qgis and f"QGIS {qgis}", python and f"Python {python}") if part)
    text = f"All steps were done with ANN-SM for QGIS {plugin}{f' in {inside}' if inside else ''}"
    text = re.sub(r"\s+", " ", f"{text}, with {listed(packages)}." if packages else f"{text}.")
    return [
        say(SOFTWARE, text, *runs),
        say(SOFTWARE, "Every result has a record of the request, inputs, versions and the calls that repeat it."),
    ]
