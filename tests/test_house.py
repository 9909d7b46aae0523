"""The rules of the house: how large its parts may be, what may import what, and what must not be in the package.

Which room may import which other one is declared in pyproject.toml and checked by ``make lint`` (import-linter).
"""

from __future__ import annotations

import ast
import importlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "annsm_plugin"
FILES = sorted(PACKAGE.rglob("*.py"))
CORE = [path for path in FILES if "core" in path.relative_to(PACKAGE).parts]
ROOMS = sorted(path.parent for path in (PACKAGE / "core").glob("*/__init__.py"))
HEAVY = ("torch", "xarray", "netCDF4", "scipy", "matplotlib", "pandas", "dask", "h5py", "sklearn")


def imported(tree, *, top_only=False):
    """Names of the modules that a file imports (absolute ones); ``top_only``: not inside functions."""
    nodes = tree.body if top_only else list(ast.walk(tree))
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module


def place(path) -> str:
    """Where a file lies in the package."""
    return path.relative_to(PACKAGE).as_posix()


def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def modules(folder: Path) -> list[str]:
    """Names of the modules that lie in a package, its ``__init__`` and packages inside it not counted."""
    return sorted(path.stem for path in folder.glob("*.py") if path.stem != "__init__")


def test_core_is_seen_at_a_glance():
    assert len(modules(PACKAGE / "core")) <= 10, modules(PACKAGE / "core")
    full = {str(path.parent.relative_to(PACKAGE)): modules(path.parent) for path in CORE if path.stem == "__init__"}
    assert not {name: found for name, found in full.items() if len(found) > 15}


