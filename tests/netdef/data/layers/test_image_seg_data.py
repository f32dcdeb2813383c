"""ImageSegData: images and label images, cropped and filled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from image_pairs import COUNT, HEIGHT, WIDTH, grid, plane

from netdef.data.feeding.feed import Feed
from netdef.errors import SpecError


def seg(more: str, transform: str = "", tops: str = "top: 'data' top: 'label'", source: str = "pairs.txt") -> str:
    return (f"type: 'ImageSegData' {tops} transform_param {{ {transform} }} "
            f"image_data_param {{ source: '{source}' batch_size: 2 {more} }}")


def test_a_central_crop_is_padded(files: Path, make_feed: Callable[..., Feed]):
    """A crop of 8 x 5 of 6 x 9: two rows below, and columns 2 to 6."""
    feed = make_feed(seg("label_type: PIXEL", "crop_height: 8 crop_width: 5 mean_value: 3 scale: 2",
                         "top: 'data' top: 'label' top: 'sizes'"), "TEST")
    assert feed.shapes == {"data": (2, 3, 8, 5), "label": (2, 1, 8, 5), "sizes": (2, 1, 1, 2)}
    batch = next(feed)
    np.testing.assert_array_equal(batch["data"][1, 0, :6], (plane(1)[:, 2:7] - 3) * 2)
    assert not batch["data"][:, :, 6:].any()
    np.testing.assert_array_equal(batch["label"][1, 0, :6], grid(HEIGHT, WIDTH)[:, 2:7])
    assert (batch["label"][:, :, 6:] == 255).all()
    assert batch["sizes"].flatten().tolist() == [6, 5, 6, 5]


def test_images_alone(files: Path, make_feed: Callable[..., Feed]):
    """Of a list of images, and of one with labels."""
    for kind, source in (("NONE", "images.txt"), ("PIXEL", "pairs.txt")):
        feed = make_feed(seg(f"label_type: {kind}", "mean_value: 3", "top: 'data'", source), "TEST")
        assert feed.shapes == {"data": (2, 3, HEIGHT, WIDTH)}
        np.testing.assert_array_equal(next(feed)["data"][1, 0], plane(1) - 3)


def test_labels_of_whole_images_and_no_labels(files: Path, make_feed: Callable[..., Feed]):
    labels = next(make_feed(seg("", source="numbers.txt")))["label"]
    assert labels[0].unique().tolist() == [0] and labels[1].unique().tolist() == [7]
    none = next(make_feed(seg("label_type: NONE ignore_label: 9", source="images.txt")))["label"]
    assert none.unique().tolist() == [9]
    (files / "numbers.txt").write_text("0.png dog\n")
    with pytest.raises(SpecError, match="has the label `dog`; it wants a number from 0 to 255"):
        make_feed(seg("", source="numbers.txt"))


def test_training_scales_crops_and_mirrors_both(files: Path, make_feed: Callable[..., Feed]):
    feed = make_feed(seg("label_type: PIXEL", "crop_size: 3 mirror: true scale_factors: 1 scale_factors: 2"))
    whole = set()
    for number in range(30):
        batch = next(feed)
        for data, label, item in zip(batch["data"].numpy(), batch["label"].numpy(), (2 * number, 2 * number + 1)):
            same = np.array_equal(data[0], label[0] + item % COUNT)  # enlarged images are interpolated, labels are not
            whole.add((same, bool(label[0, 0, 0] > label[0, 0, 2])))
            assert np.abs(data[0] - label[0] - item % COUNT).max() <= 5.1  # half a row and half a column
    assert whole == {(same, mirrored) for same in (True, False) for mirrored in (True, False)}
