"""A comparison's request, checked against the cube and the packages that are installed."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from ..foundation.errors import ParameterError
from ..network import block
from ..training.settings import Settings, settings_of, where
from ..workers import run as workers
from .methods import PACKAGES, unable
from .request import LEAVE_REGIONS_OUT, METHODS, WHOLE, CompareRequest

#: The product that is CDF-matched unless another is named.
PRODUCT = "sm_gldas"


@dataclass(frozen=True)
class Plan:
    """A request, checked: the settings, the methods that can run, why others cannot, and the product to be matched."""

    asked: Settings
    methods: list[str]
    left_out: dict[str, str]
    product: str

    @property
    def need(self) -> str:
        """The packages that workers must have beside numpy."""
        return "+".join(dict.fromkeys(PACKAGES[name] for name in self.methods if name in PACKAGES))


def planned(request: CompareRequest) -> Plan:
    """What ``check`` gives, the outputs not looked at."""
    patches = request.split == LEAVE_REGIONS_OUT
    asked = settings_of(request.but(split="blocks") if patches else request)
    if patches:
        asked = dataclasses.replace(asked, split=LEAVE_REGIONS_OUT)
    if asked.ratio[2] == 0 and asked.split != "leave_one_year_out":
        raise ParameterError(f"RATIO is {'/'.join(map(str, asked.ratio))} and leaves no testing samples to compare the methods on.")
    names = [str(name) for name in request.methods or METHODS]
    unknown = [name for name in names if name not in METHODS]
    if unknown:
        raise ParameterError(f"METHODS names {', '.join(unknown)}; expected some of {', '.join(METHODS)}.")
    if request.product and request.product not in asked.inputs:
        raise ParameterError(f"PRODUCT is '{request.product}', which is no input; the inputs are {', '.join(asked.inputs)}.")
    product = str(request.product or PRODUCT)
    packages = workers.packages(where(request))
    reasons = {name: unable(name, asked.inputs, product, packages) for name in METHODS if name in names}
    if patches:
        alone = "learns from the days of each cell and has no value where there are none."
        reasons.update({name: f"{METHODS[name]} is left out: it {alone}" for name in reasons if name not in WHOLE})
    left_out = {name: reason for name, reason in reasons.items() if reason}
    kept = [name for name, reason in reasons.items() if not reason]
    if not kept:
        raise ParameterError(f"No method is left to compare. {' '.join(left_out.values())}")
    if request.device == "cuda" and {"network", "network_without_tb"} & set(kept):
        block.choose_device(request.device)
    return Plan(asked, kept, left_out, product)
