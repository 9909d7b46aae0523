"""Seeded damage that fits the kind of a file: ``damage`` writes a damaged copy and says what it did.

Even seeds damage bytes; odd ones the structure: fields of a table, values of a JSON text, headers and members of a zip or tar, tags of a
GeoTIFF, groups and types of an HDF5 file, dimensions and attributes of a NetCDF file.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import tarfile
import warnings
import zipfile
import zlib
from pathlib import Path

import h5py
import mutations
import numpy as np

NUMBERS = (
    "nan",
    "inf",
    "-inf",
    "1e999",
    "-1",
    "0",
    "9" * 400,
    "1,5",
    "²",
    "٣",
    "0x10",
    "1_000",
    "--1",
    "1e-400",
    "99999999999999999999",
    "",
)
WORDS = (
    "", " ", "\0", '"', "'", '"""', ",", ";", "\t", "\n", "\r", "\ufeff", "\u202e", "\ud7ff", "x" * 140_000, "a$\\frac{$b", "<script>",
    "../../x", "/etc/passwd", "C:\\x", "NaT", "now", "0000-00-00", "9999-12-31 23:59", "2015-13-45", "=1+1", "%s%n", "é" * 300, "𝒳",
)  # fmt: skip
ENCODINGS = ("utf-16", "utf-32", "utf-8-sig", "cp037", "utf-16-le", "gb18030")
VALUES = (
    None, True, False, 0, -1, 3, 2**63, 10**30, 1.5, -0.0, 1e308, float("nan"), float("inf"), "", "x", "9" * 500, "\0", "\ud800", "a" * 100_000,
    [], {}, [[]], [None], {"a": {}}, [1, 2, 3], list(range(3000)), {"": ""}, "2015-04-01", "/etc/passwd", "../../../x", "nul|x", "//host/share",
)  # fmt: skip
NAMES = ("", "..", "../x.stm", "/x.stm", "a\0b", "x" * 60_000, "C:\\x.stm", "é\udcff", "__MACOSX/x", "a/" * 500 + "x.stm", "con.stm")


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


def _one(random, choices):
    return choices[int(random.integers(len(choices)))]


def _netcdf(original, target, random):
    if original.stat().st_size > 400_000 or original.read_bytes()[:3] == b"CDF" and random.random() < 0.3:
        return _hdf5(original, target, random)
    return mutations.structure(original, target, random)


