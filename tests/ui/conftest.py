"""Without a display, QGIS runs offscreen."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
