"""How the record was judged: against SMAP, against stations, by triple collocation, and beside other methods."""

from __future__ import annotations

import re
from pathlib import PureWindowsPath

from ...comparison.request import LEAVE_REGIONS_OUT, METHODS
from ...comparison.words import lowered
from ...network.splits import BLOCK_DAYS, check_ratio
from ...stations.choices import GOOD_FLAGS, HOURS, SURFACE, TABLES
from ...statistics import triple_collocation
from ...triple_collocation.request import NAMES
from ..results import Run, Study
from .networks import AUTOCORRELATED, inputs_of
from .telling import Sentence, Told, count, listed, period, say, some

VALIDATION, TRIPLE, COMPARISON = "Validation", "Triple collocation", "Comparison of methods"

_WORKS = {
    "LPRM": "LPRM [land parameter retrieval model; @owe2008]",
    "JAXA": "the product of JAXA [@fujii2009]",
    "SMOS": "SMOS level 3 [@kerr2010]",
    "GLDAS": "GLDAS [@rodell2004]",
    "SMAP": "SMAP [@entekhabi2010smap]",
}

_UPSCALED = {
    "mean": "averaged",
    "representative": "represented by the one that stays nearest to their mean [temporal stability; @vachaud1985]",
    "triple collocation": "averaged with weights by the inverse of their error variances from triple collocation [@gruber2016]",
    "voronoi": "averaged with weights by the area of the cell that is nearest to each (Voronoi)",
}

_BANDS = {"c": "C band", "c2": "second C band, 7.3 GHz", "x": "X band"}

_METHODS = {
    "rfsm": "RFSM, one random forest for the region [@qu2019; @breiman2001]",
    "nnsm": "NNsm, one network for all pixels [@yao2017; @yao2021]",
    "cci": "merging as in the combined product of ESA's CCI [@gruber2019]",
    "cdf": "CDF matching [@reichle2004]",
    "forest": "a random forest per cell [@breiman2001]",
    "grnn": "a general regression neural network per cell [@specht1991]",
    "network": "the network per cell [@wang2021]",
    "regional": "the regional ensemble",
    "refined": "the refined regional ensemble",
    "linear": "linear regression per cell",
    "network_without_tb": "as a control the network without brightness temperatures",
    "climatology": "as a control the climatology of the day of the year",
}


def validation(study: Study) -> list[Sentence]:
    """Measures, SMAP, stations."""
    satellite = [Told(run) for run in reversed(study.of("validatesatellite"))]
    stations = [Told(run) for run in reversed(study.of("validatestations"))]
    if not satellite and not stations:
        return []
    text = (
        "The measures are the correlation R, the root mean square error (RMSE), the mean difference (BIAS, reference minus product) and "
        "the RMSE without that difference [ubRMSE; @entekhabi2010metrics]; means are over cells."
    )
    found = [say(VALIDATION, text)]
    for told in satellite:
        found += _satellite(told, len(satellite) > 1)
    for told in stations:
        found += _stations(told, study, len(stations) > 1)
    return found


def _satellite(told: Told, named: bool) -> list[Sentence]:
    said = told.summary(r"^(\d+) of (\d+) cells compared.*?, (\S+) to (\S+); (\d+) dates")
    days = f"from {said[3]} to {said[4]}" if said else period(told)
    record = f"ANN-SM ({told.file('annsm')})" if named else "ANN-SM"
    cells = f": {count(float(said[1]))} of {some(float(said[2]), 'cell')}" if said else ""
    least = some(told.asked("min_n"), "common day")
    text = f"{record} was compared with SMAP {days} in cells with at least {least}{cells}."
    found = [say(VALIDATION, re.sub(r"\s+", " ", text), told)]
    words = []
    for label, name, digits in (("R", "R", 3), ("RMSE", "RMSE", 4), ("|BIAS|", "BIAS", 4), ("ubRMSE", "UBRMSE", 4)):
        mean = told.result(f"MEAN_{name}")
        ends = told.summary(rf"^Mean {re.escape(label)} .*95 % interval (-?[\d.]+) to (-?[\d.]+)")
        if mean is not None:
            unit = "" if name == "R" else " m3 m-3"
            words.append(f"{label} {mean:.{digits}f}{unit}{f' (95 % interval {ends[1]} to {ends[2]})' if ends else ''}")
    if words:
        found.append(say(VALIDATION, f"The means are {listed(words)}.", told))
    covers = told.summary(r"^The stated uncertainty covers SMAP on (\d+) % of days within 1 and (\d+) % within 1.96")
    if covers:
        text = f"The stated uncertainty of ANN-SM covers SMAP on {covers[1]} % of the days within 1 and on {covers[2]} % within 1.96 of it."
        found.append(say(VALIDATION, text, told))
    seen = told.warning(r"^(All|\d+ of the) (\d+) compared dates lie in the training period")
    if seen:
        which = f"All {seen[2]}" if seen[1] == "All" else f"{seen[1]} {seen[2]}"
        test = "no" if seen[1] == "All" else "not wholly an"
        text = f"{which} compared dates lie in the training period, so that this is {test} independent test."
        found.append(say(VALIDATION, text, told))
    told.notes = {}
    return found


