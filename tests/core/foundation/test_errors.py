"""What a user is told is one line that can be read, whatever was found in a file."""

import pytest

from annsm_plugin.core.foundation import errors


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ("a\x00b\x1b[31m", "a\\x00b\\x1b[31m"),
        ("two\nlines\r\n", "two lines"),
        ("\u202etxt.exe", "\\u202etxt.exe"),
        ("caf\udce9", "caf\\udce9"),
        ("土壤 水分\u3000é", "土壤 水分\u3000é"),
        ("NUL" + "\0" * 10**6 + "the end.", None),
    ],
)
def test_every_error_is_one_readable_line(found, said):
    for error in (errors.AnnsmError(found), errors.ParameterError(found), errors.CubeError("a.nc", found, "numbers")):
        text = str(error)
        text.encode("utf-8")
        assert len(text) < 1500 and all(c.isprintable() or c == "\u3000" for c in text)
        assert said is None or said in text
    if said is None:
        assert str(errors.AnnsmError(found)).endswith("the end.")


def test_what_is_expected_is_said_after_a_long_finding():
    assert str(errors.ProductError("a.nc", "v", "x" * 5000, "a number")).endswith("expected a number.")
