"""The landscape of the large demo region: mountains, a dry west and a wet east, a river in a green valley, and a lake.

Everything is a function of position, so that a cell, a pixel of the relief and a station see the same land.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..foundation import store
from .climate import Land, correlated

#: Pixel of the relief, degrees.
FINE = 0.02

#: Stations, by name: latitude and longitude. Along the valley, on the eastern terraces, in the dry west, one pair in one cell.
STATIONS = {
    "Yak_Meadow": (33.62, 92.35),
    "Upper_Ford": (33.05, 91.12),
    "Reed_Bend": (34.62, 94.60),
    "Old_Bridge": (34.66, 94.68),
    "Willow_Flat": (34.12, 96.62),
    "East_Terrace": (36.12, 96.88),
    "Cloud_Pasture": (32.12, 96.38),
    "Salt_Lake": (36.38, 90.12),
    "Stone_Pass": (32.12, 89.62),
    "Long_Steppe": (36.62, 93.38),
}

#: The lake's middle (lat, lon) and half axes, degrees.
LAKE = (35.75, 90.75, 0.30, 0.55)


def river(lon: np.ndarray) -> np.ndarray:
    """Latitude of the river at a longitude."""
    return 33.7 + 0.85 * np.sin(0.9 * (lon - 91.3)) + 0.28 * np.sin(2.3 * (lon - 90.0))


def valley(lat: np.ndarray, lon: np.ndarray, width: float = 0.36) -> np.ndarray:
    """1 at the river, 0 far from it."""
    slope = np.hypot(1.0, 0.9 * 0.85 * np.cos(0.9 * (lon - 91.3)) + 2.3 * 0.28 * np.cos(2.3 * (lon - 90.0)))
    return np.exp(-((((lat - river(lon)) / slope) / width) ** 2))


def lake(lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """1 in the lake's middle, 0 at its shore and outside."""
    return np.clip(1.0 - np.hypot((lat - LAKE[0]) / LAKE[2], (lon - LAKE[1]) / LAKE[3]), 0.0, 1.0)


def _noise(x: np.ndarray, y: np.ndarray, lattice: np.ndarray) -> np.ndarray:
    """Smooth noise in -1..1: values of a periodic ``lattice`` (n, n) between its points, joined without an edge."""
    n = lattice.shape[0]
    i, j = np.floor(x).astype(int), np.floor(y).astype(int)
    u, v = x - i, y - j
    u, v = u * u * u * (u * (6.0 * u - 15.0) + 10.0), v * v * v * (v * (6.0 * v - 15.0) + 10.0)
    at = [[lattice[(i + di) % n, (j + dj) % n] for dj in (0, 1)] for di in (0, 1)]
    return (1 - u) * ((1 - v) * at[0][0] + v * at[0][1]) + u * ((1 - v) * at[1][0] + v * at[1][1])


