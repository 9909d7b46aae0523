"""Damage to GeoTIFF, HDF5 and HDF4 files: tags, sizes, types, groups, descriptors."""

from __future__ import annotations

import re

import h5py
import mutations
import numpy as np
from damaged_texts import WORDS, one


def tif(original, target, random):
    """Tags of the raster that is there, or another raster altogether."""
    content = bytearray(original.read_bytes())
    if random.random() < 0.6 and content[:4] == b"II*\0":
        at = int.from_bytes(content[4:8], "little")
        entries, done = int.from_bytes(content[at : at + 2], "little"), []
        for _ in range(int(random.integers(1, 3))):
            entry = at + 2 + 12 * int(random.integers(entries))
            offset, size = one(random, ((0, 2), (2, 2), (4, 4), (8, 4), (8, 4)))
            new = one(random, (0, 1, 2, 7, 16, 255, 65535, 2**31 - 1, 2**32 - 1, 100_000, int(random.integers(2**32)), at, 256, 322, 34735))
            content[entry + offset : entry + offset + size] = (new % 2 ** (8 * size)).to_bytes(size, "little")
            done.append(f"tag {int.from_bytes(content[entry : entry + 2], 'little')}: {new} at {offset}")
        target.write_bytes(content)
        return "; ".join(done)
    return _other_tif(target, random)


def _other_tif(target, random):
    from osgeo import gdal, osr

    columns, rows = one(random, ((30, 20), (1, 1), (1, 70_000), (200_000, 200_000), (2**31 - 1, 1), (60_000, 40_000)))
    bands = int(one(random, (1, 1, 1, 2, 300)))
    kind = one(
        random, (gdal.GDT_Byte, gdal.GDT_UInt16, gdal.GDT_Int32, gdal.GDT_Float32, gdal.GDT_Float64, gdal.GDT_CFloat32, gdal.GDT_CInt16)
    )
    if columns * rows > 10**8:
        bands = 1
    options = [
        "SPARSE_OK=TRUE",
        f"COMPRESS={one(random, ('DEFLATE', 'LZW', 'NONE', 'PACKBITS'))}",
        "BIGTIFF=YES" if columns * rows > 10**8 else "BIGTIFF=NO",
    ]
    if random.random() < 0.7 or columns > 10**6:
        across = one(random, (16, 256, 4096))
        # neither a hundred million blocks nor gigabytes of blocks that stand out over the raster: minutes, for nothing that is read
        across = 4096 if columns * rows > 10**8 else min(across, max(16, columns // 16 * 16))
        options += ["TILED=YES", f"BLOCKXSIZE={across}", "BLOCKYSIZE=256"]
    raster = gdal.GetDriverByName("GTiff").Create(str(target), columns, rows, bands, kind, options)
    steps = (0.01, 0.25, 1.0, 1e-9, 360.0, 0.0, float("nan"), float("inf"), 1e300, -0.1, 5000.0)
    step = one(random, steps)
    raster.SetGeoTransform(
        (one(random, (89.0, -180.0, 1e9, float("nan"))), step, one(random, (0.0, 0.0, 0.1)), 34.0, 0.0, -one(random, (step, *steps)))
    )
    system = osr.SpatialReference()
    given = one(
        random,
        ("EPSG:4326", "EPSG:4326", "EPSG:3857", "EPSG:32601", "EPSG:4978", "", "+proj=sinu +R=6371007.181 +units=m", 'LOCAL_CS["x"]'),
    )
    if given:
        with np.errstate(all="ignore"):
            if given.startswith("LOCAL"):
                system.ImportFromWkt(given)
            else:
                system.SetFromUserInput(given)
            raster.SetProjection(system.ExportToWkt())
    band = raster.GetRasterBand(1)
    if random.random() < 0.5:
        band.SetNoDataValue(float(one(random, (0, -9999, float("nan"), float("inf"), 1e308))))
    if random.random() < 0.3:
        band.SetRasterCategoryNames([one(random, WORDS).replace("\0", "")[:300] for _ in range(5)])
    if columns * rows < 10**6:
        band.Fill(float(one(random, (1, 250, 7.5, float("nan"), float("inf"), -1e30))))
    band = None
    raster = None
    return f"a raster of {rows} x {columns} x {bands} of type {kind}, {given or 'no projection'}, step {step:g}"


def hdf5(original, target, random):
    """A product file of HDF5 with something else in one of its places; a file of another kind with damaged bytes."""
    target.write_bytes(original.read_bytes())
    try:
        with h5py.File(target, "a") as file:
            names: list[str] = []
            file.visit(names.append)
            return mutations.replace(file, one(random, names), random)
    except (OSError, RuntimeError, ValueError, TypeError, KeyError) as error:
        content, what = mutations.spoil(bytearray(original.read_bytes()), random)
        target.write_bytes(content)
        return f"{what} ({type(error).__name__} otherwise)"


def hdf4(original, target, random):
    """Numbers and words in the descriptors and in the metadata, which are text."""
    content, kind = bytearray(original.read_bytes()), int(random.integers(3))
    if kind == 0:  # data descriptors: tag, reference, offset, length
        at = 10 + 12 * int(random.integers(int.from_bytes(content[4:6], "big") or 1))
        offset, size = one(random, ((0, 2), (2, 2), (4, 4), (8, 4)))
        new = one(random, (0, 1, 2**31 - 1, 2**32 - 1, len(content), len(content) - 3, int(random.integers(2**32)), 720, 1962, 106))
        content[at + offset : at + offset + size] = (new % 2 ** (8 * size)).to_bytes(size, "big")
        target.write_bytes(content)
        return f"descriptor at {at}: {new} at {offset}"
    words = [m.span() for m in re.finditer(rb"[A-Za-z0-9_.\-]{2,}" if kind == 1 else rb"\d{2,}", bytes(content))]
    for _ in range(int(random.integers(1, 6))):
        start, end = one(random, words)
        new = one(random, (b"9", b"0", b"-", b"x", b"\0", b" ", b"e", b".", b"%")) * (end - start)
        content[start:end] = new[: end - start]
    target.write_bytes(content)
    return "words and numbers of the metadata"
