"""Daily series of GLDAS soil moisture at night, from a folder of its files."""

from __future__ import annotations

import numpy as np

from .. import products
from ..foundation import localtime
from ..foundation.errors import ProductError
from ..foundation.grid import Grid
from ..foundation.paths import PathLike
from ..foundation.progress import SILENT, Progress
from ..matching.gldas import HOUR, STATES
from ..matching.precipitation import STEP_HOURS, nearest_step
from ..products.decoding import Pool

_STEP = np.timedelta64(STEP_HOURS * 3600, "s")


def gldas_series(folder: PathLike, grid: Grid, dates: np.ndarray, progress: Progress | None = None) -> tuple[np.ndarray, int, list[str]]:
    """Soil moisture of 0-10 cm (m3 m-3) in the cells of ``grid`` at 02:00 local solar time on ``dates``, as in the cube.

    Returns the values (cells, days) float32, row by row, NaN where missing; the number of files that were used; a sentence for each file
    that could not be used. Only those 3-hourly files are opened that are the nearest to 02:00 in some column.
    """
    progress = progress or SILENT
    name, factor = STATES["sm_gldas"]
    west, south, east, north = grid.bounds
    entries = {np.datetime64(e.time, "s"): e for e in products.find(folder, "gldas", progress=progress) if not e.refused}
    step = nearest_step(HOUR["descending"] - localtime.offset_hours(grid.lon, "solar"))
    values = np.full((*grid.shape, dates.size), np.nan, dtype=np.float32)
    uses: dict[np.datetime64, list[tuple[int, int]]] = {}
    for number, date in enumerate(dates.astype("datetime64[s]")):
        for own in np.unique(step):
            uses.setdefault(date + int(own) * _STEP, []).append((number, int(own)))
    stamps = [stamp for stamp in sorted(uses) if stamp in entries]
    files, problems = 0, []
    with Pool.for_files(len(stamps)) as pool:
        window = (west, south, east, north)
        pool.expect([(entries[stamp], window, (name,)) for stamp in stamps])
        for place, stamp in enumerate(stamps):
            progress.check()
            progress.report(place / len(stamps), f"Reading GLDAS {stamp.astype('datetime64[D]')}")
            try:
                data = pool.take(entries[stamp], window, (name,), progress)
            except ProductError as error:
                problems.append(str(error))
                continue
            files += 1
            rows, columns = grid.rows_in(data.lat), grid.columns_in(data.lon)
            for number, own in uses[stamp]:
                y, x = np.flatnonzero(rows >= 0), np.flatnonzero((columns >= 0) & (step == own))
                if y.size and x.size:
                    values[np.ix_(y, x, np.array([number]))] = factor * data.variables[name][np.ix_(rows[y], columns[x])][:, :, np.newaxis]
    return values.reshape(-1, dates.size), files, problems
