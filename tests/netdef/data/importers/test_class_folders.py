"""Folders of images as classes."""

from __future__ import annotations

from pathlib import Path

import pytest

from netdef.data.importers.class_folders import list_classes
from netdef.errors import FileError


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def test_labels_follow_the_alphabet(tmp_path: Path):
    touch(tmp_path, "b/2.png", "b/1.jpeg", "a/x/y.BMP", "a/.hidden.png", "c/z.gif", ".cache/q.png", "list.txt", "a/readme.md")
    entries, classes = list_classes(tmp_path)
    assert classes == ["a", "b", "c"]
    assert entries == [("a/x/y.BMP", 0), ("b/1.jpeg", 1), ("b/2.png", 1), ("c/z.gif", 2)]


def test_labels_follow_numbers_where_all_names_are_numbers(tmp_path: Path):
    touch(tmp_path, "10/a.png", "9/b.png", "1/c.png")
    assert list_classes(tmp_path) == ([("1/c.png", 0), ("9/b.png", 1), ("10/a.png", 2)], ["1", "9", "10"])


def test_bad_folders_are_refused(tmp_path: Path):
    with pytest.raises(FileError, match="nowhere: No such file"):
        list_classes(tmp_path / "nowhere")
    touch(tmp_path, "a.png")
    with pytest.raises(FileError, match="has no folders of images; wanted are .*/<class>/<image>, or a list of images$"):
        list_classes(tmp_path)
    touch(tmp_path, "a/1.png", "b/readme.md")
    with pytest.raises(FileError, match="/b: has no images$"):
        list_classes(tmp_path)
