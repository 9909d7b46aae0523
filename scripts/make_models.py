"""Writes the ready chains (annsm_plugin/models/*.model3) with QGIS's own model classes. Run with QGIS's Python.

The children are made from algorithms of a registered provider, so that their ids and parameters are checked as they are added.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ["QT_HASH_SEED"] = "0"  # Qt then writes attributes in the same order each time

from qgis.core import (  # noqa: E402
    QgsApplication,
    QgsProcessing,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
)
from qgis.PyQt.QtCore import QPointF, QSizeF  # noqa: E402

from annsm_plugin.processing import parameters as p  # noqa: E402

#: Settings by model: name, title, help, settings of each step that differ from the defaults.
MODELS = (
    (
        "wangxu2021",
        "Whole chain: Wang & Xu 2021",
        "The chain of Wang and Xu (2021, Remote Sens. 13, 5156) as the paper has it: match, screen at 8.75 mm, train one network per "
        "cell, reconstruct, validate against SMAP in the test period.",
        {"match": {"CHANNELS": "paper"}, "train": {}},
    ),
    (
        "recommended",
        "Whole chain: recommended",
        "The same chain with what we recommend: channels that both radiometers have, AMSR-E matched to AMSR2, leaf area index as the "
        "cell's mean, rain by interval, a split in blocks, and one ensemble of networks for all cells instead of one network per cell: its "
        "errors are a quarter to a third smaller, it says how sure it is, and it gives values to cells without training data too.",
        {
            "match": {"CHANNELS": "common", "CALIBRATION": "climatology", "LAI_METHOD": "area", "RAIN_HOURS": "interval"},
            "train": {"METHOD": "regional", "SPLIT": "blocks"},
        },
    ),
    (
        "study",
        "Study: from folders to the report",
        "The recommended chain and what a study needs beside it: the paper's sensitivity experiments, validation against SMAP and against "
        "stations (beside LPRM, JAXA and SMOS where their folders are given), other methods on the same data, filled gaps, monthly "
        "values with their trend, and the report of the study with its figures, methods and references. It takes several times as long as "
        "the chain alone, most of it for the sensitivity experiments.",
        {
            "match": {"CHANNELS": "common", "CALIBRATION": "climatology", "LAI_METHOD": "area", "RAIN_HOURS": "interval"},
            "train": {"METHOD": "regional", "SPLIT": "blocks"},
            "sensitivity": {"SPLIT": "blocks"},
            "comparemethods": {
                "METHODS": ["network", "regional", "rfsm", "nnsm", "cci", "network_without_tb", "climatology"],
                "SPLIT": "blocks",
            },
            "aggregate": {"PERIOD": "month"},
        },
    ),
)

Source = QgsProcessingModelChildParameterSource


def inputs(name: str) -> list:
    """What the user gives to a model."""
    found = [
        p.folder("AMSR", "AMSR brightness temperature", "Folder of JAXA L3 files."),
        p.folder("SMAP", "SMAP", "Folder of SPL3SMP files."),
        p.folder("GLDAS", "GLDAS", "Folder of GLDAS-2.1 Noah 3-hourly files."),
        p.folder("LAI", "Leaf area index", "Folder of MODIS 15A2H files or an AppEEARS export."),
        p.extent("EXTENT", "Extent", "Empty: the Qinghai-Tibet Plateau."),
        p.date("START", "First day of the record", "Local date; the AMSR record begins in June 2002.", default="2002-06-19"),
        p.date("END", "Last day of the record", "Local date.", default="2021-07-31"),
        p.date("TRAIN_START", "First day of training", "Local date.", default="2015-04-01"),
        p.date("TRAIN_END", "Last day of training", "Local date.", default="2019-03-31"),
        p.date("TEST_START", "First day of the test period", "Local date.", default="2019-04-01"),
        p.date("TEST_END", "Last day of the test period", "Local date.", default="2021-07-31"),
    ]
    if name == "study":
        found += [
            p.words("STATIONS", "Stations", "An ISMN folder or zip, or the series file of 'Load stations'."),
            p.date("STATION_START", "First day at stations", "Local date; empty: the first of the record.", optional=True),
            p.date("STATION_END", "Last day at stations", "Local date; empty: the last of the record.", optional=True),
            p.folder("LPRM", "LPRM", "Folder of LPRM AMSR files.", optional=True),
            p.folder("JAXA", "JAXA soil moisture", "Folder of JAXA SMC files.", optional=True),
            p.folder("SMOS", "SMOS", "Folder of CATDS L3 files.", optional=True),
            p.words("TITLE", "Title of the report", "Empty: the region.", optional=True),
        ]
    return found


def build(name: str, title: str, text: str, settings: dict) -> QgsProcessingModelAlgorithm:
    """One model."""
    model = QgsProcessingModelAlgorithm(name, "1 - Rebuild", "rebuild")
    model.setHelpContent({"ALG_DESC": text, "SHORT_DESCRIPTION": title, **{d.name(): d.help() for d in inputs(name)}})
    for number, definition in enumerate(inputs(name)):
        component = QgsProcessingModelParameter(definition.name())
        component.setPosition(QPointF(120 + 230 * (number % 6), 60 + 70 * (number // 6)))
        model.addModelParameter(definition, component)

    def child(step, number, sources, outputs=()):
        item = QgsProcessingModelChildAlgorithm(f"annsm:{step}")
        item.setChildId(step)
        item.setDescription(item.algorithm().displayName())
        for parameter, source in sources.items():
            item.addParameterSources(parameter, source if isinstance(source, list) else [source])
        defaults = {d.name(): d.defaultValue() for d in item.algorithm().parameterDefinitions() if not d.isDestination()}
        for parameter, value in {**defaults, **settings.get(step, {})}.items():
            if parameter not in sources and value is not None:
                item.addParameterSources(parameter, [Source.fromStaticValue(value)])
        item.setPosition(QPointF(200 + 250 * number, 260))
        item.setSize(QSizeF(200, 40))
        made = {}
        for number_of, (parameter, label) in enumerate(outputs):
            output = QgsProcessingModelOutput(label[0], label[1])
            output.setDefaultValue(QgsProcessing.TEMPORARY_OUTPUT)  # made whether or not it is named
            output.setChildId(step)
            output.setChildOutputName(parameter)
            output.setDescription(label[1])
            output.setPosition(QPointF(200 + 250 * number, 360 + 60 * number_of))
            made[label[0]] = output
        item.setModelOutputs(made)
        model.addChildAlgorithm(item)

    given, made = Source.fromModelParameter, Source.fromChildOutput
    child("match", 0, {**{n: given(n) for n in ("AMSR", "SMAP", "GLDAS", "LAI", "EXTENT", "START", "END")}},
          [("OUTPUT", ("CUBE", "Matched cube"))])  # fmt: skip
    child("screenprecipitation", 1, {"INPUT": made("match", "OUTPUT")}, [("OUTPUT", ("SCREENED", "Screened cube"))])
    child("train", 2, {"INPUT": made("screenprecipitation", "OUTPUT"), "START": given("TRAIN_START"), "END": given("TRAIN_END")},
          [("OUTPUT", ("MODEL", "Trained model"))])  # fmt: skip
    child("reconstruct", 3, {"MODEL": made("train", "OUTPUT"), "INPUT": made("screenprecipitation", "OUTPUT"),
                              "LOAD": Source.fromStaticValue(True)},
          [("OUTPUT", ("ANNSM", "ANN-SM"))])  # fmt: skip
    child("validatesatellite", 4, {"INPUT": made("reconstruct", "OUTPUT"), "REFERENCE": made("match", "OUTPUT"),
                                    "START": given("TEST_START"),
                                   "END": given("TEST_END")},
          [("R", ("R", "R against SMAP")), ("RMSE", ("RMSE", "RMSE against SMAP")), ("BIAS", ("BIAS", "BIAS against SMAP")),
           ("REPORT", ("REPORT", "Validation report"))])  # fmt: skip
    if name == "study":
        _study(child, given, made)
    model.setParameterOrder([definition.name() for definition in inputs(name)])
    good, messages = model.validate()
    if not good:
        raise SystemExit(f"{name}: {messages}")
    return model


def _study(child, given, made) -> None:
    """The further steps of a study, and its report."""
    child("validatestations", 5, {"INPUT": made("reconstruct", "OUTPUT"), "CUBE": made("match", "OUTPUT"), "STATIONS": given("STATIONS"),
                                  "START": given("STATION_START"), "END": given("STATION_END"), "LPRM": given("LPRM"),
                                  "JAXA": given("JAXA"), "SMOS": given("SMOS")},
          [("OUTPUT", ("STATION_CELLS", "Station cells")), ("TABLE", ("STATION_TABLE", "Table of the stations")),
           ("SITES", ("SITES", "Table of the sites"))])  # fmt: skip
    training = {"START": given("TRAIN_START"), "END": given("TRAIN_END")}
    child("sensitivity", 6, {"INPUT": made("match", "OUTPUT"), **training},
          [("TABLE", ("SENSITIVITY", "Table of the sensitivity")), ("BEST", ("BEST", "Best settings")),
           ("DAYS", ("DAYS", "Days kept and removed"))])  # fmt: skip
    child(
        "comparemethods", 7, {"INPUT": made("screenprecipitation", "OUTPUT"), **training}, [("TABLE", ("METHODS", "Table of the methods"))]
    )
    child("fillgaps", 8, {"INPUT": made("reconstruct", "OUTPUT"), "CUBE": made("match", "OUTPUT"), "LOAD": Source.fromStaticValue(False)},
          [("OUTPUT", ("FILLED", "ANN-SM without gaps"))])  # fmt: skip
    child("aggregate", 9, {"INPUT": made("reconstruct", "OUTPUT")},
          [("OUTPUT", ("MONTHS", "Monthly soil moisture")), ("TREND", ("TREND", "Trend per year")),
           ("SIGNIFICANCE", ("SIGNIFICANCE", "Significance of the trend"))])  # fmt: skip
    written = (("match", "OUTPUT"), ("screenprecipitation", "OUTPUT"), ("sensitivity", "TABLE"), ("train", "OUTPUT"),
               ("reconstruct", "OUTPUT"), ("validatesatellite", "REPORT"), ("validatestations", "TABLE"), ("comparemethods", "TABLE"),
               ("fillgaps", "OUTPUT"), ("aggregate", "OUTPUT"))  # fmt: skip
    child("studyreport", 10, {"FILES": [made(*one) for one in written], "TITLE": given("TITLE")},
          [("REPORT", ("STUDY", "Report of the study")), ("PDF", ("PDF", "Report as PDF")),
           ("FIGURES", ("FIGURES", "Figures, methods and references"))])  # fmt: skip


def main() -> None:
    application = QgsApplication([], False)
    application.initQgis()
    from annsm_plugin.processing.provider import AnnsmProvider

    provider = AnnsmProvider()
    QgsApplication.processingRegistry().addProvider(provider)
    folder = ROOT / "annsm_plugin" / "models"
    folder.mkdir(exist_ok=True)
    for name, title, text, settings in MODELS:
        model = build(name, title, text, settings)
        if not model.toFile(str(folder / f"{name}.model3")):
            raise SystemExit(f"{name}.model3 could not be written.")
        print(folder / f"{name}.model3")
    application.exitQgis()


if __name__ == "__main__":
    main()