def text(content: bytes, random: np.random.Generator) -> tuple[bytes, str]:
    """A damaged table or other text of lines."""
    lines = content.splitlines(keepends=True) or [b""]
    kind, at = int(random.integers(13)), int(random.integers(len(lines))) if random.random() < 0.7 else 0
    separator = next((s for s in (b";", b"\t", b",", b" ") if s in lines[0]), b",")
    fields = lines[at].rstrip(b"\r\n").split(separator)
    own = int(random.integers(len(fields)))
    if kind == 0:
        fields[own] = _one(random, NUMBERS).encode()
        what = f"field {own} of line {at} as {fields[own][:20]!r}"
    elif kind == 1:
        fields[own] = _one(random, WORDS).encode("utf-8", "surrogatepass")
        what = f"field {own} of line {at} as {fields[own][:20]!r}"
    elif kind == 2:
        del fields[own]
        what = f"line {at} without field {own}"
    elif kind == 3:
        fields[own:own] = [fields[own]] * int(_one(random, (1, 3, 5000)))
        what = f"field {own} of line {at} several times"
    elif kind == 4:  # a whole column
        new = _one(random, (*NUMBERS, *WORDS)).encode("utf-8", "surrogatepass")[:200]
        split = [line.rstrip(b"\r\n").split(separator) for line in lines]
        split = [[*s[:own], new, *s[own + 1 :]] if n and len(s) > own else s for n, s in enumerate(split)]
        return b"\n".join(separator.join(s) for s in split) + b"\n", f"column {own} as {new[:20]!r}"
    elif kind == 5:
        lines[at : at + 1] = [lines[at]] * int(_one(random, (0, 2, 50)))
        return b"".join(lines), f"line {at} gone or several times"
    elif kind == 6:
        order = random.permutation(len(lines))
        return b"".join(lines[int(n)] for n in order), "lines in another order"
    elif kind == 7:
        ends = (b"\r", b"\r\n", b"\n", b"\x0b", b"\x85", b"\n\n", b"\x1e", b"")
        return b"".join(line.rstrip(b"\r\n") + _one(random, ends) for line in lines), "mixed ends of lines"
    elif kind == 8:
        encoding = _one(random, ENCODINGS)
        return content.decode("utf-8", "replace").encode(encoding, "replace"), f"as {encoding}"
    elif kind == 9:
        new = _one(random, (b";", b"\t", b"|", b"  ", b",,", b"\0", b'","', b" "))
        return content.replace(separator, new), f"separated by {new!r}"
    elif kind == 10:
        place = int(random.integers(len(content) + 1))
        new = _one(random, WORDS).encode("utf-8", "surrogatepass")
        return content[:place] + new + content[place:], f"{new[:20]!r} at {place}"
    elif kind == 11:
        digits = re.sub(rb"\d+", lambda m: _one(random, NUMBERS).encode() if random.random() < 0.05 else m.group(), content)
        return digits, "odd numbers all over"
    else:
        return b"\n" * int(random.integers(5)) + content.rstrip() + _one(random, (b"", b"\n" * 9, b"\x1a", b"\0" * 9)), "other ends"
    ending = lines[at][len(lines[at].rstrip(b"\r\n")) :]
    lines[at] = separator.join(fields) + ending
    return b"".join(lines), what


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
            deep = _one(random, ("[", '{"a":'))
            holder[key] = f"@deep{deep}"
        elif kind == 3 and isinstance(holder, dict):
            holder[_one(random, NAMES[:1] + ("step", "parameters", "request", "output"))] = holder.pop(key)
        else:
            holder[key] = _one(random, VALUES)
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
        key = _one(random, keys)
        below = holder[key]
        if not isinstance(below, (dict, list)) or not below or random.random() < 0.3:
            return holder, key
        holder = below


def _zip(original, target, random):
    if random.random() < 0.5:
        content, what = zip_fields(bytearray(original.read_bytes()), random)
        target.write_bytes(content)
        return what
    with zipfile.ZipFile(original) as file:
        members = [(info.filename, file.read(info)) for info in file.infolist()]
    at, kind = int(random.integers(len(members))), int(random.integers(7))
    name, content = members[at]
    what = f"member {name}: "
    if kind == 0:
        del members[at]
        what += "gone"
    elif kind == 1:
        members += [members[at]] * int(_one(random, (1, 2000)))
        what += "several times"
    elif kind == 2:
        members[at] = _one(random, NAMES).replace("\0", "\x01").encode("utf-8", "replace").decode(), content
        what += f"as {members[at][0][:20]!r}"
    elif kind == 3:
        members[at] = name, b""
        what += "empty"
    else:
        ending = Path(name).suffix.lower()
        way = npy if ending == ".npy" else xml if ending in (".xml", ".rels") else text if ending in (".stm", ".csv") else mutations.spoil
        content, more = way(bytearray(content) if way is mutations.spoil else content, random)
        members[at], what = (name, content), what + more
    _rezip(target, members, _one(random, (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)))
    return what


def _rezip(target, members, way):
    with zipfile.ZipFile(target, "w", way) as file:
        for name, content in members:
            file.writestr(name or "-", content)


