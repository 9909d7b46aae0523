"""Gives a daily NetCDF raster layer its dates, so that the temporal controller animates its bands."""

from __future__ import annotations

import datetime
import re
from functools import lru_cache

from qgis.core import Qgis, QgsDateTimeRange, QgsRasterLayer, QgsRasterLayerTemporalProperties
from qgis.PyQt.QtCore import QDate, QDateTime, Qt, QTime

#: Custom property that keeps the first date and the band's day numbers with the layer, also in a saved project.
PROPERTY = "annsm/days"

EPOCH = datetime.date(2000, 1, 1)


def set_up(layer: QgsRasterLayer) -> None:
    """Read the days of the bands from the file and make the layer temporal."""
    days = days_of(layer)
    if not days:
        return
    layer.setCustomProperty(PROPERTY, ",".join(map(str, days)))
    if layer.renderer() is not None and hasattr(layer.renderer(), "setBand"):
        show(layer, best_band(layer))
    properties = layer.temporalProperties()
    if hasattr(Qgis, "RasterTemporalMode") and hasattr(Qgis.RasterTemporalMode, "FixedRangePerBand"):  # 3.38 and later
        properties.setMode(Qgis.RasterTemporalMode.FixedRangePerBand)
        properties.setFixedRangePerBand({band: _day_range(day, 1) for band, day in enumerate(days, start=1)})
    else:
        properties.setMode(QgsRasterLayerTemporalProperties.TemporalMode.RedrawLayerOnly)
    properties.setIsActive(True)


def days_of(layer: QgsRasterLayer) -> list[int]:
    """Days since 2000-01-01 of each band: from the layer's own property, else from the file."""
    return list(_numbers(str(layer.customProperty(PROPERTY, "") or _written(layer))))


@lru_cache(maxsize=64)
def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(value) for value in text.split(",") if value)


@lru_cache(maxsize=64)
def _places(text: str) -> dict[int, int]:
    """Band of each day."""
    return {day: band for band, day in enumerate(_numbers(text), start=1)}


def _written(layer: QgsRasterLayer) -> str:
    """The days that the file of a layer holds, with commas between; empty if it does not say or they are not one per band."""
    from ..core.exploration.gridded import GriddedFile
    from ..core.foundation.errors import CubeError

    path = netcdf_path(layer)
    try:
        dates = GriddedFile(path).dates if path else ()
    except CubeError:
        return ""
    if len(dates) != layer.bandCount():
        return ""
    return ",".join(str(day) for day in (dates - np_day(EPOCH)).astype(int).tolist())


def np_day(date: datetime.date):
    """A date as numpy has it."""
    import numpy as np

    return np.datetime64(date, "D")


def netcdf_path(layer: QgsRasterLayer) -> str:
    """The file of a NetCDF layer, empty for another."""
    found = re.match(r'^NETCDF:"?(.+?)"?:[^:"]+$', layer.source())
    return found.group(1) if found else ""


#: How far from mid-July the fullest day is looked for, and at every how manieth day.
AROUND, STEP = 15, 3

#: Pixels across and down of the sample in which values are counted.
SAMPLE = 16


def best_band(layer: QgsRasterLayer) -> int:
    """The band to show first: the fullest day around the middle of July of the last whole summer, when most cells are unfrozen.

    Swaths leave gaps, so a fixed day may be empty.
    """
    days = days_of(layer)
    last = EPOCH + datetime.timedelta(days=days[-1])
    summer = datetime.date(last.year if last >= datetime.date(last.year, 7, 15) else last.year - 1, 7, 15)
    wanted = (summer - EPOCH).days
    nearest = sorted(range(len(days)), key=lambda i: abs(days[i] - wanted))[: 2 * AROUND + 1 : STEP]
    return 1 + max(nearest, key=lambda i: (_filled(layer, i + 1), -abs(days[i] - wanted)))


def _filled(layer: QgsRasterLayer, band: int) -> int:
    """How many pixels of a band have a value, on a coarse sample."""
    columns, rows = min(layer.width(), SAMPLE), min(layer.height(), SAMPLE)
    block = layer.dataProvider().block(band, layer.extent(), columns, rows)
    return sum(not block.isNoData(i) for i in range(columns * rows))


def show(layer: QgsRasterLayer, band: int) -> None:
    """Switch the renderer of a layer to a band."""
    renderer = layer.renderer()
    switch = getattr(renderer, "setInputBand", None) or getattr(renderer, "setBand", None)
    if switch is not None:
        switch(band)


def band_at(layer: QgsRasterLayer, moment: QDateTime) -> int | None:
    """The band of the day that holds ``moment``, None if the layer has no such day."""
    wanted = datetime.date(moment.date().year(), moment.date().month(), moment.date().day())
    return _places(str(layer.customProperty(PROPERTY, "") or _written(layer))).get((wanted - EPOCH).days)


def whole_range(layer: QgsRasterLayer) -> QgsDateTimeRange:
    """From the first day to one day after the last, which is what a controller needs to show the last day."""
    days = days_of(layer)
    return _day_range(days[0], days[-1] - days[0] + 1)


def _day_range(day: int, length: int) -> QgsDateTimeRange:
    first = EPOCH + datetime.timedelta(days=day)
    begin = QDateTime(QDate(first.year, first.month, first.day), QTime(0, 0), Qt.TimeSpec.UTC)
    return QgsDateTimeRange(begin, begin.addDays(length), True, False)
