"""What the name of a column says beside what it holds: the depth of a sensor, and the unit."""

from __future__ import annotations

import re

#: Metres in the units of depths.
METRES = {"cm": 0.01, "mm": 0.001, "m": 1.0, "inch": 0.0254, "inches": 0.0254, "厘米": 0.01, "公分": 0.01, "毫米": 0.001, "米": 1.0}

_UNITS = "|".join(sorted(METRES, key=len, reverse=True))
_FIGURE = r"\d+(?:[.,]\d+)?"

#: A depth, or an upper and a lower one, with its unit; no more letters or figures may follow the unit, as in "10min" and "5 cm3".
_DEPTH = re.compile(
    rf"(?<![\d.,])(?P<upper>{_FIGURE})(?:\s*(?:-|–|—|~|～|至|到|to|bis|a|à)\s*(?P<lower>{_FIGURE}))?[\s_]*(?P<unit>{_UNITS})"
    r"(?![A-Za-z0-9/^²³⁻]|-\d)"
)
_UNIT_OF_DEPTH = re.compile(rf"(?:^|[\W_])(?P<unit>{_UNITS})(?:$|[\W_])")

_VOLUMES = re.compile(r"(?<![A-Za-z])([cdm]?m)\s?(?:\^|\*\*)?3\s*(?:[/·.*_]|\s|per)*\s*\1\s?(?:\^|\*\*)?\(?-?3\)?(?!\d)", re.I)
_BRACKETS = re.compile(r"[(\[（【]([^()\[\]（）【】]*)[)\]）】]")
_PERCENT = re.compile(
    r"%|percent|pct|prozent|vol(?:ume|umetric)?\.?[\s_-]*(?:%|percent|pct)|(?:%|percent|pct)[\s_,.-]*(?:vol\.?|v/v|v|vwc)|v/v\s*%", re.I
)
_PERCENT_LAST = re.compile(r"(?:^|[\s_,;\d])((?:vol\.?[\s_-]*)?(?:%|percent|pct))$", re.I)
_SIGNS = str.maketrans({"³": "3", "⁻": "-", "−": "-", "％": "%", "／": "/", "⋅": "·", "∙": "·"})


def depth(name: str) -> tuple[float, float] | None:
    """The depth (upper, lower) in m that a name such as ``VWC_20cm_Avg`` or ``SM 0-5 cm (%)`` says; None without one, or with several."""
    found = set()
    for match in _DEPTH.finditer(_VOLUMES.sub(" ", name.translate(_SIGNS))):
        ends = [float(match[end].replace(",", ".")) * METRES[match["unit"]] for end in ("upper", "lower") if match[end]]
        found.add((round(min(ends), 6), round(max(ends), 6)))
    return found.pop() if len(found) == 1 else None


def unit_of_depth(name: str) -> str:
    """The unit in the name of a column of depths, such as ``depth (cm)`` or ``depth_m``; empty without one."""
    match = _UNIT_OF_DEPTH.search(name.lower())
    return match["unit"] if match else ""


def unit(name: str) -> str:
    """The unit of soil moisture in a name, "m3 m-3" or "%"; empty without one, or with another one (such as percent of saturation)."""
    plain = name.translate(_SIGNS)
    if _VOLUMES.search(plain):
        return "m3 m-3"
    inside = [text.strip() for text in _BRACKETS.findall(plain)]
    if any(text.lower() == "v/v" for text in inside):
        return "m3 m-3"
    outside = _BRACKETS.sub(" ", plain).strip()
    if any(_PERCENT.fullmatch(text) for text in (*inside, plain.strip())) or (not inside and _PERCENT_LAST.search(outside)):
        return "%"
    return ""
