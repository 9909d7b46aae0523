"""Makes the demo's QGIS project (styled, grouped, named layers), its map image and the overview; scripts/demo.py runs it."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsBilinearRasterResampler,
    QgsCoordinateReferenceSystem,
    QgsFillSymbol,
    QgsHillshadeRenderer,
    QgsLayoutExporter,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutPoint,
    QgsLayoutSize,
    QgsLineSymbol,
    QgsMapLayerLegendUtils,
    QgsPrintLayout,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsReferencedRectangle,
    QgsSingleSymbolRenderer,
    QgsUnitTypes,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QColor, QFont, QPainter

from annsm_plugin.core.study import overview
from annsm_plugin.processing import days, layers

MM = QgsUnitTypes.LayoutUnit.LayoutMillimeters

#: Group, layer name, file, variable of a NetCDF file or empty, style; the first is on top and shown.
LAYERS = (
    ("Stations", "Stations: R of ANN-SM", "stations.gpkg", "", "stations"),
    ("ANN-SM", "ANN-SM soil moisture, AMSR2 years", "annsm.nc", "soil_moisture", "soil_moisture"),
    ("ANN-SM", "ANN-SM soil moisture, AMSR-E years", "annsm_history.nc", "soil_moisture", "soil_moisture"),
    ("Validation against SMAP", "R", "test_r.tif", "", "r"),
    ("Validation against SMAP", "RMSE (m³ m⁻³)", "test_rmse.tif", "", "rmse"),
    ("Validation against SMAP", "BIAS = SMAP − ANN-SM (m³ m⁻³)", "test_bias.tif", "", "bias"),
    ("Training", "R (training)", "training_r.tif", "", "r"),
    ("Training", "RMSE (training, 0-1)", "training_rmse.tif", "", "rmse01"),
    ("Training", "Status", "training_status.tif", "", "status"),
    ("Matching", "Complete days per cell", "pairs.tif", "", "days"),
    ("Matching", "Rainy days per cell", "dropped.tif", "", "removed"),
)
SHOWN = ("Stations: R of ANN-SM", "ANN-SM soil moisture, AMSR2 years")


#: Layers of the landscape below and above the record: group, name, source in the archive.
LAND = (
    ("Landscape", "Lake", "landscape.gpkg|layername=lake"),
    ("Landscape", "River", "landscape.gpkg|layername=river"),
    ("Landscape", "Region", "landscape.gpkg|layername=region"),
    ("Landscape", "Relief", "relief.tif"),
)


def build(folder: Path) -> QgsProject:
    """Add every layer that the demo has written to a new project, each in its group, on the relief."""
    project = QgsProject.instance()
    project.clear()
    project.setTitle("ANN-SM demo (synthetic data)")
    project.setCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    for group_name, name, file, variable, style in LAYERS:
        path = folder / file
        if not path.is_file():
            print(f"{file} is not there; left out of the project.")
            continue
        if path.suffix == ".gpkg":
            layer = QgsVectorLayer(str(path), name, "ogr")
        else:
            layer = QgsRasterLayer(f'NETCDF:"{path}":{variable}' if variable else str(path), name, "gdal")
        if not layer.isValid():
            raise SystemExit(f"QGIS cannot open {path}.")
        if not layer.crs().isValid():
            layer.setCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
        layers.dress(layer, style)
        if style == "stations":
            _name_sites(layer)
        if isinstance(layer, QgsRasterLayer):
            layer.setBlendMode(QPainter.CompositionMode.CompositionMode_Multiply)  # the relief shows through
        _add(project, group_name, layer, name in SHOWN)
    for group_name, name, source in LAND:
        path = folder / "archive" / "landscape" / source
        if not Path(str(path).split("|")[0]).is_file():
            continue
        layer = QgsRasterLayer(str(path), name, "gdal") if source.endswith(".tif") else QgsVectorLayer(str(path), name, "ogr")
        if not layer.isValid():
            raise SystemExit(f"QGIS cannot open {path}.")
        _paint(layer, name)
        _add(project, group_name, layer, True)
    main = _by_name(project, SHOWN[1])
    if main is not None:
        project.viewSettings().setDefaultViewExtent(QgsReferencedRectangle(_framed(main.extent(), 1.15), project.crs()))
        project.timeSettings().setTemporalRange(days.whole_range(main))
    return project


def _add(project, group_name: str, layer, shown: bool) -> None:
    project.addMapLayer(layer, False)
    root = project.layerTreeRoot()
    node = (root.findGroup(group_name) or root.addGroup(group_name)).addLayer(layer)
    node.setItemVisibilityChecked(shown)
    node.setExpanded(shown and group_name != "Landscape")


def _name_sites(layer) -> None:
    """Label station cells with the names of their stations."""
    labels = layer.labeling().clone()
    settings = labels.settings()
    settings.fieldName = "replace(replace(\"site_names\", '_', ' '), ', ', '\\n') || coalesce('\\nR ' || format_number(\"annsm_r\", 2), '')"
    labels.setSettings(settings)
    layer.setLabeling(labels)


def _paint(layer, name: str) -> None:
    """The landscape's own style."""
    if name == "Relief":
        shade = QgsHillshadeRenderer(layer.dataProvider(), 1, 315.0, 42.0)
        shade.setMultiDirectional(True)
        shade.setZFactor(0.00004)  # heights in m on degrees
        layer.setRenderer(shade)
        layer.setResamplingStage(Qgis.RasterResamplingStage.ResampleFilter)
        layer.resampleFilter().setZoomedInResampler(QgsBilinearRasterResampler())
        layer.brightnessFilter().setBrightness(40)
        return
    symbols = {
        "Lake": lambda: QgsFillSymbol.createSimple({"color": "#9ec9e2", "outline_color": "#4d86a8", "outline_width": "0.3"}),
        "River": lambda: QgsLineSymbol.createSimple({"line_color": "#3f7fa6", "line_width": "0.5"}),
        "Region": lambda: QgsFillSymbol.createSimple({"style": "no", "outline_color": "#333333", "outline_width": "0.5"}),
    }
    layer.setRenderer(QgsSingleSymbolRenderer(symbols[name]()))


