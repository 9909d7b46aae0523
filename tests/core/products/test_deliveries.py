"""SMOS deliveries (.tgz, .tar.gz): read wherever the file lies in them, refused where they are damaged, cut off or hold another number."""

import gzip
import io
import tarfile

import numpy as np
import product_files as make
import pytest
from osgeo import gdal

from annsm_plugin.core import products
from annsm_plugin.core.foundation.errors import ProductError
from annsm_plugin.core.products.probe import problem

DELIVERY = "SM_RE04_MIR_CLF31A_20150506T000000_20150506T235959_300_001_7"


@pytest.fixture(scope="module")
def smos_content(tmp_path_factory):
    """The bytes of a SMOS file that do not compress, and its soil moisture."""
    lat, lon = np.linspace(20.0, 50.0, 60), np.linspace(60.0, 110.0, 90)
    sm = np.random.default_rng(0).uniform(0.05, 0.5, (60, 90))
    path = make.smos(tmp_path_factory.mktemp("smos"), lat, lon, sm, np.full(sm.shape, 5604.0), np.full(sm.shape, 3600.0))
    return path.read_bytes(), products.read_arrays(path).variables["soil_moisture"]


def delivery(path, members: dict, form=tarfile.PAX_FORMAT):
    """A gzip-compressed tar file of name -> bytes; None: a folder."""
    with tarfile.open(path, "w:gz", format=form) as file:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            if content is None:
                info.type = tarfile.DIRTYPE
            else:
                info.size = len(content)
            file.addfile(info, io.BytesIO(content or b""))
    return path


@pytest.mark.parametrize("ending", [".tgz", ".tar.gz"])
@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT], ids=["ustar", "gnu", "pax"])
@pytest.mark.parametrize("top", ["", f"{DELIVERY}/", "./", "a/b/", "à/"])
def test_a_delivery_is_read_wherever_its_file_lies(tmp_path, smos_content, ending, form, top):
    content, right = smos_content
    members = {f"{top}{DELIVERY}.DBL.nc": content, f"{top}{DELIVERY}.HDR": b"<xml/>"}
    if top == f"{DELIVERY}/":
        members = {DELIVERY: None, **members}
    path = delivery(tmp_path / (DELIVERY + ending), members, form)
    assert problem(path) == ""
    assert np.array_equal(products.read_arrays(path).variables["soil_moisture"], right)


def test_a_delivery_without_nc_in_its_names(tmp_path, smos_content):
    content, right = smos_content
    archive = delivery(tmp_path / f"{DELIVERY}.tgz", {f"{DELIVERY}.DBL": content, f"{DELIVERY}.HDR": b"<xml/>"})
    alone = tmp_path / f"{DELIVERY}.DBL"
    alone.write_bytes(content)
    for path in (archive, alone):
        assert np.array_equal(products.read_arrays(path).variables["soil_moisture"], right)


@pytest.mark.parametrize("ending", [".tgz", ".tar.gz"])
@pytest.mark.parametrize(("count", "words"), [(0, "0 .nc or .dbl files"), (2, "2 .nc or .dbl files")])
def test_a_delivery_of_none_or_two(tmp_path, smos_content, ending, count, words):
    members = {f"{n}/{DELIVERY}.DBL.nc": smos_content[0] for n in range(count)}
    path = delivery(tmp_path / (DELIVERY + ending), {"notes.HDR": b"x", **members})
    with pytest.raises(ProductError, match=words) as caught:
        products.read_arrays(path)
    assert path.name in str(caught.value)


@pytest.mark.parametrize("ending", [".tgz", ".tar.gz"])
def test_a_delivery_cut_off_is_refused_or_whole(tmp_path, smos_content, ending):
    content, right = smos_content
    path = delivery(tmp_path / (DELIVERY + ending), {f"{DELIVERY}.DBL.nc": content, f"{DELIVERY}.HDR": b"<xml/>"})
    whole, refused = path.read_bytes(), 0
    for cut in np.linspace(1, len(whole) - 1, 25).astype(int):
        path.write_bytes(whole[:cut])
        try:
            found = products.read_arrays(path).variables["soil_moisture"]
        except ProductError as error:
            assert path.name in str(error)
            refused += 1
        else:
            assert np.array_equal(found, right), cut
    assert refused >= 23


