"""Rasters of strangers: what is in them is followed to files of this computer only, not to the network, and no code is run."""

from __future__ import annotations

import http.server
import threading

import files_of_strangers
import lai_rasters
import numpy as np
import pytest
from osgeo import gdal

from annsm_plugin.core.foundation import store
from annsm_plugin.core.foundation.errors import CubeError, ParameterError
from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.matching import extra
from annsm_plugin.core.matching.predictors import sampling
from annsm_plugin.core.validation import strata
from annsm_plugin.core.workers import examining

GRID = Grid.from_extent(files_of_strangers.EXTENT)

WMS = """<GDAL_WMS><Service name="TMS"><ServerUrl>{url}/${{z}}/${{x}}/${{y}}.png</ServerUrl></Service><DataWindow>
<UpperLeftX>-180</UpperLeftX><UpperLeftY>90</UpperLeftY><LowerRightX>180</LowerRightX><LowerRightY>-90</LowerRightY><TileLevel>3</TileLevel><TileCountX>2</TileCountX>
<TileCountY>1</TileCountY><YOrigin>top</YOrigin></DataWindow><Projection>EPSG:4326</Projection><BandsCount>1</BandsCount></GDAL_WMS>"""

VRT = """<VRTDataset rasterXSize="200" rasterYSize="200"><SRS>EPSG:4326</SRS><GeoTransform>90, 0.02, 0, 34, 0, -0.02</GeoTransform>
<VRTRasterBand dataType="Byte" band="1" {band}>{inside}</VRTRasterBand></VRTDataset>"""


@pytest.fixture
def server():
    """The address of a server, and the requests that it got."""
    got = []

    class Counting(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            got.append(self.path)
            self.send_error(404)

        def do_HEAD(self):
            self.do_GET()

        def log_message(self, *_):
            pass

    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Counting)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{made.server_port}", got
    made.shutdown()
    made.server_close()


@pytest.fixture
def slope(tmp_path):
    codes = np.random.default_rng(0).integers(1, 5, (200, 200)).astype("u1")
    return lai_rasters.raster(tmp_path / "slope.tif", codes, (90.0, 0.02, 0.0, 34.0, 0.0, -0.02), "EPSG:4326")


def source(name, relative=0):
    return f'<SimpleSource><SourceFilename relativeToVRT="{relative}">{name}</SourceFilename><SourceBand>1</SourceBand></SimpleSource>'


def virtual(path, inside, band=""):
    path.write_text(VRT.format(inside=inside, band=band))
    return path


def refused(path, words):
    with pytest.raises(ParameterError, match=words) as said:
        extra.check([path], ())
    assert str(path) in str(said.value)
    with pytest.raises(ParameterError, match=words):
        strata.classes_of(path, GRID)


def test_a_raster_that_is_none_under_the_ending_of_an_image_is_refused(tmp_path, slope, server):
    url, got = server
    for ending in ("tif", "tiff", "img", "asc", "dat"):
        refused(virtual(tmp_path / f"a.{ending}", source(slope)), "a virtual raster .VRT. under another ending")
        refused(virtual(tmp_path / f"a.{ending}", source(f"/vsicurl/{url}/b.tif")), "a virtual raster .VRT. under another ending")
        path = tmp_path / f"b.{ending}"
        path.write_text(WMS.format(url=url))
        refused(path, "a file of the format WMS, which is not read")
        assert examining.look({"path": str(path), "seconds": 20.0}, {}, None)[0]["damaged"]
        with pytest.raises(CubeError, match="which is not read"), store.open_raster(path, "a map"):
            pass
    assert not got


def test_a_virtual_raster_of_files_is_read(tmp_path, slope):
    wanted = sampling.warped(slope, GRID)
    (tmp_path / "below").mkdir()
    made = tmp_path / "a.vrt"
    gdal.BuildVRT(str(made), [str(slope)]).FlushCache()
    warped = tmp_path / "below" / "w.vrt"
    gdal.Warp(str(warped), str(made), format="VRT").FlushCache()
    for path in (made, warped, virtual(tmp_path / "c.vrt", source("slope.tif", 1))):
        np.testing.assert_array_equal(sampling.warped(path, GRID), wanted)
    assert np.isfinite(wanted).any()


def test_a_virtual_raster_is_followed_neither_to_the_network_nor_into_code(tmp_path, slope, server):
    url, got = server
    (tmp_path / "wms.tif").write_text(WMS.format(url=url))
    virtual(tmp_path / "hidden.tif", source(f"/vsicurl/{url}/a.tif"))
    virtual(tmp_path / "nested.vrt", source(f"/vsicurl/{url}/a.tif"))
    virtual(tmp_path / "itself.vrt", source("itself.vrt", 1))
    (tmp_path / "a.zip").write_bytes(b"PK\5\6" + bytes(18))
    places = [f"/vsicurl/{url}/a.tif", f"/vsizip/vsicurl/{url}/a.zip", f"NETCDF:{url}/a.nc:x", f"{url}/a.tif", "none.tif", "slope.tif.none"]
    places += [str(tmp_path / name) for name in ("wms.tif", "hidden.tif")] + [f"vrt://{slope}?bands=1", f"/vsizip/{tmp_path}/a.zip/a.tif"]
    places += [f"&lt;VRTDataset&gt;{url}&lt;/VRTDataset&gt;", f'NETCDF:"{url}/a.nc":x', f'HDF5:"/vsicurl/{url}/a"://x']
    for number, place in enumerate(places):
        refused(virtual(tmp_path / f"v{number}.vrt", source(place)), "which is no raster file of this computer")
    refused(virtual(tmp_path / "n.vrt", source("nested.vrt", 1)), "which is no raster file of this computer")
    refused(virtual(tmp_path / "attribute.vrt", f'<SimpleSource SourceFilename="/vsicurl/{url}/a.tif"/>'), "which is no raster file")
    refused(tmp_path / "itself.vrt", "virtual rasters that refer to each other")
    refused(virtual(tmp_path / "option.vrt", f'<SimpleSource><Other a="{url}"/></SimpleSource>'), "that refers to http")
    derived = 'subClass="VRTDerivedRasterBand"'
    code = f"<PixelFunctionLanguage>Python</PixelFunctionLanguage><PixelFunctionType>os.system</PixelFunctionType>{source(slope)}"
    refused(virtual(tmp_path / "code.vrt", code, derived), "with code in it")
    refused(virtual(tmp_path / "more.vrt", f"<PixelFunctionCode>x</PixelFunctionCode>{source(slope)}", derived), "with code in it")
    (tmp_path / "broken.vrt").write_text("<VRTDataset><a>")
    refused(tmp_path / "broken.vrt", "cannot be read")
    assert not got


def test_overviews_elsewhere_are_refused(tmp_path, slope, server):
    url, got = server
    beside = f'<PAMDataset><Metadata domain="OVERVIEWS"><MDI key="OVERVIEW_FILE">/vsicurl/{url}/o.tif</MDI></Metadata></PAMDataset>'
    (tmp_path / "slope.tif.aux.xml").write_text(beside)
    refused(slope, "whose overviews are at /vsicurl")
    assert not got
