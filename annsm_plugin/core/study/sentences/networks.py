"""How the networks were chosen and trained: the sensitivity analysis, the network of a cell or the ensemble of a region, their errors."""

from __future__ import annotations

import re
from typing import Any

from ...foundation.outside import parse_json
from ...foundation.variables import FREQUENCIES
from ...inputs import derived
from ...network.splits import BLOCK_DAYS, check_ratio
from ...sensitivity.experiments import EXPERIMENTS
from ...training.regional import MEMBERS
from ...training.regional_days import FOLDS
from ..results import Study
from .telling import Sentence, Told, capital, count, listed, period, say, some

NETWORK = "Network and training"

_INPUTS = {
    "sm_gldas": "GLDAS soil moisture",
    "st_gldas": "GLDAS soil temperature",
    "lst_gldas": "GLDAS surface temperature",
    "lai": "leaf area index",
    "precipitation_7h": "precipitation between the overpasses",
}

_VARIED = {
    "inputs": "inputs (forward selection beside the brightness temperatures)",
    "neurons": "hidden neurons",
    "ratios": "sample ratios",
    "thresholds": "precipitation thresholds",
}

_COMBINED = {
    "best": "the one with the lowest validation error was kept",
    "average": "their outputs were averaged",
    "best_half": "the outputs of the half with the lower validation errors were averaged",
}

#: Why testing errors of a random split are doubtful, said wherever one was used.
AUTOCORRELATED = "Daily series are autocorrelated, so that errors of a random split are smaller than those of independent days."


def inputs_of(names: list[str], channels_of_all: int = 0) -> str:
    """Inputs by their names in a cube, in words; brightness temperatures together, without their frequencies if they are all there are."""
    channels = [name for name in names if re.fullmatch(r"tb_\w+[vh]", name)]
    words = []
    if channels:
        known = {FREQUENCIES[name[3:-1]]: None for name in channels if name[3:-1] in FREQUENCIES}
        waves = f" at {listed(f'{wave:g}' for wave in known)} GHz" if known and len(channels) != channels_of_all else ""
        number = "one brightness temperature" if len(channels) == 1 else f"the {len(channels)} brightness temperatures"
        words.append(f"{number}{waves}")
    for name in names:
        if name not in channels:
            known_as = derived.describe(name)
            words.append(_INPUTS.get(name) or (f"{known_as.long_name} ({name})" if known_as else name))
    return listed(words)


def training(study: Study) -> list[Sentence]:
    """Sensitivity analyses, then every training."""
    found = []
    for run in reversed(study.of("sensitivity")):
        found += _sensitivity(Told(run))
    runs = [Told(run) for run in reversed(study.of("train"))]
    if found and runs and not any(told.word("settings") for told in runs):
        found.append(say(NETWORK, "The training did not take its settings from this analysis.", *runs))
    for told in runs:
        of = f"For {told.name}.nc, " if len(runs) > 1 else ""
        found += _regional(told, of) if told.word("method") in ("regional", "refined") else _cell(told, of)
    return found


def _experiments(told: Told) -> list[str]:
    asked = told.asked("experiments")
    return [name for name in EXPERIMENTS if not asked or name in asked]


def _sensitivity(told: Told) -> list[Sentence]:
    experiments = _experiments(told)
    runs, cells, repeats = told.result("RUNS"), told.result("CELLS"), int(told.asked("repeats"))
    size = f", {some(runs, 'run')} in {some(cells, 'cell')}" if runs is not None and cells is not None else ""
    seeds = f"{repeats} seeds from {told.asked('seed')} on" if repeats > 1 else f"seed {told.asked('seed')}"
    text = (
        f"Settings were analysed by controlled variables as in @wang2021{size}: {listed(_VARIED[name] for name in experiments)} were varied"
        f"{' in turn, each at the best setting of those before,' if len(experiments) > 1 else ''} on the complete days {period(told)}."
    )
    found = [say(NETWORK, text, told)]
    start = f"The starting point was {some(told.asked('hidden'), 'neuron')} and the ratio {_ratio(told.word('ratio'))}"
    kept = f"cells with fewer than {some(told.asked('min_pairs'), 'day')} under the strictest threshold were left out"
    starts = int(told.asked("restarts"))
    several = f", the best of {count(starts)} starts on the validation samples" if starts > 1 else ""
    text = f"{start}, with {_split_words(told)} and {seeds}{several}; {kept}, and the error of the {told.word('choose')} samples decided."
    found.append(say(NETWORK, text, told))
    chosen = _chosen(told, experiments)
    if chosen:
        r, rmse = told.result("MEAN_R"), told.result("MEAN_RMSE")
        errors = f" (mean R {r:.3f} and RMSE {rmse:.3f} in 0-1 units, overall samples)" if r is not None and rmse is not None else ""
        found.append(say(NETWORK, f"The analysis chose {chosen}{errors}.", told))
    return found


