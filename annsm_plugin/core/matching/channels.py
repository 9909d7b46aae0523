"""Which brightness temperatures enter a cube: presets and lists, per sensor, with their names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..foundation.errors import ParameterError
from ..foundation.variables import FREQUENCIES, SENSORS

#: What each sensor measures.
ON_SENSOR = {
    "AMSR2": ("06", "07", "10", "18", "23", "36", "89"),
    "AMSR-E": ("06", "10", "18", "23", "36", "89"),
}

#: F1-F5 of the paper (section 2.2.1), matched by position (inferred: the paper does not say how).
PAPER = {"AMSR2": ("06", "07", "10", "18", "23"), "AMSR-E": ("06", "10", "18", "23", "36")}

#: Frequencies that both sensors have (ours).
COMMON = ("06", "10", "18", "23", "36")

POLARISATIONS = {"V": ("v",), "H": ("h",), "both": ("v", "h")}


@dataclass(frozen=True)
class Channels:
    """The channels of a cube. ``labels`` are positions f1-f5 or frequencies; ``by_sensor`` the frequency at each position."""

    preset: str
    labels: tuple[str, ...]
    by_sensor: dict[str, tuple[str, ...]]
    polarisation: str

    @property
    def letters(self) -> tuple[str, ...]:
        """Polarisations, "v" or "h" or both."""
        return POLARISATIONS[self.polarisation]

    @property
    def names(self) -> tuple[str, ...]:
        """The cube's variables, ``tb_f1v`` or ``tb_06v`` and so on."""
        return tuple(f"tb_{label}{letter}" for label in self.labels for letter in self.letters)

    def frequencies(self, sensor: str) -> str:
        """GHz at each position on ``sensor``, as an attribute says it; empty where the sensor lacks a channel."""
        return ", ".join(f"{label}: {FREQUENCIES[c]:g} GHz" for label, c in zip(self.labels, self.by_sensor.get(sensor, ())))


def parse(channels: str, polarisation: str) -> Channels:
    """The ``Channels`` of a preset ("paper", "common") or a list such as "06,10,18"; raises ``ParameterError``."""
    letters = {key.lower(): key for key in POLARISATIONS}
    if str(polarisation).lower() not in letters:
        raise ParameterError(f"The polarisation '{polarisation}' is not known: expected V, H or both.")
    polarisation = letters[str(polarisation).lower()]
    text = str(channels).strip().lower()
    if text == "paper":
        return Channels("paper", ("f1", "f2", "f3", "f4", "f5"), dict(PAPER), polarisation)
    wanted = COMMON if text == "common" else tuple(part for part in re.split(r"[\s,;]+", text) if part)
    wanted = tuple(f"{int(part):02d}" if part.isdigit() else part for part in wanted)
    unknown = [part for part in wanted if part not in FREQUENCIES]
    if unknown or not wanted:
        raise ParameterError(
            f"The channels '{channels}' are not known: expected 'paper', 'common' or a list of {', '.join(FREQUENCIES)} such as '06,10,18'."
        )
    if len(set(wanted)) < len(wanted):
        raise ParameterError(f"The channels '{channels}' name a channel twice.")
    wanted = tuple(sorted(wanted))
    by_sensor = {sensor: wanted for sensor in SENSORS if set(wanted) <= set(ON_SENSOR[sensor])}
    return Channels("common" if wanted == COMMON else ",".join(wanted), wanted, by_sensor, polarisation)
