"""MultiLabelImageData: the labels that a line of a list has."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netdef.errors import FileError


def write(folder: Path, lines: str) -> None:
    for name in ("a.png", "b.png"):
        Image.fromarray(np.full((3, 5), ord(name[0]), np.uint8)).save(folder / name)
    (folder / "list.txt").write_text(lines)


TEXT = ("type: 'MultiLabelImageData' top: 'data' top: 'label' "
        "image_data_param { source: 'list.txt' is_color: false batch_size: 3 }")


def test_the_first_line_says_how_many(tmp_path: Path, make_feed: Callable):
    write(tmp_path, "a.png 1 0 0.5\nb.png 0 2 -1\n")
    feed = make_feed(TEXT)
    assert feed.shapes == {"data": (3, 1, 3, 5), "label": (3, 3)}
    batch = next(feed)
    assert batch["label"].tolist() == [[1, 0, 0.5], [0, 2, -1], [1, 0, 0.5]]
    assert batch["data"][:, 0, 0, 0].tolist() == [ord("a"), ord("b"), ord("a")]


def test_a_single_label_is_a_row_of_one(tmp_path: Path, make_feed: Callable):
    write(tmp_path, "a.png 4\n")
    assert next(make_feed(TEXT))["label"].tolist() == [[4]] * 3


@pytest.mark.parametrize(("lines", "words"), [
    ("a.png 1 0\nb.png 1\n", "list.txt:2: `b.png 1` is no image's path with 2 numbers"),
    ("a.png\n", "list.txt:1: `a.png` is no image's path with 1 numbers"), ("", "lists no images")])
def test_lines_that_do_not_fit(lines: str, words: str, tmp_path: Path, make_feed: Callable):
    write(tmp_path, lines)
    with pytest.raises(FileError, match=words):
        make_feed(TEXT)
