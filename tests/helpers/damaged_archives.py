"""Damage to zips, spreadsheets, npz files, blocks of checkpoints and compressed tars: headers, names, sizes, members."""

from __future__ import annotations

import hashlib
import io
import re
import tarfile
import zipfile
import zlib
from pathlib import Path

import mutations
import numpy as np
from damaged_texts import ENCODINGS, NAMES, NUMBERS, WORDS, one, text


def zipped(original, target, random):
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
        members += [members[at]] * int(one(random, (1, 2000)))
        what += "several times"
    elif kind == 2:
        members[at] = one(random, NAMES).replace("\0", "\x01").encode("utf-8", "replace").decode(), content
        what += f"as {members[at][0][:20]!r}"
    elif kind == 3:
        members[at] = name, b""
        what += "empty"
    else:
        ending = Path(name).suffix.lower()
        way = npy if ending == ".npy" else xml if ending in (".xml", ".rels") else text if ending in (".stm", ".csv") else mutations.spoil
        content, more = way(bytearray(content) if way is mutations.spoil else content, random)
        members[at], what = (name, content), what + more
    packing = one(random, (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))
    _rezip(target, members, packing if len(members) < 1000 else zipfile.ZIP_DEFLATED)  # the others take half a minute for two thousand
    return what


def _rezip(target, members, way):
    with zipfile.ZipFile(target, "w", way, compresslevel=1) as file:
        for name, content in members:
            file.writestr(name or "-", content)


def zip_fields(content: bytearray, random: np.random.Generator) -> tuple[bytes, str]:
    """A zip one of whose headers holds something else: version, flags, method, checksum, sizes, name, lengths, places."""
    marks = {b"PK\x01\x02": 46, b"PK\x03\x04": 30, b"PK\x05\x06": 22}
    mark = one(random, list(marks))
    places = [m.start() for m in re.finditer(re.escape(mark), bytes(content))]
    if not places:
        return bytes(content), "nothing"
    at = one(random, places)
    offset, size = 4 + 2 * int(random.integers((marks[mark] - 4) // 2)), int(one(random, (2, 2, 4)))
    new = one(random, (bytes(4), b"\xff" * 4, b"\1\0\0\0", b"\x01\x08\0\0", b"\x63\0\0\0", b"\xff\xff\xff\x7f", random.bytes(4)))
    content[at + offset : at + offset + size] = new[:size]
    return bytes(content), f"{new[:size]!r} at {offset} of {mark!r}"


def xml(content: bytes, random: np.random.Generator) -> tuple[bytes, str]:
    """A damaged part of a spreadsheet."""
    kind = int(random.integers(7))
    tags = [m.span() for m in re.finditer(rb"<[^>]*>", content)] or [(0, 0)]
    start, end = one(random, tags)
    if kind == 0:
        return content[:start] + content[end:], f"without {content[start:end][:30]!r}"
    if kind == 1:
        return content[:end] + content[start:end] * int(one(random, (1, 200))) + content[end:], f"{content[start:end][:30]!r} again"
    if kind in (2, 3):
        values = [m.span(1) for m in re.finditer(rb'(?:"|>)([^"<>]+)(?:"|<)', content)] or [(0, 0)]
        start, end = one(random, values)
        new = one(random, (*NUMBERS, *WORDS, "XFD1048576", "A0", "s", "inlineStr", "e", "d", "999999")).encode("utf-8", "surrogatepass")
        return content[:start] + new + content[end:], f"{content[start:end][:20]!r} as {new[:20]!r}"
    if kind == 4:
        new = one(random, (b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"<!-- x -->", b"<?x y?>", b"&a;", b"<![CDATA[x]]>", b"</x>"))
        return content[:start] + new + content[start:], f"{new!r} before {content[start:end][:20]!r}"
    if kind == 5:
        return content[:start], f"cut off before {content[start:end][:20]!r}"
    return content.decode("utf-8", "replace").encode(one(random, ENCODINGS), "replace"), "in another encoding"


def npy(content: bytes, random: np.random.Generator) -> tuple[bytes, str]:
    """A damaged array of an npz."""
    kind = int(random.integers(5))
    values = np.load(io.BytesIO(content), allow_pickle=False)
    out = io.BytesIO()
    if kind == 0:
        shape = one(
            random, ("(10**11,)", "(100000000000,)", "(-1,)", "()", "(3, 99999999999)", "(0, 5)", "[3]", "'a'", "(1.5,)", "(True,)")
        )
        header = re.sub(rb"'shape': \([^)]*\)", b"'shape': " + shape.encode(), content[10 : 10 + int.from_bytes(content[8:10], "little")])
        return content[:8] + len(header).to_bytes(2, "little") + header + content[10 + int.from_bytes(content[8:10], "little") :], shape
    if kind == 1:
        kinds = ("i1", "u8", "f2", "f4", "f8", "c16", "U3", "S2", "?", "M8[Y]", "M8[ns]", "m8[D]", "V5", [("a", "i4"), ("b", "f8")])
        new = one(random, kinds)
        np.save(out, np.zeros(values.shape, dtype=new))
        return out.getvalue(), f"of type {new}"
    if kind == 2:
        np.save(out, np.array([{"a": 1}, None], dtype=object), allow_pickle=True)
        return out.getvalue(), "a pickle"
    if kind == 3:
        shape = one(random, ((), (0,), (1,), (7, 3), (*values.shape, 1), values.shape[:-1]))
        np.save(out, np.resize(values, shape) if values.size else np.zeros(shape))
        return out.getvalue(), f"of shape {shape}"
    flat = values.copy().reshape(-1)
    if flat.size and flat.dtype.kind in "iufM":
        with np.errstate(all="ignore"):
            odd = (np.nan, np.inf, 1e300) if flat.dtype.kind == "f" else (-1, 2**31, 2**62, -(2**62))
            flat[random.random(flat.size) < one(random, (1.0, 0.1))] = np.array(one(random, odd)).astype(flat.dtype)
    np.save(out, flat.reshape(values.shape))
    return out.getvalue(), "odd numbers"


def npz(original, target, random):
    """An npz, or a block of a checkpoint: an npz behind its mark and its checksum, which may be right."""
    content, mark, digest = original.read_bytes(), b"", b""
    if content[:2] != b"PK":
        mark, digest, content = content[:32], content[32:64], content[64:]
    inner = target.with_suffix(".inner")
    inner.write_bytes(content)
    what = zipped(inner, inner, random)
    content = inner.read_bytes()
    inner.unlink()
    target.write_bytes(mark + (hashlib.sha256(content).digest() if digest and random.random() < 0.8 else digest) + content)
    return what


def tar(original, target, random):
    plain = bytearray(zlib.decompress(original.read_bytes(), 31))
    with tarfile.open(original) as file:
        infos = file.getmembers()
    info, kind = one(random, infos), int(random.integers(4))
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
        name = one(random, list(fields))
        offset, length = fields[name]
        new = one(
            random,
            (bytes(length), b"\xff" * length, b"7" * length, b"-1", b"../../x.nc", b"/x.nc", *(bytes([c]) for c in b"0123456789LKxgSD")),
        )
        plain[at + offset : at + offset + length] = new[:length].ljust(length, b"\0")
        plain[at + 148 : at + 156] = b"%06o\0 " % (sum(plain[at : at + 148]) + sum(plain[at + 156 : at + 512]) + 256)
        content, what = plain, f"{name} of {info.name[-20:]} as {new[:20]!r}"
    elif kind == 2:
        end = info.offset_data + info.size + -info.size % 512
        times = int(one(random, (0, 2, 400)))
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