def _stations(told: Told, study: Study, named: bool) -> list[Sentence]:
    said = told.summary(r"^(\d+) stations in (\d+) cells compared from (\S+) to (\S+?) ")
    days = f"from {said[3]} to {said[4]}" if said else period(told)
    where = f" at {some(float(said[1]), 'station')} in {some(float(said[2]), 'cell')}" if said else ""
    record = f"ANN-SM ({told.file('annsm')})" if named else "ANN-SM"
    loaded = _loaded(told, study)
    ismn = _is_ismn(told, loaded)
    source = " of the International Soil Moisture Network [@dorigo2021]" if ismn and not study.synthetic else ""
    found = [
        say(VALIDATION, re.sub(r"\s+", " ", f"{record} was compared with measurements{source}{where} {days}.").replace(" .", "."), told)
    ]
    found += [*_stations_read(told, loaded, ismn), *_to_cells(told), *_depth(told), *_beside(told), *_found(told)]
    if told.word("strata"):
        text = f"The comparison was repeated by season, by frozen soil and by the classes of {told.file('strata')}."
        found.append(say(VALIDATION, text, told))
    if told.word("report") or told.word("figures"):
        found.append(say(VALIDATION, "The products are compared in a Taylor diagram [@taylor2001].", told))
    told.notes = {}
    return found


def _loaded(told: Told, study: Study) -> Run | None:
    """The loading of the stations whose file was given, if it is among the runs."""
    name = PureWindowsPath(str(told.run.request.stations)).name
    told.word("stations")
    series = [run for run in study.of("loadstations") if run.request.series and PureWindowsPath(str(run.request.series)).name == name]
    return series[0] if series else None


def _is_ismn(told: Told, loaded: Run | None) -> bool:
    """Folders and zips are ISMN downloads; tables and files of series are not known to be."""
    source = str((loaded.request.folder or loaded.request.file) if loaded else told.word("stations"))
    return PureWindowsPath(source).suffix.lower() not in (".nc", *TABLES) and not source.startswith("array of")


def _stations_read(told: Told, loaded: Run | None, ismn: bool) -> list[Sentence]:
    """Which sensors count, by how the stations were loaded; a download that was given as it is was read with the defaults."""
    if loaded:
        told = Told(loaded)
        networks, depth, flags = told.asked("networks"), told.asked("depth"), told.word("flags").split(",")
        ismn = ismn and bool(flags)
    elif ismn:
        networks, depth, flags = told.asked("networks"), told.noted("SURFACE", SURFACE), list(told.noted("GOOD_FLAGS", GOOD_FLAGS))
    else:
        return []
    names = [word.strip() for word in (networks.split(",") if isinstance(networks, str) else networks or ()) if word.strip()]
    of = f" of the network{'s' if len(names) > 1 else ''} {listed(names)}" if names else ""
    upper, lower = (float(limit) for limit in (depth.split(",") if isinstance(depth, str) else depth))
    kept = f" and values with the quality flag{'s' if len(flags) > 1 else ''} {listed(flag.strip() for flag in flags)}" if ismn else ""
    return [say(VALIDATION, f"Sensors{of} at {upper:g} to {lower:g} m{kept} were taken.", told)]


def _to_cells(told: Told) -> list[Sentence]:
    hour, way = told.word("hour"), told.word("upscaling")
    when = "means of the local day" if HOURS.get(hour) is None else f"the measurements nearest to {hour} local solar time, within an hour,"
    text = f"Of each site {when} were taken; sites in one cell were {_UPSCALED.get(way, f'combined by {way}')}."
    found = [say(VALIDATION, text, told)]
    alone = told.summary(r"^(\d+) of (\d+) cells have one site")
    if alone:
        found.append(say(VALIDATION, f"In {alone[1]} of {some(float(alone[2]), 'cell')} there is one site only.", told))
    return found