def _chosen(told: Told, experiments: list[str]) -> str:
    """What the experiments that ran have chosen."""
    words = []
    variables = told.text("BEST_VARIABLES") if "inputs" in experiments else ""
    if variables:
        words.append(f"{inputs_of(variables.split(','))} as inputs")
    hidden = told.result("BEST_HIDDEN") if "neurons" in experiments else None
    if hidden is not None:
        words.append(some(hidden, "hidden neuron"))
    ratio = told.text("BEST_RATIO") if "ratios" in experiments else ""
    if ratio:
        words.append(f"the ratio {_ratio(ratio)}")
    if "thresholds" in experiments and words:
        threshold = told.result("BEST_THRESHOLD")
        words.append("no screening" if threshold is None else f"a threshold of {threshold:g} mm in seven hours")
    return listed(words)


def _ratio(ratio: str) -> str:
    """ "80/10/10 % (training/validation/testing)"."""
    return f"{'/'.join(map(str, check_ratio(ratio)))} % (training/validation/testing)"


def _split_words(told: Told) -> str:
    return {
        "random": "a random split",
        "blocks": f"a split in blocks of {BLOCK_DAYS} days",
        "leave_one_year_out": "a split that leaves one year out",
    }.get(told.word("split"), f"the split {told.word('split')}")


def _asked(told: Told, name: str) -> Any:
    """A setting as the model names it, which counts where best settings replaced it; else as it was asked for."""
    value = told.attribute(name)
    return told.asked(name) if value is None else value


def _settings(told: Told) -> dict[str, Any]:
    try:
        found = parse_json(str(told.attribute("trainer_settings") or "{}"), finite=False)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _beginning(told: Told) -> tuple[list[str], str]:
    """The inputs, if they are known, and where the settings are from."""
    inputs = str(told.attribute("inputs") or "").split() or re.split(r"[\s,;]+", told.word("variables").strip())
    source = " (inputs, neurons and ratio as the sensitivity analysis had chosen)" if told.word("settings") else ""
    return [name for name in inputs if name], source


def _cell(told: Told, of: str) -> list[Sentence]:
    """A network of each cell."""
    inputs, source = _beginning(told)
    hidden = int(_asked(told, "hidden"))
    size = f"{some(told.noted('number of inputs', len(inputs)), 'input')}, " if inputs else ""
    layer = f"one hidden layer of {some(hidden, 'neuron')} (tanh) and one linear output, the soil moisture of SMAP"
    text = f"{of}each cell has a feed-forward network of its own [@wang2021]{source}: {size}{layer}."
    found = [say(NETWORK, capital(text), told)]
    found += _inputs_are(told, inputs)
    found.append(say(NETWORK, "Inputs and target were scaled to 0-1 by their smallest and largest value in the cell's training period."))
    found += [*_levenberg_marquardt(told), *_cells(told), _split(told), *_random(told)]
    restarts = int(_asked(told, "restarts"))
    if restarts > 1:
        text = f"For each cell {count(restarts)} networks were trained from different initial weights; {_COMBINED[told.word('combine')]}."
    else:
        text = "For each cell one network was trained, from one random start."
    return [*found, say(NETWORK, text, told), *_errors(told)]


