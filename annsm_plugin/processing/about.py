"""What a layer says of itself: its metadata, and the map tip with the day's value."""

from __future__ import annotations

import html
from pathlib import Path

from qgis.core import QgsLayerMetadata, QgsMapLayer, QgsRasterLayer, QgsReferencedRectangle, QgsVectorLayer

from ..core.foundation.paths import file_of
from . import days, record

METHOD = "Wang, Y. and Xu, Y. (2021), Remote Sensing 13, 5156, https://doi.org/10.3390/rs13245156"
KEYWORDS = ["soil moisture", "ANN-SM", "AMSR-E", "AMSR2", "SMAP"]

#: Lines of a file's history that are kept.
LINES = 30


def describe(layer: QgsMapLayer) -> None:
    """Fill in the layer's metadata from its file and run record, and its map tip. What the user has written is left."""
    path = Path(days.netcdf_path(layer) or file_of(layer.source())) if isinstance(layer, QgsRasterLayer) else None
    path = path or Path(file_of(layer.source()))
    if not layer.metadata().title():
        layer.setMetadata(_metadata(layer, path))
    tip = _tip(layer)
    if tip and hasattr(layer, "setMapTipTemplate") and not layer.mapTipTemplate():  # of rasters from 3.30
        layer.setMapTipTemplate(tip)


def _metadata(layer: QgsMapLayer, path: Path) -> QgsLayerMetadata:
    about = QgsLayerMetadata()
    told, content = _attributes(path), _record(path)
    about.setIdentifier(path.name)
    about.setType("dataset")
    about.setTitle(layer.name())
    summary = content.get("summary")
    lines = [_shown(told.get("title", "")), *map(_shown, summary if isinstance(summary, list) else []), f"Method: {METHOD}."]
    if told.get("synthetic"):
        lines.insert(0, f"Synthetic: {_shown(told['synthetic'])}; no observations.")
    about.setAbstract("\n".join(line for line in lines if line))
    about.setKeywords({"gmd:topicCategory": KEYWORDS})
    about.setCrs(layer.crs())
    about.setRights([f"Please cite {METHOD}"])
    about.setHistory([_shown(line) for line in str(told.get("history", "")).splitlines() if line][:LINES])
    if content:
        link = QgsLayerMetadata.Link("run record", "WWW:LINK", record.path_for(path).as_uri())
        link.description = f"{_shown(content.get('algorithm', ''))}: settings, inputs and versions of the run"
        about.setLinks([link])
    extent = about.extent()
    spatial = QgsLayerMetadata.SpatialExtent()
    spatial.extentCrs = layer.crs()
    spatial.bounds = _box(QgsReferencedRectangle(layer.extent(), layer.crs()))
    extent.setSpatialExtents([spatial])
    if isinstance(layer, QgsRasterLayer) and layer.customProperty(days.PROPERTY):
        extent.setTemporalExtents([days.whole_range(layer)])
    about.setExtent(extent)
    return about


def _shown(text: object) -> str:
    """Text of a file for QGIS's page about a layer, which takes it for HTML."""
    return html.escape(str(text), quote=False)


def _box(rectangle):
    from qgis.core import QgsBox3d

    return QgsBox3d(rectangle.xMinimum(), rectangle.yMinimum(), 0, rectangle.xMaximum(), rectangle.yMaximum(), 0)


def _attributes(path: Path) -> dict:
    """The attributes of a gridded file; none of another."""
    if path.suffix.lower() not in (".nc", ".nc4"):
        return {}
    from ..core.exploration.gridded import GriddedFile
    from ..core.foundation.errors import CubeError

    try:
        return GriddedFile(path).attributes
    except CubeError:
        return {}


def _record(path: Path) -> dict:
    """The run record beside a file; of a raster that a run wrote beside its main output, that run's."""
    from ..core.foundation.errors import ProductError
    from ..core.foundation.outside import read_json

    for candidate in (record.path_for(path), *sorted(path.parent.glob("*.run.json"))[:50]) if path.parent.is_dir() else ():
        try:
            content = read_json(candidate, "a run record", finite=False)
        except ProductError:
            continue
        results = content.get("results")
        if candidate == record.path_for(path) or (isinstance(results, dict) and str(path) in map(str, results.values())):
            return content
    return {}


def _tip(layer: QgsMapLayer) -> str:
    """HTML with expressions, for the map tip."""
    if isinstance(layer, QgsVectorLayer):
        names = [field.name() for field in layer.fields()]
        lines = [f"<b>[% {_text('name')} %]</b>"] if "name" in names or "annsm_r" in names else []
        if "annsm_r" in names:
            lines.append("R [% coalesce(format_number(\"annsm_r\", 2), '–') %]")
        if {"annsm_r", "annsm_rmse", "site_names"} <= set(names):
            lines[-1] += ", RMSE [% coalesce(format_number(\"annsm_rmse\", 3), '–') %] m³ m⁻³"
            lines.append(f"[% {_text('site_names')} %]")
        return "<br>".join(lines)
    band = "raster_value(@layer_id, @layer_band, @layer_cursor_point)" if layer.customProperty(days.PROPERTY) else None
    value = band or "raster_value(@layer_id, 1, @layer_cursor_point)"
    return f"<b>[% {_escaped('@layer_name')} %]</b><br>[% coalesce(format_number({value}, 3), 'no value') %]"


def _text(field: str) -> str:
    """An expression for the text of a field: a station's name is no markup."""
    return _escaped(f'"{field}"')


def _escaped(expression: str) -> str:
    return f"replace(replace({expression}, '&', '&amp;'), '<', '&lt;')"
