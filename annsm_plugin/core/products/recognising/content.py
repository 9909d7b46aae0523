"""What a file holds, whatever its name: the product with its date, overpass and version, or what it looks like and why it is no use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ...foundation import outside
from ...foundation.errors import ProductError
from .. import naming, relatives
from ..access import Source, opened, quiet_gdal
from ..naming import Entry
from . import first_bytes, foreign, land, radiometers, smap

#: What is found in a file: its entries (several for a file of several days, none if it cannot be used), and what it is.
Found = tuple[list[Entry], str]

#: Each gives what a file is if it is of its product, None if it is not.
_GUESSES: tuple[Callable[[Source], Found | None], ...] = (
    smap.guess,
    land.gldas,
    radiometers.amsr,
    radiometers.cetb,
    radiometers.lprm,
    radiometers.smos,
    land.leaf_area,
    land.viirs,
)


def identify(path: str) -> Found:
    """What the file is. Opens it with GDAL, which damaged files can crash: in a worker if there are many. Never raises for contents."""
    kind, words = first_bytes.what(path)
    if not kind:
        return [], words
    try:
        if kind == "HDF4":
            return _hdf4(path)
        with opened(path, "a product file") as source:
            for guess in _GUESSES:
                found = guess(source)
                if found is not None:
                    return found
            return [], foreign.looks(source, kind)
    except ProductError as error:
        place = f" (variable {error.variable})" if error.variable else ""
        return [], f"a {kind} file with {error.found}{place}"
    except (ArithmeticError, AttributeError, LookupError, MemoryError, RuntimeError, TypeError, ValueError) as error:
        return [], f"a {kind} file whose contents cannot be interpreted ({type(error).__name__})"


def identified(path: str) -> tuple[Entry | None, str]:
    """The entry of a file of one observation, and what the file is."""
    entries, words = identify(path)
    return (entries[0] if entries else None), words


def _hdf4(path: str) -> Found:
    """MODIS files by the name, or the product, date and tile, in their metadata."""
    with quiet_gdal():
        try:
            dataset = outside.open_plain(path)
            about, fields = dataset.GetMetadata(), dataset.GetSubDatasets()
        except (RuntimeError, AttributeError):
            return [], "an HDF4 file that does not open"
        finally:
            dataset = None
    if not about and fields:
        with quiet_gdal():
            about = outside.open_plain(fields[0][0]).GetMetadata()
    name = str(about.get("LOCALGRANULEID", "")).strip()
    known = naming.entry(name) if name else None
    if known is None and {"SHORTNAME", "RANGEBEGINNINGDATE", "HORIZONTALTILENUMBER", "VERTICALTILENUMBER"} <= about.keys():
        known = naming.entry(name := _modis(about))
    if known is not None:
        return ([replace(known, path=path, granule=name)], name) if not known.refused else ([replace(known, path=path)], "")
    short = str(about.get("SHORTNAME", "")).strip()
    if relative := relatives.relative(f"{short}."):
        return [Entry(path, relative[0], relative[1], refused=relative[2])], ""
    if any("Lai_500m" in field[0] for field in fields):
        return [], "leaf area index (HDF4) that says neither its date nor its tile; give the file its old name"
    held = ", ".join(field[0].rpartition(":")[2] for field in fields[:4]) or "no fields"
    return [], f"an HDF4 file of {short or 'an unknown product'} ({held})"


def _modis(about: dict[str, str]) -> str:
    """The name of a MODIS file by its metadata."""
    year, month, day = str(about["RANGEBEGINNINGDATE"])[:10].split("-")
    start = naming.day_of_year(int(year), int(month), int(day))
    tile = f"h{int(about['HORIZONTALTILENUMBER']):02d}v{int(about['VERTICALTILENUMBER']):02d}"
    version = int(str(about.get("VERSIONID", "0")).strip() or 0)
    return f"{about['SHORTNAME'].strip()}.A{start}.{tile}.{version:03d}.{start}000000.hdf"
