"""What the toolbox and the dialogs show: titles in the order of work, dates that make sense, help that leads somewhere."""

import re
import sys
from pathlib import Path

import pytest
from qgis.core import (
    QgsApplication,
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelParameter,
    QgsProcessingOutputLayerDefinition,
    QgsProcessingParameterString,
    QgsProject,
)
from qgis.gui import QgsGui, QgsProcessingGui

from annsm_plugin.core.foundation.errors import ParameterError
from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.matching import channels
from annsm_plugin.processing import base, chains, values
from annsm_plugin.processing.provider import AnnsmProvider


@pytest.fixture(scope="module")
def provider(qgis_app):
    made = AnnsmProvider()
    QgsApplication.processingRegistry().addProvider(made)
    made.refreshAlgorithms()
    yield made
    QgsApplication.processingRegistry().removeProvider(made)


def shown_values(algorithm, kind):
    """What the widgets of a kind of parameter hold when the dialog opens, by parameter."""
    context = QgsProcessingContext()
    found = {}
    for definition in algorithm.parameterDefinitions():
        if definition.type() == kind:
            wrapper = QgsGui.processingGuiRegistry().createParameterWidgetWrapper(definition, QgsProcessingGui.WidgetType.Standard)
            widget = wrapper.createWrappedWidget(context)
            value = wrapper.parameterValue()
            found[definition.name()] = value.toString("yyyy-MM-dd") if hasattr(value, "toString") else value
            widget.deleteLater()
    return found


def dialog(name):
    """The real dialog of an algorithm."""
    folder = str(Path(QgsApplication.pkgDataPath()) / "python" / "plugins")
    if folder not in sys.path:
        sys.path.append(folder)
    from processing.gui import ParametersPanel
    from processing.gui.AlgorithmDialog import AlgorithmDialog

    ParametersPanel.iface = None  # the tests' stand-in of a window has no browser
    return AlgorithmDialog(QgsApplication.processingRegistry().createAlgorithmById(f"annsm:{name}"), False, None)


def test_no_dialog_opens_with_the_date_of_today(provider):
    from qgis.PyQt.QtCore import QDate

    today, seen = QDate.currentDate().toString("yyyy-MM-dd"), 0
    for algorithm in provider.algorithms():
        for name, value in shown_values(algorithm, "datetime").items():
            assert value != today, f"{algorithm.id()} {name}"
            seen += 1
    assert seen > 20


def test_the_periods_are_those_of_the_paper(provider):
    assert shown_values(provider.algorithm("train"), "datetime") == {"START": "2015-04-01", "END": "2019-03-31"}
    assert shown_values(provider.algorithm("validatesatellite"), "datetime") == {"START": None, "END": None}
    chain = shown_values(provider.algorithm("recommended"), "datetime")
    assert (chain["TRAIN_START"], chain["TEST_END"]) == ("2015-04-01", "2021-07-31")


def test_steps_stand_in_the_order_of_work(provider):
    """The toolbox sorts the algorithms of a group by title."""
    groups: dict[str, list] = {}
    for algorithm in sorted(provider.algorithms(), key=lambda a: a.displayName()):
        groups.setdefault(algorithm.group(), []).append(algorithm.name())
    assert groups["1 - Rebuild"][:4] == ["match", "screenprecipitation", "train", "reconstruct"]
    assert groups["2 - Validate"][:2] == ["validatesatellite", "validatestations"]
    assert all(len(names) < 10 for names in groups.values())  # "10." would stand before "2."


def test_chains_have_titles_their_ids_and_their_parameters_in_the_order_of_work(provider):
    for name, title in chains.TITLES.items():
        algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"annsm:{name}")
        assert algorithm.id() == f"annsm:{name}"
        assert algorithm.displayName() == title
        names = [definition.name() for definition in algorithm.parameterDefinitions()]
        assert names[:11] == [
            "AMSR",
            "SMAP",
            "GLDAS",
            "LAI",
            "EXTENT",
            "START",
            "END",
            "TRAIN_START",
            "TRAIN_END",
            "TEST_START",
            "TEST_END",
        ]
        further = ["STATIONS", "STATION_START", "STATION_END", "LPRM", "JAXA", "SMOS", "TITLE"] if name == "study" else []
        assert names[11:] == [*further, *chains.OUTPUTS[name]]


