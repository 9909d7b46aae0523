"""The ready chains: models of QGIS that keep their ids and have a title of their own."""

from __future__ import annotations

import shutil
from pathlib import Path

from qgis.core import QgsProcessing, QgsProcessingModelAlgorithm, QgsProcessingParameterDefinition
from qgis.PyQt.QtGui import QIcon

from ..core.foundation.errors import ParameterError
from .base import help_address
from .words import tr

HERE = Path(__file__).resolve().parent.parent
MODELS = HERE / "models"

#: Outputs of a chain in the order of work; QGIS sorts them by their letters.
RECORD = (
    "match:CUBE",
    "screenprecipitation:SCREENED",
    "train:MODEL",
    "reconstruct:ANNSM",
    "validatesatellite:R",
    "validatesatellite:RMSE",
    "validatesatellite:BIAS",
    "validatesatellite:REPORT",
)
STUDY = (
    *RECORD,
    "validatestations:STATION_CELLS",
    "validatestations:STATION_TABLE",
    "validatestations:SITES",
    "sensitivity:SENSITIVITY",
    "sensitivity:BEST",
    "sensitivity:DAYS",
    "comparemethods:METHODS",
    "fillgaps:FILLED",
    "aggregate:MONTHS",
    "aggregate:TREND",
    "aggregate:SIGNIFICANCE",
    "studyreport:STUDY",
    "studyreport:PDF",
    "studyreport:FIGURES",
)
OUTPUTS = {"recommended": RECORD, "wangxu2021": RECORD, "study": STUDY}

#: File name (and id) of each chain -> its title.
TITLES = {
    "recommended": "Whole chain: recommended",
    "wangxu2021": "Whole chain: Wang & Xu 2021",
    "study": "Study: from folders to the report",
}


class Chain(QgsProcessingModelAlgorithm):
    """A shipped model with a title (QGIS calls a model by its id), whose outputs need not be named: they are then temporary files."""

    def read(self, load) -> bool:
        """Let ``load(self)`` fill the model; whether that worked."""
        good = load(self)
        for name in OUTPUTS.get(self.name(), ()):
            definition = self.parameterDefinition(name)
            if definition is None:  # the steps are known only once the provider is registered
                continue
            output = definition.clone()
            output.setFlags(output.flags() | QgsProcessingParameterDefinition.Flag.FlagOptional)
            output.setCreateByDefault(True)
            self.removeParameter(name)
            self.addParameter(output, False)
        for definition in self.parameterDefinitions():
            definition.setDescription(tr(definition.description()))
            definition.setHelp(tr(definition.help()))
        return good

    def processAlgorithm(self, parameters, context, feedback):
        unnamed = {d.name(): QgsProcessing.TEMPORARY_OUTPUT for d in self.destinationParameterDefinitions()}
        return super().processAlgorithm({**unnamed, **parameters}, context, feedback)

    def displayName(self):
        return tr(TITLES.get(self.name(), self.name()))

    def icon(self):
        return QIcon(str(HERE / "icons" / "annsm.svg"))

    def tags(self):
        return ["soil moisture", "ANN-SM", "chain", "workflow", "model"]

    def helpUrl(self):
        return help_address(self.name())

    def createInstance(self):
        copy = Chain()
        copy.read(lambda model: model.loadVariant(self.toVariant()))
        copy.setProvider(self.provider())
        return copy


def chains() -> list[Chain]:
    """The shipped chains, those that this QGIS can read."""
    found = []
    for name in TITLES:
        chain = Chain()
        if chain.read(lambda model, name=name: model.fromFile(str(MODELS / f"{name}.model3"))):
            found.append(chain)
    return found


def copy_of_model(name: str, folder: str | Path) -> Path:
    """Copy a shipped model into the user's folder of models, under a name of its own, for editing; nothing is overwritten.

    Raises ``ParameterError`` for a name that is no shipped model or a folder that cannot be written.
    """
    source = MODELS / f"{name}.model3"
    if name not in TITLES:
        raise ParameterError(f"'{name}' is not a shipped model; expected one of {', '.join(TITLES)}.")
    number, folder = 1, Path(folder)
    while (target := folder / f"annsm_{name}_{number}.model3").exists():
        number += 1
    model = QgsProcessingModelAlgorithm()
    model.fromFile(str(source))
    model.setName(f"{TITLES[name]} (my copy {number})")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(".part")
        if not model.toFile(str(part)):
            raise OSError("QGIS could not write it")
        shutil.move(str(part), str(target))
    except OSError as error:
        raise ParameterError(f"The model cannot be copied to {target}: {error}.") from None
    return target
