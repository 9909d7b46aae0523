"""What the name of a product file says: product, sensor, date, channel, overpass, version. No file is opened here.

Names of relatives, products of the same archives that cannot be used, are in ``relatives``.
"""

from __future__ import annotations

import datetime
import os
import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np

from ..foundation.paths import PathLike
from . import relatives


@dataclass(frozen=True)
class Entry:
    """One product file as its name describes it.

    product: "amsr_tb", "smap", "smap_e" (SPL3SMP_E), "gldas", "lai", "lprm", "jaxa" or "smos"; date: UTC date (None for an AppEEARS NetCDF
    export, which holds many); time: UTC time (GLDAS); channel: "06" ... "89" (AMSR); orbit: "A" (ascending), "D" (descending) or None;
    version: as written in the name; refused: a sentence that says why this variant of a product cannot be used, else empty; layout: the
    order of rows and columns in an AMSR file if the user gives it (a key of ``amsr.LAYOUTS``; the name does not tell), empty: the
    documented one; of an AppEEARS export the part that is read (``readers.lai.exports.parts``), empty: all of it. granule: the name that
    the file should have, if its contents told what it is. layer: the only variable of an AppEEARS GeoTIFF of SMAP. parts: further files
    that hold other variables or pixels of the same observation; partial: it is one of them. polarisation: "h" or "v" where a file holds
    one (CETB).
    """

    path: str
    product: str
    sensor: str | None = None
    date: datetime.date | None = None
    time: np.datetime64 | None = None
    channel: str | None = None
    orbit: str | None = None
    version: str | None = None
    refused: str = ""
    layout: str = ""
    granule: str = ""
    layer: str = ""
    parts: tuple[Entry, ...] = ()
    partial: bool = False
    polarisation: str = ""

    @property
    def name(self) -> str:
        """The file's name, or the one that it should have."""
        return self.granule or Path(self.path).name

    @property
    def tile(self) -> str:
        """The MODIS tile, such as "h25v05"; empty for other products."""
        found = re.search(r"\.(h\d\dv\d\d)\.", self.name, re.I) if self.product == "lai" else None
        return found.group(1).lower() if found else ""

    @property
    def key(self) -> tuple[Any, ...]:
        """Equal for files that hold the same observation. Never so for AppEEARS exports: all of them have similar names."""
        appeears = self.path if self.product == "lai" and not self.tile else ""
        return (self.product, self.sensor, str(self.date), str(self.time), self.channel, self.orbit, self.polarisation, self.tile, appeears)

    def joins(self, other: Entry) -> bool:
        """Whether two files of one observation can complement each other, as subsets that were asked for apart do."""
        return self.product in ("gldas", "smap", "smap_e") and self.whole == other.whole and self.version == other.version

    @property
    def whole(self) -> bool:
        """False for a subset of a file (named .SUB by GES DISC, _subsetted by Harmony, _HEGOUT by NSIDC, and by variables or requests)."""
        return not _SUBSET.search(self.name)


def packed(entry: Entry) -> dict[str, Any]:
    """An entry as values that JSON knows, for another process, which may stand in another folder."""
    values = {f.name: getattr(entry, f.name) for f in fields(entry)}
    values["path"] = os.path.abspath(entry.path)  # noqa: PTH100 (Path.absolute keeps "..")
    values.update(date=entry.date and entry.date.isoformat(), time=None if entry.time is None else str(entry.time))
    return {**values, "parts": [packed(part) for part in entry.parts]}


def unpacked(values: dict[str, Any]) -> Entry:
    """The entry that was ``packed``."""
    date, time = values["date"], values["time"]
    made = dict(values, date=date and datetime.date.fromisoformat(date), time=None if time is None else np.datetime64(time))
    return Entry(**{**made, "parts": tuple(unpacked(part) for part in values["parts"])})