def test_a_copy_of_a_model_can_be_edited_and_overwrites_nothing(qgis_app, tmp_path):
    first, second = (chains.copy_of_model("recommended", tmp_path / "models") for _ in range(2))
    assert first != second
    names = set()
    for path in (first, second):
        model = QgsProcessingModelAlgorithm()
        assert model.fromFile(str(path))
        assert set(model.childAlgorithms()) == {"match", "screenprecipitation", "train", "reconstruct", "validatesatellite"}
        names.add(model.name())
    assert len(names) == 2
    assert not names & set(chains.TITLES)
    with pytest.raises(ParameterError, match="nothing"):
        chains.copy_of_model("nothing", tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(ParameterError, match="cannot be copied"):
        chains.copy_of_model("recommended", tmp_path / "file")


def test_channels_are_offered_and_any_list_is_still_taken(provider):
    for name in ("match", "downloadlist"):
        shown = dialog(name)
        wrapper = shown.mainWidget().wrappers["CHANNELS"]
        offered = [wrapper.widget.itemText(i) for i in range(wrapper.widget.count())]
        assert offered[:2] == ["paper", "common"]
        for words in (*offered, "06,36"):
            shown.setParameters({"CHANNELS": words})
            assert wrapper.parameterValue() == words
            assert channels.parse(words, "V").labels
    assert Grid.from_extent(None).shape == (56, 128)


def test_help_leads_to_the_guides_part_of_every_algorithm(provider, tmp_path, monkeypatch):
    import subprocess
    import sys
    from pathlib import Path

    root = Path(base.__file__).resolve().parents[2]
    subprocess.run([sys.executable, str(root / "scripts" / "make_help.py"), str(tmp_path)], check=True)
    page = tmp_path / "help" / "guide.html"
    text = page.read_text(encoding="utf-8")
    monkeypatch.setattr(base, "GUIDE", page)
    for algorithm in provider.algorithms():
        address = algorithm.helpUrl()
        assert address.startswith("file://")
        assert f'<a id="{address.partition("#")[2]}">' in text, algorithm.id()
    for picture in re.findall(r'src="([^"]+)"', text):
        assert (page.parent / picture).is_file()


def test_the_dialog_of_a_chain_wants_folders_alone_and_makes_and_loads_all_maps(provider, tmp_path):
    shown = dialog("recommended")
    shown.setParameters({name: str(tmp_path) for name in ("AMSR", "SMAP", "GLDAS", "LAI")})
    asked = shown.mainWidget().createProcessingParameters()
    assert asked["EXTENT"] is None
    assert [asked[name].toString("yyyy-MM-dd") for name in ("START", "END")] == ["2002-06-19", "2021-07-31"]
    for name in ("R", "RMSE", "BIAS"):
        made = asked[f"validatesatellite:{name}"]
        assert made.sink.staticValue() == QgsProcessing.TEMPORARY_OUTPUT
        assert made.destinationProject == QgsProject.instance()
    assert asked["validatesatellite:REPORT"] == QgsProcessing.TEMPORARY_OUTPUT


def test_a_map_that_a_dialog_asks_for_is_loaded_in_its_style(provider, cube, tmp_path):
    """As QGIS's dialog asks for it: a definition of a layer with the project; a plain path is written and not loaded."""
    project, context = QgsProject(), QgsProcessingContext()
    context.setProject(project)
    asked = {
        "INPUT": str(cube),
        "OUTPUT": str(tmp_path / "screened.nc"),
        "DROPPED": QgsProcessingOutputLayerDefinition(QgsProcessing.TEMPORARY_OUTPUT, project),
    }
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("annsm:screenprecipitation")
    results, good = algorithm.run(asked, context, QgsProcessingFeedback())
    assert good
    details = context.layersToLoadOnCompletion()[results["DROPPED"]]
    assert details.outputName == "DROPPED"
    assert details.postProcessor().style == "removed"
    assert Path(results["DROPPED"]).is_file()
    context = QgsProcessingContext()
    context.setProject(project)
    algorithm.create().run({**asked, "DROPPED": str(tmp_path / "d.tif")}, context, QgsProcessingFeedback())
    assert (tmp_path / "d.tif").is_file()
    assert not context.layersToLoadOnCompletion()


@pytest.mark.parametrize("given", ["all", "ALL", "gldas, LAI", "GLDAS LAI", ["lai", "GLDAS"], "0,1", "1"])
def test_products_are_a_choice_and_old_texts_are_taken(provider, tmp_path, given):
    algorithm = provider.algorithm("downloadlist")
    assert algorithm.parameterDefinition("PRODUCTS").type() == "enum"
    asked = {"PRODUCTS": given, "START": "2020-01-01", "END": "2020-01-03", "EXTENT": "91,92,31,32", "FOLDER": str(tmp_path / "lists"),
             "TABLE": str(tmp_path / "t.csv")}  # fmt: skip
    context = QgsProcessingContext()
    assert algorithm.checkParameterValues(asked, context) == (True, "")
    assert algorithm.create().run(asked, context, QgsProcessingFeedback())[1]
    products = {line.partition(",")[0] for line in (tmp_path / "t.csv").read_text().splitlines()[1:]}
    expected = {"all": {"GLDAS", "LAI", "SMAP", "AMSR"}, "1": {"LAI"}}.get(str(given).lower(), {"GLDAS", "LAI"})
    assert products == expected


def test_words_of_a_choice_are_taken_in_any_case_and_others_are_refused_with_the_list(provider, tmp_path):
    algorithm = provider.algorithm("demodata")
    asked = {"REGION": "TINY", "YEARS": 1, "FOLDER": str(tmp_path / "a")}
    context = QgsProcessingContext()
    assert algorithm.checkParameterValues(asked, context) == (True, "")
    good, sentence = algorithm.checkParameterValues({**asked, "REGION": "atlantis"}, context)
    assert (good, sentence) == (False, "REGION is 'atlantis'; expected one of demo, tiny, landscape, patchwork.")
    read = values.read(algorithm, values.spelled(algorithm, {**asked, "REGION": "Tiny"}), context)
    assert read["REGION"] == "tiny"
    with pytest.raises(ParameterError, match="REGION"):  # as a step of a model, which QGIS does not check
        values.spelled(algorithm, {"REGION": "atlantis"})


@pytest.mark.parametrize("place", ["run", "check"])
def test_an_error_that_nobody_foresaw_is_one_sentence_and_its_traceback_is_in_the_log(provider, cube, tmp_path, monkeypatch, place):
    from annsm_plugin.core.matching import precipitation

    def broken(*_):
        raise ZeroDivisionError("first line\nsecond line")

    logged = []
    monkeypatch.setattr(base.QgsMessageLog, "logMessage", lambda *given: logged.append(given))
    monkeypatch.setattr(precipitation, place, broken)
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("annsm:screenprecipitation")
    asked, context, feedback = {"INPUT": str(cube), "OUTPUT": str(tmp_path / "s.nc")}, QgsProcessingContext(), QgsProcessingFeedback()
    if place == "run":
        _, good = algorithm.run(asked, context, feedback)
        said = feedback.textLog()
    else:
        good, said = algorithm.checkParameterValues(asked, context)
    assert not good
    assert "Screen precipitation failed by a defect of the plugin (ZeroDivisionError: first line second line)" in said
    assert "Traceback" not in said
    assert [tag for text, tag, *_ in logged if "Traceback" in text and "ZeroDivisionError" in text] == ["ANN-SM"]


def test_channels_in_the_model_designer_are_a_text_or_an_input_of_the_model(provider):
    dialog("match")  # finds QGIS's own plugins
    from processing.modeler.ModelerParametersDialog import ModelerParametersDialog

    model = QgsProcessingModelAlgorithm("mine", "mine")
    model.addModelParameter(QgsProcessingParameterString("WHICH", "Which channels"), QgsProcessingModelParameter("WHICH"))
    shown = ModelerParametersDialog(provider.algorithm("match").create(), model)
    wrappers = shown.widget.widget.wrappers
    for name in ("AMSR", "GLDAS", "LAI"):
        wrappers[name].setWidgetValue(QgsProcessingModelChildParameterSource.fromStaticValue("/tmp"))
    box = wrappers["CHANNELS"]
    box.setValue("06,36")
    assert [source.staticValue() for source in shown.createAlgorithm().parameterSources()["CHANNELS"]] == ["06,36"]
    box.widget.setCurrentText("Which channels")
    assert [source.parameterName() for source in shown.createAlgorithm().parameterSources()["CHANNELS"]] == ["WHICH"]
