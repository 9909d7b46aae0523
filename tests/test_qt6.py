"""Ready for Qt 6: what the migration script of QGIS would change or warn of, looked for by what the running Qt and QGIS know."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted([*(ROOT / "annsm_plugin").rglob("*.py"), *(ROOT / "scripts").glob("*.py")])

#: Names that are gone in Qt 6.
GONE = {"QRegExp", "qApp", "QDesktopWidget", "QMatrix", "QStringRef", "QTextCodec", "QLinkedList", "resources_rc"}


def classes():
    """Every class of Qt and QGIS that a file may name."""
    from qgis import core, gui
    from qgis.PyQt import QtCore, QtGui, QtTest, QtWidgets

    found = {}
    for module in (QtCore, QtGui, QtWidgets, QtTest, core, gui):
        found.update({name: value for name, value in vars(module).items() if isinstance(value, type)})
    return {**found, "Qt": QtCore.Qt}


def unscoped(known, name, attribute):
    """Whether ``name.attribute`` is a value of an enumeration without the enumeration's name between."""
    owner = known.get(name)
    value = getattr(owner, attribute, None) if owner is not None else None
    kind = type(value)
    return isinstance(value, int) and kind not in (int, bool) and getattr(owner, kind.__name__, None) is kind


def complaints(path, known):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        where = getattr(node, "lineno", 0)
        if isinstance(node, ast.Attribute):
            if node.attr in ("exec_", "print_"):
                yield where, node.attr
            if isinstance(node.value, ast.Name):
                if node.value.id == "QVariant":
                    yield where, f"QVariant.{node.attr}"
                if unscoped(known, node.value.id, node.attr):
                    yield where, f"{node.value.id}.{node.attr} without its enumeration"
            if node.attr == "width" and isinstance(node.value, ast.Call) and getattr(node.value.func, "attr", "") == "fontMetrics":
                yield where, "QFontMetrics.width"
        elif isinstance(node, ast.Name) and node.id in GONE:
            yield where, node.id
        elif isinstance(node, ast.ImportFrom):
            if (node.module or "").split(".")[0] in ("PyQt5", "PyQt6", "PySide2", "PySide6") or node.module == "qgis.PyQt.Qt":
                yield where, f"from {node.module}"
            yield from ((where, name.name) for name in node.names if name.name in GONE)
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name == "QVariant":
                yield where, "QVariant(...)"
            if name == "QDateTime" and (
                len(node.args) == 8 or (len(node.args) == 1 and getattr(getattr(node.args[0], "func", None), "id", "") == "QDate")
            ):
                yield where, "QDateTime of a QDate alone, or of eight numbers"
            if name == "addAction" and len(node.args) >= 4:
                yield where, "addAction with four arguments"
            if name == "desktop" and not node.args:
                yield where, "QApplication.desktop"
        elif isinstance(node, ast.Subscript) and getattr(node.value, "attr", "") in ("activated", "currentIndexChanged", "valueChanged"):
            yield where, f"{node.value.attr}[...]"


@pytest.fixture(scope="module")
def known(qgis_app):
    return classes()


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_nothing_has_to_be_migrated(known, path):
    assert not list(complaints(path, known))


@pytest.mark.parametrize(
    "text",
    [
        "Qt.AlignLeft",
        "dialog.exec_()",
        "QgsWkbTypes.PolygonGeometry",
        "QVariant.Int",
        "QVariant()",
        "QDateTime(QDate(2020, 1, 1))",
        "from PyQt5.QtCore import Qt",
        "QRegExp('a')",
        "menu.addAction(a, b, c, d)",
        "box.activated[str].connect(f)",
        "widget.fontMetrics().width('a')",
        "QFrame.HLine",
    ],
)
def test_the_rules_find_what_they_are_for(known, tmp_path, text):
    (tmp_path / "a.py").write_text(text)
    assert list(complaints(tmp_path / "a.py", known))


def test_scoped_names_pass(known, tmp_path):
    (tmp_path / "a.py").write_text(
        "Qt.AlignmentFlag.AlignLeft\nQgsProcessing.TEMPORARY_OUTPUT\nQDateTime(QDate(2020, 1, 1), QTime(0, 0))\n"
    )
    assert not list(complaints(tmp_path / "a.py", known))
