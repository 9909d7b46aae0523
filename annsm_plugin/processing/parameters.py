"""Short ways to declare parameters, so that an algorithm's ``initAlgorithm`` reads like a table."""

from __future__ import annotations

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterAuthConfig,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDateTime,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRange,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorDestination,
)

from .words import tr

FILTERS = {
    "nc": "NetCDF files (*.nc)",
    "csv": "CSV files (*.csv)",
    "html": "HTML files (*.html)",
    "json": "JSON files (*.json)",
    "png": "PNG files (*.png)",
    "pdf": "PDF files (*.pdf)",
}


def _with(parameter, text: str, advanced: bool = False):
    parameter.setHelp(text)
    if advanced:
        parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
    return parameter


def folder(name, label, text, *, optional=False, advanced=False):
    """An existing folder."""
    return _with(QgsProcessingParameterFile(name, label, QgsProcessingParameterFile.Behavior.Folder, optional=optional), text, advanced)


def file(name, label, text, extension="nc", *, optional=False, advanced=False):
    """An existing file; ``extension`` empty takes any."""
    parameter = QgsProcessingParameterFile(name, label, QgsProcessingParameterFile.Behavior.File, extension, optional=optional)
    if not extension:
        parameter.setFileFilter("")  # QGIS's own filter, *.*, refuses a name without a dot, such as that of an interpreter
    return _with(parameter, text, advanced)


def date(name, label, text, *, optional=False, default=None):
    """A date without a time."""
    parameter = QgsProcessingParameterDateTime(name, label, QgsProcessingParameterDateTime.Type.Date, default, optional)
    return _with(parameter, text)


def integer(name, label, text, default, low=0, high=None, *, advanced=False):
    """A whole number."""
    return _number(QgsProcessingParameterNumber.Type.Integer, name, label, text, default, low, high, advanced)


def double(name, label, text, default, low=0.0, high=None, *, advanced=False):
    """A number with decimals."""
    return _number(QgsProcessingParameterNumber.Type.Double, name, label, text, default, low, high, advanced)


def _number(kind, name, label, text, default, low, high, advanced):
    bounds = {"minValue": low} if high is None else {"minValue": low, "maxValue": high}
    return _with(QgsProcessingParameterNumber(name, label, kind, default, **bounds), text, advanced)


def choice(name, label, text, options, default=None, *, advanced=False):
    """One of fixed words; the first is the default."""
    parameter = QgsProcessingParameterEnum(name, label, list(options), False, default or options[0], False, True)
    return _with(parameter, text, advanced)


def choices(name, label, text, options, *, advanced=False):
    """Any of fixed words; all by default."""
    parameter = QgsProcessingParameterEnum(name, label, list(options), True, list(options), True, True)
    return _with(parameter, text, advanced)


def words(name, label, text, default=None, *, optional=False, advanced=False, offered=()):
    """Free text; ``offered``: what the dialog offers to choose from, while scripts and models may give any."""
    parameter = QgsProcessingParameterString(name, label, default, False, optional)
    if offered:
        parameter.setMetadata({"widget_wrapper": {"class": f"{__package__}.widgets.Offered", "offered": list(offered)}})
    return _with(parameter, text, advanced)


def flag(name, label, text, default=False):
    """Yes or no."""
    return _with(QgsProcessingParameterBoolean(name, label, default), text)


def extent(name, label, text):
    """An optional extent without a default."""
    return _with(QgsProcessingParameterExtent(name, label, None, True), text)


def polygons(name, label, text):
    """Optional polygons."""
    parameter = QgsProcessingParameterFeatureSource(name, label, [QgsProcessing.SourceType.TypeVectorPolygon], None, True)
    return _with(parameter, text)


def features(name, label, text):
    """Points or polygons."""
    kinds = [QgsProcessing.SourceType.TypeVectorPoint, QgsProcessing.SourceType.TypeVectorPolygon]
    return _with(QgsProcessingParameterFeatureSource(name, label, kinds), text)


def span(name, label, text, default):
    """A range of two numbers, written '0,0.05'; optional, since qgis_process demands a mandatory range even with a default."""
    parameter = QgsProcessingParameterRange(name, label, QgsProcessingParameterNumber.Type.Double, default, True)
    return _with(parameter, text)


def authentication(name, label, text):
    """An optional authentication of QGIS's settings; its value is an id, never what it holds."""
    return _with(QgsProcessingParameterAuthConfig(name, label, None, True), text)


def files(name, label, text, *, advanced=False):
    """Optional files, any number."""
    parameter = QgsProcessingParameterMultipleLayers(name, label, QgsProcessing.SourceType.TypeFile, None, True)
    return _with(parameter, text, advanced)


def file_out(name, label, text, extension="nc", *, optional=False, default=True):
    """A file that the algorithm writes."""
    parameter = QgsProcessingParameterFileDestination(name, label, FILTERS[extension], None, optional, default)
    return _with(parameter, text)


def folder_out(name, label, text, *, optional=False, default=True):
    """A folder that the algorithm writes into."""
    return _with(QgsProcessingParameterFolderDestination(name, label, None, optional, default), text)


def raster_out(name, label, text):
    """A GeoTIFF beside the main output, written only when asked for."""
    return _with(QgsProcessingParameterRasterDestination(name, label, None, True, False), text)


def points_out(name, label, text, *, optional=False, default=True):
    """A GeoPackage of points."""
    parameter = QgsProcessingParameterVectorDestination(name, label, QgsProcessing.SourceType.TypeVectorPoint, None, optional, default)
    return _with(parameter, text)


def of(request) -> list:
    """The parameters that a request's fields are, in order, with their defaults, bounds and documentation."""
    return [_MAKERS[known.kind](known, request.default(name)) for name, known in request.options().items() if known.kind != "script"]


def _about(o) -> tuple[str, str, str]:
    return o.parameter, tr(o.label), tr(o.help)


_MAKERS = {
    "file": lambda o, default: file(*_about(o), o.extension, optional=o.optional, advanced=o.advanced),
    "folder": lambda o, default: folder(*_about(o), optional=o.optional, advanced=o.advanced),
    "files": lambda o, default: files(*_about(o), advanced=o.advanced),
    "date": lambda o, default: date(*_about(o), optional=o.optional, default=default or next(iter(o.offered), None)),
    "integer": lambda o, default: integer(*_about(o), default, o.low, o.high, advanced=o.advanced),
    "double": lambda o, default: double(*_about(o), default, o.low, o.high, advanced=o.advanced),
    "choice": lambda o, default: choice(*_about(o), o.choices, default, advanced=o.advanced),
    "choices": lambda o, default: choices(*_about(o), o.choices, advanced=o.advanced),
    "words": lambda o, default: words(*_about(o), default, optional=o.optional, advanced=o.advanced, offered=o.offered),
    "authentication": lambda o, default: authentication(*_about(o)),
    "flag": lambda o, default: flag(*_about(o), default),
    "extent": lambda o, default: extent(*_about(o)),
    "polygons": lambda o, default: polygons(*_about(o)),
    "features": lambda o, default: features(*_about(o)),
    "span": lambda o, default: span(*_about(o), default),
    "file_out": lambda o, default: file_out(*_about(o), o.extension, optional=o.optional, default=not o.asked),
    "folder_out": lambda o, default: folder_out(*_about(o), optional=o.optional, default=not o.asked),
    "raster_out": lambda o, default: raster_out(*_about(o)),
    "points_out": lambda o, default: points_out(*_about(o), optional=o.optional, default=not o.asked),
}