#: The last day of AMSR-E and the first of AMSR2.
AMSRE_END, AMSR2_START = datetime.date(2011, 10, 4), datetime.date(2012, 7, 2)

_AMSR = re.compile(r"^([A-Z0-9]+)_(\d{8})_01D_EQ[MO]([AD])_L3SGT(06|07|10|18|23|36|89)([LH])([A-Z])(\d)(\d+)\.h5$", re.I)
_CETB = re.compile(
    r"^NSIDC-?(?:0630|0763)(?:-(EASE2_[NST][\d.]+km)-([A-Z0-9]+)_([A-Z0-9]+)-(\d{7})-([\d.]+)([HV])-([ADMEB])-([A-Z]+)-[A-Z_]+-v([\d.]+)"
    r"|_([A-Z]+)_(EASE2_[NSTM][\d.]+km)_([A-Z0-9]+)_([A-Z0-9]+)_([ADMEB])_([\d.]+)([HV])_(\d{8})(?:_\d+)?_v([\d.]+))\.nc$",
    re.I,
)
_SMC = re.compile(r"^([A-Z0-9]+)_(\d{8})_01D_EQ[MO]([AD])_L3SGSMC([LH])([A-Z])(\d)(\d+)\.h5$", re.I)
_SMAP = re.compile(r"^SMAP_L3_SM_P(_E)?_(\d{8})_(R\d{5})_(\d{3})(?:[._].*)?\.(?:h5|he5|hdf5|nc4?)$", re.I)
_SMAP_LAYER = re.compile(
    r"^SPL3SMP(_E)?\.(\d{3})_(Soil_Moisture_Retrieval_Data_(?:AM|PM)_\w+?)_doy(\d{4})(\d{3})(?:\d{6})?_aid\d+\.tiff?$", re.I
)
_SUBSET = re.compile(r"\.SUB\.|_subsetted|\.subset|HEGOUT|_Soil_Moisture_Retrieval|\.dap\.|SPL3SMP.*_aid\d+|FILENAME=|LABEL=|\?", re.I)
_GLDAS = re.compile(r"^GLDAS_NOAH025_3H(_EP)?\.A(\d{8})\.(\d{4})\.(\d{3})(?:[._].*)?\.nc4?$", re.I)
_LAI = re.compile(r"^(?:(MCD|MOD|MYD)|(VNP|VJ1|VJ2))15A2H\.A(\d{7})\.h\d\dv\d\d\.(\d{3})\.\d+\.(?(1)hdf|h5)$", re.I)
_APPEEARS = re.compile(
    r"^(MCD|MOD|MYD|VNP|VJ1|VJ2)15A2H\.(\d{3})_(?:(\d+)m_aid\d+\.nc4?|Lai(?:_500m)?_doy(\d{4})(\d{3})(?:\d{6})?_aid\d+\.tif)$", re.I
)
_LPRM = re.compile(r"^LPRM-AMSR(2|_E)_L3_(A|D|DS_A|DS_D|A_DS|D_DS)_SOILM3_V(\d{3})(?:-\d{8}T\d{6}Z)?_(\d{8})\d*(?:[._].*)?\.nc4?$", re.I)
_SMOS = re.compile(
    r"^SM_([A-Z0-9]{4})_MIR_(CLF31|CLF3S|CDF3S)([AD])_(\d{8})T\d{6}_(\d{8})T\d{6}_(\d{3})_(\d{3})_\d"
    r"(?:\.DBL|(?:\.DBL)?(?:\.nc|\.tgz|\.tar\.gz))$",
    re.I,
)


def entry(path: PathLike) -> Entry | None:
    """The entry of a file by its name, or None if it is not named like a file of any product."""
    for name in _names(Path(path).name):
        for read in (_amsr, _cetb, _smc, _smap, _smap_layer, _gldas, _lai, _appeears, _lprm, _smos):
            found = read(str(path), name)
            if found is not None:
                return found
    for name in _names(Path(path).name):
        if relative := relatives.relative(name):
            return Entry(str(path), *relative[:2], refused=relative[2])
    return None


