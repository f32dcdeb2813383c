"""HashingImageData: batches of some classes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netdef.errors import SpecError

LABELS = [0, 1, 2, 0, 1, 2, 0, 1, 2, 2]


@pytest.fixture
def images(tmp_path: Path) -> None:
    """Ten images of one value each, their number."""
    for index in range(len(LABELS)):
        Image.fromarray(np.full((3, 5), index, np.uint8)).save(tmp_path / f"{index}.png")
    (tmp_path / "list.txt").write_text("".join(f"{index}.png {label}\n" for index, label in enumerate(LABELS)))


def text(batch: int, classes: int) -> str:
    return ("type: 'HashingImageData' top: 'data' top: 'label' image_data_param { source: 'list.txt' is_color: false "
            f"batch_size: {batch} cat_per_iter: {classes} }}")


def test_a_batch_has_as_many_images_of_each_class(images: None, make_feed: Callable):
    feed = make_feed(text(6, 2))
    assert feed.shapes == {"data": (6, 1, 3, 5), "label": (6, 1, 1, 1)}
    seen = set()
    for _ in range(20):
        batch = next(feed)
        numbers, labels = batch["data"][:, 0, 0, 0].int().tolist(), batch["label"].flatten().int().tolist()
        assert [LABELS[number] for number in numbers] == labels
        assert len(set(numbers)) == 6
        assert labels[:3] == labels[:1] * 3 and labels[3:] == labels[3:4] * 3 and labels[0] != labels[3]
        seen.add((labels[0], labels[3]))
    assert len(seen) > 3


@pytest.mark.parametrize(("batch", "classes", "words"), [
    (7, 2, "`batch_size` 7, no multiple of `cat_per_iter`, 2"), (8, 2, "the smallest with 3 images"),
    (4, 4, "wants 4 classes with 1 images each; its list has 3 classes"), (4, 0, "cat_per_iter")])
def test_classes_that_do_not_fit(images: None, make_feed: Callable, batch: int, classes: int, words: str):
    with pytest.raises(SpecError, match=words):
        make_feed(text(batch, classes))