def _by_name(project, name):
    return next(iter(project.mapLayersByName(name)), None)


def _framed(extent: QgsRectangle, factor: float) -> QgsRectangle:
    extent = QgsRectangle(extent)
    extent.scale(factor)
    return extent


def _shaped(extent: QgsRectangle, ratio: float) -> QgsRectangle:
    """``extent`` widened or heightened to ``ratio`` of width to height: an item's first extent must have its shape."""
    width, height = max(extent.width(), ratio * extent.height()), max(extent.height(), extent.width() / ratio)
    centre = extent.center()
    return QgsRectangle(centre.x() - width / 2, centre.y() - height / 2, centre.x() + width / 2, centre.y() + height / 2)


def draw(project: QgsProject, path: Path) -> None:
    """Print a map with title, legend and date to ``path`` through a layout that stays in the project."""
    main, stations = _by_name(project, SHOWN[1]), _by_name(project, SHOWN[0])
    band = days.best_band(main)
    day = days.EPOCH.fromordinal(days.EPOCH.toordinal() + days.days_of(main)[band - 1])
    layout = QgsPrintLayout(project)
    layout.initializeDefaults()
    layout.setName("ANN-SM demo")
    layout.pageCollection().page(0).setPageSize(QgsLayoutSize(230, 150, MM))
    picture = QgsLayoutItemMap(layout)
    picture.attemptMove(QgsLayoutPoint(8, 24, MM))
    picture.attemptResize(QgsLayoutSize(156, 112, MM))
    below = [_by_name(project, name) for name in ("Lake", "River", "Region")] + [main, _by_name(project, "Relief")]
    picture.setLayers([layer for layer in (stations, *below) if layer is not None])
    picture.setCrs(project.crs())
    picture.setExtent(_shaped(_framed(main.extent(), 1.06), 156 / 112))
    picture.setFrameEnabled(True)
    picture.setFrameStrokeColor(QColor("#9a9a9a"))
    picture.setBackgroundColor(QColor("#eef1f4"))
    grid = picture.grid()
    grid.setEnabled(True)
    step = 1.0 if main.extent().width() < 8 else 5.0
    grid.setIntervalX(step)
    grid.setIntervalY(step)
    grid.setStyle(grid.GridStyle.FrameAnnotationsOnly)
    grid.setAnnotationEnabled(True)
    grid.setAnnotationPrecision(0)
    grid.setAnnotationFont(QFont("DejaVu Sans", 7))
    layout.addLayoutItem(picture)
    _label(layout, f"ANN-SM soil moisture, {day.isoformat()}", 8, 5, 210, 9, 17, bold=True)
    _label(layout, "Demo archive: synthetic data from a physical model, not observations", 8, 14, 210, 6, 9, colour="#a03020")
    legend = QgsLayoutItemLegend(layout)
    legend.setWrapString("\n")
    legend.setAutoUpdateModel(False)
    root = legend.model().rootGroup()
    root.clear()
    for layer, title in ((main, "Soil moisture (m³ m⁻³)"),):
        if layer is not None:
            root.addLayer(layer).setCustomProperty("cached_name", title)
            node = root.findLayer(layer.id())
            node.setCustomProperty("legend/title-label", title)
            if layer is main:  # leave out the line that names the band
                count = len(layer.renderer().legendSymbologyItems())
                QgsMapLayerLegendUtils.setLegendNodeOrder(node, list(range(1, count + 1)))
                legend.model().refreshLayerLegend(node)
    for style in ("Title", "Group", "Subgroup", "SymbolLabel"):
        part = getattr(legend.style(getattr(_legend_styles(), style)), "font", None)
        if part is not None:
            legend.setStyleFont(getattr(_legend_styles(), style), QFont("DejaVu Sans", 9 if style == "Subgroup" else 8))
    legend.attemptMove(QgsLayoutPoint(170, 24, MM))
    layout.addLayoutItem(legend)
    legend.adjustBoxSize()
    _label(layout, "Points: stations, with R of ANN-SM\nin the AMSR-E years", 172, 108, 56, 12, 8)
    _label(layout, "0.25° cells. Method: Wang and Xu (2021), Remote Sens. 13, 5156.", 8, 142, 210, 5, 7, colour="#606060")
    project.layoutManager().addLayout(layout)
    settings = QgsLayoutExporter.ImageExportSettings()
    settings.dpi = 160
    if QgsLayoutExporter(layout).exportToImage(str(path), settings) != QgsLayoutExporter.ExportResult.Success:
        raise SystemExit(f"The map {path} could not be written.")


