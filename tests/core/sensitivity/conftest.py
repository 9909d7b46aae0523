"""A cube and its analysis, which the tests of this room share."""

import numpy as np
import planted_cubes
import pytest
from planted_cubes import PERIOD
from small_analysis import SMALL


@pytest.fixture(scope="module")
def gappy(tmp_path_factory):
    """A cube with gaps, one cell too short under the strictest threshold, one without any change of the target."""
    values = planted_cubes.gappy()
    values["sm_smap"][120:, 1, 2] = np.nan
    values["sm_smap"][:, 3, 0] = np.where(np.isfinite(values["sm_smap"][:, 3, 0]), 0.3, np.nan)
    return planted_cubes.write(tmp_path_factory.mktemp("gappy") / "cube.nc", values), values


@pytest.fixture(scope="module")
def analysed(gappy):
    from annsm_plugin.core.sensitivity import analysis

    return analysis.analyse(gappy[0], **SMALL, **PERIOD, min_pairs=80)
