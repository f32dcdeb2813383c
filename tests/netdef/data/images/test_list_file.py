"""Lists of images."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netdef.data.images.image_file import read_image
from netdef.data.images.list_file import read_list
from netdef.errors import FileError


def test_labels_follow_the_last_blank(tmp_path: Path):
    (tmp_path / "list").write_text("a b.png 3\n\n  c.png\t-1 \n")
    assert read_list(tmp_path / "list") == [("a b.png", 3), ("c.png", -1)]


@pytest.mark.parametrize(
    "text, said",
    [("a.png 1\nb.png\n", ":2: `b.png` is no"), ("a.png 0.5", ":1: `a.png 0.5`"), ("\n", "lists no images"),
     (f"a.png {-(2**31) - 1}", ":1: `-2147483649` is no label")],
)
def test_lists_that_are_refused(tmp_path: Path, text: str, said: str):
    (tmp_path / "list").write_text(text)
    with pytest.raises(FileError, match=said):
        read_list(tmp_path / "list")
    with pytest.raises(FileError, match="nothing: No such file"):
        read_list(tmp_path / "nothing")


def test_grey_of_a_colour_file_is_its_formats(tmp_path: Path):
    """libpng cuts off where OpenCV rounds: 0.299 * 10 + 0.587 * 20 + 0.114 * 31 = 18.3; of 201, 202 and 203, 201.8."""
    pixels = np.array([[[10, 20, 31], [201, 202, 203]]], np.uint8)
    for kind, grey in (("png", [18, 201]), ("bmp", [18, 202])):
        Image.fromarray(pixels).save(tmp_path / f"image.{kind}")
        assert read_image(tmp_path / f"image.{kind}", color=False).tolist() == [[grey]]
        assert read_image(tmp_path / f"image.{kind}").tolist() == pixels.transpose(2, 0, 1)[::-1].tolist()


def test_what_is_no_image_is_refused_by_name(tmp_path: Path):
    (tmp_path / "x.png").write_bytes(b"\x89PNG and nothing more")
    with pytest.raises(FileError, match="x.png: holds an image that cannot be decoded: its 21 bytes are no image file"):
        read_image(tmp_path / "x.png")
    with pytest.raises(FileError, match="y.png: No such file"):
        read_image(tmp_path / "y.png")
    with pytest.raises(FileError, match="y\0.png: embedded null byte"):
        read_image(tmp_path / "y\0.png")