#: What archives and their tools put before a file's own name: short names of products, versions and numbers of orders.
_PREFIX = re.compile(
    r"^(?:(?:SC|SPL3SMP(?:_E)?|SMAP|GLDAS_NOAH025_3H|GLDAS|LPRM(?:_AMSR\w*?_SOILM3)?|M[COY]D15A2H|SMOS|AMSR2|AMSRE?|v?\d[\d.]*)[._: -]+)+"
    r"(?=(?:SMAP_L|GLDAS_|LPRM-|SM_\w{4}_MIR|M[COY]D15A2H\.A|SPL3SMP|[A-Z0-9]{6}_\d{8}_01))",
    re.I,
)


def original(name: str) -> str:
    """A name without the number of a copy."""
    return re.sub(r" ?\(\d+\)(?=(?:\.\w{1,4})+$|$)| (?:- )?copy(?: \d+)?(?=(?:\.\w{1,4})+$|$)", "", name, flags=re.I)


def _names(name: str) -> list[str]:
    """The name, and the names that it may have had before: without the number of a copy, wget's address or a prefix."""
    names = [original(name)]
    if "?" in name or "@" in name:
        asked = re.findall(r"(?:FILENAME|LABEL)=([^&]+)", unquote(name), re.I)
        names += [unquote(part).rpartition("/")[2] for part in (re.split(r"[?@]", name)[0], *asked)]
    if _PREFIX.match(name):
        names.append(_PREFIX.sub("", names[0], count=1))
    return list(dict.fromkeys([name, *names]))


def _date(text: str) -> datetime.date | None:
    """The date written yyyymmdd or yyyyddd (day of year); None if there is no such day."""
    try:
        return datetime.datetime.strptime(text, "%Y%m%d" if len(text) == 8 else "%Y%j").date()
    except ValueError:
        return None


def day_of_year(year: int, month: int, day: int) -> str:
    """A date as names of MODIS files write it: yyyyddd. Raises ``ValueError`` if there is no such day."""
    return f"{datetime.date(year, month, day):%Y%j}"


def _radiometer(prefix: str, date: datetime.date) -> str:
    """AMSR2 files begin with GW1AM2; the prefix of AMSR-E files in AMSR2's format is not known, so the date decides."""
    return "AMSR2" if prefix.upper() == "GW1AM2" or date > AMSRE_END else "AMSR-E"


def _amsr(path: str, name: str) -> Entry | None:
    m = _AMSR.match(name)
    if not m or not (date := _date(m.group(2))):
        return None
    refused = "this is the 0.1 degree product (H); the 0.25 degree product (L) is needed" if m.group(5).upper() == "H" else ""
    return Entry(
        path, "amsr_tb", _radiometer(m.group(1), date), date, None, m.group(4), m.group(3).upper(), m.group(7) + m.group(8), refused
    )


def _cetb(path: str, name: str) -> Entry | None:
    """NSIDC's calibrated brightness temperatures, in the names of the first version and of the second."""
    m = _CETB.match(name)
    if not m:
        return None
    if m.group(1):
        grid, _, sensor, day, channel, letter, orbit, way, version = m.groups()[:9]
    else:
        way, grid, _, sensor, orbit, channel, letter, day, version = m.groups()[9:]
    if not (date := _date(day)):
        return None
    refused = ""
    if sensor.upper() not in ("AMSRE", "AMSR2"):
        refused = f"this is of {sensor}; CETB files of AMSR-E or AMSR2 are needed"
    elif grid.upper() != "EASE2_T25KM":
        refused = f"this is on the grid {grid}; EASE2_T25km (all longitudes, 25 km) is needed"
    elif way.upper() != "GRD" or orbit.upper() not in "AD":
        refused = f"this is {way}, passes {orbit}; gridded (GRD) ascending (A) or descending (D) passes are needed"
    radiometer = "AMSR2" if sensor.upper() == "AMSR2" else "AMSR-E"
    known = (path, "amsr_tb", radiometer, date, None, f"{int(float(channel)):02d}", orbit.upper(), f"CETB_{version}", refused)
    return Entry(*known, polarisation=letter.lower())


