"""Errors of data layers of images with label images."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from image_pairs import grid
from PIL import Image

from netdef.data.feeding.feed import Feed
from netdef.errors import FileError


def dense(more: str = "", transform: str = "", batch: int = 2) -> str:
    return (f"type: 'DenseImageData' top: 'data' top: 'label' transform_param {{ {transform} }} "
            f"dense_image_data_param {{ source: 'pairs.txt' batch_size: {batch} {more} }}")


def test_images_that_do_not_fit_are_named(files: Path, make_feed: Callable[..., Feed]):
    Image.fromarray(grid(5, 9)).save(files / "3.l.png")
    feed = make_feed(dense())
    next(feed)
    with pytest.raises(FileError, match=r"pairs.txt: image `3.png` is of 6 x 9, its labels of 5 x 9"):
        next(feed)
    Image.fromarray(np.zeros((5, 9, 3), np.uint8)).save(files / "3.png")
    feed.seek(1)
    with pytest.raises(FileError, match=r"image `3.png` is of shape \(3, 5, 9\), the first of its batch of \(3, 6, 9\)"):
        next(feed)
    (files / "pairs.txt").write_text("0.png\n")
    with pytest.raises(FileError, match="pairs.txt:1: `0.png` has 1 words; it wants 2"):
        make_feed(dense())
