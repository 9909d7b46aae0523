"""Sensitivity analysis by controlled variables (paper sections 3.2 and 4.1): inputs, neurons, split, rain threshold.

``experiments`` says what the runs are, ``settings`` what is asked, ``samples`` loads the cube once, ``training_runs`` trains the runs,
``analysis.analyse`` chooses, ``outputs.analyse_to_files`` writes what ``words``, ``files``, ``figures`` and ``report`` make of it.
"""