def _smc(path: str, name: str) -> Entry | None:
    m = _SMC.match(name)
    if not m or not (date := _date(m.group(2))):
        return None
    refused = "this is the 0.1 degree product (H); the 0.25 degree product (L) is needed" if m.group(4).upper() == "H" else ""
    return Entry(path, "jaxa", _radiometer(m.group(1), date), date, None, None, m.group(3).upper(), m.group(6) + m.group(7), refused)


def _smap(path: str, name: str) -> Entry | None:
    m = _SMAP.match(name)
    if not m or not (date := _date(m.group(2))):
        return None
    return Entry(path, "smap_e" if m.group(1) else "smap", "SMAP", date, None, None, None, f"{m.group(3)}_{m.group(4)}".upper())


def _smap_layer(path: str, name: str) -> Entry | None:
    m = _SMAP_LAYER.match(name)
    if not m or not (date := _date(m.group(4) + m.group(5))):
        return None
    return Entry(path, "smap_e" if m.group(1) else "smap", "SMAP", date, None, None, None, m.group(2), layer=m.group(3))


def _gldas(path: str, name: str) -> Entry | None:
    m = _GLDAS.match(name)
    if not m or not (date := _date(m.group(2))):
        return None
    hours, minutes = int(m.group(3)[:2]), int(m.group(3)[2:])
    if hours > 23 or minutes > 59:
        return None
    time = np.datetime64(date, "s") + np.timedelta64(hours * 3600 + minutes * 60, "s")
    refused = "this is the early product (EP), forced with other rain; GLDAS_NOAH025_3H is needed" if m.group(1) else ""
    if m.group(4) < "021":
        what = "GLDAS-2.0" if m.group(4) == "020" else "an older GLDAS"
        refused = f"this is {what} (.{m.group(4)}), forced with other data; GLDAS-2.1 (.021) is needed"
    return Entry(path, "gldas", "Noah", date, time, None, None, m.group(4), refused)


def _lai(path: str, name: str) -> Entry | None:
    m = _LAI.match(name)
    if not m or not (date := _date(m.group(3))):
        return None
    return Entry(path, "lai", (m.group(1) or m.group(2)).upper() + "15A2H", date, None, None, None, m.group(4))


def _appeears(path: str, name: str) -> Entry | None:
    m = _APPEEARS.match(name)
    if not m:
        return None
    date = _date(m.group(4) + m.group(5)) if m.group(4) else None
    if m.group(4) and date is None:
        return None
    return Entry(path, "lai", m.group(1).upper() + "15A2H", date, None, None, None, m.group(2))


def _lprm(path: str, name: str) -> Entry | None:
    m = _LPRM.match(name)
    if not m or not (date := _date(m.group(4))):
        return None
    refused = "this is the 10 km product (DS); the 0.25 degree product is needed" if "DS" in m.group(2).upper() else ""
    orbit = m.group(2).upper().replace("DS", "").replace("_", "")
    return Entry(path, "lprm", "AMSR2" if m.group(1) == "2" else "AMSR-E", date, None, None, orbit, m.group(3), refused)


def _smos(path: str, name: str) -> Entry | None:
    m = _SMOS.match(name)
    if not m or not (date := _date(m.group(4))):
        return None
    refused = "" if m.group(4) == m.group(5) else "this covers several days; the daily product is needed"
    sensor = "SMOS-IC" if m.group(2).upper() == "CDF3S" else "SMOS"
    return Entry(path, "smos", sensor, date, None, None, m.group(3).upper(), f"{m.group(2)}_{m.group(6)}_{m.group(7)}".upper(), refused)
