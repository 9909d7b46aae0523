"""Files built to hurt: archives that unpack to gigabytes, lists of a million members, damaged bytes; and a child that measures."""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
import tarfile
import zipfile
import zlib
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

#: The XML namespace of the parts of a spreadsheet.
NAMESPACE = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"

#: What a file may cost at most before it is refused: seconds of the processor, and MB at the
#: peak of a process that has read nothing before.
SECONDS, MEGABYTES = 2.0, 500

_CHILD = """
import json, resource, sys, time
resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000, 1_500_000_000))
sys.path.insert(0, sys.argv[1])
import numpy
from annsm_plugin.core.foundation.errors import AnnsmError
from annsm_plugin.core.foundation.progress import Progress
class Noting(Progress):
    told = []
    def warning(self, text):
        self.told.append(text)
noting, path, found = Noting(), sys.argv[2], None
{prepare}
start, begun = time.process_time(), time.perf_counter()
try:
    found = {call}
    kind, said = "nothing", repr(found)[:200]
except AnnsmError as error:
    kind, said = type(error).__name__, str(error)
except BaseException as error:
    kind, said = "bare", f"{{type(error).__name__}}: {{error}}"[:300]
seconds, wall = time.process_time() - start, time.perf_counter() - begun
with open("/proc/self/status") as status:  # getrusage counts the parent too
    peak = next(int(line.split()[1]) / 1000 for line in status if line.startswith("VmHWM"))
print(json.dumps(dict(kind=kind, said=said, seconds=seconds, wall=wall, peak=peak, told=noting.told[:5])))
"""


def measured(path, call: str, prepare: str = "") -> dict:
    """What the expression ``call`` of ``path`` ends in, in a child with 1.5 GB of addresses.

    kind, said, seconds (of the processor, which others share), wall (seconds), peak (MB), told (warnings).
    """
    code = _CHILD.format(call=call, prepare=prepare)
    done = subprocess.run([sys.executable, "-c", code, str(ROOT), str(path)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-1500:]
    return json.loads(done.stdout.splitlines()[-1])


def assert_refused(found: dict, *words: str, kind: str = "ProductError") -> None:
    """One sentence of the project's own, soon and in little memory."""
    assert found["kind"] == kind, found
    assert "\n" not in found["said"] and all(word in found["said"] for word in words), found
    assert found["seconds"] < SECONDS and found["peak"] < MEGABYTES, found


def deflated(pieces) -> bytes:
    """A raw deflate stream of (bytes, times) pieces: what repeats is compressed once."""
    return _deflated(tuple(pieces))


@lru_cache(maxsize=2)
def _deflated(pieces) -> bytes:
    out = bytearray()
    for content, times in pieces:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        out += (packer.compress(content) + packer.flush(zlib.Z_FULL_FLUSH)) * times
    return bytes(out) + zlib.compressobj(9, zlib.DEFLATED, -15).flush()


def checksum(pieces) -> int:
    """The checksum of (bytes, times) pieces; of more than 200 MB a wrong one."""
    return _checksum(tuple(pieces)) if sum(len(content) * times for content, times in pieces) < 2e8 else 0


@lru_cache(maxsize=2)
def _checksum(pieces) -> int:
    crc = 0
    for content, times in pieces:
        together = max(1, min(times, 2**20 // max(1, len(content))))
        several = content * together
        for _ in range(times // together):
            crc = zlib.crc32(several, crc)
        crc = zlib.crc32(content * (times % together), crc)
    return crc


def gzipped(pieces) -> bytes:
    """A gzip file of (bytes, times) pieces."""
    size = sum(len(content) * times for content, times in pieces)
    ending = checksum(pieces).to_bytes(4, "little") + (size % 2**32).to_bytes(4, "little")
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + deflated(pieces) + ending


def tar_header(name: str, size: int, kind: bytes = tarfile.REGTYPE) -> bytes:
    """A header of a tar file."""
    info = tarfile.TarInfo(name)
    info.size, info.type = size, kind
    return info.tobuf(tarfile.GNU_FORMAT)


def zip_of(path, members: dict, declared: dict | None = None) -> Path:
    """A zip of name -> (bytes, times) pieces, compressed as ``deflated`` does; ``declared``: name -> another size than the true one."""
    body, listed = bytearray(), bytearray()
    for name, pieces in members.items():
        packed, size = deflated(pieces), sum(len(content) * times for content, times in pieces)
        size, raw, crc = (declared or {}).get(name, size), name.encode(), checksum(pieces)
        common = (20).to_bytes(2, "little") + (0x800).to_bytes(2, "little") + b"\x08\0" + bytes(4) + crc.to_bytes(4, "little")
        common += len(packed).to_bytes(4, "little") + size.to_bytes(4, "little") + len(raw).to_bytes(2, "little") + bytes(2)
        listed += b"PK\x01\x02\x14\0" + common + bytes(10) + len(body).to_bytes(4, "little") + raw
        body += b"PK\x03\x04" + common + raw + packed
    count = min(len(members), 65535).to_bytes(2, "little")
    end = b"PK\x05\x06" + bytes(4) + count * 2 + len(listed).to_bytes(4, "little") + len(body).to_bytes(4, "little") + bytes(2)
    Path(path).write_bytes(bytes(body + listed) + end)
    return Path(path)


def million_members(path, count: int = 1_000_000) -> Path:
    """A zip whose list names one empty member ``count`` times."""
    name = b"N_N_A_sm_0.0_0.05_x.stm"
    local = b"PK\x03\x04" + bytes(22) + len(name).to_bytes(2, "little") + bytes(2) + name
    one = b"PK\x01\x02" + bytes(24) + len(name).to_bytes(2, "little") + bytes(16) + name
    end = (
        b"PK\x05\x06" + bytes(4) + b"\xff\xff" * 2 + (len(one) * count).to_bytes(4, "little") + len(local).to_bytes(4, "little") + bytes(2)
    )
    with open(path, "wb") as file:
        file.write(local)
        for _ in range(count // 10_000):
            file.write(one * 10_000)
        file.write(end)
    return Path(path)


def spreadsheet(path, rows: bytes, times: int = 1, **parts: bytes) -> Path:
    """A spreadsheet with a header and ``rows`` (XML), ``times`` over; ``parts``: other content of its parts by stem."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["time", "soil_moisture", "station", "lat", "lon"])
    kept = io.BytesIO()
    book.save(kept)
    with zipfile.ZipFile(kept) as made:
        files = {name: made.read(name) for name in made.namelist()}
    found = {}
    for name, content in files.items():
        stem = Path(name).stem
        pieces = [(parts.get(stem, content), 1)]
        if stem == "sheet1" and "sheet1" not in parts:
            head, end, tail = content.partition(b"</sheetData>")
            pieces = [(head, 1), (rows, times), (end + tail, 1)]
        found[name] = pieces
    return zip_of(path, found)


def spoiled(content: bytes, seed: int) -> bytes:
    """``content`` with one to five random bytes changed, left out, put in, or cut off."""
    chance = random.Random(seed)
    found = bytearray(content)
    for _ in range(chance.randint(1, 5)):
        place = chance.randrange(len(found) or 1)
        way = chance.random()
        if way < 0.5 and found:
            found[place] ^= 1 << chance.randrange(8)
        elif way < 0.65:
            del found[place : place + chance.randint(1, 40)]
        elif way < 0.8:
            found[place:place] = chance.randbytes(chance.randint(1, 40))
        elif way < 0.9:
            found[place : place + 4] = chance.choice((b"\xff" * 4, bytes(4), b"\x7f\xff\xff\xff"))
        else:
            del found[place:]
    return bytes(found)
