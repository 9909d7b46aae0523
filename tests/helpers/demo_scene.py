"""A year of the demo archive's truth and sensors, without its files."""

import numpy as np

from annsm_plugin.core import demo
from annsm_plugin.core.demo import archive, scene
from annsm_plugin.core.demo.climate import make_land, make_weather
from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.foundation.progress import SILENT

DAYS = np.arange("2015-03-31", "2016-03-31", dtype="datetime64[D]")


def scene_of(sensor="AMSR2", seed=0, region="demo", days=DAYS):
    """The scene of one radiometer on ``days``."""
    grid = Grid.from_extent(demo.REGIONS[region])
    margin = archive.MARGIN
    lat = grid.lat[0] + 0.25 * margin - 0.25 * np.arange(grid.lat.size + 2 * margin)
    lon = grid.lon[0] - 0.25 * margin + 0.25 * np.arange(grid.lon.size + 2 * margin)
    wide = Grid(lat, lon)
    lats, lons = (a.ravel() for a in np.meshgrid(lat, lon, indexing="ij"))
    land = make_land(lats, lons, seed)
    weather = make_weather(lats, lons, days[0] - 120, days.size + 122, seed, land)
    return scene.Scene(wide, grid, land, weather, seed, sensor, SILENT)
