"""What all algorithms share: declaring, checking, running, errors in one sentence, summary, layers and run record."""

from __future__ import annotations

import datetime
import importlib
import math
import time
import traceback
from pathlib import Path
from typing import Any, ClassVar

from qgis.core import (
    Qgis,
    QgsMessageLog,
    QgsProcessingAlgorithm,
    QgsProcessingException,
    QgsProcessingOutputBoolean,
    QgsProcessingOutputFile,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
)
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtGui import QIcon

from ..core.foundation import libraries
from ..core.foundation.errors import AnnsmError, MissingLibrary
from ..core.foundation.paths import check_apart, file_of
from ..core.foundation.requests import Request
from . import layers, record, values
from . import parameters as p
from .feedback import throttled
from .words import tr

ICONS = Path(__file__).resolve().parent.parent / "icons"

#: The user guide that the plugin carries; each algorithm's part of it has the algorithm's name as its anchor.
GUIDE = ICONS.parent / "help" / "guide.html"


#: The tab of the log panel.
LOG = "ANN-SM"


def help_address(part: str = "") -> str:
    """The address of a part of the user guide; empty where the plugin was put together without it."""
    return f"{QUrl.fromLocalFile(str(GUIDE)).toString()}#{part}" if GUIDE.is_file() else ""


