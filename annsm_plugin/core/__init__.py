"""The science of ANN-SM. Imports neither QGIS nor Qt, and nothing heavy when it loads."""

__version__ = "0.1.0"
