"""What a step needs, compared with what there is: refused in one sentence if it cannot fit, else with blocks and workers that fit."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .. import blocks, machine
from ..errors import AnnsmError
from ..paths import place_of
from ..progress import Progress
from . import available

#: Share of the available memory that a step plans with; the rest is for what else runs.
SHARE = 0.8


@dataclass(frozen=True)
class Written:
    """Bytes that a step writes for one output. ``least``: if it compresses as well as such files ever do; ``most``: if hardly.

    output: the file; what: in words; kept: it is finished work beside the output, of which an earlier run may have left some.
    """

    output: Path
    what: str
    least: float
    most: float
    kept: bool = False

    @property
    def folder(self) -> Path:
        """Where it is written; finished work may have a file system of its own."""
        own = self.output.with_name(f".{self.output.name}.resume")
        return (own if self.kept and own.is_dir() else place_of(self.output).parent).absolute()

    @property
    def there(self) -> int:
        """Bytes that are there already, and are used or removed before others are written."""
        if self.kept:
            files = self.folder.rglob("*.npz") if self.folder.name == f".{self.output.name}.resume" else iter(())
        else:
            start = f".{place_of(self.output).name}.part-"
            files = (path for path in self.folder.iterdir() if path.name.startswith(start)) if self.folder.is_dir() else iter(())
        total = 0
        with contextlib.suppress(OSError):
            for path in files:
                total += path.stat().st_size
        return total


@dataclass(frozen=True)
class Memory:
    """Bytes of memory of a step: ``fixed``, and ``per_block`` times what a block may take, in the program itself; ``worker`` in each of
    several ``workers``, or ``alone`` where one does all. ``largest``: bytes of a block that may be of any size; ``shrinks``: whether
    smaller blocks leave the result as it is.
    """

    fixed: float
    per_block: float = 0.0
    worker: float = 0.0
    alone: float = 0.0
    workers: int = 1
    shrinks: bool = True
    largest: float = math.inf

    def total(self, block: float, workers: int) -> float:
        """With blocks and workers as given."""
        return self.fixed + self.per_block * min(block, self.largest) + (self.worker * workers if workers > 1 else self.alone)


@dataclass(frozen=True)
class Need:
    """What a step, named as a sentence begins, needs of disk and memory."""

    step: str
    disk: Sequence[Written]
    memory: Memory


@contextlib.contextmanager
def granted(need: Need, progress: Progress) -> Iterator[None]:
    """Raise ``AnnsmError`` if the step cannot fit; inside, blocks are as small and workers as few as memory asks for.

    The log says when they are, and when the disk may become too small.
    """
    _disk(need, progress)
    block, workers = _memory(need, progress)
    with machine.within(block, workers):
        yield


def _disk(need: Need, progress: Progress) -> None:
    """Compare what is written on each file system with what is free there."""
    systems: dict[object, list[Written]] = {}
    for written in need.disk:
        systems.setdefault(available.disk_of(written.folder), []).append(written)
    for found in systems.values():
        free = available.space(found[0].folder)
        if free is None:
            continue
        there = sum(written.there for written in found)
        least, most = (sum(getattr(written, name) for written in found) - there for name in ("least", "most"))
        if least > free:
            done = f" beside the {size(there)} that an earlier run has left" if there else ""
            raise AnnsmError(f"{need.step} needs at least {_words(found, 'least')}{done}; {size(free)} are free.")
        if most > free:
            progress.warning(
                f"{need.step} may need as much as {_words(found, 'most')}, of which only part can be known before; {size(free)} are free."
            )


def _words(found: Sequence[Written], name: str) -> str:
    """ "12.3 GB in /data for the cube and 1.1 GB for its finished blocks"."""
    parts = []
    for number, written in enumerate(found):
        place = f" in {written.folder}" if number == 0 or written.folder.parent != found[0].folder.parent else ""
        parts.append(f"{size(getattr(written, name))}{place} for {written.what}")
    return f"about {' and '.join(parts)}"


def _memory(need: Need, progress: Progress) -> tuple[int, int | None]:
    """Bytes of a block, and the most workers (None: as many as there would be)."""
    wanted, asked = machine.memory(blocks.BUDGET), need.memory
    workers = min(asked.workers, machine.cores())
    found = available.memory()
    if found is None:
        return wanted, None
    dry, wet = SHARE * found[0], found[1]
    least = min(wanted, machine.LEAST_MEMORY * 2**20) if asked.shrinks else wanted
    if asked.total(least, 1) > wet:
        hint = "" if asked.shrinks or wanted <= machine.LEAST_MEMORY * 2**20 else _HINT
        raise AnnsmError(f"{need.step} needs about {size(asked.total(least, 1))} of memory; {size(wet)} are available.{hint}")
    kept = workers
    while kept > 1 and asked.total(least, kept) > dry:
        kept -= 1
    block = wanted
    if asked.shrinks and asked.per_block and asked.total(block, kept) > dry:
        block = int(max(least, (dry - asked.total(0, kept)) / asked.per_block))
    if block < min(wanted, asked.largest):
        progress.info(f"{need.step} works in blocks of {size(block)} instead of {size(wanted)}: {size(found[0])} of memory are available.")
    if kept < workers:
        count = "one worker" if kept == 1 else f"{kept} workers"
        progress.info(f"{need.step} uses {count} instead of {workers}: {size(found[0])} of memory are available.")
    return block, kept if kept < workers else None


#: What helps where blocks are not made smaller unasked.
_HINT = (
    " With less memory for a step, which the plugin's options set, its blocks become smaller; that draws other samples, so it is not done "
    "unasked."
)


def size(count: float) -> str:
    """Bytes in words: "12.3 GB", "340 MB"."""
    count = max(count, 0.0)
    for unit, factor in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if count >= factor:
            return f"{count / factor:.1f} {unit}" if count < 100 * factor else f"{count / factor:.0f} {unit}"
    return f"{count / 1e6:.2f} MB" if count else "0 MB"
