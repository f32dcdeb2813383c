"""Files of Python 2."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest

from dsd.pycaffe.python2 import files


@pytest.mark.parametrize("mode", ["w", "wb"])
def test_files_take_text_and_bytes(tmp_path: Path, mode: str):
    with files.open_file(tmp_path / "a", mode) as file:
        file.write("text ")
        file.write(b"bytes")
    assert (tmp_path / "a").read_bytes() == b"text bytes"
    with files.open_file(tmp_path / "a", "rU") as file:
        assert file.read() == "text bytes"


def test_a_file_that_is_opened_as_text_has_its_bytes(tmp_path: Path):
    every_byte = bytes(range(256)) + "é\r\n".encode()
    (tmp_path / "a").write_bytes(every_byte)
    with files.open_file(tmp_path / "a") as file:
        text = file.read()
    assert files.as_bytes(text) == every_byte and files.as_bytes(b"\xe9") == b"\xe9" and files.as_text(every_byte) == text
    for mode in ("w", "wb"):
        with files.open_file(tmp_path / "b", mode) as file:
            file.write(text)
        assert (tmp_path / "b").read_bytes() == every_byte


def test_a_temporary_file_takes_text_and_bytes(tmp_path: Path):
    with files.named_temporary_file(dir=tmp_path) as file:
        file.write("text ")
        file.write(b"bytes")
        file.flush()
        assert Path(file.name).read_bytes() == b"text bytes"


def test_a_file_in_memory_is_of_what_is_written_first():
    for value in ("text", b"bytes"):
        file = files.StringIO()
        file.write(value)
        assert file.getvalue() == value
    assert list(files.StringIO("a\nb")) == ["a\n", "b"] and list(files.StringIO()) == []


def test_pickles_of_python_2_through_files_of_text(tmp_path: Path):
    with files.open_file(tmp_path / "a", "w") as file:
        files.dump({"x": np.ones(3)}, file)
    with files.open_file(tmp_path / "a") as file:
        assert files.load(file)["x"].tolist() == [1, 1, 1]
    old = b"\x80\x02U\x03\xe9bcq\x01."  # the str "\xe9bc" of Python 2
    assert files.loads(old) == "ébc" and files.loads(files.as_text(pickle.dumps(5, 0))) == 5
