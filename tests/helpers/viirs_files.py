"""Tiles of VIIRS leaf area index (HDF-EOS5) as LP DAAC's pages and the programs of other users describe them."""

from __future__ import annotations

import h5py
import numpy as np

SIDE, PIXELS = 1111950.519667, 2400

_STRUCTURE = """GROUP=SwathStructure
END_GROUP=SwathStructure
GROUP=GridStructure
\tGROUP=GRID_1
\t\tGridName="{grid}"
\t\tXDim={size}
\t\tYDim={size}
\t\tUpperLeftPointMtrs=({west:.6f},{north:.6f})
\t\tLowerRightMtrs=({east:.6f},{south:.6f})
\t\tProjection={projection}
\t\tProjParams=(6371007.181000,0,0,0,0,0,0,0,0,0,0,0,0)
\t\tSphereCode=-1
\tEND_GROUP=GRID_1
END_GROUP=GridStructure
END
"""


def name(date, place=(25, 5), product="VNP15A2H", version="002"):
    """A tile's file name; ``date`` "2022-01-01"."""
    days = (np.datetime64(date, "D") - np.datetime64(date, "Y")).astype(int) + 1
    return f"{product}.A{date[:4]}{days:03d}.h{place[0]:02d}v{place[1]:02d}.{version}.2022010000000.h5"


def tile(folder, codes, date="2022-01-01", place=(25, 5), *, qc=0, extra_qc=0, product="VNP15A2H", version="002", grid=None, at=None,
         first_day=None, projection="HE5_GCTP_SNSOID", size=PIXELS, scale=0.1, struct=True):  # fmt: skip
    """Write (2400, 2400) ``codes``; ``at``: the tile that StructMetadata.0 describes, if not that of the name."""
    path = folder / name(date, place, product, version)
    grid = grid or ("VIIRS_Grid_LAIFPAR" if version == "002" else "VNP_Grid_VNP15A2H")
    h, v = at or place
    west, north = (h - 18) * SIDE, (9 - v) * SIDE
    with h5py.File(path, "w") as file:
        inside = file.create_group(f"HDFEOS/GRIDS/{grid}/Data Fields")
        for field, values in (("Fpar", codes), ("Lai", codes), ("FparLai_QC", qc), ("FparExtra_QC", extra_qc)):
            data = np.broadcast_to(np.asarray(values, "u1"), (PIXELS, PIXELS))
            inside.create_dataset(field, data=data, chunks=(240, PIXELS), compression="gzip", compression_opts=1)
        inside["Lai"].attrs.update({"scale_factor": scale, "add_offset": 0.0, "_FillValue": np.uint8(255)})
        file.create_group("HDFEOS/ADDITIONAL/FILE_ATTRIBUTES").attrs["RangeBeginningDate"] = np.bytes_(first_day or date)
        text = _STRUCTURE.format(grid=grid, size=size, west=west, north=north, east=west + SIDE, south=north - SIDE, projection=projection)
        about = file.create_group("HDFEOS INFORMATION")
        about.attrs["HDFEOSVersion"] = np.bytes_("HDFEOS_5.1.15")
        if struct:
            about.create_dataset("StructMetadata.0", data=np.bytes_(text.ljust(32000, "\0")))
    return path