def _inputs_are(told: Told, inputs: list[str]) -> list[Sentence]:
    """The inputs in words."""
    if not inputs:
        return []
    told.noted("inputs", " ".join(inputs))
    told.noted("number of brightness temperatures", sum(name.startswith("tb_") for name in inputs))
    matched = len(str(told.attribute("channel_list") or "").replace(",", " ").split()) * (
        2 if told.attribute("polarisation") == "both" else 1
    )
    verb = "inputs are" if len(inputs) > 1 else "input is"
    return [say(NETWORK, f"The {verb} {inputs_of(inputs, matched)}.", told)]


def _levenberg_marquardt(told: Told) -> list[Sentence]:
    settings = _settings(told)
    text = "Weights were started after @nguyen1990 and trained by the Levenberg-Marquardt algorithm [@marquardt1963; @hagan1994]"
    if "epochs" in settings and "max_fail" in settings:
        fails, epochs = int(settings["max_fail"]), int(settings["epochs"])
        text += (
            f" for at most {some(epochs, 'epoch')}, until the error of the validation samples had failed to improve "
            f"{'once' if fails == 1 else f'{fails} times'}; the weights with the lowest validation error were kept"
        )
    found = [say(NETWORK, f"{text}.", told)]
    shares = [
        float(part) for part in re.split(r"[\s,;]+", str(told.attribute("regularization") or told.word("regularization")).strip()) if part
    ]
    if any(shares):
        turns = ", used in turn by the networks of a cell" if len(shares) > 1 else ""
        text = f"The mean squared error was minimised together with the mean squared weight, whose share is {_shares(shares)}{turns}."
        found.append(say(NETWORK, text, told))
    told.notes = {}
    return found


def _shares(shares: list[float]) -> str:
    return listed(f"{share:g}" for share in shares)


def _cells(told: Told) -> list[Sentence]:
    """How many cells were trained, on how many days."""
    least, days = int(_asked(told, "min_pairs")), period(told)
    said = told.summary(r"^(\d+) of (\d+) cells trained")
    each = told.summary(r"per trained cell: (\d+) to (\d+), median (\d+)")
    text = f"Cells with at least {some(least, 'complete day')} {days} were trained"
    if said:
        text += f": {count(float(said[1]))} of {count(float(said[2]))}"
        text += f", which have {count(float(each[1]))} to {count(float(each[2]))} of them (median {count(float(each[3]))})" if each else ""
    found = [say(NETWORK, f"{text}.", told)]
    rain = told.summary(r"^(\d+) complete cell days? left out because of too much rain")
    if rain:
        number = float(rain[1])
        text = f"Because of rain {some(number, 'complete cell day')} of this period {'was' if number == 1 else 'were'} left out."
        found.append(say(NETWORK, text, told))
    return found


def _split(told: Told) -> Sentence:
    """How the days of a cell were divided."""
    training, validation, testing = check_ratio(str(_asked(told, "ratio")))
    seed, split = told.asked("seed"), told.word("split")
    if split == "leave_one_year_out":
        share = 100 * validation / (training + validation)
        text = (
            f"One year of the period, the same in all cells, was kept for testing; {share:.0f} % of the other days, in blocks of "
            f"{told.noted('BLOCK_DAYS', BLOCK_DAYS)} days, are validation samples and the rest training samples (seed {seed})."
        )
        told.noted("share of validation", share)
    else:
        how = "at random" if split == "random" else f"in blocks of {told.noted('BLOCK_DAYS', BLOCK_DAYS)} days"
        shares = f"{training} % training, {validation} % validation and {testing} % testing samples"
        text = f"The complete days of each cell were divided {how} into {shares} (seed {seed})."
    return say(NETWORK, text, told)


def _random(told: Told) -> list[Sentence]:
    """What a random split means."""
    return [say(NETWORK, AUTOCORRELATED, told)] if told.word("split") == "random" else []


