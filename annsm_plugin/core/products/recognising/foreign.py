"""What files of no known product look like, by their variables and descriptions."""

from __future__ import annotations

from collections.abc import Sequence

from ...foundation.errors import ProductError
from ..access import Source
from ..naming import Entry

#: Variables or groups, of which one suffices -> what a file with them is.
_LOOKS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("swvl1", "swvl2", "stl1", "t2m", "tp", "u10"), "ERA5 or ERA5-Land, a reanalysis; soil moisture and rain are taken from GLDAS"),
    (("precipitationCal", "precipitation", "HQprecipitation", "precipitationUncal", "Grid/precipitationCal", "Grid/precipitation"),
     "GPM IMERG or another product of precipitation; the rain is taken from GLDAS"),
    (("sm_uncertainty", "sm_noise"), "ESA CCI or C3S soil moisture, which merges many sensors; SMAP (SPL3SMP) is the target"),
    (("SoilMoist_S_tavg", "SoilM_0_10cm", "SoilMoi00_10cm_tavg"), "output of another land model or system; GLDAS-2.1 Noah is needed"),
    (("Fpar_500m", "Lai_500m", "Lai", "LAI"), "leaf area index in another form than MCD15A2H's tiles and AppEEARS's exports"),
    (("_1_km_16_days_NDVI", "_250m_16_days_NDVI", "NDVI", "ndvi", "EVI"), "a vegetation index; leaf area index (MCD15A2H) is needed"),
    (("surface_soil_moisture", "ssm", "soil_moisture_index"), "soil moisture of another sensor or service"),
    (("TB", "TB_num_samples", "Incidence_angle"), "gridded brightness temperature in another form than JAXA's L3 files and NSIDC's CETB"),
    (("elevation", "z", "Band1"), "a raster (terrain perhaps); give it to EXTRA if it is a predictor"),
)  # fmt: skip

_UNKNOWN = "no known product"

#: How many variables a description of an unknown file names.
_NAMED = 5


#: What is said of files of ours, by their kind.
_OWN = "a file that this plugin has written (its kind is '{}'), no product file"

#: What is said of series of stations.
SERIES = _OWN.format("stations")


def looks(source: Source, kind: str) -> str:
    """What the file seems to be; its title and first variables if it looks like nothing that is known."""
    try:
        own = source.attribute(None, "annsm_kind")
        names = source.names()
        groups = source.group_names()
    except ProductError as error:
        return f"a {kind} file whose contents cannot be listed ({error.found})"
    if own:
        return _OWN.format(own)
    inside = [f"{group}/{name}" for group in groups[:20] for name in source.names(group)[:50]]
    for signs, what in _LOOKS:
        if any(sign in names or sign in inside for sign in signs):
            return what
    title = next(
        (str(source.attribute(None, name) or "") for name in ("title", "Title", "ShortName", "id") if source.attribute(None, name)), ""
    )
    said = f"title '{title[:80]}', " if title else ""
    held = ", ".join((names or inside or groups)[:_NAMED]) or "nothing"
    return f"a {kind} file of {_UNKNOWN} ({said}variables {held})"


def is_general(entries: Sequence[Entry], words: str) -> bool:
    """Whether a verdict is that of ``looks``, about a kind of files and not about one that is damaged, empty or without its date."""
    return not entries and (_UNKNOWN in words or any(words == what for _, what in _LOOKS))
