"""Tables of station measurements (CSV, text, XLSX) in whatever dialect people keep them: ``read_table``.

``text`` and ``layout`` read the lines of a text, ``workbook`` (within the bounds of ``spreadsheets``) those of a spreadsheet; both give a
``Sheet``. ``dates``, ``clocks``, ``moments``, ``years`` and ``times`` read its times, ``numbers`` its numbers; ``losses`` counts the rows
that are left out.
"""

from ...foundation.lazy import exports

__getattr__, __all__ = exports(__name__, {"reading": ("UNITS", "read_table")})
