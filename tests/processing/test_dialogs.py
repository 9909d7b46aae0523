"""What the toolbox and the dialogs show: titles in the order of work, dates that make sense, help that leads somewhere."""

import re

import pytest
from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingModelAlgorithm
from qgis.gui import QgsGui, QgsProcessingGui

from annsm_plugin.core.foundation.errors import ParameterError
from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.matching import channels
from annsm_plugin.processing import base, chains
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
        assert {"validatesatellite:R", "validatesatellite:RMSE", "validatesatellite:BIAS"} <= set(names)


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
    definition = provider.algorithm("match").parameterDefinition("CHANNELS")
    wrapper = QgsGui.processingGuiRegistry().createParameterWidgetWrapper(definition, QgsProcessingGui.WidgetType.Standard)
    box = wrapper.createWrappedWidget(QgsProcessingContext())
    offered = [box.itemText(i) for i in range(box.count())]
    assert offered[:2] == ["paper", "common"]
    for words in (*offered, "06,36"):
        assert definition.checkValueIsAcceptable(words)
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
