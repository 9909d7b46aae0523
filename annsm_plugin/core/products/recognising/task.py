"""The task of looking into files of unknown names in a worker."""

from __future__ import annotations

from ...foundation import machine
from ...foundation.progress import Progress
from ...workers.tasks import Arrays, Values
from .. import naming
from . import content


def look(values: Values, arrays: Arrays, progress: Progress) -> tuple[Values, Arrays]:
    """For each of ``paths``: the entries that it is, packed by ``naming``, and what it is in words; tells each path before."""
    found = []
    for path in values["paths"]:
        progress.info(path)
        with machine.at_most(machine.PATIENCE):  # of the processor: the worker ends itself on a file with which a library comes to no end
            entries, words = content.identify(path)
        found.append([[naming.packed(entry) for entry in entries], words])
    return {"found": found}, {}
