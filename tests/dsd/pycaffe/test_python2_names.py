"""Operators and files of Python 2."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dsd.pycaffe import python2_names as names


def test_whole_numbers_divide_without_remainder():
    assert names.divide(7, 2) == 3 and names.divide(-7, 2) == -4 and names.divide(7.0, 2) == 3.5
    assert names.divide(np.array([7, 9]), 2).tolist() == [3, 4]
    array = np.array([7, 9])
    assert names.divide_in_place(array, 2) is array and array.tolist() == [3, 4]


def test_arrays_have_bytes():
    assert names.tostring(np.array([1, 2], np.uint8)) == b"\1\2"


@pytest.mark.parametrize("mode", ["w", "wb"])
def test_files_take_text_and_bytes(tmp_path: Path, mode: str):
    with names.open_file(tmp_path / "a", mode) as file:
        file.write("text ")
        file.write(b"bytes")
    assert (tmp_path / "a").read_bytes() == b"text bytes"
    with names.open_file(tmp_path / "a", "rU") as file:
        assert file.read() == "text bytes"


def test_a_file_in_memory_is_of_what_is_written_first():
    for value in ("text", b"bytes"):
        file = names.StringIO()
        file.write(value)
        assert file.getvalue() == value
    assert list(names.StringIO("a\nb")) == ["a\n", "b"] and list(names.StringIO()) == []
