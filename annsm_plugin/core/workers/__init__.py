"""Where blocks run: in worker processes of a verified Python, in this process, or on a dask.distributed cluster.

A block is a pure function of the core, named by its place ("training.cells:train"): values and arrays in, values and arrays out. What
comes out does not depend on where it ran. ``run.run`` works off a step's blocks; ``Where`` says where.
"""

from ..foundation.lazy import exports

__getattr__, __all__ = exports(__name__, {"run": ("Crew", "Where", "check"), "process": ("Process",)})
