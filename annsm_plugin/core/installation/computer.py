"""Looks at this Python's packages, starts the interpreters that are found, and has each of them train a few networks."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..foundation import libraries, machine, store
from ..foundation.errors import AnnsmError, ParameterError
from ..foundation.progress import SILENT, Progress
from ..reports import page
from ..workers import process
from .environment import command
from .request import STEPS, CheckInstallationRequest

#: Distribution names where they are not the package's.
_DISTRIBUTIONS = {"sklearn": "scikit-learn"}

#: The trial that a Python must pass to be called ready for training.
_TRIAL = {"cells": 4, "samples": 60, "epochs": 10}


@dataclass
class Interpreter:
    """A Python that was tried: whether it trains, and what it is or what is wrong with it."""

    path: str
    good: bool
    words: str


@dataclass
class InstallationResult:
    """What is there: the version of each package ("" where it is missing), the interpreters that were tried, and what is ready."""

    packages: dict[str, str]
    interpreters: list[Interpreter]
    ready: dict[str, bool]
    command: str
    summary: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def check(request: CheckInstallationRequest) -> None:
    """Check before work starts. Raises ``ParameterError``."""
    request.check_values()
    store.check_output(request.report, ".html")
    if request.python and not Path(request.python).is_file():
        raise ParameterError(f"PYTHON is {request.python}, which is no file; expected a Python interpreter.")


@store.step
def run(request: CheckInstallationRequest, progress: Progress | None = None) -> InstallationResult:
    """Look at packages and interpreters and write the report."""
    progress = progress or SILENT
    check(request)
    result = look(str(request.python or ""), progress)
    _write(request.report, result)
    return result


def look(python: str = "", progress: Progress = SILENT) -> InstallationResult:
    """What this computer has; python: an interpreter to try beside those that are found."""
    packages = {name: _version(name) for name in libraries.PACKAGES}
    chosen = [path for path in (python, os.environ.get(process.VARIABLE, "")) if path]
    own = {Path(path).parent: path for path in reversed(process.candidates())}  # python3 and python3.11 of a folder are one
    paths = list(dict.fromkeys([*chosen, *reversed(own.values()), *process.environments()]))
    interpreters = []
    for number, path in enumerate(paths):
        progress.check()
        progress.report(number / len(paths), f"Trying {path}")
        interpreters.append(tried(path))
    trains = any(one.good for one in interpreters)
    here = {name: bool(version) for name, version in packages.items()}
    here["torch"] = trains or (here["torch"] and not interpreters)
    ready = {name: all(here[package] for package in needs) for name, (_, needs) in STEPS.items()}
    result = InstallationResult(packages, interpreters, ready, command())
    for name, (title, needs) in STEPS.items():
        missing = [package for package in needs if not here[package]]
        result.summary.append(f"{title}: {'ready' if ready[name] else 'not ready, lacks ' + ', '.join(missing)}.")
    missing = sorted({package for _, needs in STEPS.values() for package in needs if not here[package]} - {"torch"})
    result.warnings += [f"{package}: {libraries.how_to_install(package)}" for package in missing]
    if not trains:
        result.warnings.append(f"No Python with PyTorch was found. This command makes one: {result.command}")
    if chosen and not interpreters[0].good:
        result.warnings.append(f"{interpreters[0].path} cannot train: {interpreters[0].words}.")
    progress.report(1.0, "")
    return result


def tried(path: str) -> Interpreter:
    """Start an interpreter and have it train a few networks."""
    begun = time.perf_counter()
    try:
        worker = process.Process(path, own=process.is_own(path))
    except OSError as error:
        return Interpreter(path, False, str(error))
    try:
        about = worker.about
        what = f"Python {'.'.join(map(str, about['python']))}, numpy {about['numpy']}"
        if "torch" not in about["packages"]:
            return Interpreter(path, False, f"{what}, without PyTorch")
        values, _ = worker.do("training.trial:train", _TRIAL, {})
        return Interpreter(path, True, f"{what}, PyTorch {values['torch']}; trained a trial in {time.perf_counter() - begun:.1f} s")
    except (AnnsmError, RuntimeError) as error:
        return Interpreter(path, False, f"does not train: {error}")
    except (EOFError, OSError, ValueError, KeyError, TypeError):
        return Interpreter(path, False, f"ended while it trained a trial: {worker.ending()}")
    finally:
        worker.close()


def _version(name: str) -> str:
    if not libraries.available(name):
        return ""
    try:
        return importlib.metadata.version(_DISTRIBUTIONS.get(name, name))
    except importlib.metadata.PackageNotFoundError:
        return "installed"


def _write(path: Any, result: InstallationResult) -> None:
    needs = {name: [title for title, packages in STEPS.values() if name in packages] for name in libraries.PACKAGES}
    sections = [
        page.Section(
            "Steps",
            header=["step", "ready", "needs"],
            rows=[[title, "yes" if result.ready[name] else "no", ", ".join(packages)] for name, (title, packages) in STEPS.items()],
        ),
        page.Section(
            "Packages of this Python",
            header=["package", "version", "for", "how to get it"],
            rows=[
                [
                    name,
                    version or "missing",
                    ", ".join(needs[name]) or libraries.PACKAGES[name][0],
                    "" if version else libraries.how_to_install(name),
                ]
                for name, version in result.packages.items()
            ],
        ),
        page.Section(
            "Interpreters for training",
            "Each was started and trained a few networks. Name one with PYTHON, or for all runs with the variable ANNSM_PYTHON.",
            header=["interpreter", "trains", "what it is"],
            rows=[[one.path, "yes" if one.good else "no", one.words] for one in result.interpreters],
        ),
        page.Section("A Python for training, by one command", f"Copy this into a shell:\n{result.command}"),
    ]
    page.write(
        path,
        "What this computer has",
        intro=f"Python {platform.python_version()} on {platform.platform()}, {machine.cores()} cores ({sys.executable or 'inside QGIS'}).",
        summary=result.summary,
        warnings=result.warnings,
        sections=sections,
    )
