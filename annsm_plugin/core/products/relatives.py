"""Names of products that stand in the same archives as those that are read and cannot be used, and of the files that come beside them."""

from __future__ import annotations

import re

GLDAS = "GLDAS-2.1 Noah, 3-hourly, 0.25 degree (GLDAS_NOAH025_3H.A*.021) is needed"
_LAI = "MCD15A2H (8-day leaf area index, 500 m) is needed"
SMAP = "SPL3SMP (36 km, SMAP_L3_SM_P_*.h5) is needed"
_LPRM = "the daily 0.25 degree product (LPRM-AMSR2_L3_*_SOILM3_*) is needed"
_GRID = "the daily global 0.25 degree product (01D_EQM*, L) is needed"

#: Pattern of a name; product whose relative it is and its sensor; what it is, with "\\1" for what the pattern caught, and what is needed.
_RELATIVES: tuple[tuple[str, str, str | None, str, str], ...] = (
    (r"GLDAS_NOAH025_M[._]", "gldas", "Noah", "a monthly mean of GLDAS", GLDAS),
    (r"GLDAS_NOAH10_M", "gldas", "Noah", "a monthly mean of GLDAS at 1 degree", GLDAS),
    (r"GLDAS_NOAH10_3H", "gldas", "Noah", "GLDAS Noah at 1 degree", GLDAS),
    (r"GLDAS_CLSM\d*(_\w+?)?\.A", "gldas", "CLSM", "GLDAS of another land model (Catchment, CLSM)", GLDAS),
    (r"GLDAS_VIC10_\w+?\.A", "gldas", "VIC", "GLDAS of another land model (VIC)", GLDAS),
    (r"GLDAS_MOS\w*\.A", "gldas", "Mosaic", "GLDAS of another land model (Mosaic)", GLDAS),
    (r"(?:NLDAS|FLDAS)_?\w*\.A", "gldas", None, "a land model of another system (NLDAS or FLDAS)", GLDAS),
    (r"(M[COY]D15A3H|VNP15A1|M[COY]D15A1)\.", "lai", None, r"\1, leaf area index of another period", _LAI),
    (r"(M[CO]D13\w\d|MYD13\w\d)\.", "lai", None, r"\1, a vegetation index (NDVI, EVI)", _LAI),
    (r"(M[COY]D(?:09|11|12|16|17|43|44|10)\w*)\.", "lai", None, r"\1, another MODIS product", _LAI),
    (r"(VNP(?:13|09|21|43)\w*)\.", "lai", None, r"\1, another VIIRS product", _LAI),
    (r"SMAP_(L[12][ABC]?)_(\w+?)_\d", "smap", "SMAP", r"SMAP \1 \2, half orbits", SMAP),
    (r"SMAP_L4_(\w+?)_\d", "smap", "SMAP", r"SMAP L4 \1, a land model's output", SMAP),
    (r"SMAP_L3_(SM_SP|SM_AP|SM_A|FT_P_E|FT_P|FT_A)_\d", "smap", "SMAP", r"SMAP L3 \1, another product of SMAP", SMAP),
    (r"SPL3SMP(?:_E)?\.\d{3}_(?!Soil_Moisture_Retrieval_Data_)\w+_aid\d+\.tif", "smap", "SMAP", "an AppEEARS layer outside the retrievals",
     "the layers soil_moisture and tb_time_seconds of SPL3SMP are needed"),
    (r"LPRM-AMSR2_L3_(?:DAY|NIGHT)\w*_SOILM\d_V\d+_\d", "lprm", "AMSR2", "an LPRM product of day or night passes in another form", _LPRM),
    (r"LPRM-AMSR\w*_L2_", "lprm", None, "LPRM L2, half orbits", _LPRM),
    (r"LPRM-(TMI|GMI|WINDSAT|SSMI)\w*_L3_", "lprm", None, r"LPRM of another radiometer (\1)", _LPRM),
    (r"\w{6}_\d{8}_01M_E\w+_L3SG", "amsr_tb", None, "a monthly mean of an AMSR product", _GRID),
    (r"\w{6}_\d{8}_01D_P[NS]\w+_L3SG", "amsr_tb", None, "an AMSR product on a polar grid", _GRID),
    (r"\w{6}_\d{8}_01D_EQ\w+_L3SG(CLW|PRC|SIC|SND|SSW|SST|TPW)", "amsr_tb", None, r"AMSR L3 \1, no brightness temperature",
     "L3SGT06 ... L3SGT89 (brightness temperature) or L3SGSMC (soil moisture) is needed"),
    (r"\w{6}_\d{12}_\d{3}[AD]_L[12]SG", "amsr_tb", None, "AMSR L1 or L2, half orbits", _GRID),
    (r"SM_\w{4}_MIR_(CLM\w+|CLQ\w+|SMUDP2|SMDAP2|SCL\w+|CDF3T[AD])_", "smos", "SMOS", r"SMOS \1, another product of SMOS",
     "the daily soil moisture (CLF31A, CLF3SA or CDF3SA) is needed"),
    (r"(?:3B-(?:DAY|HHR|MO)\S*|GPM_3IMERG\w*)", "other", None, "GPM IMERG, precipitation from satellites", "for the rain " + GLDAS),
    (r"ESACCI-SOILMOISTURE-", "other", None, "ESA CCI soil moisture, which merges many sensors", SMAP),
    (r"(?:C3S-SOILMOISTURE-)", "other", None, "C3S soil moisture, which merges many sensors", SMAP),
    (r"(?:era5|reanalysis-era5|ERA5)[-_. ]?\w*", "other", None, "ERA5, a reanalysis", GLDAS),
    (r"(?:ASCAT|W_\w\w-\w+-\w+,\w+,METOP\w+,|h1\d\d_|H SAF|HSAF)\S*", "other", None, "soil moisture of ASCAT", SMAP),
    (r"(MERRA2|CLDAS|JRA55)[._]", "other", None, r"\1, another model", GLDAS),
)  # fmt: skip

_PATTERNS = tuple((re.compile("^" + pattern, re.I), product, sensor, what, needed) for pattern, product, sensor, what, needed in _RELATIVES)

#: What lies beside data files, by the end of its name. Compressed archives of many files are not among them.
_BESIDE: tuple[tuple[str, str], ...] = (
    (r"\.(?:part|crdownload|download|filepart|aria2|tmp|partial|!ut)$", "a download that is not finished"),
    (r"\.(?:md5|sha1|sha256|sha512|cksum)$", "a check sum, which comes beside a data file"),
    (r"\.(?:xml|met|cmr\.json|dmrpp|dmr|das|dds|qa|hdr|prj|aux|ovr|idx)$", "a description that comes beside a data file"),
)


def relative(name: str) -> tuple[str, str | None, str] | None:
    """Product, sensor and a sentence for the name of a relative; None for any other name."""
    if beside(name):
        return None
    for pattern, product, sensor, what, needed in _PATTERNS:
        if match := pattern.match(name):
            return product, sensor, f"this is {match.expand(what)}; {needed}"
    return None


def beside(name: str) -> str:
    """What a file that comes beside data files or is not finished is, by the end of its name; empty for any other name."""
    return next((what for pattern, what in _BESIDE if re.search(pattern, name, re.I)), "")


def refusal(sentence: str) -> tuple[str, str]:
    """What was found and what was expected, of the sentence of a refused entry."""
    found, _, needed = sentence.partition("; ")
    found = found[len("this is ") :] if found.startswith("this is ") else found
    needed = needed[: -len(" is needed")] if needed.endswith(" is needed") else needed
    return found, needed or "a file of another date or sensor"
