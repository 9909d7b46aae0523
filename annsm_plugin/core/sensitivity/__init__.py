"""Sensitivity analysis by controlled variables (paper sections 3.2 and 4.1): inputs, neurons, split, rain threshold.

``experiments`` says what the runs are, ``settings`` checks what is asked, ``samples`` loads the cube once, ``training_runs`` trains the
runs, ``analysis`` chooses, ``outputs`` writes what ``words``, ``files``, ``figures`` and ``report`` make of it.
"""

from ..foundation.lazy import exports

__getattr__, __all__ = exports(
    __name__,
    {"request": ("SensitivityRequest",), "analysis": ("SensitivityResult", "analyse"), "outputs": ("check", "run")},
)
