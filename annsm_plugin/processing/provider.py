"""The provider ``annsm``: lists the algorithms and the ready models."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from ..core import __version__
from .algorithms.aggregate import Aggregate
from .algorithms.checkinstallation import CheckInstallation
from .algorithms.comparemethods import CompareMethods
from .algorithms.demodata import DemoData
from .algorithms.download import Download
from .algorithms.downloadlist import DownloadList
from .algorithms.extractseries import ExtractSeries
from .algorithms.fillgaps import FillGaps
from .algorithms.inventory import InventoryOfFolder
from .algorithms.loadstations import LoadStations
from .algorithms.match import Match
from .algorithms.reconstruct import Reconstruct
from .algorithms.screenprecipitation import ScreenPrecipitation
from .algorithms.sensitivity import Sensitivity
from .algorithms.studyreport import StudyReport
from .algorithms.train import Train
from .algorithms.triplecollocation import TripleCollocation
from .algorithms.validatesatellite import ValidateSatellite
from .algorithms.validatestations import ValidateStations
from .chains import chains

HERE = Path(__file__).resolve().parent.parent

ALGORITHMS = (
    CheckInstallation,
    DemoData,
    DownloadList,
    Download,
    InventoryOfFolder,
    Match,
    ScreenPrecipitation,
    Train,
    Reconstruct,
    FillGaps,
    Sensitivity,
    ValidateSatellite,
    LoadStations,
    ValidateStations,
    TripleCollocation,
    CompareMethods,
    Aggregate,
    ExtractSeries,
    StudyReport,
)


def _number() -> None:
    """Give each algorithm its place in its group: the toolbox sorts by title."""
    count: dict[tuple[str, str], int] = {}
    for algorithm in ALGORITHMS:
        algorithm.PLACE = count[algorithm.GROUP] = count.get(algorithm.GROUP, 0) + 1


_number()


class AnnsmProvider(QgsProcessingProvider):
    """Algorithms and models of ANN-SM."""

    def id(self):
        return "annsm"

    def name(self):
        return "ANN-SM"

    def longName(self):
        return "ANN-SM soil moisture"

    def icon(self):
        return QIcon(str(HERE / "icons" / "annsm.svg"))

    def versionInfo(self):
        return __version__

    def supportsNonFileBasedOutput(self):
        return False

    def supportedOutputRasterLayerExtensions(self):
        return ["tif"]

    def supportedOutputVectorLayerExtensions(self):
        return ["gpkg"]

    def defaultRasterFileExtension(self):
        return "tif"

    def defaultVectorFileExtension(self, hasGeometry=True):
        return "gpkg"

    def loadAlgorithms(self):
        for algorithm in ALGORITHMS:
            self.addAlgorithm(algorithm())
        for chain in chains():
            self.addAlgorithm(chain)
