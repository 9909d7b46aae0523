"""No text of the interface escapes translation."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from qgis.PyQt.QtCore import QCoreApplication, QTranslator

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
import make_translations  # noqa: E402

#: Calls that show a text: which of their arguments.
SHOW = {"setText": 0, "setToolTip": 0, "setPlaceholderText": 0, "setSpecialValueText": 0, "setWindowTitle": 0, "addRow": 0, "QLabel": 0,
        "QPushButton": 0, "addAction": 0, "addTab": 1, "QDockWidget": 0, "_button": 0, "_say": 0}  # fmt: skip

#: Texts that are names, numbers or empty.
NAMES = re.compile(r"[\W\d]*|ANN-SM|ANN-SM.*\.csv| MB")


@pytest.mark.parametrize("path", sorted((ROOT / "annsm_plugin" / "ui").rglob("*.py")), ids=lambda p: f"{p.parent.name}/{p.name}")
def test_what_the_window_shows_goes_through_tr(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        place = SHOW.get(name)
        if place is not None and len(node.args) > place:
            shown = node.args[place]
            if isinstance(shown, ast.Constant) and isinstance(shown.value, str):
                assert NAMES.fullmatch(shown.value), f"line {node.lineno}: {shown.value!r} is not translated"


@pytest.mark.parametrize("language", make_translations.LANGUAGES)
def test_every_text_has_its_translation(qgis_app, language):
    texts, kept = make_translations.texts(), make_translations.kept(make_translations.I18N / f"annsm_{language}.ts")
    assert len(texts) > 400
    assert [text for text in texts if not kept.get(text)] == [], "run scripts/make_translations.py and translate what is unfinished"
    assert [text for text in kept if text not in texts] == [], "run scripts/make_translations.py: these texts are gone"
    for text in texts:
        wanted = sorted(re.findall(r"\{\w+\}|<[^>]+>", text))
        assert sorted(re.findall(r"\{\w+\}|<[^>]+>", kept[text])) == wanted, text


def test_the_toolbox_speaks_chinese(qgis_app, tmp_path):
    from annsm_plugin.processing.algorithms.train import Train

    subprocess.run([sys.executable, str(ROOT / "scripts" / "make_translations.py"), str(tmp_path)], check=True)
    translator = QTranslator()
    assert translator.load(str(tmp_path / "annsm_zh_CN.qm"))
    QCoreApplication.installTranslator(translator)
    try:
        algorithm = Train().create()
        assert algorithm.displayName().endswith("训练网络")
        assert algorithm.group() == "1 - 重建"
        assert algorithm.parameterDefinition("HIDDEN").description() == "隐藏神经元"
        assert "训练一个小型神经网络" in algorithm.shortHelpString()
        assert algorithm.name() == "train"
    finally:
        QCoreApplication.removeTranslator(translator)
    assert Train().create().parameterDefinition("HIDDEN").description() == "Hidden neurons"
