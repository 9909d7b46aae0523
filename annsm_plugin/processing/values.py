"""Turns what QGIS hands over into plain Python values, and refuses what QGIS lets through."""

from __future__ import annotations

import math
import re
from pathlib import Path

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingOutputLayerDefinition,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
    QgsProcessingUtils,
    QgsProperty,
)

from ..core.foundation.errors import ParameterError
from ..core.foundation.paths import is_no_file
from ..core.foundation.requests import one_of

_NUMBER = r"\s*([-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)\s*"
_EXTENT = re.compile(rf"^{_NUMBER},{_NUMBER},{_NUMBER},{_NUMBER}(?:\[(.*)\])?\s*$")

#: Extensions of the outputs by parameter type; a file destination's comes from its filter.
EXTENSIONS = {"rasterDestination": ".tif", "vectorDestination": ".gpkg"}


def spelled(algorithm, parameters) -> dict:
    """``parameters`` with the words of every choice as its list spells them: any case, a number of the list, commas between several, or
    "all".

    QGIS refuses other spellings, and takes the default for them in a step of a model. Raises ``ParameterError`` for what is no choice.
    """
    found = dict(parameters)
    for definition in algorithm.parameterDefinitions():
        raw = found.get(definition.name())
        if definition.type() != "enum" or not isinstance(raw, (str, int, list, tuple)) or raw in ("", [], ()):
            continue
        words, several = definition.options(), definition.allowMultiple()
        if not several:
            found[definition.name()] = _word(definition.name(), raw, words)
            continue
        asked = [part for part in re.split(r"[\s,;]+", raw) if part] if isinstance(raw, str) else raw
        asked = list(asked) if isinstance(asked, (list, tuple)) else [asked]
        everything = any(str(part).strip().lower() == "all" for part in asked)
        found[definition.name()] = list(words) if everything else [_word(definition.name(), part, words) for part in asked]
    return found


def _word(name: str, raw, words) -> str:
    """The one of ``words`` that ``raw`` is, in whatever case or by its number."""
    text = str(raw).strip()
    if text not in words and text.isdigit() and int(text) < len(words):
        return words[int(text)]
    return one_of(name, text, words)


def read(algorithm, parameters, context) -> dict:
    """Every parameter of ``algorithm`` as a plain value by name: text, number, ISO date, list, path or None when unset.

    Outputs are paths, checked for folder and extension. Raises ``ParameterError``.
    """
    values = {}
    for definition in algorithm.parameterDefinitions():
        reader = _READERS.get(definition.type(), _text)
        values[definition.name()] = reader(algorithm, definition, parameters, context)
    return values


def _text(algorithm, definition, parameters, context):
    return algorithm.parameterAsString(parameters, definition.name(), context) or None


def _file(algorithm, definition, parameters, context):
    path = algorithm.parameterAsFile(parameters, definition.name(), context)
    if not path:
        return None
    folder = definition.behavior() == QgsProcessingParameterFile.Behavior.Folder
    if not Path(path).exists():
        what = "folder" if folder else "file"
        raise ParameterError(f"{definition.name()}: the {what} {path} does not exist.")
    if folder and not Path(path).is_dir():
        raise ParameterError(f"{definition.name()}: {path} is a file; expected a folder.")
    if not folder and definition.extension() and (wrong := is_no_file(path)):
        raise ParameterError(f"{definition.name()}: {path} {wrong}; expected a file ending in .{definition.extension()}.")
    return path


def _date(algorithm, definition, parameters, context):
    raw = parameters.get(definition.name())
    value = algorithm.parameterAsDateTime(parameters, definition.name(), context)
    if value.isValid():
        return value.date().toString("yyyy-MM-dd")
    if raw not in (None, ""):
        raise ParameterError(f"{definition.name()} is '{raw}'; expected a date such as 2015-04-01.")
    return None


def _number(algorithm, definition, parameters, context):
    if definition.dataType() == QgsProcessingParameterNumber.Type.Integer:
        return algorithm.parameterAsInt(parameters, definition.name(), context)
    return algorithm.parameterAsDouble(parameters, definition.name(), context)


def _choice(algorithm, definition, parameters, context):
    if definition.allowMultiple():
        return list(algorithm.parameterAsEnumStrings(parameters, definition.name(), context))
    return algorithm.parameterAsEnumString(parameters, definition.name(), context)


def _flag(algorithm, definition, parameters, context):
    return algorithm.parameterAsBoolean(parameters, definition.name(), context)


def _range(algorithm, definition, parameters, context):
    found = [float(v) for v in algorithm.parameterAsRange(parameters, definition.name(), context)]
    if len(found) != 2 or not all(map(math.isfinite, found)):
        found = [float(v) for v in str(definition.defaultValue()).split(",")]
    if found[0] > found[1]:
        raise ParameterError(f"{definition.name()} is {found[0]:g} to {found[1]:g}; expected the smaller number first.")
    return found


