"""Loads results into the project: named, styled, grouped, with their dates."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsLayerTreeGroup, QgsProcessingContext, QgsProcessingLayerPostProcessorInterface, QgsProject, QgsRasterLayer

from . import about

STYLES = Path(__file__).resolve().parent.parent / "styles"
GROUP = "ANN-SM"

#: Post-processors are lost unless something long-lived holds them.
_KEPT: list = []


class Styler(QgsProcessingLayerPostProcessorInterface):
    """Styles a layer and moves it into the plugin's group, once QGIS has it."""

    def __init__(self, style: str, name: str, group: str = GROUP):
        super().__init__()
        self.style, self.name, self.group = style, name, group

    def postProcessLayer(self, layer, context, feedback):
        if self.name:
            layer.setName(self.name)
        dress(layer, self.style)
        project = context.project() or QgsProject.instance()
        move_to_group(project, layer, self.group)


def styler(style: str, name: str = "", group: str = GROUP) -> Styler:
    """A post-processor that stays alive; the oldest of many are let go."""
    keep = Styler(style, name, group)
    _KEPT.append(keep)
    del _KEPT[:-200]
    return keep


def dress(layer, style: str) -> None:
    """Give ``layer`` the plugin's style ``style`` and, if it is a daily NetCDF, its dates and its animation."""
    path = STYLES / f"{style}.qml"
    if path.is_file():
        layer.loadNamedStyle(str(path))
    if isinstance(layer, QgsRasterLayer) and layer.source().startswith("NETCDF:"):
        from . import days

        days.set_up(layer)
    about.describe(layer)
    layer.triggerRepaint()


def move_to_group(project, layer, name: str) -> None:
    """Move a layer's node into the group ``name`` at the top of the layer tree, if the project shows it."""
    root = project.layerTreeRoot()
    node = root.findLayer(layer.id())
    if node is None:
        return
    group = root.findGroup(name) or root.insertGroup(0, name)
    if isinstance(node.parent(), QgsLayerTreeGroup) and node.parent() is not group and node.parent().name() != name:
        group.addChildNode(node.clone())
        node.parent().removeChildNode(node)


def load_netcdf(path, variable: str, name: str, style: str, context, output: str) -> str | None:
    """Load one variable of a NetCDF output when the algorithm ends; return the layer's id, None if there is no project."""
    from ..core.products.access import quiet_gdal

    with quiet_gdal():  # QGIS asks for statistics of the first days, which may have no value
        layer = QgsRasterLayer(f'NETCDF:"{path}":{variable}', name, "gdal")
    if not layer.isValid():
        if context.feedback() is not None:
            context.feedback().pushWarning(f"{path} was written, but QGIS does not show '{variable}' of it{_why(path)}.")
        return None
    context.temporaryLayerStore().addMapLayer(layer)
    details = QgsProcessingContext.LayerDetails(name, context.project(), output)
    details.setPostProcessor(styler(style, name))
    context.addLayerToLoadOnCompletion(layer.id(), details)
    return layer.id()


def _why(path) -> str:
    return ": its path has a quotation mark, with which GDAL opens no variable" if '"' in str(path) else ""


def style_output(context, path: str, name: str, style: str) -> None:
    """Name and style a raster or point output if QGIS is going to load it; lay the style beside it for whoever opens it later.

    A style that lies there already is left: it may be the user's.
    """
    from ..core.foundation import store

    beside, own = Path(path).with_suffix(".qml"), STYLES / f"{style}.qml"
    if not beside.exists():
        store.write_text(beside, own.read_text(encoding="utf-8"))
    if context.willLoadLayerOnCompletion(path):
        details = context.layerToLoadOnCompletionDetails(path)
        details.name = name
        details.setPostProcessor(styler(style, name))