def _depth(told: Told) -> list[Sentence]:
    way = told.word("depth_filter")
    if way == "none":
        return []
    constant = (
        "the time constant that fits best in each cell and product"
        if way == "fitted"
        else f"a time constant of {told.asked('depth_days'):g} days"
    )
    text = "Products of the surface were brought to the depth of the sensors by the exponential filter [@wagner1999; @albergel2008]"
    return [say(VALIDATION, f"{text} with {constant}.", told)]


def _beside(told: Told) -> list[Sentence]:
    """The products beside ANN-SM."""
    words = []
    if told.word("lprm"):
        words.append(_WORKS["LPRM"].replace("model;", f"model, {_BANDS[told.word('lprm_band')]};"))
    words += [_WORKS["JAXA"]] if told.word("jaxa") else []
    night = f"{listed(words)} of the descending passes" if words else ""
    words = [part for part in (night, f"{_WORKS['SMOS']} of the ascending passes" if told.word("smos") else "") if part]
    words += [_WORKS[name] for name in ("GLDAS", "SMAP") if told.word("cube") and told.summary(rf"^{name}: ")]
    if not words:
        return []
    text = (
        f"{', '.join(words[:-1])}{', and ' if night and len(words) == 2 and ' and ' in night else ' and '}{words[-1]}"
        if len(words) > 1
        else words[0]
    )
    return [say(VALIDATION, f"Beside ANN-SM stand{'' if len(words) > 1 or ' and ' in night else 's'} {text}.", told)]


#: Measures of a product in the summary of a validation against stations.
_LINE = r": mean R (-?[\d.]+|nan), RMSE ([\d.]+), \|BIAS\| ([\d.]+), ubRMSE ([\d.]+) m3 m-3 over (\d+) cells and (\d+) cell-days"


def _apart(words: list[str]) -> str:
    """Parts that have commas in them, joined."""
    return words[0] if len(words) == 1 else f"{'; '.join(words[:-1])}; and {words[-1]}"


def _found(told: Told) -> list[Sentence]:
    """Mean measures of each product, on its own days with the stations."""
    words = []
    for name in ("ANN-SM", *_WORKS):
        said = told.summary(f"^{name}{_LINE}")
        if said:
            size = f"{some(float(said[5]), 'cell')}, {some(float(said[6]), 'cell day')}"
            words.append(f"{'no value' if said[1] == 'nan' else said[1]}, {said[2]}, {said[3]} and {said[4]} for {name} ({size})")
    if not words:
        return []
    text = f"Mean R, RMSE, |BIAS| and ubRMSE (the errors in m3 m-3), of each product on its own days, are {_apart(words)}."
    return [say(VALIDATION, text, told)]


def triple(study: Study) -> list[Sentence]:
    """Triple collocations."""
    found = []
    for run in reversed(study.of("triplecollocation")):
        found += _triple(Told(run))
    return found


def _title(told: Told, name: str) -> str:
    """What X, Y or Z is."""
    said = told.summary(rf"^{name}, (.*?): (?:mean error|no estimate)")
    return said[1] if said else (told.word(f"{name.lower()}_variable") or told.file(name.lower())).upper()


def _with_work(title: str) -> str:
    """A product with the work that describes it."""
    family = next((known for known in _WORKS if title.startswith(known)), "")
    return title.replace(family, _WORKS[family], 1) if family else title


def _triple(told: Told) -> list[Sentence]:
    titles = [_with_work(_title(told, name)) for name in NAMES]
    said = told.summary(r"^(\d+) of (\d+) cells estimated.*?, (\d{4}-\d\d-\d\d) to (\d{4}-\d\d-\d\d)")
    days = f"from {said[3]} to {said[4]}" if said else period(told)
    text = (
        f"The errors of {listed(titles)} were estimated by triple collocation [@stoffelen1998; @mccoll2014; @gruber2016] from their common "
        f"days {days}"
    )
    cells = f": {count(float(said[1]))} of {some(float(said[2]), 'cell')}" if said else ""
    found = [say(TRIPLE, f"{text}, in cells with at least {some(told.asked('min_n'), 'such day')}{cells}.", told)]
    window = int(told.asked("anomaly_days"))
    if window:
        text = f"What was compared are departures from the mean of the {window} days around each day."
    else:
        text = "What was compared are the values as they are, the course of the year included."
    found.append(say(TRIPLE, text, told))
    draws = int(told.asked("draws"))
    if draws:
        block = told.noted("BLOCK_DAYS", triple_collocation.BLOCK_DAYS)
        text = f"Intervals are from {some(draws, 'bootstrap draw')} of blocks of {block} days (seed {told.asked('seed')})."
        found.append(say(TRIPLE, text, told))
    results = []
    for name in NAMES:
        std, r = told.result(f"MEAN_STD_{name}"), told.result(f"MEAN_R_{name}")
        if std is not None and r is not None:
            results.append(f"{std:.4f} m3 m-3 and {r:.3f} for {_title(told, name)}")
    if results:
        text = f"Mean error standard deviation and mean correlation with the truth are {listed(results)}."
        found.append(say(TRIPLE, text, told))
    text = "The method takes the errors of the three as independent of each other"
    pairs = [
        f"{shared[1]} ({shared[2]})"
        for line in told.run.warnings
        if (shared := re.match(r"The errors of (.*) cannot be taken as independent: (.*)\.$", line))
    ]
    for line in told.run.warnings:
        told.warning(f"^{re.escape(line)}$")
    found.append(say(TRIPLE, f"{text}{f', which does not hold for {listed(pairs)}' if pairs else ''}.", told))
    return found