def _files(algorithm, definition, parameters, context):
    paths = [str(p) for p in algorithm.parameterAsFileList(parameters, definition.name(), context) if str(p).strip()]  # unset gives ['']
    for path in paths:
        if not Path(path).exists():
            raise ParameterError(f"{definition.name()}: the file {path} does not exist.")
    return paths


def _extent(algorithm, definition, parameters, context):
    raw = parameters.get(definition.name())
    if isinstance(raw, QgsProperty):
        raw = raw.staticValue()
    if raw is None or raw == "":
        return None
    written = _EXTENT.match(raw) if isinstance(raw, str) else None
    if written:
        west, east, south, north = (float(v) for v in written.groups()[:4])
        crs = QgsCoordinateReferenceSystem((written.group(5) or "EPSG:4326").strip())
        if east < west or north < south:
            raise ParameterError(
                f"EXTENT is '{raw}': it is written west, east, south, north, and east ({east:g}) must not be west of west ({west:g}); "
                "a region across the dateline is written with longitudes beyond 180, such as 170,190,50,60."
            )
        if crs.isGeographic():
            return (west, south, east, north)
    geographic = QgsCoordinateReferenceSystem("EPSG:4326")
    box = algorithm.parameterAsExtent(parameters, definition.name(), context, geographic)
    if box.isNull() or box.isEmpty():
        raise ParameterError(f"EXTENT is '{raw}'; expected west,east,south,north in degrees, such as 73,105,26,40.")
    return (box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum())


def _source(algorithm, definition, parameters, context):
    raw = parameters.get(definition.name())
    if raw is None or raw == "":
        return None
    source = algorithm.parameterAsSource(parameters, definition.name(), context)
    if source is None:
        raise ParameterError(f"{definition.name()}: '{raw}' is not a layer that can be read.")
    return source


def sources(algorithm, parameters, context) -> dict[str, str | None]:
    """Where the layers given as sources come from, by parameter name: a path or what QGIS opens them by, for the record of the run."""
    found = {}
    for definition in algorithm.parameterDefinitions():
        if definition.type() == "source":
            raw = parameters.get(definition.name())
            if isinstance(raw, QgsProcessingFeatureSourceDefinition):
                raw = raw.source.staticValue()
            layer = raw if isinstance(raw, QgsMapLayer) else QgsProcessingUtils.mapLayerFromString(str(raw or ""), context, False)
            found[definition.name()] = layer.source() if layer is not None else raw or None
    return found


def _output(algorithm, definition, parameters, context):
    """The path of an output, None where it is not wanted; its extension and folder checked."""
    raw = parameters.get(definition.name(), definition.defaultValue())
    if isinstance(raw, QgsProcessingOutputLayerDefinition):
        raw = raw.sink.staticValue()
    if raw is None or raw == "":
        if definition.flags() & definition.Flag.FlagOptional:
            return None
        raise ParameterError(f"{definition.name()} is not given; expected the path of the output.")
    folder = definition.type() == "folderDestination"
    extension = "" if folder else EXTENSIONS.get(definition.type()) or f".{definition.defaultFileExtension()}"
    if raw == "TEMPORARY_OUTPUT":
        name = f"{definition.name().lower()}{extension}"
        path = QgsProcessingUtils.generateTempFilename(name)
        return path
    path = Path(str(raw))
    if folder:
        if path.exists() and not path.is_dir():
            raise ParameterError(f"{definition.name()}: {path} is a file; expected a folder.")
        return str(path)
    from ..core.foundation import store

    try:
        return str(store.check_output(path, extension))
    except ParameterError as error:
        raise ParameterError(f"{definition.name()}: {str(error)[0].lower()}{str(error)[1:]}") from None


def to_load(algorithm, given, parameters, context) -> None:
    """Tell ``context`` which layers a dialog wants in the project when the algorithm ends: outputs ``given`` that were asked for so."""
    for definition in algorithm.destinationParameterDefinitions():
        raw, path = parameters.get(definition.name()), given.get(definition.name())
        if path and isinstance(raw, QgsProcessingOutputLayerDefinition) and raw.destinationProject is not None:
            output = raw.destinationName or definition.name()
            details = QgsProcessingContext.LayerDetails(definition.description(), raw.destinationProject, output)
            context.addLayerToLoadOnCompletion(path, details)


_READERS = {
    "file": _file,
    "datetime": _date,
    "number": _number,
    "enum": _choice,
    "boolean": _flag,
    "range": _range,
    "multilayer": _files,
    "extent": _extent,
    "source": _source,
    "fileDestination": _output,
    "folderDestination": _output,
    "rasterDestination": _output,
    "vectorDestination": _output,
}
