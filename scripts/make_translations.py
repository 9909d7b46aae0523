"""Brings the translation files (annsm_plugin/i18n/*.ts) up to date with the texts of the interface. Run with QGIS's Python.

    make_translations.py            write the .ts files; what is new in them is marked unfinished, what is gone is dropped
    make_translations.py FOLDER     compile them into FOLDER as .qm, with Qt's lrelease

Texts are those inside ``tr("...")`` and those of the algorithms: titles, groups, help, parameters, outputs, chains.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "annsm_plugin"
I18N = PACKAGE / "i18n"
LANGUAGES = ("zh_CN",)
sys.path.insert(0, str(ROOT))


def in_code() -> list[str]:
    """The texts inside ``tr(...)`` of the interface's modules."""
    found = []
    for path in sorted([*PACKAGE.glob("ui/**/*.py"), *PACKAGE.glob("processing/**/*.py")]):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "tr" and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.append(first.value)
    return found


def of_algorithms() -> list[str]:
    """The texts of the provider, as the algorithms ask for them to be translated; needs a running QGIS application."""
    from qgis.core import QgsProcessingModelAlgorithm

    from annsm_plugin.processing import chains, provider
    from annsm_plugin.ui.running import form, runs

    found = []
    for kind in provider.ALGORITHMS:
        found += [kind.TITLE, kind.GROUP[1], kind.HELP, *kind.NUMBERS.values(), *kind.STRINGS.values(), *kind.BOOLEANS.values()]
        for known in kind.REQUEST.options().values():
            if known.kind != "script":
                found += [known.label, known.help]
        for definition in kind().more():
            found += [definition.description(), definition.help()]
    found += list(chains.TITLES.values())
    for name in chains.TITLES:
        model = QgsProcessingModelAlgorithm()
        model.fromFile(str(chains.MODELS / f"{name}.model3"))
        found += [text for definition in model.parameterDefinitions() for text in (definition.description(), definition.help())]
        found += [made.description() for child in model.childAlgorithms().values() for made in child.modelOutputs().values()]
    found += [text for pair in [*form.FOLDERS.values(), *form.BESIDE.values()] for text in pair] + [label for label, _, _ in form.PERIODS]
    return [*found, runs.RUNNING, runs.DONE, runs.FAILED, runs.CANCELLED, runs.CUT_OFF]


def texts() -> list[str]:
    """All texts of the interface, each once."""
    return [text for text in dict.fromkeys([*in_code(), *of_algorithms()]) if text.strip()]


def kept(path: Path) -> dict[str, str]:
    """The translations in a file."""
    if not path.is_file():
        return {}
    return {str(message.findtext("source")): message.findtext("translation") or "" for message in ElementTree.parse(path).iter("message")}


def write(language: str, sources: list[str]) -> int:
    """Write the file of a language; how many texts have no translation."""
    path = I18N / f"annsm_{language}.ts"
    before = kept(path)
    lines = ['<?xml version="1.0" encoding="utf-8"?>', "<!DOCTYPE TS>", f'<TS version="2.1" language="{language}" sourcelanguage="en">']
    lines += ["<context>", "    <name>annsm</name>"]
    for source in sources:
        translation = before.get(source, "")
        state = "" if translation else ' type="unfinished"'
        lines += ["    <message>", f"        <source>{escape(source)}</source>",
                  f"        <translation{state}>{escape(translation)}</translation>", "    </message>"]  # fmt: skip
    lines += ["</context>", "</TS>", ""]
    I18N.mkdir(exist_ok=True)
    path.write_text("\n".join(lines), encoding="utf-8")
    return sum(not before.get(source) for source in sources)


def compile_into(folder: Path) -> None:
    """Make a .qm of every .ts."""
    program = shutil.which("lrelease") or shutil.which("lrelease-qt5") or "/usr/lib/qt5/bin/lrelease"
    if not Path(program).is_file():
        print("Qt's lrelease is not installed: the plugin stays in English.")
        return
    folder.mkdir(parents=True, exist_ok=True)
    for path in I18N.glob("*.ts"):
        subprocess.run([program, "-silent", str(path), "-qm", str(folder / f"{path.stem}.qm")], check=True)


def main() -> None:
    if len(sys.argv) > 1:
        compile_into(Path(sys.argv[1]))
        return
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from qgis.core import QgsApplication

    application = QgsApplication([], True)
    application.initQgis()
    sources = texts()
    for language in LANGUAGES:
        print(f"{language}: {write(language, sources)} of {len(sources)} texts have no translation")


if __name__ == "__main__":
    main()
