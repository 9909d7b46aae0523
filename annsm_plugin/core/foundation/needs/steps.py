"""What every long step needs of disk and memory, from the numbers of its cells, days and variables.

Bytes on the disk are bounded from both sides. A stored value of 4 bytes takes 1.6 to 3.5 in what has been measured (the demo archive, 19
planted years of the plateau), a missing one next to nothing, and how many will be missing is known only at the end: ``LEAST`` allows for
nine cells of ten without any. Finished blocks are kept as they are and can be counted. Factors of memory are those of measured peaks
(``benchmarks/long_steps.py``), less what a program takes before it begins.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .. import blocks, machine
from ..paths import PathLike
from .need import Memory, Need, Written

#: Bytes of a cell's value in a gridded file: if nearly all cells are empty, and if hardly anything compresses.
LEAST, MOST = 0.16, 4.1

#: Bytes that every file takes at least, and that go to maps, tables and pages beside the main output.
SMALL = 100_000

MB = 1e6

#: A program that reads gridded files: what its libraries take; a worker with PyTorch; a worker that decodes product files.
LIBRARIES, TORCH, DECODER = 60 * MB, 250 * MB, 110 * MB

#: Cells of a block of training, and how many blocks wait for each worker.
CELLS, WAITING = 128, 2


def _file(output: PathLike, what: str, values: float, *, extra: float = 0.0) -> Written:
    """A gridded file of so many values, and ``extra`` bytes that are known."""
    return Written(Path(output), what, LEAST * values + extra + SMALL, MOST * values + extra + SMALL)


def _finished(output: PathLike, least: float, most: float) -> Written:
    return Written(Path(output), "its finished blocks", least, most, kept=True)


def matching(output: PathLike, cells: int, own: int, days: int, all_days: int, variables: int, climatology: bool) -> Need:
    """cells: of the region, ``own`` of them inside its mask; days: those that are matched, and kept as blocks until the cube of
    ``all_days`` is written; variables: daily ones."""
    kept = 4.0 * cells * days * variables
    fitted = 4 * 8.0 * 366 * cells if climatology else 0.0
    memory = Memory(3 * 4.0 * 64 * cells * variables + fitted, worker=DECODER, alone=DECODER, workers=machine.cores())
    return Need("Matching", [_file(output, "the cube", own * all_days * variables), _finished(output, kept, 1.02 * kept + SMALL)], memory)


def screening(output: PathLike, size: int, cells: int, days: int) -> Need:
    """size: bytes of the cube that is copied."""
    written = Written(Path(output), "the screened cube", size, size + 0.5 * cells * days + SMALL)
    return Need("Screening", [written], Memory(LIBRARIES + 40.0 * cells * 64))


def training(output: PathLike, cells: int, days: int, inputs: int, per_cell: float, samples: int, workers: int) -> Need:
    """per_cell: bytes that the model holds of a cell; samples: that train a shared ensemble (0: each cell has networks of its own)."""
    model = per_cell * cells
    disk = [Written(Path(output), "the model", 0.1 * model, model + SMALL), _finished(output, 0.1 * model, model + 200.0 * cells + SMALL)]
    sent = 4.0 * CELLS * days * (inputs + 2)
    if samples:  # which of them are drawn depends on the blocks
        drawn = 4.0 * samples * (inputs + 1)
        memory = Memory(LIBRARIES + TORCH + 2 * per_cell * cells + 2 * drawn, 1.0, TORCH + drawn, drawn, workers, shrinks=False)
        return Need("Training", disk, memory)
    memory = Memory(LIBRARIES + TORCH + 2 * per_cell * cells, 1.2, TORCH + (WAITING + 5) * sent, 6 * sent, workers)
    return Need("Training", disk, memory)


def reconstruction(output: PathLike, cells: int, days: int, variables: int, per_cell: float) -> Need:
    """cells: those with a network; variables: of the ANN-SM file, flags among them; per_cell: bytes that the model holds of a cell."""
    return Need("Reconstruction", [_file(output, "the ANN-SM file", cells * days * variables)], Memory(LIBRARIES + per_cell * cells, 0.8))


def filling(output: PathLike, size: int, share: float, values: float) -> Need:
    """size: bytes of the record of which each value stays; share: of its days that are written; values: cells, days and variables."""
    least = 0.5 * share * size
    written = Written(Path(output), "the filled record", least, max(least, MOST * values) + SMALL)
    return Need("Gap filling", [written], Memory(LIBRARIES + TORCH, 2.0, shrinks=False))


def aggregation(output: PathLike, values: float) -> Need:
    """values: cells, periods and statistics."""
    return Need("Aggregation", [_file(output, "the periods", values)], Memory(LIBRARIES, 1.2))


def sensitivity(table: PathLike, cells: int, days: int, inputs: int, runs: int, workers: int) -> Need:
    """runs: of all experiments with every seed. Samples that do not fit in memory go to the disk."""
    samples = max(0.0, cells * days * (4.0 * (inputs + 3) + 1) - machine.memory(blocks.BUDGET))
    kept = 1200.0 / CELLS + 280.0
    disk = [_finished(table, 0.1 * kept * cells * runs, kept * cells * runs), Written(Path(table), "its samples", 0.1 * samples, samples)]
    sent = 4.0 * CELLS * days * (inputs + 3)
    memory = Memory(LIBRARIES + TORCH, 1.5, TORCH + (WAITING + 5) * sent, 6 * sent, workers)
    return Need("The sensitivity analysis", disk, memory)


def comparison(
    table: PathLike | None, cells: int, days: int, inputs: int, methods: int, stretches: int, together: bool, workers: int
) -> Need:
    """stretches: of days whose errors are summed; together: whether methods learn from all cells at once."""
    kept = 8.0 * (methods * (6 + stretches) + stretches + inputs)
    sent = 4.0 * CELLS * days * (inputs + 2)
    memory = Memory(LIBRARIES + TORCH + 2 * kept * cells, 1.2, TORCH + (WAITING + 5) * sent, 6 * sent, workers, not together)
    return Need("The comparison", [_finished(table, 0.1 * kept * cells, kept * cells + SMALL)] if table else [], memory)


def reading(step: str, outputs: Sequence[PathLike], cells: int, fixed: float, per_block: float, *, shrinks: bool = True) -> Need:
    """A step that reads long records and writes maps, tables and pages: at most some numbers of each cell."""
    files = [Written(Path(path), f"'{Path(path).name}'", 0.0, 64.0 * cells + SMALL) for path in outputs]
    return Need(step, files, Memory(LIBRARIES + fixed, per_block, shrinks=shrinks))


def extraction(table: PathLike, values: float, variables: int, read: float) -> Need:
    """values: places, days and variables; read: bytes of all cells' series, where they come from product files."""
    lines = values / max(1, variables)
    written = Written(Path(table), "the table", 0.0, 40.0 * lines + 30.0 * values + SMALL)
    return Need("The extraction", [written], Memory(LIBRARIES + 16.0 * values + read, 1.0))
