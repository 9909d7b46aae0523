"""Deliveries built to hurt: refused in one sentence, within two seconds and 500 MB; whatever is damaged costs one sentence."""

import gzip
import io
import tarfile
import zlib

import hurtful_files as hurt
import pytest

from annsm_plugin.core import products
from annsm_plugin.core.foundation.errors import ProductError
from annsm_plugin.core.products import archive

NAME = "SM_RE04_MIR_CLF31A_20150506T000000_20150506T235959_300_001_7"
ZEROS, MIB = bytes(2**20), 2**20


def header(size):
    return hurt.tar_header(f"{NAME}.DBL.nc", size)


#: A gigabyte of zeros in a gigabyte of zeros, packed twice.
INNER = hurt.gzipped([(hurt.gzipped([(ZEROS, 1024)]), 200)])

BOMBS = {
    "6 GiB of zeros": ([(header(6 * 1024 * MIB), 1), (ZEROS, 6 * 1024)], "bytes in the archive"),
    "a file of 120 MiB that is none": ([(header(120 * MIB), 1), (b"\x89HDF\r\n\x1a\n", 1), (ZEROS, 121)], NAME),
    "gigabytes beside the file": ([(hurt.tar_header("x.HDR", 100 * MIB), 1), (ZEROS, 100)] * 9, "unpacks to more than"),
    "gigabytes behind the end": ([(header(512), 1), (bytes(512), 1), (ZEROS, 4000)], "unpacks to more than"),
    "64 000 long names": ([(hurt.tar_header("././@LongLink", 60_000, b"L") + b"n" * 60_416, 64_000)], "a name of 60000 bytes"),
    "64 000 short names": ([(hurt.tar_header("././@LongLink", 100, b"L") + b"n" * 512, 64_000)], "more than 300 headers"),
    "a NetCDF file of 2 GiB": ([(header(2 * 1024 * MIB), 1), (b"\x89HDF\r\n\x1a\n", 1), (ZEROS, 2048)], "bytes in the archive"),
    "a million empty files": ([(hurt.tar_header("x.HDR", 0), 1_000_000)], "more than 300 headers"),
    "a pax header of nothing but lengths": (
        [(hurt.tar_header("p", 16_000, b"x") + b"5 a=\n" * 3200 + bytes(384), 900)],
        "more than 300 headers",
    ),
}


@pytest.mark.parametrize("kind", BOMBS)
def test_a_delivery_that_unpacks_to_more(tmp_path, kind):
    pieces, words = BOMBS[kind]
    path = tmp_path / f"{NAME}.tgz"
    path.write_bytes(hurt.gzipped(pieces))
    hurt.assert_refused(hurt.measured(path, "products.read_arrays(path)", "from annsm_plugin.core import products"), NAME, words)


@pytest.mark.parametrize(("name", "words"), [("inner.tgz", "0 .nc or .dbl files"), (f"{NAME}.DBL.nc", "does not open")])
def test_a_bomb_in_a_bomb(tmp_path, name, words):
    path = tmp_path / f"{NAME}.tgz"
    path.write_bytes(gzip.compress(hurt.tar_header(name, len(INNER)) + INNER + bytes(-len(INNER) % 512) + bytes(1024)))
    hurt.assert_refused(hurt.measured(path, "products.read_arrays(path)", "from annsm_plugin.core import products"), NAME, words)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE])
def test_what_is_no_file_is_none(tmp_path, kind):
    """A link to a file outside, a device or a folder under the name of the product; also a name that climbs out."""
    info = tarfile.TarInfo(f"../../../{NAME}.DBL.nc")
    info.type, info.linkname, info.devmajor, info.devminor = kind, "/etc/passwd", 1, 5
    path = tmp_path / "in" / f"{NAME}.tgz"
    path.parent.mkdir()
    path.write_bytes(gzip.compress(info.tobuf(tarfile.GNU_FORMAT) + bytes(1024)))
    before = sorted(tmp_path.rglob("*"))
    hurt.assert_refused(hurt.measured(path, "products.read_arrays(path)", "from annsm_plugin.core import products"), NAME, "0 .nc")
    assert sorted(tmp_path.rglob("*")) == before


def test_a_name_that_climbs_out_is_only_a_name(tmp_path):
    """The content of a file called ../../x.nc is read from memory; nothing is written anywhere."""
    content = b"CDF\x01" + bytes(508)
    path = tmp_path / "in" / f"{NAME}.tgz"
    path.parent.mkdir()
    for name in ("../../x.nc", "/x.nc", "a/../../../x.nc"):
        kept = io.BytesIO()
        with tarfile.open(fileobj=kept, mode="w:gz") as file:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            file.addfile(info, io.BytesIO(content))
        path.write_bytes(kept.getvalue())
        pieces = []
        archive.copy(path, pieces.append, ".nc", ".dbl")
        assert b"".join(pieces) == content and sorted(tmp_path.rglob("*")) == [path.parent, path]


def test_a_gzip_header_without_end_and_a_million_streams(tmp_path):
    path = tmp_path / f"{NAME}.tgz"
    empty = b"\x1f\x8b\x08\0\0\0\0\0\0\xff\x03\0" + bytes(8)
    for content in (b"\x1f\x8b\x08\x08\0\0\0\0\0\xff" + b"n" * 8_000_000, empty * 400_000):
        path.write_bytes(content)
        hurt.assert_refused(hurt.measured(path, "products.read_arrays(path)", "from annsm_plugin.core import products"), NAME)


def test_random_damage(tmp_path):
    content = bytes(range(256)) * 40
    kept = io.BytesIO()
    with tarfile.open(fileobj=kept, mode="w:gz", format=tarfile.PAX_FORMAT) as file:
        for name, data in ((f"{NAME}/é{NAME}.DBL.nc", content), (f"{NAME}.HDR", b"<xml/>" * 100)):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            file.addfile(info, io.BytesIO(data))
    whole = kept.getvalue()
    plain = zlib.decompress(whole, 31)
    path = tmp_path / f"{NAME}.tgz"
    refused = 0
    for seed in range(600):
        spoiled = hurt.spoiled(whole, seed)
        if seed % 2:  # damage that the checksum does not show
            packer = zlib.compressobj(1, zlib.DEFLATED, 31)
            spoiled = packer.compress(hurt.spoiled(plain, seed)) + packer.flush()
        path.write_bytes(spoiled)
        pieces = []
        try:
            archive.copy(path, pieces.append, ".nc", ".dbl")
        except ProductError as error:
            refused += 1
            assert NAME in str(error) and "\n" not in str(error)
        else:
            assert seed % 2 or b"".join(pieces) == content
    assert refused > 300


def test_what_is_wrong_with_the_file_in_an_archive_is_said(tmp_path):
    path = tmp_path / f"{NAME}.tgz"
    for content, words in ((bytes(4096), "something that is not NetCDF (4096 bytes)"), (b"<html>" * 600, "a web page instead of NetCDF")):
        member = hurt.tar_header(f"{NAME}.DBL.nc", len(content)) + content + bytes(-len(content) % 512) + bytes(1024)
        path.write_bytes(gzip.compress(member))
        with pytest.raises(ProductError) as said:
            products.read_arrays(path)
        assert f"found an archive with a file that does not open ({words}" in str(said.value) and "vsimem" not in str(said.value)