class AnnsmAlgorithm(QgsProcessingAlgorithm):
    """An algorithm of the plugin: parameters -> one request -> one call of the core -> layers.

    A subclass gives the texts below, its ``REQUEST`` (a dataclass of the core, from which its parameters are declared), the ``STEP`` of
    the core that takes it (a module with ``check(request)`` and ``run(request, progress)``), the ``LAYERS`` that its outputs become, and
    ``numbers``. The request is checked before and inside the run, since models skip their children's checks.
    """

    NAME = TITLE = HELP = ""
    GROUP = ("rebuild", "1 - Rebuild")
    TAGS: tuple[str, ...] = ()
    #: Its number in the order of work in its group, by which the toolbox sorts; given by the provider.
    PLACE = 0
    ICON = "annsm.svg"
    NEEDS: tuple[str, ...] = ("xarray", "netCDF4")
    MAIN = "OUTPUT"
    REQUEST: ClassVar[type[Request]]
    #: Module of ``core`` that does the work.
    STEP: ClassVar[str] = ""
    #: Raster and point outputs: parameter -> (name of the layer, style).
    LAYERS: ClassVar[dict[str, tuple[str, str]]] = {}
    NUMBERS: ClassVar[dict[str, str]] = {}
    STRINGS: ClassVar[dict[str, str]] = {}
    BOOLEANS: ClassVar[dict[str, str]] = {}

    def name(self):
        return self.NAME

    def displayName(self):
        return f"{self.PLACE}. {tr(self.TITLE)}" if self.PLACE else tr(self.TITLE)

    def group(self):
        return tr(self.GROUP[1])

    def groupId(self):
        return self.GROUP[0]

    def tags(self):
        return ["soil moisture", "ANN-SM", *self.TAGS]

    def icon(self):
        return QIcon(str(ICONS / self.ICON))

    def shortDescription(self):
        return tr(self.HELP).split(". ")[0].split("。")[0].rstrip(".") + "."

    def shortHelpString(self):
        rows = "".join(f"<p><b>{d.description()}</b> ({d.name()}): {d.help()}</p>" for d in self.parameterDefinitions() if d.help())
        return f"<p>{tr(self.HELP)}</p>{rows}"

    def helpUrl(self):
        return help_address(self.NAME)

    def createInstance(self):
        return type(self)()

    def parameters(self) -> list:
        """The parameter definitions, in order: those of the request, with what only the interface asks before the outputs."""
        own = p.of(self.REQUEST)
        first = next((n for n, definition in enumerate(own) if definition.isDestination()), len(own))
        return [*own[:first], *self.more(), *own[first:]]

    def more(self) -> list:
        """Parameters that the core does not know, such as LOAD."""
        return []

    def initAlgorithm(self, configuration=None):
        for parameter in self.parameters():
            self.addParameter(parameter)
        for name, label in self.NUMBERS.items():
            self.addOutput(QgsProcessingOutputNumber(name, tr(label)))
        for name, label in self.STRINGS.items():
            self.addOutput(QgsProcessingOutputString(name, tr(label)))
        for name, label in self.BOOLEANS.items():
            self.addOutput(QgsProcessingOutputBoolean(name, tr(label)))
        self.addOutput(QgsProcessingOutputFile("RECORD", tr("Run record")))

    def canExecute(self):
        sentence = self.missing()
        return (False, sentence) if sentence else (True, "")

    def missing(self) -> str:
        """What is not installed and how to get it, in a sentence; empty if all is there. Nothing is imported."""
        for name in self.NEEDS:
            if not libraries.available(name):
                return f"The Python package '{name}' ({libraries.PACKAGES[name][0]}) is not installed. {libraries.how_to_install(name)}"
        return ""

    def request(self, given: dict, **changed) -> Any:
        """The request that the values ``given`` by parameter name make; ``changed`` replaces fields."""
        options = self.REQUEST.options()
        values = {name: given[known.parameter] for name, known in options.items() if known.parameter in given}
        return self.REQUEST(**{**values, **changed})

    def step(self):
        """The module of the core that does the work."""
        return importlib.import_module(f"..core.{self.STEP}", __package__)

    def check(self, given: dict) -> None:
        """Raise ``AnnsmError`` if the values ``given`` by parameter name cannot work."""
        self.step().check(self.request(given))

    def work(self, given: dict, progress, context) -> Outcome:
        """Run the step and show what it wrote."""
        return self.carried_out(self.request(given), given, progress, context)

    def carried_out(self, request: Request, given: dict, progress, context) -> Outcome:
        """Run the step with ``request`` and show what it wrote."""
        result = self.step().run(request, progress)
        for name, (title, style) in self.LAYERS.items():
            if given[name]:
                layers.style_output(context, given[name], title, style)
        self.show(given, result, context)
        return Outcome(self.numbers(result), result.summary, result.warnings, request, getattr(result, "extended", False))

    def show(self, given: dict, result, context) -> None:
        """Load what QGIS does not load by itself."""

    def numbers(self, result) -> dict:
        """The headline numbers and texts of a result, by output name."""
        return {}

    def checkParameterValues(self, parameters, context):
        try:
            good, message = super().checkParameterValues(values.spelled(self, parameters), context)
            if good:
                self._checked(parameters, context)
        except AnnsmError as error:
            return False, str(error)
        except Exception as error:
            return False, self.defect(error)
        return good, message

    def _checked(self, parameters, context) -> dict:
        sentence = self.missing()
        if sentence:
            raise MissingLibrary(sentence)
        importlib.import_module("..core.workers.examining", __package__).install()
        given = values.read(self, values.spelled(self, parameters), context)
        _distinct({**given, **values.sources(self, parameters, context)}, self.parameterDefinitions())
        self.check(given)
        return given

    def processAlgorithm(self, parameters, context, feedback):
        started, clock = datetime.datetime.now(datetime.timezone.utc), time.perf_counter()
        progress, own = throttled(feedback)
        try:
            given = self._checked(parameters, context)
            progress.check()
            values.to_load(self, given, parameters, context)
            done = record.finished(given.get(self.MAIN), self.id(), self.request(given)) if record.RESUMED else None
            if done is not None:
                feedback.pushInfo(f"{self.TITLE}: done by the run before; its results are taken as they are.")
                return done
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
                told = record.write(
                    *(main, self, given, results, outcome.summary, own.warnings, started, seconds, outcome.request),
                    extended=outcome.extended,
                )
                results["RECORD"] = str(told)
        except AnnsmError as error:
            raise QgsProcessingException(str(error)) from None
        except MemoryError:
            raise QgsProcessingException("The computer ran out of memory; use a smaller region or a shorter period.") from None
        except QgsProcessingException:
            raise
        except Exception as error:
            raise QgsProcessingException(self.defect(error)) from None
        feedback.setProgress(100)
        return results

    def defect(self, error: Exception) -> str:
        """A sentence on an error that nobody foresaw; its traceback goes to the log."""
        QgsMessageLog.logMessage(
            "".join(traceback.format_exception(type(error), error, error.__traceback__)), LOG, Qgis.MessageLevel.Critical, False
        )
        words = " ".join(str(error).split()) or "no message"
        return (
            f"{self.TITLE} failed by a defect of the plugin ({type(error).__name__}: {words[:200].rstrip('.')}); "
            f"the tab {LOG} of the log panel holds what to report."
        )

    def _outputs(self):
        return [d.name() for d in self.destinationParameterDefinitions()]


class Outcome:
    """What a run hands back: further results by output name, sentences for the log, warnings, the request that it carried out, and
    whether the output was there and has only grown."""

    def __init__(self, results: dict | None = None, summary=(), warnings=(), request: Request | None = None, extended: bool = False):
        self.results, self.summary, self.warnings, self.request = results or {}, list(summary), list(warnings), request
        self.extended = extended


def _nan(value) -> bool:
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def _distinct(given: dict, definitions) -> None:
    """Raise ``ParameterError`` if two outputs, or an output and an input, are the same file; a source is ``given`` as its text."""
    outputs, inputs = [], []
    for definition in definitions:
        name, value = definition.name(), given.get(definition.name())
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and text and definition.type() in record.WRITTEN_FILES:
                outputs.append((name, text))
            elif isinstance(text, str) and text and definition.type() in record.MAY_BE_FILES:
                inputs.append((name, file_of(text)))
    check_apart(outputs, inputs)
