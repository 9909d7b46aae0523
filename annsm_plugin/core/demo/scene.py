"""What each product of the demo archive shows of the true soil moisture: times of the overpasses, errors and gaps.

Brightness temperature has 0.7 K of noise, and AMSR-E an offset of 1-4 K, different for each channel (``emission.CHANNELS``). SMAP has an
ubRMSE of 0.04 m3 m-3 and no retrievals in frozen soil. GLDAS has rain of its own, a lag and a smaller amplitude. LPRM is too wet, JAXA
and SMOS are too dry, all with gaps.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import metrics
from ..foundation.grid import Grid
from ..foundation.progress import Progress
from ..products.readers import ease
from . import emission, orbits, soil
from .climate import Land, Weather, correlated, remembering

#: Standard deviation of the noise of brightness temperature (K).
TB_NOISE = 0.7

#: Standard deviation of the noise of SMAP's retrievals (m3 m-3).
SMAP_NOISE = 0.04

#: Bias (m3 m-3), gain and noise (m3 m-3) of the products that ANN-SM is compared with.
LPRM, JAXA, SMOS = (0.10, 1.15, 0.075), (0.02, 0.40, 0.035), (-0.02, 0.70, 0.075)

#: GLDAS: bias (m3 m-3), gain, and the correlation with the truth in unfrozen soil to which slowly varying errors reduce it.
GLDAS_BIAS, GLDAS_GAIN, GLDAS_R = 0.02, 0.75, 0.68

#: Hours of a year.
YEAR = 365 * 24

HOUR = np.timedelta64(3600, "s")
_J2000 = float(np.datetime64("2000-01-01T12:00:00", "s").astype("int64"))


class Scene:
    """The years of one radiometer (``sensor``: "AMSR-E" or "AMSR2") over a region; its methods give the products of one day each.

    ``grid``: the region; ``wide``: the region with a margin, on which weather and soil are simulated. Dates are UTC dates; call
    ``brightness`` of a date before ``lprm`` and ``jaxa``, which take the times of observation from it.
    """

    def __init__(self, wide: Grid, grid: Grid, land: Land, weather: Weather, seed: int, sensor: str, progress: Progress):
        self.wide, self.grid, self.land, self.weather, self.sensor = wide, grid, land, weather, sensor
        self.channels = [c for c in emission.CHANNELS if sensor == "AMSR2" or c != "07"]
        lat, lon = (a.ravel() for a in np.meshgrid(wide.lat, wide.lon, indexing="ij"))
        self.lat, self.lon = lat, lon
        porosity = land.porosity
        truth = soil.Soil(porosity, 50.0, 250.0, 3.0 * land.drainage, 9.0, 0.0025, 1.0 * land.thirst)
        model = soil.Soil(0.46, 100.0, 400.0, 3.0, 9.0, 0.004, 0.9)
        water = soil.run(truth, weather.rain, weather.soil_temperature, lon, progress)
        belief = soil.run(model, weather.gldas_rain, weather.soil_temperature, lon, progress)
        self.total, self.film = water.surface, water.skin
        self.liquid = soil.liquid(self.total, weather.soil_temperature)
        self.gldas_moisture = self._believed(belief.layer, np.random.default_rng([seed, 13, len(sensor)]))
        self.rng = np.random.default_rng([seed, 21, len(sensor)])
        rows, columns = wide.shape
        margin = (rows - grid.shape[0]) // 2
        inner = np.zeros((rows, columns), bool)
        inner[margin : rows - margin, margin : columns - margin] = True
        self.inner = np.flatnonzero(inner.ravel())
        self.smap_pixels = _pixels(wide, *ease.SMAP_36KM)
        self.smos_pixels = _pixels(wide, *ease.SMOS_25KM)
        self._passes: dict[np.datetime64, np.ndarray] = {}

    def _believed(self, layer: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """GLDAS's soil moisture (hours, cells): that of its soil model, with a smaller amplitude, a bias and slowly varying errors."""
        warm = np.where(self.weather.soil_temperature > soil.FREEZING, 1.0, np.nan)
        hours = layer.shape[0]
        error = np.repeat(remembering(correlated(rng, hours // 24, self.lat, self.lon, 120.0), 0.93), 24, axis=0)
        for first in range(0, hours, YEAR):  # year by year: in a year in which the rain of GLDAS is poor no further error is needed
            year = slice(first, first + YEAR, 6)
            agreement = metrics.r(self.total[year] * warm[year], layer[year] * warm[year], axis=0)
            missing = np.sqrt(np.maximum((agreement / GLDAS_R) ** 2 - 1.0, 0.0))
            with np.errstate(invalid="ignore"):
                error[first : first + YEAR] *= np.nan_to_num(missing * _deviation(layer[year] * warm[year]))
        mean = np.nanmean(layer[::6] * warm[::6], axis=0)
        return np.clip(
            mean + GLDAS_GAIN * self.land.belief_gain * (layer + error - mean) + GLDAS_BIAS + self.land.belief_bias, 0.02, 0.6
        ).astype("float32")

    def index(self, times: np.ndarray) -> np.ndarray:
        """Hour index of UTC times (seconds since 1970); 0 for NaN."""
        start = self.weather.start.astype("int64")
        hour = np.rint((np.nan_to_num(times, nan=float(start)) - start) / 3600.0).astype(int)
        return np.clip(hour, 0, self.total.shape[0] - 1)

    def seen(self, orbit: orbits.Orbit, date: np.datetime64, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
        """UTC seconds since 1970 at which points are seen on a date, NaN where they are not."""
        return orbits.composite(orbit, np.array([date]), lat, lon)[0]

    def brightness(self, date: np.datetime64, rng: np.random.Generator) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """Brightness temperature (K) by channel, vertical and horizontal, (rows, columns) of the region, NaN where not seen."""
        orbit = orbits.AMSR2 if self.sensor == "AMSR2" else orbits.AMSRE
        times = self.seen(orbit, date, self.lat, self.lon)
        self._passes[date] = times
        at, cell = self.index(times), np.arange(self.lat.size)
        w = self.weather
        day = np.clip(at // 24, 0, w.lai.shape[0] - 1)
        result = {}
        for name in self.channels:
            vertical, horizontal = emission.brightness(
                name,
                liquid=self.liquid[at, cell],
                ice=np.maximum(self.total[at, cell] - self.liquid[at, cell], 0.0),
                film=self.film[at, cell],
                soil_temperature=w.soil_temperature[at, cell],
                skin_temperature=w.skin_temperature[at, cell],
                canopy_water=0.35 * w.lai[day, cell] * w.canopy[day, cell] * self.land.leaves,
                land=self.land,
            )
            settings = emission.CHANNELS[name]
            offset = (settings.offset_v, settings.offset_h) if self.sensor == "AMSR-E" else (0.0, 0.0)
            pair = []
            for values, shift in zip((vertical, horizontal), offset):
                noisy = np.real(values) + shift + TB_NOISE * rng.standard_normal(values.shape)
                pair.append(self._inside(np.where(np.isnan(times), np.nan, noisy)))
            result[name] = (pair[0], pair[1])
        return result

    def gldas(self, date: np.datetime64) -> list[dict[str, np.ndarray]]:
        """The eight 3-hourly steps of a date: the variables of GLDAS in its units, (rows, columns) of the wide region."""
        start = int((date.astype("datetime64[s]") - self.weather.start) / HOUR)
        steps = []
        for hour in range(0, 24, 3):
            i = start + hour
            past = slice(max(0, i - 2), i + 1)
            fields = {
                "SoilMoi0_10cm_inst": self.gldas_moisture[i] * 100.0,
                "SoilTMP0_10cm_inst": self.weather.deep_temperature[i],
                "AvgSurfT_inst": self.weather.skin_temperature[i],
                "Rainf_f_tavg": self.weather.gldas_rain[past].sum(axis=0) / 10800.0,
            }
            steps.append({name: values.reshape(self.wide.shape) for name, values in fields.items()})
        return steps

    def smap(self, date: np.datetime64, rng: np.random.Generator) -> tuple[slice, slice, list[dict[str, np.ndarray]]]:
        """Rows and columns of the region in the 36 km grid, and the fields of the morning and the evening overpass.

        Fields (rows, columns): soil moisture (m3 m-3), quality flag, seconds since 2000-01-01 12:00, lat, lon, frozen.
        """
        rows, columns, lat, lon = self.smap_pixels
        passes = []
        for orbit in (orbits.SMAP_AM, orbits.SMAP_PM):
            times = self.seen(orbit, date, lat, lon)
            at = self.index(times)
            truth = self._at(self.total, at, lat, lon)
            frozen = self._at(self.weather.soil_temperature, at, lat, lon) <= soil.FREEZING
            noisy = truth + SMAP_NOISE * rng.standard_normal(truth.shape)
            flag = np.where(rng.random(truth.shape) < 0.15, 1, 0)
            flag = np.where(rng.random(truth.shape) < 0.02, 8, flag)
            none = np.isnan(times)
            flag = np.where(frozen, 15, flag)
            value = np.where(none | frozen, np.nan, np.clip(noisy, 0.02, 0.5))
            shape = (rows.stop - rows.start, columns.stop - columns.start)
            flag = np.where(none, 65534, flag)
            fields = {"soil_moisture": value, "flag": flag, "seconds": times - _J2000, "lat": lat, "lon": lon, "frozen": frozen}
            passes.append({k: np.asarray(v).reshape(shape) for k, v in fields.items()})
        return rows, columns, passes

    def smos(self, date: np.datetime64, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
        """Latitudes and longitudes of the region in the 25 km grid, and fields (lat, lon), south first.

        Fields: soil moisture (m3 m-3), days since 2000-01-01, seconds of the day, Dqx (m3 m-3), probability of interference.
        """
        rows, columns, lat, lon = self.smos_pixels
        shape = (rows.stop - rows.start, columns.stop - columns.start)
        times = self.seen(orbits.SMOS, date, lat, lon)
        at = self.index(times)
        truth = self._at(self.total, at, lat, lon)
        frozen = self._at(self.weather.soil_temperature, at, lat, lon) <= soil.FREEZING
        bias, gain, noise = SMOS
        value = np.clip(bias + gain * truth + noise * rng.standard_normal(truth.shape), 0.0, 0.9)
        gone = np.isnan(times) | frozen | (rng.random(truth.shape) < 0.25)
        rfi = np.clip(rng.gamma(1.2, 0.08, truth.shape), 0.0, 1.0)
        day0 = np.datetime64("2000-01-01", "s").astype("int64")
        days = np.floor((times - day0) / 86400.0)
        parts = (np.where(gone, np.nan, value), days, times - day0 - days * 86400.0, 0.05 + 0.0 * truth, rfi)
        south_first = [np.asarray(p).reshape(shape)[::-1] for p in parts]
        grid_lat, grid_lon = ease.centres(*ease.SMOS_25KM)
        return grid_lat[rows][::-1], grid_lon[columns], *south_first

    def lprm(self, date: np.datetime64, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Soil moisture (m3 m-3), mask and times (UTC seconds since 1970), (rows, columns) of the region."""
        times = self._passes[date]
        value, frozen = self._retrieved(times, LPRM, rng)
        mask = np.where(np.isnan(times), 512, np.where(frozen, 256, 0))
        value = np.where(np.isnan(times) | (frozen & (rng.random(value.shape) < 0.7)), np.nan, value)
        return self._inside(value), self._inside(mask), self._inside(times)

    def jaxa(self, date: np.datetime64, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Soil moisture (m3 m-3) and times (UTC seconds since 1970), (rows, columns) of the region."""
        times = self._passes[date]
        value, frozen = self._retrieved(times, JAXA, rng)
        value = np.where(np.isnan(times) | frozen | (rng.random(value.shape) < 0.15), np.nan, value)
        return self._inside(value), self._inside(times)

    def _inside(self, values: np.ndarray) -> np.ndarray:
        """Values (cells,) of the wide region cut to the region, (rows, columns)."""
        return values[self.inner].reshape(self.grid.shape)

    def _retrieved(self, times: np.ndarray, errors: tuple[float, float, float], rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Soil moisture with bias, gain and noise (``errors``) at the times of observation, and where the soil is frozen, (cells,)."""
        at, cell = self.index(times), np.arange(self.lat.size)
        bias, gain, noise = errors
        value = np.clip(bias + gain * self.total[at, cell] + noise * rng.standard_normal(cell.size), 0.0, 0.95)
        return value, self.weather.soil_temperature[at, cell] <= soil.FREEZING

    def _at(self, field: np.ndarray, at: np.ndarray, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
        """``field`` (hours, cells) at points, each at its hour ``at``, by bilinear interpolation in space."""
        row, column = (self.wide.lat[0] - lat) / 0.25, (lon - self.wide.lon[0]) / 0.25
        rows, columns = self.wide.shape
        r0, c0 = np.clip(np.floor(row).astype(int), 0, rows - 2), np.clip(np.floor(column).astype(int), 0, columns - 2)
        fr, fc = np.clip(row - r0, 0, 1), np.clip(column - c0, 0, 1)
        total: Any = 0.0
        for dr, wr in ((0, 1 - fr), (1, fr)):
            for dc, wc in ((0, 1 - fc), (1, fc)):
                total = total + wr * wc * field[at, (r0 + dr) * columns + c0 + dc]
        return total

    def truth(self, local: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """True soil moisture (days, rows, columns) at 01:30 and 06:00 on local dates, and whether the soil is frozen at either."""
        results = []
        frozen: Any = False
        for hour in (1.5, 6.0):
            offset = np.rint(hour - self.lon[self.inner] / 15.0).astype(int)
            start = ((local.astype("datetime64[s]") - self.weather.start) / HOUR).astype(int)
            at = np.clip(start[:, None] + offset, 0, self.total.shape[0] - 1)
            results.append(self.total[at, self.inner].reshape(local.size, *self.grid.shape))
            frozen = frozen | (self.weather.soil_temperature[at, self.inner] <= soil.FREEZING).reshape(local.size, *self.grid.shape)
        return results[0], results[1], frozen


def _deviation(values: np.ndarray) -> np.ndarray:
    """Standard deviation over the first axis without missing values; 0 where all are missing."""
    there = np.isfinite(values)
    count = np.maximum(there.sum(axis=0), 1)
    mean = np.where(there, values, 0.0).sum(axis=0) / count
    return np.sqrt(np.where(there, (values - mean) ** 2, 0.0).sum(axis=0) / count)


def _pixels(wide: Grid, rows: int, columns: int) -> tuple[slice, slice, np.ndarray, np.ndarray]:
    """Rows and columns of an EASE grid inside the wide region, and the latitudes and longitudes of its pixels there."""
    lat, lon = ease.centres(rows, columns)
    inside_lat = np.flatnonzero((lat <= wide.lat[0]) & (lat >= wide.lat[-1]))
    inside_lon = np.flatnonzero((lon >= wide.lon[0]) & (lon <= wide.lon[-1]))
    row, column = (slice(int(inside[0]), int(inside[-1]) + 1) for inside in (inside_lat, inside_lon))
    lats, lons = np.meshgrid(lat[row], lon[column], indexing="ij")
    return row, column, lats.ravel(), lons.ravel()
