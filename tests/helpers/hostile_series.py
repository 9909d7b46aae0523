"""Series of numbers that do as much harm as numbers can, for the tests of the bounds (hypothesis)."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hn

#: Numbers at which arithmetic goes wrong: denormals, neighbours of 0 and 1, the largest, infinite and missing ones.
WORST = (0.0, -0.0, 5e-324, 1e-300, 1e-45, 0.1, 0.4, 0.4001, np.nextafter(0.4, 1), 1.0, np.nextafter(1.0, 2), -9999.0, 8.3, 1e30, 3e38,
         1.7e308, -1.7e308, np.inf, -np.inf, np.nan)  # fmt: skip

ANY = st.one_of(st.sampled_from(WORST), st.floats(width=64))

#: What soil can have, with its ends and numbers next to each other.
SOIL = st.one_of(st.sampled_from([v for v in WORST if 0 <= v <= 1]), st.floats(0, 1))


def series(size, elements=ANY):
    """Series of ``size`` (a number or a strategy): any numbers, all the same, two of them, equal at the top, or few different ones."""
    several = hn.arrays(float, size, elements=elements)
    few = st.lists(elements, min_size=1, max_size=3).flatmap(lambda own: hn.arrays(float, size, elements=st.sampled_from(own)))
    tops = hn.arrays(float, size, elements=elements).map(lambda values: np.fmin(values, np.nanmedian(values)) if values.size else values)
    return st.one_of(several, few, tops)