@pytest.mark.parametrize("path", FILES, ids=place)
def test_files_and_functions_are_short(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    if path.name == "kernels.py" and path.parent.name == "network":
        return  # compiled by torch in one piece
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    lines = {f"{node.name}, line {node.lineno}": node.end_lineno - node.lineno + 1 for node in functions}
    assert not {name: count for name, count in lines.items() if count > 80}


def test_tests_lie_in_the_rooms_that_they_test():
    tests = ROOT / "tests" / "core"
    assert [path.name for path in ROOMS] == sorted({path.parent.name for path in tests.glob("*/test_*.py")})
    assert not list(tests.glob("test_*.py"))


@pytest.mark.parametrize("room", ROOMS, ids=lambda p: p.name)
def test_what_a_room_lends(room):
    """Every name that ``__init__`` offers exists; what comes from another room comes from one that this room imports anyway.

    Names lent by ``foundation.lazy`` are texts, which the import contract does not see.
    """
    package = importlib.import_module(f"annsm_plugin.core.{room.name}")
    for name in getattr(package, "__all__", []):
        assert getattr(package, name) is not None, name
    texts = [node.value for node in ast.walk(parsed(room / "__init__.py")) if isinstance(node, ast.Constant)]
    lenders = {text.split(".")[2] for text in texts if isinstance(text, str) and re.fullmatch(r"\.\.[a-z_.]+", text)}
    nodes = [node for path in room.rglob("*.py") for node in ast.walk(parsed(path)) if isinstance(node, ast.ImportFrom)]
    assert lenders <= {(node.module or "").split(".")[0] for node in nodes if node.level >= 2}


def test_every_step_holds_what_it_writes():
    """``store.step`` stands around each ``run(request, ...)``: locks, inputs that change, what the system refuses."""
    runs = [
        (place(path), [ast.unparse(decorator) for decorator in node.decorator_list])
        for path in CORE
        for node in parsed(path).body
        if isinstance(node, ast.FunctionDef) and node.name == "run" and node.args.args and node.args.args[0].arg == "request"
    ]
    assert len(runs) >= 19 and not [path for path, decorators in runs if "store.step" not in decorators]


@pytest.mark.parametrize("path", CORE, ids=place)
def test_core_knows_no_qgis(path):
    assert not [name for name in imported(parsed(path)) if name.split(".")[0] in ("qgis", "PyQt5", "PyQt6")]


@pytest.mark.parametrize("path", FILES, ids=place)
def test_nothing_heavy_at_import(path):
    assert not [name for name in imported(parsed(path), top_only=True) if name.split(".")[0] in HEAVY]


@pytest.mark.parametrize("path", FILES, ids=place)
def test_what_the_upload_gate_refuses(path):
    """The plugin repository blocks these; nor may anything print, since a windowed QGIS has no standard output."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", None)
            assert name not in ("exec", "eval", "print", "compile", "__import__"), f"{name} in line {node.lineno}"
            attribute = getattr(node.func, "attr", None)
            assert attribute not in ("chmod", "extractall", "system", "popen"), f"{attribute} in line {node.lineno}"
            shell = [k for k in node.keywords if k.arg == "shell"]
            assert not shell, f"shell= in line {node.lineno}"
    assert not [name for name in imported(parsed(path)) if name.split(".")[0] in ("pickle", "dill", "tarfile", "marshal")]


def test_only_qgis_pyqt():
    for path in FILES:
        assert not [name for name in imported(parsed(path)) if name.startswith(("PyQt", "PySide"))], path


def test_core_imports_without_qgis():
    code = (
        "import sys, pkgutil, importlib\n"
        "sys.modules['qgis'] = None; sys.modules['PyQt5'] = None\n"
        "import annsm_plugin.core as core\n"
        "for m in pkgutil.walk_packages(core.__path__, 'annsm_plugin.core.'): importlib.import_module(m.name)\n"
        f"heavy = [m for m in {HEAVY!r} if m in sys.modules]\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def load_in_qgis(code: str, **environment) -> str:
    """Run code in a Python with QGIS, the repository first on its path; what it prints."""
    variables = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT), **environment}
    start = "from qgis.core import QgsApplication\napplication = QgsApplication([], False)\napplication.initQgis()\nimport sys, time\n"
    done = subprocess.run([sys.executable, "-c", start + code], capture_output=True, text=True, env=variables)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


LOAD = "import annsm_plugin\nplugin = annsm_plugin.classFactory(None)\nplugin.initProcessing()\n"
NAMES = "print(sorted(a.id() for a in plugin.provider.algorithms()))\n"


def test_loading_imports_little():
    """The start of QGIS waits for it; ``benchmarks/where_it_runs.py`` measures how long."""
    code = "before = set(sys.modules)\n" + LOAD + "print(*sorted(set(sys.modules) - before))\n"
    loaded = load_in_qgis(code).split()
    assert not {"numpy", *HEAVY} & set(loaded)
    assert len([name for name in loaded if not name.startswith("annsm_plugin")]) < 60, loaded


def test_without_the_optional_packages_everything_is_listed(tmp_path):
    shadow = os.pathsep.join([str(ROOT / "tests" / "shadow"), str(ROOT)])
    with_all, without = load_in_qgis(LOAD + NAMES), load_in_qgis(LOAD + NAMES, PYTHONPATH=shadow)
    assert with_all == without and "annsm:train" in without


def test_metadata_and_package():
    text = (ROOT / "metadata.txt").read_text(encoding="utf-8")
    fields = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    assert fields["hasProcessingProvider"] == "yes"
    assert fields["qgisMinimumVersion"] == "3.22" and fields["qgisMaximumVersion"] == "4.99"
    assert "plugin" not in fields["name"].lower()
    for package in ("xarray", "netCDF4", "torch"):
        assert package in fields["about"]
    assert (PACKAGE / fields["icon"]).is_file()
    assert "GNU GENERAL PUBLIC LICENSE" in (ROOT / "LICENSE").read_text(encoding="utf-8")


#: Documents whose links must lead somewhere, and a link: its words and its address.
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)#\s]+)[^)]*\)")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_links_lead_somewhere(path):
    links = [address for address in LINK.findall(path.read_text(encoding="utf-8")) if "://" not in address]
    assert not [address for address in links if not (path.parent / address).exists()]


def test_architecture_is_that_of_the_code():
    """Text and picture name every room, and what a row of "Where do I change ...?" names stands in a file of that row."""
    path = ROOT / "docs" / "architecture.md"
    text = path.read_text(encoding="utf-8")
    rooms = {room.name for room in ROOMS} | set(modules(PACKAGE / "core"))
    assert set(re.findall(r"\*\*`(\w+)`\*\*", text)) == rooms
    picture = (path.parent / "images" / "architecture.svg").read_text(encoding="utf-8")
    assert rooms <= set(re.findall(r">(\w+)</text>", picture))
    rows = text.split("## Where do I change")[1].splitlines()
    for row in rows:
        files = [path.parent / address for address in LINK.findall(row)]
        content = "".join(file.read_text(encoding="utf-8") for file in files if file.is_file())
        assert not [name for name in re.findall(r"`(\w+)`", row) if not re.search(rf"\b{name}\b", content)], row
