"""What a long step needs of the disk and of the memory, compared with what there is before anything is written.

``available`` asks the system, ``need`` compares and grants, ``steps`` has the estimate of every step, in one place.
"""

from .need import Memory, Need, Written, granted

__all__ = ["Memory", "Need", "Written", "granted"]