def zip_fields(content: bytearray, random: np.random.Generator) -> tuple[bytes, str]:
    """A zip one of whose headers holds something else: version, flags, method, checksum, sizes, name, lengths, places."""
    marks = {b"PK\x01\x02": 46, b"PK\x03\x04": 30, b"PK\x05\x06": 22}
    mark = _one(random, list(marks))
    places = [m.start() for m in re.finditer(re.escape(mark), bytes(content))]
    if not places:
        return bytes(content), "nothing"
    at = _one(random, places)
    offset, size = 4 + 2 * int(random.integers((marks[mark] - 4) // 2)), int(_one(random, (2, 2, 4)))
    new = _one(random, (bytes(4), b"\xff" * 4, b"\1\0\0\0", b"\x01\x08\0\0", b"\x63\0\0\0", b"\xff\xff\xff\x7f", random.bytes(4)))
    content[at + offset : at + offset + size] = new[:size]
    return bytes(content), f"{new[:size]!r} at {offset} of {mark!r}"


def xml(content: bytes, random: np.random.Generator) -> tuple[bytes, str]:
    """A damaged part of a spreadsheet."""
    kind = int(random.integers(7))
    tags = [m.span() for m in re.finditer(rb"<[^>]*>", content)] or [(0, 0)]
    start, end = _one(random, tags)
    if kind == 0:
        return content[:start] + content[end:], f"without {content[start:end][:30]!r}"
    if kind == 1:
        return content[:end] + content[start:end] * int(_one(random, (1, 200))) + content[end:], f"{content[start:end][:30]!r} again"
    if kind in (2, 3):
        values = [m.span(1) for m in re.finditer(rb'(?:"|>)([^"<>]+)(?:"|<)', content)] or [(0, 0)]
        start, end = _one(random, values)
        new = _one(random, (*NUMBERS, *WORDS, "XFD1048576", "A0", "s", "inlineStr", "e", "d", "999999")).encode("utf-8", "surrogatepass")
        return content[:start] + new + content[end:], f"{content[start:end][:20]!r} as {new[:20]!r}"
    if kind == 4:
        new = _one(random, (b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"<!-- x -->", b"<?x y?>", b"&a;", b"<![CDATA[x]]>", b"</x>"))
        return content[:start] + new + content[start:], f"{new!r} before {content[start:end][:20]!r}"
    if kind == 5:
        return content[:start], f"cut off before {content[start:end][:20]!r}"
    return content.decode("utf-8", "replace").encode(_one(random, ENCODINGS), "replace"), "in another encoding"


def npy(content: bytes, random: np.random.Generator) -> tuple[bytes, str]:
    """A damaged array of an npz."""
    kind = int(random.integers(5))
    values = np.load(io.BytesIO(content), allow_pickle=False)
    out = io.BytesIO()
    if kind == 0:
        shape = _one(
            random, ("(10**11,)", "(100000000000,)", "(-1,)", "()", "(3, 99999999999)", "(0, 5)", "[3]", "'a'", "(1.5,)", "(True,)")
        )
        header = re.sub(rb"'shape': \([^)]*\)", b"'shape': " + shape.encode(), content[10 : 10 + int.from_bytes(content[8:10], "little")])
        return content[:8] + len(header).to_bytes(2, "little") + header + content[10 + int.from_bytes(content[8:10], "little") :], shape
    if kind == 1:
        kinds = ("i1", "u8", "f2", "f4", "f8", "c16", "U3", "S2", "?", "M8[Y]", "M8[ns]", "m8[D]", "V5", [("a", "i4"), ("b", "f8")])
        new = _one(random, kinds)
        np.save(out, np.zeros(values.shape, dtype=new))
        return out.getvalue(), f"of type {new}"
    if kind == 2:
        np.save(out, np.array([{"a": 1}, None], dtype=object), allow_pickle=True)
        return out.getvalue(), "a pickle"
    if kind == 3:
        shape = _one(random, ((), (0,), (1,), (7, 3), (*values.shape, 1), values.shape[:-1]))
        np.save(out, np.resize(values, shape) if values.size else np.zeros(shape))
        return out.getvalue(), f"of shape {shape}"
    flat = values.copy().reshape(-1)
    if flat.size and flat.dtype.kind in "iufM":
        with np.errstate(all="ignore"):
            odd = (np.nan, np.inf, 1e300) if flat.dtype.kind == "f" else (-1, 2**31, 2**62, -(2**62))
            flat[random.random(flat.size) < _one(random, (1.0, 0.1))] = np.array(_one(random, odd)).astype(flat.dtype)
    np.save(out, flat.reshape(values.shape))
    return out.getvalue(), "odd numbers"


def _npz(original, target, random):
    """An npz, or a block of a checkpoint: an npz behind its checksum, which may be right."""
    content, digest = original.read_bytes(), b""
    if content[:2] != b"PK":
        content, digest = content[32:], content[:32]
    inner = target.with_suffix(".inner")
    inner.write_bytes(content)
    what = _zip(inner, inner, random)
    content = inner.read_bytes()
    inner.unlink()
    target.write_bytes((hashlib.sha256(content).digest() if digest and random.random() < 0.8 else digest) + content)
    return what


def _tar(original, target, random):
    plain = bytearray(zlib.decompress(original.read_bytes(), 31))
    with tarfile.open(original) as file:
        infos = file.getmembers()
    info, kind = _one(random, infos), int(random.integers(4))
    at = info.offset_data - 512
    if kind == 0:
        content, what = mutations.spoil(plain, random)
    elif kind == 1:
        fields = {
            "name": (0, 100),
            "mode": (100, 8),
            "size": (124, 12),
            "type": (156, 1),
            "link": (157, 100),
            "magic": (257, 8),
            "prefix": (345, 155),
        }
        name = _one(random, list(fields))
        offset, length = fields[name]
        new = _one(
            random,
            (bytes(length), b"\xff" * length, b"7" * length, b"-1", b"../../x.nc", b"/x.nc", *(bytes([c]) for c in b"0123456789LKxgSD")),
        )
        plain[at + offset : at + offset + length] = new[:length].ljust(length, b"\0")
        plain[at + 148 : at + 156] = b"%06o\0 " % (sum(plain[at : at + 148]) + sum(plain[at + 156 : at + 512]) + 256)
        content, what = plain, f"{name} of {info.name[-20:]} as {new[:20]!r}"
    elif kind == 2:
        end = info.offset_data + info.size + -info.size % 512
        times = int(_one(random, (0, 2, 400)))
        content, what = (
            plain[:at] + plain[at:end] * (times if end - at < 5000 else min(times, 2)) + plain[end:],
            f"{info.name[-20:]} {times} times",
        )
    else:
        inside, what = mutations.spoil(bytearray(plain[info.offset_data : info.offset_data + info.size]), random)
        inside = inside[: info.size].ljust(info.size, b"\0")
        content = plain[: info.offset_data] + inside + plain[info.offset_data + info.size :]
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    target.write_bytes(packer.compress(bytes(content)) + packer.flush())
    return what


def _tif(original, target, random):
    """Tags of the raster that is there, or another raster altogether."""
    content = bytearray(original.read_bytes())
    if random.random() < 0.6 and content[:4] == b"II*\0":
        at = int.from_bytes(content[4:8], "little")
        entries, done = int.from_bytes(content[at : at + 2], "little"), []
        for _ in range(int(random.integers(1, 3))):
            entry = at + 2 + 12 * int(random.integers(entries))
            offset, size = _one(random, ((0, 2), (2, 2), (4, 4), (8, 4), (8, 4)))
            new = _one(
                random, (0, 1, 2, 7, 16, 255, 65535, 2**31 - 1, 2**32 - 1, 100_000, int(random.integers(2**32)), at, 256, 322, 34735)
            )
            content[entry + offset : entry + offset + size] = (new % 2 ** (8 * size)).to_bytes(size, "little")
            done.append(f"tag {int.from_bytes(content[entry : entry + 2], 'little')}: {new} at {offset}")
        target.write_bytes(content)
        return "; ".join(done)
    return _other_tif(target, random)


def _other_tif(target, random):
    from osgeo import gdal, osr

    columns, rows = _one(random, ((30, 20), (1, 1), (1, 70_000), (200_000, 200_000), (2**31 - 1, 1), (60_000, 40_000)))
    bands = int(_one(random, (1, 1, 1, 2, 300)))
    kind = _one(
        random, (gdal.GDT_Byte, gdal.GDT_UInt16, gdal.GDT_Int32, gdal.GDT_Float32, gdal.GDT_Float64, gdal.GDT_CFloat32, gdal.GDT_CInt16)
    )
    if columns * rows > 10**8:
        bands = 1
    options = [
        "SPARSE_OK=TRUE",
        f"COMPRESS={_one(random, ('DEFLATE', 'LZW', 'NONE', 'PACKBITS'))}",
        "BIGTIFF=YES" if columns * rows > 10**8 else "BIGTIFF=NO",
    ]
    options += (
        ["TILED=YES", f"BLOCKXSIZE={_one(random, (16, 256, 4096))}", "BLOCKYSIZE=256"] if random.random() < 0.7 or columns > 10**6 else []
    )
    raster = gdal.GetDriverByName("GTiff").Create(str(target), columns, rows, bands, kind, options)
    steps = (0.01, 0.25, 1.0, 1e-9, 360.0, 0.0, float("nan"), float("inf"), 1e300, -0.1, 5000.0)
    step = _one(random, steps)
    raster.SetGeoTransform(
        (_one(random, (89.0, -180.0, 1e9, float("nan"))), step, _one(random, (0.0, 0.0, 0.1)), 34.0, 0.0, -_one(random, (step, *steps)))
    )
    system = osr.SpatialReference()
    given = _one(
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
        band.SetNoDataValue(float(_one(random, (0, -9999, float("nan"), float("inf"), 1e308))))
    if random.random() < 0.3:
        band.SetRasterCategoryNames([_one(random, WORDS).replace("\0", "")[:300] for _ in range(5)])
    if columns * rows < 10**6:
        band.Fill(float(_one(random, (1, 250, 7.5, float("nan"), float("inf"), -1e30))))
    band = None
    raster = None
    return f"a raster of {rows} x {columns} x {bands} of type {kind}, {given or 'no projection'}, step {step:g}"


def _hdf5(original, target, random):
    """A product file of HDF5 with something else in one of its places; a file of another kind with damaged bytes."""
    target.write_bytes(original.read_bytes())
    try:
        with h5py.File(target, "a") as file:
            names: list[str] = []
            file.visit(names.append)
            return mutations.replace(file, _one(random, names), random)
    except (OSError, RuntimeError, ValueError, TypeError, KeyError) as error:
        content, what = mutations.spoil(bytearray(original.read_bytes()), random)
        target.write_bytes(content)
        return f"{what} ({type(error).__name__} otherwise)"


def _hdf4(original, target, random):
    """Numbers and words in the descriptors and in the metadata, which are text."""
    content, kind = bytearray(original.read_bytes()), int(random.integers(3))
    if kind == 0:  # data descriptors: tag, reference, offset, length
        at = 10 + 12 * int(random.integers(int.from_bytes(content[4:6], "big") or 1))
        offset, size = _one(random, ((0, 2), (2, 2), (4, 4), (8, 4)))
        new = _one(random, (0, 1, 2**31 - 1, 2**32 - 1, len(content), len(content) - 3, int(random.integers(2**32)), 720, 1962, 106))
        content[at + offset : at + offset + size] = (new % 2 ** (8 * size)).to_bytes(size, "big")
        target.write_bytes(content)
        return f"descriptor at {at}: {new} at {offset}"
    words = [m.span() for m in re.finditer(rb"[A-Za-z0-9_.\-]{2,}" if kind == 1 else rb"\d{2,}", bytes(content))]
    for _ in range(int(random.integers(1, 6))):
        start, end = _one(random, words)
        new = _one(random, (b"9", b"0", b"-", b"x", b"\0", b" ", b"e", b".", b"%")) * (end - start)
        content[start:end] = new[: end - start]
    target.write_bytes(content)
    return "words and numbers of the metadata"


STRUCTURES = {
    ".nc": _netcdf, ".nc4": _netcdf, ".h5": _hdf5, ".hdf": _hdf4, ".tif": _tif, ".json": _json, ".csv": _text, ".stm": _text, ".txt": _text,
    ".zip": _zip, ".xlsx": _zip, ".npz": _npz, ".tgz": _tar, ".lock": _json,
}  # fmt: skip
