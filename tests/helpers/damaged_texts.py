"""Odd values of every kind, and damage to texts of lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

NUMBERS = (
    "nan",
    "inf",
    "-inf",
    "1e999",
    "-1",
    "0",
    "9" * 400,
    "1,5",
    "²",
    "٣",
    "0x10",
    "1_000",
    "--1",
    "1e-400",
    "99999999999999999999",
    "",
)
WORDS = (
    "", " ", "\0", '"', "'", '"""', ",", ";", "\t", "\n", "\r", "\ufeff", "\u202e", "\ud7ff", "x" * 140_000, "a$\\frac{$b", "<script>",
    "../../x", "/etc/passwd", "C:\\x", "NaT", "now", "0000-00-00", "9999-12-31 23:59", "2015-13-45", "=1+1", "%s%n", "é" * 300, "𝒳",
)  # fmt: skip
ENCODINGS = ("utf-16", "utf-32", "utf-8-sig", "cp037", "utf-16-le", "gb18030")
VALUES = (
    None, True, False, 0, -1, 3, 2**63, 10**30, 1.5, -0.0, 1e308, float("nan"), float("inf"), "", "x",
    "9" * 500, "\0", "\ud800", "a" * 100_000,
    [], {}, [[]], [None], {"a": {}}, [1, 2, 3], list(range(3000)), {"": ""}, "2015-04-01", "/etc/passwd", "../../../x",
    "nul|x", "//host/share",
)  # fmt: skip
NAMES = ("", "..", "../x.stm", "/x.stm", "a\0b", "x" * 60_000, "C:\\x.stm", "é\udcff", "__MACOSX/x", "a/" * 500 + "x.stm", "con.stm")


def one(random: np.random.Generator, choices: Sequence[Any]) -> Any:
    """One of the choices."""
    return choices[int(random.integers(len(choices)))]


def text(content: bytes, random: np.random.Generator) -> tuple[bytes, str]:
    """A damaged table or other text of lines."""
    lines = content.splitlines(keepends=True) or [b""]
    kind, at = int(random.integers(13)), int(random.integers(len(lines))) if random.random() < 0.7 else 0
    separator = next((s for s in (b";", b"\t", b",", b" ") if s in lines[0]), b",")
    fields = lines[at].rstrip(b"\r\n").split(separator)
    own = int(random.integers(len(fields)))
    if kind == 0:
        fields[own] = one(random, NUMBERS).encode()
        what = f"field {own} of line {at} as {fields[own][:20]!r}"
    elif kind == 1:
        fields[own] = one(random, WORDS).encode("utf-8", "surrogatepass")
        what = f"field {own} of line {at} as {fields[own][:20]!r}"
    elif kind == 2:
        del fields[own]
        what = f"line {at} without field {own}"
    elif kind == 3:
        fields[own:own] = [fields[own]] * int(one(random, (1, 3, 5000)))
        what = f"field {own} of line {at} several times"
    elif kind == 4:  # a whole column
        new = one(random, (*NUMBERS, *WORDS)).encode("utf-8", "surrogatepass")[:200]
        split = [line.rstrip(b"\r\n").split(separator) for line in lines]
        split = [[*s[:own], new, *s[own + 1 :]] if n and len(s) > own else s for n, s in enumerate(split)]
        return b"\n".join(separator.join(s) for s in split) + b"\n", f"column {own} as {new[:20]!r}"
    elif kind == 5:
        lines[at : at + 1] = [lines[at]] * int(one(random, (0, 2, 50)))
        return b"".join(lines), f"line {at} gone or several times"
    elif kind == 6:
        order = random.permutation(len(lines))
        return b"".join(lines[int(n)] for n in order), "lines in another order"
    elif kind == 7:
        ends = (b"\r", b"\r\n", b"\n", b"\x0b", b"\x85", b"\n\n", b"\x1e", b"")
        return b"".join(line.rstrip(b"\r\n") + one(random, ends) for line in lines), "mixed ends of lines"
    elif kind == 8:
        encoding = one(random, ENCODINGS)
        return content.decode("utf-8", "replace").encode(encoding, "replace"), f"as {encoding}"
    elif kind == 9:
        new = one(random, (b";", b"\t", b"|", b"  ", b",,", b"\0", b'","', b" "))
        return content.replace(separator, new), f"separated by {new!r}"
    elif kind == 10:
        place = int(random.integers(len(content) + 1))
        new = one(random, WORDS).encode("utf-8", "surrogatepass")
        return content[:place] + new + content[place:], f"{new[:20]!r} at {place}"
    elif kind == 11:
        digits = re.sub(rb"\d+", lambda m: one(random, NUMBERS).encode() if random.random() < 0.05 else m.group(), content)
        return digits, "odd numbers all over"
    else:
        return b"\n" * int(random.integers(5)) + content.rstrip() + one(random, (b"", b"\n" * 9, b"\x1a", b"\0" * 9)), "other ends"
    ending = lines[at][len(lines[at].rstrip(b"\r\n")) :]
    lines[at] = separator.join(fields) + ending
    return b"".join(lines), what
