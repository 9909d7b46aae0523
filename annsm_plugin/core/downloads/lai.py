"""MODIS leaf area index through AppEEARS: one request (JSON) for each product and year, the region cut out on the server.

Source: AppEEARS API documentation (task: task_type, task_name, params with dates MM-DD-YYYY, layers, geo, output).
"""

from __future__ import annotations

import datetime
import json
from typing import Any

from ..foundation.progress import Progress
from ..products.arrays import Window
from ..products.coverage import composites
from .wanted import Listing, Wanted

COLLECTION = "061"
LAYERS = ("Lai_500m", "FparLai_QC")
API = "https://appeears.earthdatacloud.nasa.gov/api"

#: First composite of each product; before the combined product there is only that of Terra.
FIRST = {"MCD15A2H": datetime.date(2002, 7, 4), "MOD15A2H": datetime.date(2000, 2, 18), "MYD15A2H": datetime.date(2002, 7, 4)}

#: Days before and after the period whose composites may be needed: one stands for its fourth day, and one may be missing.
AROUND = 16

#: Pixels per degree of AppEEARS's geographic output of a 500 m product.
PER_DEGREE = 240


def parts(request: Wanted) -> list[tuple[str, datetime.date, datetime.date]]:
    """(product, first, last): the dates to ask for of the wanted product, and of MOD15A2H for those before it begins."""
    around = datetime.timedelta(AROUND)
    low, high = (day.astype(datetime.date) for day in (request.days[0], request.days[-1]))
    low, high = low - around, high + around
    begin = FIRST[request.lai]
    found = []
    if low < begin and request.lai != "MOD15A2H":
        found.append(("MOD15A2H", max(low, FIRST["MOD15A2H"]), min(high, begin - datetime.timedelta(1))))
    found.append((request.lai, max(low, begin), high))
    return [(product, first, last) for product, first, last in found if first <= last]


def task(product: str, first: datetime.date, last: datetime.date, boxes: list[Window]) -> dict[str, Any]:
    """An AppEEARS area task: ``boxes`` (west, south, east, north), each a polygon of its own; NetCDF, geographic."""
    features = []
    for west, south, east, north in boxes:
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        features.append({"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}})
    return {
        "task_type": "area",
        "task_name": f"ANN-SM {product} {first} {last}",
        "params": {
            "dates": [{"startDate": f"{first:%m-%d-%Y}", "endDate": f"{last:%m-%d-%Y}"}],
            "layers": [{"product": f"{product}.{COLLECTION}", "layer": layer} for layer in LAYERS],
            "output": {"format": {"type": "netcdf4"}, "projection": "geographic"},
            "geo": {"type": "FeatureCollection", "features": features},
        },
    }


def listing(request: Wanted, progress: Progress) -> Listing:
    """The AppEEARS requests."""
    texts, count, steps, dates, left_out = {}, 0, 0, [], 0
    notes = []
    for product, first, last in parts(request):
        for year in range(first.year, last.year + 1):
            progress.check()
            begin, end = max(first, datetime.date(year, 1, 1)), min(last, datetime.date(year, 12, 31))
            there = [day for day in composites(begin, end) if (product, day) in request.have.composites]
            found = [day for day in composites(begin, end) if day not in there]
            name = f"lai_{product}_{year}"
            if found and there:  # a request holds one stretch of time; its files must not take the place of those of another
                begin, end = found[0], found[-1]
                found, name = composites(begin, end), f"{name}_{begin:%m%d}_{end:%m%d}"
            left_out += len(set(there) - set(found))
            if not found:
                continue
            texts[f"{name}.json"] = json.dumps(task(product, begin, end, request.boxes), indent=2) + "\n"
            dates += found
            steps += len(found)
            count += len(request.boxes)
        notes.append(f"{product}.{COLLECTION}: composites of {first} to {last}, {AROUND} days more than the period on either side.")
    if len(notes) > 1:
        notes.append(f"{request.lai} begins on {FIRST[request.lai]}; before, MOD15A2H (Terra alone) takes its place.")
    notes += request.have.sentence(left_out, "composites")
    begin = FIRST["MOD15A2H"]
    limits = [f"There is no MODIS LAI before {begin}."] if request.days[0] < begin else []
    notes += [
        f"{steps} composites. Each request gives one NetCDF file per polygon, all of the same name: keep each request's files in a "
        "folder of its own, such as lai/MCD15A2H_2015.",
        "One request per year keeps each one small; the limits of AppEEARS are not known here. The size is that of both "
        "layers before compression.",
    ]
    if len(request.boxes) == 2:
        notes.append("The region crosses the dateline: each request has two polygons, west and east of it.")
    pixels = sum((east - west) * (north - south) for west, south, east, north in request.boxes) * PER_DEGREE**2
    how = [
        f"log in for a token: curl --request POST --netrc --header 'Content-Length: 0' {API}/login",
        "each request: curl --request POST --header 'Authorization: Bearer TOKEN' --header 'Content-Type: application/json' "
        f"--data @lai_..._....json {API}/task",
        "then download the .nc files of each finished request at https://appeears.earthdatacloud.nasa.gov/explore",
    ]
    earliest, latest = (str(min(dates)), str(max(dates))) if dates else ("", "")
    size = pixels * steps * len(LAYERS) / 1e6
    return Listing("LAI", "AppEEARS (LP DAAC)", earliest, latest, count, size, "uncompressed, so at most", texts, how, notes, limits)
