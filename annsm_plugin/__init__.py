"""ANN-SM: long soil-moisture records from passive microwave satellites, in QGIS."""


def classFactory(iface):
    """Return the plugin object; QGIS calls this once when it loads the plugin."""
    from .plugin import AnnsmPlugin

    return AnnsmPlugin(iface)
