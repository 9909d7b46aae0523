"""What all algorithms share: declaring, checking, running, errors in one sentence, summary, layers and run record."""

from __future__ import annotations

import datetime
import math
import time
from pathlib import Path
from typing import ClassVar

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingException,
    QgsProcessingOutputFile,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
)
from qgis.PyQt.QtGui import QIcon

from ..core.foundation import libraries
from ..core.foundation.errors import AnnsmError, MissingLibrary, ParameterError
from . import record, values
from .feedback import throttled

ICONS = Path(__file__).resolve().parent.parent / "icons"


class AnnsmAlgorithm(QgsProcessingAlgorithm):
    """An algorithm of the plugin.

    A subclass gives the texts below, ``parameters`` (a list), ``check`` (raises ``AnnsmError``; called before and inside the
    run, since models skip their children's checks) and ``work`` (one core call; returns an ``Outcome``).
    """

    NAME = TITLE = HELP = ""
    GROUP = ("rebuild", "1 - Rebuild")
    TAGS: tuple[str, ...] = ()
    ICON = "annsm.svg"
    NEEDS: tuple[str, ...] = ("xarray", "netCDF4")
    MAIN = "OUTPUT"
    NUMBERS: ClassVar[dict[str, str]] = {}
    STRINGS: ClassVar[dict[str, str]] = {}

    def name(self):
        return self.NAME

    def displayName(self):
        return self.TITLE

    def group(self):
        return self.GROUP[1]

    def groupId(self):
        return self.GROUP[0]

    def tags(self):
        return ["soil moisture", "ANN-SM", *self.TAGS]

    def icon(self):
        return QIcon(str(ICONS / self.ICON))

    def shortDescription(self):
        return self.HELP.split(". ")[0].rstrip(".") + "."

    def shortHelpString(self):
        rows = "".join(f"<p><b>{d.description()}</b> ({d.name()}): {d.help()}</p>" for d in self.parameterDefinitions() if d.help())
        return f"<p>{self.HELP}</p>{rows}"

    def helpUrl(self):
        return ""

    def createInstance(self):
        return type(self)()

    def parameters(self) -> list:
        """The parameter definitions, in order."""
        raise NotImplementedError

    def initAlgorithm(self, configuration=None):
        for parameter in self.parameters():
            self.addParameter(parameter)
        for name, label in self.NUMBERS.items():
            self.addOutput(QgsProcessingOutputNumber(name, label))
        for name, label in self.STRINGS.items():
            self.addOutput(QgsProcessingOutputString(name, label))
        self.addOutput(QgsProcessingOutputFile("RECORD", "Run record"))

    def canExecute(self):
        sentence = self.missing()
        return (False, sentence) if sentence else (True, "")

    def missing(self) -> str:
        """What is not installed and how to get it, in a sentence; empty if all is there. Nothing is imported."""
        for name in self.NEEDS:
            if not libraries.available(name):
                return f"The Python package '{name}' ({libraries.PACKAGES[name][0]}) is not installed. {libraries.how_to_install(name)}"
        return ""

    def check(self, given: dict) -> None:
        """Raise ``AnnsmError`` if the values ``given`` by parameter name cannot work."""

    def work(self, given: dict, progress, context) -> Outcome:
        """Run the core function."""
        raise NotImplementedError

    def checkParameterValues(self, parameters, context):
        good, message = super().checkParameterValues(parameters, context)
        if not good:
            return good, message
        try:
            self._checked(parameters, context)
        except AnnsmError as error:
            return False, str(error)
        return True, ""

    def _checked(self, parameters, context) -> dict:
        sentence = self.missing()
        if sentence:
            raise MissingLibrary(sentence)
        given = values.read(self, parameters, context)
        _distinct(given, self.parameterDefinitions())
        self.check(given)
        return given

    def processAlgorithm(self, parameters, context, feedback):
        started, clock = datetime.datetime.now(datetime.timezone.utc), time.perf_counter()
        progress, own = throttled(feedback)
        try:
            given = self._checked(parameters, context)
            progress.check()
            outcome = self.work(given, progress, context)
            for warning in outcome.warnings:
                if warning not in own.warnings:
                    own.warning(warning)
            for line in outcome.summary:
                feedback.pushInfo(line)
            results = {name: given[name] for name in self._outputs() if given.get(name)}
            results.update({name: value for name, value in outcome.results.items() if not _nan(value)})
            main = given.get(self.MAIN)
            if main:
                seconds = time.perf_counter() - clock
                given.update(values.sources(self, parameters, context))
                told = record.write(main, self, given, results, outcome.summary, own.warnings, started, seconds)
                results["RECORD"] = str(told)
        except AnnsmError as error:
            raise QgsProcessingException(str(error)) from None
        except MemoryError:
            raise QgsProcessingException("The computer ran out of memory; use a smaller region or a shorter period.") from None
        feedback.setProgress(100)
        return results

    def _outputs(self):
        return [d.name() for d in self.destinationParameterDefinitions()]


class Outcome:
    """What a run hands back: further results by output name, sentences for the log, warnings."""

    def __init__(self, results: dict | None = None, summary=(), warnings=()):
        self.results, self.summary, self.warnings = results or {}, list(summary), list(warnings)


def _nan(value) -> bool:
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def _distinct(given: dict, definitions) -> None:
    """Raise ``ParameterError`` if two outputs, or an output and an input, are the same file."""
    seen: dict[Path, str] = {}
    for destination in (False, True):
        for definition in definitions:
            value = given.get(definition.name())
            if definition.isDestination() is not destination or not isinstance(value, str) or definition.type() == "string":
                continue
            if definition.type() not in ("file", "fileDestination", "rasterDestination", "vectorDestination"):
                continue
            path = Path(value).absolute()
            if destination and path in seen:
                raise ParameterError(f"{definition.name()} and {seen[path]} are the same file, {value}; choose another output.")
            seen[path] = definition.name()
