"""Files of NSIDC's calibrated brightness temperatures as the program that writes them (PMESDR) lays them out."""

from __future__ import annotations

import netCDF4
import numpy as np

ROWS, COLUMNS, PIXEL = 540, 1388, 25025.26
X = (np.arange(COLUMNS) - 693.5) * PIXEL
Y = (269.5 - np.arange(ROWS)) * PIXEL
LON = X / (694 * PIXEL) * 180.0


def name(date, channel, *, sensor="AMSRE", orbit="D", version=1, grid="EASE2_T25km"):
    """A file's name in the first or the second version; ``channel`` "36V"."""
    date = np.datetime64(date, "D")
    platform = {"AMSRE": "AQUA", "AMSR2": "GCOMW1", "SSMIS": "F17"}[sensor]
    if version == 2:
        return f"NSIDC0630_GRD_{grid}_{platform}_{sensor}_{orbit}_{channel}_{str(date).replace('-', '')}_2301010101_v2.0.nc"
    number, made = ("NSIDC-0630", "RSS-v1.3") if sensor == "AMSRE" else ("NSIDC-0763", "PPS_XCAL-v1.1")
    day = (date - date.astype("datetime64[Y]").astype("datetime64[D]")).astype(int) + 1
    return f"{number}-{grid}-{platform}_{sensor}-{str(date)[:4]}{day:03d}-{channel}-{orbit}-GRD-{made}.nc"


def write(folder, date, channel, kelvin, minutes, *, axes=True, told=True, **named):
    """``kelvin`` and ``minutes`` since the beginning of the UTC day, (540, 1388), NaN where there is nothing.

    ``told``: whether the file says its channel, direction and sensor.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name(date, channel, **named)
    with netCDF4.Dataset(path, "w") as file:
        for dim, size in (("time", None), ("y", ROWS), ("x", COLUMNS)):
            file.createDimension(dim, size)
        time = file.createVariable("time", "f8", ("time",))
        time.units = "days since 1972-01-01 00:00:00"
        time[:] = [(np.datetime64(date, "D") - np.datetime64("1972-01-01")).astype(int)]
        for dim, axis in (("y", Y), ("x", X)) if axes else ():
            file.createVariable(dim, "f8", (dim,))[:] = axis
        file.createVariable("crs", "S1", ())
        for variable, kind, fill, scale, values, unit in (
            ("TB", "u2", 0, 0.01, kelvin, "K"),
            ("TB_num_samples", "u1", 0, None, np.isfinite(kelvin) * 3.0, "count"),
            ("TB_time", "i2", -32768, 1.0, minutes, f"minutes since {date} 00:00:00"),
        ):
            put = file.createVariable(variable, kind, ("time", "y", "x"), fill_value=fill, zlib=True)
            put.set_auto_maskandscale(False)
            put.units = unit
            if scale is not None:
                put.setncatts({"scale_factor": np.float32(scale), "add_offset": np.float32(0)})
            if variable == "TB" and told:
                ways = {"A": "Ascending", "D": "Descending"}
                put.frequency_and_polarization = channel
                put.temporal_division = ways.get(named.get("orbit", "D"), "Morning")
                file.instrument = f"{named.get('sensor', 'AMSRE')} > Advanced Microwave Scanning Radiometer"
            if variable == "TB":
                put.setncatts({"missing_value": np.uint16(60000), "valid_range": np.array([5000, 35000], "u2")})
            put[0] = np.where(np.isfinite(values), np.round(np.nan_to_num(values) / (scale or 1.0)), fill)
    return path