@pytest.mark.parametrize(
    "content", [b"", b"no archive", b"\x1f\x8b" + bytes(500), b"<html>log in</html>" * 40], ids=["empty", "text", "gzip of nothing", "page"]
)
def test_a_delivery_that_is_none(tmp_path, content):
    path = tmp_path / (DELIVERY + ".tgz")
    path.write_bytes(content)
    with pytest.raises(ProductError, match=DELIVERY):
        products.read_arrays(path)


def rebuilt(path, change) -> None:
    """Apply ``change`` to the tar file inside and compress it anew."""
    content = bytearray(gzip.decompress(path.read_bytes()))
    change(content)
    path.write_bytes(gzip.compress(bytes(content)))


def with_sum(content, place=0):
    """Put the right checksum into the header at ``place``."""
    content[place + 148 : place + 156] = b" " * 8
    content[place + 148 : place + 156] = b"%06o\0 " % sum(content[place : place + 512])


HEADERS = {
    "no header": lambda content: content.__setitem__(slice(0, 512), b"x" * 512),
    "wrong checksum": lambda content: content.__setitem__(3, content[3] ^ 1),
    "size of letters": lambda content: (content.__setitem__(slice(124, 136), b"zzzzzzzzzzz\0"), with_sum(content)),
    "size below zero": lambda content: (content.__setitem__(slice(124, 136), b"-0000000001\0"), with_sum(content)),
    "size beyond the end": lambda content: (content.__setitem__(slice(124, 136), b"00007777777\0"), with_sum(content)),
    "size of a galaxy": lambda content: (content.__setitem__(slice(124, 136), b"\x80" + b"\xff" * 11), with_sum(content)),
    "a link": lambda content: (content.__setitem__(156, ord("2")), with_sum(content)),
    "a name of a galaxy": lambda content: (content.__setitem__(156, ord("L")), with_sum(content)),
}


@pytest.mark.parametrize("kind", HEADERS)
def test_a_damaged_archive_is_refused(tmp_path, smos_content, kind):
    path = delivery(tmp_path / (DELIVERY + ".tgz"), {"x.nc": smos_content[0]}, tarfile.USTAR_FORMAT)
    rebuilt(path, lambda content: None)
    assert np.array_equal(products.read_arrays(path).variables["soil_moisture"], smos_content[1])
    rebuilt(path, HEADERS[kind])
    with pytest.raises(ProductError, match=DELIVERY):
        products.read_arrays(path)


def test_a_flipped_bit_in_a_delivery_is_found_by_its_checksum(tmp_path, smos_content):
    path = delivery(tmp_path / (DELIVERY + ".tgz"), {"x.nc": smos_content[0]})
    content = bytearray(path.read_bytes())
    for place in np.linspace(600, len(content) - 40, 12).astype(int):
        changed = bytearray(content)
        changed[place] ^= 4
        path.write_bytes(changed)
        with pytest.raises(ProductError, match=DELIVERY):
            products.read_arrays(path)


def test_an_empty_file_in_a_delivery(tmp_path):
    path = delivery(tmp_path / (DELIVERY + ".tgz"), {f"{DELIVERY}.DBL.nc": b""})
    with pytest.raises(ProductError, match="0 bytes"):
        products.read_arrays(path)


def test_a_delivery_leaves_nothing_in_memory(tmp_path, smos_content):
    path = delivery(tmp_path / (DELIVERY + ".tgz"), {f"{DELIVERY}.DBL.nc": smos_content[0]})
    before = gdal.ReadDir("/vsimem/") or []
    products.read_arrays(path)
    assert (gdal.ReadDir("/vsimem/") or []) == before
