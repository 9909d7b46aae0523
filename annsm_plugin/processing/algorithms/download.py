"""annsm:download: fetches what the download lists name."""

from __future__ import annotations

from typing import ClassVar

from ...core.fetching.request import DownloadRequest
from ..base import AnnsmAlgorithm, Outcome


class Download(AnnsmAlgorithm):
    NAME, TITLE = "download", "Download"
    GROUP = ("data", "0 - Data")
    TAGS = ("download", "fetch", "Earthdata", "AppEEARS", "NSIDC", "GES DISC", "G-Portal", "SFTP", "GLDAS", "SMAP", "LAI", "AMSR2")
    ICON = "download.svg"
    NEEDS = ("requests",)
    MAIN = "FOLDER"
    HELP = (
        "Fetches what the lists of 'Make download lists' name into the folders gldas, lai, smap and amsr. Files that are there are left "
        "alone, and each new one is opened before it gets its name; after any break, run it again and it goes on. It asks few questions at "
        "a time and keeps the pauses that the archives ask for. A password is shown to its login host alone; none is written anywhere."
    )
    REQUEST, STEP = DownloadRequest, "fetching"
    NUMBERS: ClassVar[dict[str, str]] = {
        "FETCHED": "Files fetched",
        "PRESENT": "Files that were there",
        "MISSING": "Files still missing",
        "FETCHED_MEGABYTES": "Megabytes fetched",
    }

    def check(self, given):
        super().check(given)
        _logins(given)  # QGIS's master password is asked for before the run, where a window can open

    def work(self, given, progress, context):
        from .. import network

        request = self.request(given)
        result = self.step().run(request, progress, logins=_logins(given), network=network.network())
        return Outcome(self.numbers(result), result.summary, result.warnings, request)

    def numbers(self, result):
        return {
            "FETCHED": result.count("fetched"),
            "PRESENT": result.count("there"),
            "MISSING": result.count("missing"),
            "FETCHED_MEGABYTES": round(result.megabytes, 3),
        }


def _logins(given: dict):
    """The logins that the parameters name, or those of the environment or ``.netrc``."""
    from ...core.fetching import find_logins
    from .. import network

    return find_logins(*(network.login(name, given.get(name)) for name in ("AUTHENTICATION", "GPORTAL")))
