"""What every long step needs of disk and memory, from the numbers of its cells, days and variables.

Bytes on the disk are bounded from both sides. A stored value of 4 bytes takes 1.6 to 3.5 in what has been measured (the demo archive, 19
planted years of the plateau), a missing one next to nothing, and how many will be missing is known only at the end: ``LEAST`` allows for
nine cells of ten without any. Finished blocks are kept as they are and can be counted. Factors of memory are those of measured peaks
(``benchmarks/long_steps.py``), less what a program takes before it begins.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from .. import blocks, machine, store
from ..paths import PathLike
from .need import Memory, Need, Written

#: Bytes of a cell's value in a gridded file: if nearly all cells are empty, and if hardly anything compresses.
LEAST, MOST = 0.16, 4.1

#: Bytes that every file takes at least, and that at most go to what describes it.
TINY, SMALL = 5_000, 100_000

MB = 1e6

#: A program that reads gridded files: what its libraries take; a worker with PyTorch; a worker that decodes product files.
LIBRARIES, TORCH, DECODER = 60 * MB, 250 * MB, 110 * MB

#: Cells of a block of training, and how many blocks wait for each worker.
CELLS, WAITING = 128, 2


def _file(output: PathLike, what: str, values: float, *, extra: float = 0.0) -> Written:
    """A gridded file of so many values, and ``extra`` bytes that are known."""
    return Written(Path(output), what, LEAST * values + extra + TINY, MOST * values + extra + SMALL)


def _tile(cells: float, days: int, variables: int) -> float:
    """Bytes of the largest block of a gridded file."""
    return 4.0 * min(cells, math.prod(store.TILE)) * days * variables


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


def training(output: PathLike, cells: int, days: int, inputs: int, per_cell: float, samples: int, workers: int, block: int) -> Need:
    """per_cell: bytes that the model holds of a cell; samples: that train a shared ensemble (0: each cell has networks of its own); block:
    cells that are trained at once, no more than are read at once."""
    model = per_cell * cells
    disk = [Written(Path(output), "the model", 0.1 * model, model + SMALL), _finished(output, 0.1 * model, model + 200.0 * cells + SMALL)]
    read = max(4.0 * CELLS * days * (inputs + 2), float(machine.memory(blocks.BUDGET)))
    sent = min(4.0 * block * days * (inputs + 2), read)
    if samples:  # which of them are drawn depends on the blocks
        drawn = 4.0 * samples * (inputs + 1)
        memory = Memory(
            LIBRARIES + TORCH + 2 * per_cell * cells + 2 * drawn,
            1.0,
            TORCH + drawn,
            drawn,
            workers,
            False,
            _tile(cells, days, 3 * inputs + 4),
        )
        return Need("Training", disk, memory)
    memory = Memory(
        LIBRARIES + TORCH + 2 * per_cell * cells, 1.8, TORCH + (WAITING + 5) * sent, 6 * sent, workers, True, _tile(cells, days, inputs + 1)
    )
    return Need("Training", disk, memory)


def reconstruction(output: PathLike, cells: int, days: int, inputs: int, variables: int, per_cell: float) -> Need:
    """cells: those with a network; variables: of the ANN-SM file, flags among them; per_cell: bytes that the model holds of a cell."""
    memory = Memory(LIBRARIES + 2 * per_cell * cells, 1.8, largest=_tile(cells, days, inputs + 2))
    return Need("Reconstruction", [_file(output, "the ANN-SM file", cells * days * variables)], memory)


def filling(output: PathLike, size: int, share: float, cells: int, days: int, variables: int, inputs: int) -> Need:
    """size: bytes of the record of which each value stays; share: of its days that are written; days: those, of so many variables."""
    least = 0.5 * share * size
    written = Written(Path(output), "the filled record", least, max(least, MOST * cells * days * variables) + SMALL)
    memory = Memory(LIBRARIES + TORCH, 2.2, shrinks=False, largest=_tile(cells, math.ceil(days / share), inputs + 7))
    return Need("Gap filling", [written], memory)


def aggregation(output: PathLike, cells: int, days: int, values: float) -> Need:
    """values: cells, periods and statistics."""
    return Need("Aggregation", [_file(output, "the periods", values)], Memory(LIBRARIES, 1.8, largest=_tile(cells, days, 3)))


def sensitivity(table: PathLike, cells: int, days: int, inputs: int, runs: int, workers: int) -> Need:
    """runs: of all experiments with every seed. Samples that do not fit in memory go to the disk."""
    samples = max(0.0, cells * days * (4.0 * (inputs + 3) + 1) - machine.memory(blocks.BUDGET) / 4)
    kept = runs * (280.0 * cells + 3000.0 * math.ceil(cells / CELLS))
    disk = [
        _finished(table, 0.1 * kept, kept),
        Written(Path(table), "its samples", 0.1 * samples, samples, kept=True),
    ]
    sent = 4.0 * CELLS * days * (inputs + 3)
    memory = Memory(LIBRARIES + TORCH, 2.5, TORCH + (WAITING + 5) * sent, 6 * sent, workers, True, _tile(cells, days, inputs + 2))
    return Need("The sensitivity analysis", disk, memory)


def comparison(
    table: PathLike | None, cells: int, days: int, inputs: int, methods: int, stretches: int, together: bool, workers: int
) -> Need:
    """stretches: of days whose errors are summed; together: whether methods learn from all cells at once."""
    kept = 8.0 * (methods * (6 + stretches) + stretches + inputs)
    sent = 4.0 * CELLS * days * (inputs + 2)
    memory = Memory(
        LIBRARIES + TORCH + 2 * kept * cells,
        1.8,
        TORCH + (WAITING + 5) * sent,
        6 * sent,
        workers,
        not together,
        _tile(cells, days, inputs + 1),
    )
    return Need("The comparison", [_finished(table, 0.1 * kept * cells, kept * cells + SMALL)] if table else [], memory)


def reading(step: str, outputs: Sequence[PathLike], cells: int, days: int, variables: int, fixed: float, per_block: float) -> Need:
    """A step that reads long records, so many variables at once, and writes maps, tables and pages: at most some numbers of each cell."""
    files = [Written(Path(path), f"'{Path(path).name}'", 0.0, 64.0 * cells + SMALL) for path in outputs]
    return Need(step, files, Memory(LIBRARIES + fixed, per_block, largest=_tile(cells, days, variables)))


def extraction(table: PathLike, cells: int, days: int, places: int, variables: int, files: bool) -> Need:
    """cells: of all places together; files: whether their series come from product files, which are read at once."""
    lines = float(places * days)
    written = Written(Path(table), "the table", 0.0, lines * (40.0 + 30.0 * variables) + SMALL)
    fixed = LIBRARIES + 16.0 * lines * variables + (12.0 * cells * days if files else 0.0)
    return Need("The extraction", [written], Memory(fixed, 0.0 if files else 1.4, largest=4.0 * cells * days * 12))
