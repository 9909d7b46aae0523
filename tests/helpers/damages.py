"""Seeded damage that fits the kind of a file: ``damage`` writes a damaged copy and says what it did.

Even seeds damage bytes; odd ones the structure: fields of a table, values of a JSON text, headers and members of a zip or tar, tags of a
GeoTIFF, groups and types of an HDF5 file, dimensions and attributes of a NetCDF file.
"""

from __future__ import annotations

import json
import re
import warnings
from pathlib import Path

import mutations
import numpy as np
from damaged_archives import npz, tar, zipped
from damaged_fields import hdf4, hdf5, tif
from damaged_texts import NAMES, VALUES, one, text


def damage(original: Path, target: Path, seed: int) -> str:
    """Write ``target``, a damaged copy of ``original``, and say what is wrong with it."""
    random = np.random.default_rng([seed, 18])
    structure = STRUCTURES.get(original.suffix.lower())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if structure is None or (seed % 2 == 0 and random.random() < 0.9):
            content, what = mutations.spoil(bytearray(original.read_bytes()), random)
            target.write_bytes(content)
            return what
        return structure(original, target, random)


def _netcdf(original, target, random):
    if original.stat().st_size > 400_000 or (original.read_bytes()[:3] == b"CDF" and random.random() < 0.3):
        return hdf5(original, target, random)
    return mutations.structure(original, target, random)


def _text(original, target, random):
    content, what = text(original.read_bytes(), random)
    target.write_bytes(content)
    return what


def _json(original, target, random):
    kind = int(random.integers(8))
    if kind == 0:
        content, what = text(original.read_bytes(), random)
        target.write_bytes(content)
        return what
    found, done = json.loads(original.read_text(encoding="utf-8")), []
    for _ in range(int(random.integers(1, 4))):
        holder, key = _somewhere(found, random)
        if kind == 1 and isinstance(holder, dict):
            del holder[key]
        elif kind == 2:
            deep = one(random, ("[", '{"a":'))
            holder[key] = f"@deep{deep}"
        elif kind == 3 and isinstance(holder, dict):
            holder[one(random, (*NAMES[:1], "step", "parameters", "request", "output"))] = holder.pop(key)
        else:
            holder[key] = one(random, VALUES)
        done.append(f"{key} = {str(holder.get(key, 'gone') if isinstance(holder, dict) else holder[key])[:30]!r}")
    written = json.dumps(found)
    written = re.sub(r'"@deep(\[|{\\"a\\":)"', lambda m: m.group(1).replace("\\", "") * 50_000, written)
    if kind == 4:
        place = written.find(",")
        written = written[: place + 1] + '"algorithm": 3, "algorithm": [], ' + written[place + 1 :]
        done.append("a key twice")
    target.write_bytes(written.encode("utf-8", "surrogatepass"))
    return "; ".join(done)


def _somewhere(found, random):
    """A place (its holder and key) in a JSON value."""
    holder = found
    while True:
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        key = one(random, keys)
        below = holder[key]
        if not isinstance(below, (dict, list)) or not below or random.random() < 0.3:
            return holder, key
        holder = below


STRUCTURES = {
    ".nc": _netcdf, ".nc4": _netcdf, ".h5": hdf5, ".hdf": hdf4, ".tif": tif, ".json": _json, ".csv": _text, ".stm": _text, ".txt": _text,
    ".zip": zipped, ".xlsx": zipped, ".npz": npz, ".tgz": tar, ".lock": _json,
}  # fmt: skip
