"""Reads BibTeX, as strictly as a test wants it."""

from __future__ import annotations

import re


def entries(text):
    """Key -> (type, fields) of BibTeX, read brace by brace; fails where braces do not match."""
    found, at = {}, 0
    while (start := text.find("@", at)) >= 0:
        kind, depth, end = re.match(r"@(\w+)\{", text[start:])[1], 0, start
        for end in range(start, len(text)):
            depth += (text[end] == "{") - (text[end] == "}")
            if text[end] == "}" and depth == 0:
                break
        assert depth == 0, text[start : start + 60]
        body = text[start:end]
        key = re.match(r"@\w+\{([^,]+),", body)[1]
        assert key not in found
        found[key] = kind, dict(re.findall(r"^  (\w+) = \{(.*)\},$", body, re.MULTILINE))
        at = end
    return found