def _errors(told: Told) -> list[Sentence]:
    """Mean R and RMSE by kind of samples."""
    words = []
    for kind in ("Training", "Validation", "Testing", "Overall"):
        said = told.summary(rf"^{kind} samples: mean R (-?[\d.]+), RMSE ([\d.]+) \(0-1\), ([\d.]+) m3 m-3")
        if said:
            which = "all" if kind == "Overall" else f"the {kind.lower()}"
            words.append(f"{said[1]} and {said[3]} m3 m-3 ({said[2]} in 0-1 units) for {which} samples")
    return [say(NETWORK, f"Mean R and RMSE over the cells are {listed(words)}.", told)] if words else []


def _regional(told: Told, of: str) -> list[Sentence]:
    """One ensemble for all cells."""
    settings = _settings(told)
    said = told.summary(r"One ensemble of (\d+) networks")
    members = int(said[1]) if said else max(MEMBERS, int(_asked(told, "restarts")))
    layers = [int(size) for size in settings.get("hidden", ())]
    inputs, _ = _beginning(told)
    hidden = (
        f", each with {some(len(layers), 'hidden layer')} of {listed(map(str, dict.fromkeys(layers)))} units (x / (1 + exp(-x)))"
        if layers
        else ""
    )
    text = f"{of}one ensemble of {some(told.noted('members', members), 'network')} was trained for all cells together{hidden}"
    found = [say(NETWORK, capital(f"{text} and one linear output, the soil moisture of SMAP."), told)]
    found += _inputs_are(told, inputs)
    text = (
        "Inputs and target were standardised by each cell's own mean and standard deviation over its training days; these means and the "
        "logarithms of these standard deviations are given to the networks as descriptors of the cell."
    )
    found.append(say(NETWORK, text))
    text = "The networks were trained with AdamW [@kingma2015; @loshchilov2019]"
    if {"batch", "rate", "decay"} <= set(settings):
        settings = _settings(told)
        text += (
            f" on batches of {some(settings['batch'], 'sample')}, with a weight decay of {settings['decay']:g} and a learning rate that "
            f"rises to {settings['rate']:g} and falls along a cosine"
        )
    found.append(say(NETWORK, f"{text}; the weights with the lowest validation error were kept.", told))
    found += [*_cells(told), _regional_split(told), *_random(told), *_refined(told), *_errors(told)]
    return found


def _regional_split(told: Told) -> Sentence:
    """Which days test and which each network does not see."""
    testing = check_ratio(str(_asked(told, "ratio")))[2]
    seed, split = told.asked("seed"), told.word("split")
    what = "One year of the period was" if split == "leave_one_year_out" else f"{testing} % of the days of the period were"
    drawn = "" if split == "leave_one_year_out" else ", drawn one by one," if split == "random" else f", in blocks of {BLOCK_DAYS} days,"
    stretch = "days" if split == "random" else f"blocks of {told.noted('BLOCK_DAYS', BLOCK_DAYS)} days"
    fold = "fifth" if told.noted("FOLDS", FOLDS) == 5 else f"one of {FOLDS} parts"
    text = (
        f"{what} kept for testing{drawn or ','} the same in all cells (seed {seed}); of the other {stretch} each network left another "
        f"{fold} out of its training, as its validation samples."
    )
    return say(NETWORK, text, told)


def _refined(told: Told) -> list[Sentence]:
    """Corrections of single cells, and cells that have values without having been trained."""
    found = []
    if told.word("method") == "refined":
        said = told.summary(r"^(\d+) cells have a correction of their own")
        having = f": {count(float(said[1]))} {'cell has' if said[1] == '1' else 'cells have'} one" if said else ""
        text = f"A linear correction of the ensemble was kept in cells whose own left-out days prove that it helps{having}."
        found.append(say(NETWORK, text, told))
    said = told.summary(r"^(\d+) cells: values from the network of the region")
    if said:
        number = float(said[1])
        text = (
            f"The ensemble gives values to {some(number, 'cell')} with fewer complete days too; mean and standard deviation of the target "
            "there were estimated from those of the inputs by a regression over the trained cells."
        )
        found.append(say(NETWORK, text, told))
    return found