def comparison(study: Study) -> list[Sentence]:
    """Comparisons of methods."""
    found = []
    for run in reversed(study.of("comparemethods")):
        found += _compared(Told(run))
    return found


def _measured(told: Told) -> dict[str, str]:
    """Method -> its mean R and RMSE in words."""
    found = {}
    for name, title in METHODS.items():
        said = told.summary(rf"^{re.escape(title)}: mean R (-?[\d.]+|nan), RMSE ([\d.]+|nan), \|BIAS\|")
        if said:
            r, rmse = ("no value" if word == "nan" else word for word in (said[1], said[2]))
            found[name] = f"{r} and {rmse} for {_named(name)}"
    return found


def _compared(told: Told) -> list[Sentence]:
    measured = _measured(told)
    names = list(measured) or [name for name in METHODS if not told.asked("methods") or name in told.asked("methods")]
    cells, samples = told.result("CELLS"), told.summary(r"in \d+ cells on (\d+) testing samples")
    size = f"{some(float(samples[1]), 'testing sample')} of {some(cells, 'cell')}, " if samples and cells is not None else ""
    methods = "; ".join(_METHODS[name] for name in names[:-1])
    methods = f"{methods}; and {_METHODS[names[-1]]}" if methods else _METHODS[names[-1]]
    text = f"These methods were compared on the same cells, days and split ({size}{period(told)}): {methods}."
    found = [say(COMPARISON, text, told), say(COMPARISON, _compared_split(told, names), told)]
    if told.word("split") == "random":
        found.append(say(COMPARISON, AUTOCORRELATED, told, **{"split": "random"}))
    if "cdf" in names or "cci" in names:
        product = told.word("product") or "sm_gldas"
        text = f"The product that was matched to the distribution of SMAP is {inputs_of([product])}."
        found.append(say(COMPARISON, text, told))
    words = list(_measured(told).values())
    if words:
        found.append(say(COMPARISON, f"Mean R and RMSE (m3 m-3) on the testing samples are {_apart(words)}.", told))
    best, error = told.text("BEST"), told.result("BEST_RMSE")
    if best and error is not None:
        found.append(say(COMPARISON, f"The lowest mean RMSE, {error:.4f} m3 m-3, is that of {_named(best)}.", told))
    if told.summary(r"when these are shuffled"):
        text = "The importance of each input is the growth of the network's error when it is shuffled [@breiman2001]."
        found.append(say(COMPARISON, text, told))
    told.notes = {}
    return found


def _named(name: str) -> str:
    """A method inside a sentence."""
    article = "the " if name in ("network", "regional", "refined", "forest", "network_without_tb", "climatology") else ""
    return f"{article}{lowered(METHODS.get(name, name))}"


def _compared_split(told: Told, names: list[str]) -> str:
    training, valid, testing = check_ratio(told.word("ratio"))
    seed, split, restarts = told.asked("seed"), told.word("split"), int(told.asked("restarts"))
    how = {
        "random": "at random",
        "blocks": f"in blocks of {told.noted('BLOCK_DAYS', BLOCK_DAYS)} days",
        "leave_one_year_out": "with one year left out for testing",
        LEAVE_REGIONS_OUT: "with whole patches of cells left out for testing",
    }.get(split, split)
    text = (
        f"Days were divided {how}, {training}/{valid}/{testing} % (training/validation/testing, seed {seed}), in cells with at least "
        f"{some(told.asked('min_pairs'), 'complete day')}"
    )
    if "network" not in names and "network_without_tb" not in names:
        return f"{text}."
    starts = f" and are the best of {restarts} starts" if restarts > 1 else ""
    return f"{text}; networks of a cell have {some(told.asked('hidden'), 'neuron')}{starts}."
