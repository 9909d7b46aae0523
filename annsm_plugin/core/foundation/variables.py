"""Names, units and long names of everything that a cube, an ANN-SM file or a product dataset carries."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

#: What stands for a missing number.
FILL = np.float32(-9999.0)


@dataclass(frozen=True)
class Variable:
    """How one variable is described and stored."""

    long_name: str
    units: str
    standard_name: str | None = None
    dtype: str = "float32"
    fill: np.generic | float | int | None = FILL
    attributes: tuple[tuple[str, object], ...] = ()


#: Channel label -> frequency in GHz, as the JAXA file names write it.
FREQUENCIES = {"06": 6.925, "07": 7.3, "10": 10.65, "18": 18.7, "23": 23.8, "36": 36.5, "89": 89.0}

#: What tells a temperature from a difference of two, which have the same unit (CF-1.11, section 3.1.2).
ON_SCALE = (("units_metadata", "temperature: on_scale"),)

#: Missing in a byte. Not -1: GDAL before 3.7 reads a byte as unsigned, so that QGIS would show 255 and no missing value.
BYTE_FILL = np.int8(127)

#: What soil can hold, m3 m-3: soil moisture that is handed out lies in between.
POSSIBLE = (0.0, 1.0)

#: What a brightness temperature, and a temperature of the ground, can be, K.
POSSIBLE_TB, POSSIBLE_GROUND = (50.0, 350.0), (150.0, 400.0)

#: Bits of ``quality_flag``: every value of ANN-SM carries them.
FLAGS = {
    "input_outside_training_range": 1,
    "soil_frozen": 2,
    "precipitation_above_threshold": 4,
    "amsre_day": 8,
    "cell_not_trained": 16,
    "held_at_bounds": 32,
    "filled": 64,
    "input_outside_region_range": 128,
}

#: How a filled value was filled (``fill_way``), and the number that stands for it.
FILL_WAYS = {"none": 0, "network": 1, "dct": 2, "convolution": 3}

#: Attribute, less the product's name, with the days of a cube whose leaf area index is of that product ("first/last first/last").
LAI_DAYS = "lai_days_"

#: Products of leaf area index, and the bit of ``lai_source`` that stands for each.
LAI_SOURCES = {"MCD15A2H": 1, "MOD15A2H": 2, "MYD15A2H": 4, "VNP15A2H": 8, "VJ115A2H": 16, "VJ215A2H": 32}

#: Instrument -> its products of leaf area index, the one that is preferred where several have a composite first.
LAI_FAMILIES = {"MODIS": ("MCD15A2H", "MOD15A2H", "MYD15A2H"), "VIIRS": ("VNP15A2H", "VJ115A2H", "VJ215A2H")}

CUBE = {
    "sm_gldas": Variable("GLDAS Noah soil moisture, 0-10 cm, 02:00 local", "m3 m-3"),
    "st_gldas": Variable("GLDAS Noah soil temperature, 0-10 cm, 02:00 local", "K", "soil_temperature", attributes=ON_SCALE),
    "lst_gldas": Variable("GLDAS Noah surface temperature, 02:00 local", "K", "surface_temperature", attributes=ON_SCALE),
    "lai": Variable("leaf area index of MODIS or VIIRS (lai_source)", "m2 m-2", "leaf_area_index"),
    "precipitation_7h": Variable("GLDAS precipitation, 01-07 local", "mm", "lwe_thickness_of_precipitation_amount"),
    "sm_smap": Variable("SMAP L3 soil moisture, 0-5 cm", "m3 m-3"),
    "screened": Variable("1 where precipitation exceeds the threshold", "1", dtype="int8", fill=BYTE_FILL),
    "sensor": Variable(
        "radiometer that saw the day",
        "1",
        dtype="int8",
        fill=np.int8(-1),
        attributes=(("flag_values", np.array([0, 1, 2], dtype="int8")), ("flag_meanings", "none AMSR-E AMSR2")),
    ),
    "lai_source": Variable(
        "products that the leaf area index of the day is made of",
        "1",
        dtype="uint8",
        fill=np.uint8(255),
        attributes=(
            ("flag_masks", np.array(list(LAI_SOURCES.values()), dtype="uint8")),
            ("flag_meanings", " ".join(LAI_SOURCES)),
        ),
    ),
}

#: Variables of a cube that have one value for each day, the same in all cells: what the day was seen with.
PER_DAY = ("sensor", "lai_source")

ANNSM = {
    "soil_moisture": Variable("ANN-SM soil moisture", "m3 m-3"),
    "soil_moisture_spread": Variable("standard deviation over the restarts", "m3 m-3"),
    "soil_moisture_uncertainty": Variable("root of squared spread plus testing mean squared error", "m3 m-3"),
    "quality_flag": Variable(
        "conditions under which a value was reconstructed",
        "1",
        dtype="uint8",
        fill=np.uint8(255),
        attributes=(
            ("flag_masks", np.array(list(FLAGS.values()), dtype="uint8")),
            ("flag_meanings", " ".join(FLAGS)),
        ),
    ),
    "fill_way": Variable(
        "way in which a gap was filled",
        "1",
        dtype="int8",
        fill=BYTE_FILL,
        attributes=(
            ("flag_values", np.array(list(FILL_WAYS.values()), dtype="int8")),
            ("flag_meanings", " ".join(FILL_WAYS)),
        ),
    ),
}

#: Values of ``sensor``.
SENSORS = {"AMSR-E": 1, "AMSR2": 2}


#: Variables that are soil moisture, m3 m-3.
SOIL = ("soil_moisture", "sm_smap", "sm_gldas")


def possible(name: str) -> tuple[float, float] | None:
    """Lowest and highest value that the variable ``name`` of a cube or ANN-SM file can have; None: not known."""
    if name in SOIL:
        return POSSIBLE
    if name in ("st_gldas", "lst_gldas"):
        return POSSIBLE_GROUND
    return POSSIBLE_TB if re.fullmatch(r"tb_(f\d|\d\d)[vh]", name) else None


def brightness_temperature(name: str) -> Variable:
    """The description of a brightness temperature variable such as ``tb_10v`` or ``tb_f3h``."""
    channel, polarisation = name[3:-1], {"v": "vertical", "h": "horizontal"}[name[-1]]
    what = f"channel F{channel[1:]}" if channel.startswith("f") else f"{FREQUENCIES[channel]:g} GHz"
    long_name = f"AMSR brightness temperature, {what}, {polarisation} polarisation"
    return Variable(long_name, "K", "brightness_temperature", attributes=ON_SCALE)


def describe(name: str) -> Variable:
    """The description of any cube or ANN-SM variable; an extra predictor is described by its own name."""
    if name in CUBE:
        return CUBE[name]
    if name in ANNSM:
        return ANNSM[name]
    if name.startswith("tb_"):
        return brightness_temperature(name)
    return Variable(f"extra predictor {name}", "1")
