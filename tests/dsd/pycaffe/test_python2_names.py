"""Names and files of Python 2."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dsd.pycaffe import python2_names as names


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


def test_a_file_that_is_opened_as_text_has_its_bytes(tmp_path: Path):
    every_byte = bytes(range(256)) + "é\r\n".encode()
    (tmp_path / "a").write_bytes(every_byte)
    with names.open_file(tmp_path / "a") as file:
        text = file.read()
    assert names.as_bytes(text) == every_byte and names.as_bytes(b"\xe9") == b"\xe9"
    assert np.fromstring is not names._fromstring and names._fromstring(text, np.uint8).tobytes() == every_byte
    assert names._fromstring("\x01\xff", np.uint8).tolist() == [1, 255]


def test_a_file_in_memory_is_of_what_is_written_first():
    for value in ("text", b"bytes"):
        file = names.StringIO()
        file.write(value)
        assert file.getvalue() == value
    assert list(names.StringIO("a\nb")) == ["a\n", "b"] and list(names.StringIO()) == []