def _legend_styles():
    from qgis.core import QgsLegendStyle

    return QgsLegendStyle.Style


def _label(layout, text, x, y, width, height, size, *, bold=False, colour="#202020"):
    label = QgsLayoutItemLabel(layout)
    label.setText(text)
    font = QFont("DejaVu Sans", size)
    font.setBold(bold)
    label.setFont(font)
    label.setFontColor(QColor(colour))
    label.attemptMove(QgsLayoutPoint(x, y, MM))
    label.attemptResize(QgsLayoutSize(width, height, MM))
    layout.addLayoutItem(label)


def main() -> None:
    folder = Path(sys.argv[1]).resolve()
    application = QgsApplication([], False)
    application.initQgis()
    project = build(folder)
    draw(project, folder / "map.png")
    if not project.write(str(folder / "annsm_demo.qgz")):
        raise SystemExit("The project could not be written.")
    write_overview(folder)
    project.clear()
    application.exitQgis()


def write_overview(folder: Path) -> None:
    """Write overview.html and print its table: the paper's figures beside the demo's."""
    import json

    record = json.loads((folder / "validation_smap.run.json").read_text(encoding="utf-8"))["parameters"]
    found = overview.rows(trained=folder / "model.nc", annsm=folder / "annsm.nc", reference=folder / "cube.nc", start=record["START"],
                          end=record["END"], table=folder / "stations.csv")  # fmt: skip
    overview.write(folder / "overview.html", found, synthetic="the demo archive")
    print(overview.text(found, synthetic=True))


if __name__ == "__main__":
    main()
