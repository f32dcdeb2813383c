"""Lists of images with labels."""

from __future__ import annotations

from pathlib import Path

import pytest

from netdef.data.images.list_file import missing_hint, read_list, write_list
from netdef.errors import FileError


def test_labels_follow_the_last_blank(tmp_path: Path):
    (tmp_path / "list").write_text("a b.png 3\n\n  c.png\t-1 \n")
    assert read_list(tmp_path / "list") == [("a b.png", 3), ("c.png", -1)]


@pytest.mark.parametrize(
    "text, said",
    [("a.png 1\nb.png\n", ":2: `b.png` is no"), ("a.png 0.5", ":1: `a.png 0.5`.*other labels need an HDF5Data layer"),
     ("\n", "lists no images"), ("a\x1b.png", r":1: `a\\x1b.png` is no"),
     (f"a.png {-(2**31) - 1}", ":1: `-2147483649` is no label")],
)
def test_bad_lists_are_refused(tmp_path: Path, text: str, said: str):
    (tmp_path / "list").write_text(text)
    with pytest.raises(FileError, match=said):
        read_list(tmp_path / "list")
    with pytest.raises(FileError, match="nothing: No such file"):
        read_list(tmp_path / "nothing")


def test_what_is_written_is_read(tmp_path: Path):
    entries = [("a b.png", 3), ("é/caf\udce9.png", -7)]
    write_list(tmp_path / "list", entries)
    assert read_list(tmp_path / "list") == entries
    with pytest.raises(FileError, match=r"a\\nb.png: a name with a line break"):
        write_list(tmp_path / "list", [("a\nb.png", 1)])
    assert read_list(tmp_path / "list") == entries


@pytest.mark.parametrize("name, hint", [("a.png 1", True), ("a.png 0.5", True), ("photo 1.png", False), ("a.png1", False)])
def test_names_that_end_in_numbers_may_have_several_labels(name: str, hint: bool):
    assert bool(missing_hint(name)) == hint
