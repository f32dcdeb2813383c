"""ImageLabelData: images and label images from two lists or two databases."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from image_pairs import COUNT, HEIGHT, WIDTH, agree, grid, plane

from netdef.data.feeding.feed import Feed
from netdef.errors import FileError, SpecError


def lists(more: str = "", transform: str = "") -> str:
    return (f"type: 'ImageLabelData' top: 'data' top: 'label' transform_param {{ {transform} }} image_label_data_param {{ "
            f"image_list_path: 'images.txt' label_list_path: 'labels.txt' batch_size: 2 {more} }}")


def test_both_are_cropped_and_mirrored_from_lists(files: Path, make_feed: Callable[..., Feed]):
    feed = make_feed(lists("", "crop_size: 4 mirror: true"))
    seen = set()
    for number in range(80):
        batch = next(feed)
        agree(batch, [2 * number % COUNT, (2 * number + 1) % COUNT])
        seen |= {int(label[0].min()) for label in batch["label"][:, 0]}
    assert seen == {r * WIDTH + c + 1 for r in range(3) for c in range(6)}


def test_small_images_are_reflected_and_their_labels_filled(files: Path, make_feed: Callable[..., Feed]):
    """To 8 rows: one before, one after; in TEST the middle columns 0 to 7."""
    batch = next(make_feed(lists("", "crop_size: 8"), "TEST"))
    np.testing.assert_array_equal(batch["data"][1, 0], plane(1)[[1, 0, 1, 2, 3, 4, 5, 4], :8])
    np.testing.assert_array_equal(batch["label"][1, 0, 1:7], grid(HEIGHT, WIDTH)[:, :8])
    assert (batch["label"][:, 0, [0, 7]] == 255).all()
    zeros = next(make_feed(lists("padding: ZERO", "crop_size: 8"), "TEST"))
    assert not zeros["data"][:, :, [0, 7]].any()


def test_label_slice_takes_rows_and_columns(files: Path, make_feed: Callable[..., Feed]):
    """A border of 1 and 2 makes 8 x 13; the crop of 7 begins at 0, 3; of it rows 1, 3, 5 and columns 2, 3, 4, 5."""
    part = "label_slice { dim: 3 dim: 4 stride: 2 stride: 1 offset: 1 offset: 2 }"
    batch = next(make_feed(lists(part, "crop_size: 7"), "TEST"))
    np.testing.assert_array_equal(batch["data"][1, 0], plane(1)[[1, 0, 1, 2, 3, 4, 5], 1:8])
    np.testing.assert_array_equal(batch["label"][1, 0], grid(HEIGHT, WIDTH)[[0, 2, 4], 3:7])
    with pytest.raises(SpecError, match="reaches to 8 x 6"):
        make_feed(lists(part.replace("dim: 3", "dim: 4"), "crop_size: 7"), "TEST")


@pytest.mark.parametrize(
    ("bounds", "sizes"),
    [
        ("size_min: 4", (6, 9)),
        ("size_min: 8", (8, 12)),
        ("size_max: 6", (4, 6)),
        ("size_min: 8 size_max: 10", (8, 10)),
        ("scale_prob: 1 scale_min: 2 scale_max: 2", (12, 18)),
        ("scale_prob: 1 scale_min: 0.5 scale_max: 0.5", (3, 4)),  # 4.5 to even
    ],
)
def test_sizes_follow_size_min_and_size_max(files: Path, make_feed: Callable[..., Feed], bounds: str, sizes: tuple[int, int]):
    batch = next(make_feed(lists(bounds)))
    assert batch["data"].shape == (2, 3, *sizes) and batch["label"].shape == (2, 1, *sizes)
    assert set(batch["label"].unique().tolist()) <= set(grid(HEIGHT, WIDTH).ravel().tolist())


@pytest.mark.parametrize("shuffle", [False, True])
def test_databases_keep_images_and_labels_together(
    make_feed: Callable[..., Feed], make_database: Callable[..., Path], shuffle: bool
):
    planes = [grid(HEIGHT, WIDTH) + np.uint8(number) for number in range(COUNT)]
    make_database([np.stack((one, one + np.uint8(60))) for one in planes], "images")
    make_database([one[None] for one in planes], "labels")
    feed = make_feed("type: 'ImageLabelData' top: 'data' top: 'label' "
                     "transform_param { crop_size: 4 mirror: true mean_value: 5 } "
                     "image_label_data_param { image_list_path: 'images' "
                     f"label_list_path: 'labels' backend: LMDB batch_size: 2 shuffle: {str(shuffle).lower()} }}")
    assert feed.shapes == {"data": (2, 2, 4, 4), "label": (2, 1, 4, 4)}
    corners = set()
    for _ in range(30):
        batch = next(feed)
        np.testing.assert_array_equal(batch["data"], torch.cat((batch["label"] - 5, batch["label"] + 55), 1))
        corners |= set(batch["label"][:, 0, 0, 0].tolist())
    assert len(corners) > 15


def test_databases_and_lists_that_disagree_are_refused(
    files: Path, make_feed: Callable[..., Feed], make_database: Callable[..., Path], random_images: Callable
):
    (files / "labels.txt").write_text("0.l.png\n")
    with pytest.raises(FileError, match="lists 5 images, and .*labels.txt lists 1 label images"):
        make_feed(lists())
    make_database(random_images(2, 3, 5, 4), "images")
    make_database(random_images(2, 3, 5, 4), "labels")
    with pytest.raises(FileError, match="images: item `00000000` has labels of 3 channels in .*labels; it wants 1"):
        make_feed("type: 'ImageLabelData' top: 'data' top: 'label' image_label_data_param { image_list_path: 'images' "
                  "label_list_path: 'labels' backend: LMDB }")