def elevation(lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Height in m: ranges of several scales on a plateau that falls to the east, cut by the valley."""
    lattice = np.random.default_rng(20).uniform(-1.0, 1.0, (64, 64))
    lat, lon = np.broadcast_arrays(lat, lon)
    along, across = 0.91 * lon - 0.42 * lat, 0.42 * lon + 0.91 * lat  # ranges run from west-north-west to east-south-east
    warp = 0.5 * _noise(along / 2.0 + 7.3, across / 2.0, lattice)
    ridges, strength, rough = np.zeros(lat.shape), 1.0, np.ones(lat.shape)
    for octave in range(7):
        size = 1.9 * 0.5**octave
        found = _noise((along + warp) / (1.5 * size) + 11.7 * octave, (across + warp) / size + 5.1 * octave, lattice)
        crest = (1.0 - np.abs(found)) ** 2
        ridges = ridges + strength * rough * crest
        rough = np.clip(1.6 * crest, 0.0, 1.0)  # small forms stand on the large ones, plains stay smooth
        strength *= 0.5
    height = (ridges - 0.85) * 2100.0
    plateau = 4500.0 - 130.0 * (lon - 93.5) + 40.0 * (lat - 34.5)
    flat = np.clip(valley(lat, lon, 0.5), 0.0, 1.0)
    water = np.clip(3.0 * lake(lat, lon), 0.0, 1.0)
    height = plateau + height * (1.0 - 0.85 * flat) - 900.0 * flat
    return height * (1.0 - water) + (plateau - 350.0) * water


def wetness(lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """What the rain is multiplied by: little in the west, much in the east, more on heights and along the river."""
    east = 1.0 / (1.0 + np.exp(-(lon - 93.6) / 1.3))
    height = np.clip((elevation(lat, lon) - 4300.0) / 2500.0, -0.3, 0.4)
    return np.clip(0.42 + 1.15 * east + 0.35 * height * east + 1.0 * valley(lat, lon) - 0.12 * (lat - 34.5) / 3.5, 0.25, 2.4)


def make_land(lat: np.ndarray, lon: np.ndarray, seed: int) -> Land:
    """The land in cells at ``lat``, ``lon`` (cells,)."""
    rng = np.random.default_rng([seed, 7])
    fields = correlated(rng, 3, lat, lon, 90.0)
    wet, height, green = wetness(lat, lon), elevation(lat, lon), valley(lat, lon)
    sand = np.clip(62.0 - 18.0 * np.minimum(wet, 1.5) + 5.0 * fields[0], 20.0, 80.0)
    clay = np.clip(12.0 + 7.0 * green + 3.0 * fields[1], 6.0, 34.0)
    return Land(
        sand=sand,
        clay=clay,
        porosity=np.clip(0.47 - 0.0008 * (sand - 50.0) + 0.04 * green, 0.40, 0.56),
        roughness=np.clip(0.22 + 0.00003 * (height - 4300.0) + 0.03 * fields[2], 0.12, 0.40),
        barren=wet < 0.32,
        temperature=285.0 - 0.0025 * (height - 4200.0) - 0.30 * (lat - lat.mean()),
        peak_lai=np.where(wet < 0.32, 0.0, np.clip(0.1 + 1.2 * wet, 0.3, 3.0)),
        wetness=wet,
        drainage=np.clip(1.3 - 1.1 * green - 0.45 * np.minimum(wet, 1.5), 0.15, 1.3),
        thirst=np.clip(1.35 - 0.55 * green - 0.45 * np.minimum(wet, 1.5), 0.35, 1.3),
    )


def write(folder: Path, extent: tuple[float, float, float, float]) -> None:
    """Write the relief (GeoTIFF of heights), the outline of the region, the river and the lake (GeoPackage) into a new folder."""
    from osgeo import gdal, ogr, osr

    folder.mkdir()
    west, south, east, north = (extent[0] - 0.5, extent[1] - 0.5, extent[2] + 0.5, extent[3] + 0.5)
    lon = west + FINE * (np.arange(round((east - west) / FINE)) + 0.5)
    lat = north - FINE * (np.arange(round((north - south) / FINE)) + 0.5)
    heights = elevation(lat[:, None], lon[None, :])
    with store.gdal_errors():
        raster = gdal.GetDriverByName("GTiff").Create(
            str(folder / "relief.tif"), lon.size, lat.size, 1, gdal.GDT_Int16, ["COMPRESS=DEFLATE"]
        )
        raster.SetGeoTransform((west, FINE, 0.0, north, 0.0, -FINE))
        raster.SetProjection(store.WGS84)
        band = raster.GetRasterBand(1)
        band.SetUnitType("m")
        band.WriteRaster(0, 0, lon.size, lat.size, np.rint(heights).astype("int16").tobytes())
        band = raster = None
        reference = osr.SpatialReference()
        reference.ImportFromEPSG(4326)
        reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        source = gdal.GetDriverByName("GPKG").Create(str(folder / "landscape.gpkg"), 0, 0, 0, gdal.GDT_Unknown)
        at = np.linspace(extent[0], extent[2], 240)
        turn = np.linspace(0.0, 2.0 * np.pi, 120)
        corners = np.array(
            [[extent[0], extent[1]], [extent[2], extent[1]], [extent[2], extent[3]], [extent[0], extent[3]], [extent[0], extent[1]]]
        )
        shore = np.stack([LAKE[1] + 0.66 * LAKE[3] * np.cos(turn), LAKE[0] + 0.66 * LAKE[2] * np.sin(turn)], axis=1)
        for name, kind, points in (
            ("region", ogr.wkbPolygon, corners),
            ("river", ogr.wkbLineString, np.stack([at, river(at)], axis=1)),
            ("lake", ogr.wkbPolygon, shore),
        ):
            layer = source.CreateLayer(name, reference, kind)
            layer.CreateField(ogr.FieldDefn("name", ogr.OFTString))
            line = ogr.Geometry(ogr.wkbLineString if kind == ogr.wkbLineString else ogr.wkbLinearRing)
            for x, y in points:
                line.AddPoint_2D(float(x), float(y))
            geometry = line
            if kind == ogr.wkbPolygon:
                geometry = ogr.Geometry(ogr.wkbPolygon)
                geometry.AddGeometry(line)
            feature = ogr.Feature(layer.GetLayerDefn())
            feature.SetField("name", {"region": "demo region", "river": "river", "lake": "lake"}[name])
            feature.SetGeometry(geometry)
            layer.CreateFeature(feature)
            feature = layer = None
        source = None
