"""DenseImageData, ImageSegData and ImageLabelData: images and label images, changed alike."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from netdef.data.feeding.feed import Feed
from netdef.errors import FileError, SpecError

COUNT, HEIGHT, WIDTH = 5, 6, 9


def grid(height: int, width: int) -> np.ndarray:
    """A plane in which each place has a number of its own, from 1 on."""
    return np.arange(1, height * width + 1, dtype=np.uint8).reshape(height, width)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Images 0.png, ... whose blue, green and red are the place's number + the image's, + 60 and + 120; labels 0.l.png, ...
    that are the place's number; lists of both."""
    for number in range(COUNT):
        place = grid(HEIGHT, WIDTH)
        blue = place + np.uint8(number)
        Image.fromarray(np.stack((blue + 120, blue + 60, blue), 2).astype(np.uint8)).save(tmp_path / f"{number}.png")
        Image.fromarray(place).save(tmp_path / f"{number}.l.png")
    (tmp_path / "pairs.txt").write_text("".join(f"{i}.png {i}.l.png\n" for i in range(COUNT)))
    (tmp_path / "images.txt").write_text("".join(f"{i}.png\n" for i in range(COUNT)))
    (tmp_path / "labels.txt").write_text("".join(f"{i}.l.png\n" for i in range(COUNT)))
    (tmp_path / "numbers.txt").write_text("".join(f"{i}.png {7 * i}\n" for i in range(COUNT)))
    return tmp_path


def dense(more: str = "", transform: str = "", batch: int = 2) -> str:
    return (f"type: 'DenseImageData' top: 'data' top: 'label' transform_param {{ {transform} }} "
            f"dense_image_data_param {{ source: 'pairs.txt' batch_size: {batch} {more} }}")


def seg(more: str, transform: str = "", tops: str = "top: 'data' top: 'label'", source: str = "pairs.txt") -> str:
    return (f"type: 'ImageSegData' {tops} transform_param {{ {transform} }} "
            f"image_data_param {{ source: '{source}' batch_size: 2 {more} }}")


def lists(more: str = "", transform: str = "") -> str:
    return (f"type: 'ImageLabelData' top: 'data' top: 'label' transform_param {{ {transform} }} image_label_data_param {{ "
            f"image_list_path: 'images.txt' label_list_path: 'labels.txt' batch_size: 2 {more} }}")


def plane(number: int) -> np.ndarray:
    """The blue of an image of `files`."""
    return grid(HEIGHT, WIDTH) + np.float32(number)


def agree(batch: dict[str, torch.Tensor], numbers: list[int]) -> None:
    """Image and labels are still of the same places."""
    for image, label, number in zip(batch["data"], batch["label"], numbers):
        np.testing.assert_array_equal(image, np.stack([label[0] + number + more for more in (0, 60, 120)]))


# DenseImageData


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_dense_as_they_are(files: Path, make_feed: Callable[..., Feed], phase: str):
    feed = make_feed(dense(), phase)
    assert feed.shapes == {"data": (2, 3, HEIGHT, WIDTH), "label": (2, 1, HEIGHT, WIDTH)}
    batch = next(feed)
    np.testing.assert_array_equal(batch["label"], [[grid(HEIGHT, WIDTH)]] * 2)
    agree(batch, [0, 1])
    np.testing.assert_array_equal(next(make_feed(dense("is_color: false"), phase))["data"].shape, (2, 1, HEIGHT, WIDTH))


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_dense_crops_and_mirrors_are_random_in_both_phases(files: Path, make_feed: Callable[..., Feed], phase: str):
    feed = make_feed(dense("mirror: true crop_height: 4 crop_width: 7"), phase)
    seen = set()
    for number in range(40):
        batch = next(feed)
        agree(batch, [2 * number % COUNT, (2 * number + 1) % COUNT])
        for label in batch["label"][:, 0]:
            mirrored = bool(label[0, 0] > label[0, 1])
            first = int(label[0].min()) - 1
            seen.add((mirrored, first // WIDTH, first % WIDTH))
            step = -1 if mirrored else 1
            expected = grid(HEIGHT, WIDTH)[first // WIDTH :, first % WIDTH :][:4, :7][:, ::step]
            np.testing.assert_array_equal(label, expected)
    assert seen == {(m, r, c) for m in (False, True) for r in range(3) for c in range(3)}


def test_dense_labels_are_resized_by_nearest_neighbours(files: Path, make_feed: Callable[..., Feed]):
    batch = next(make_feed(dense("new_height: 3 new_width: 18")))
    assert batch["data"].shape == (2, 3, 3, 18)
    np.testing.assert_array_equal(batch["label"][1, 0], np.repeat(grid(HEIGHT, WIDTH)[::2], 2, axis=1))
    batch = next(make_feed(dense("new_height: 12 new_width: 18 label_divide_factor: 4")))
    assert batch["data"].shape == (2, 3, 12, 18)
    np.testing.assert_array_equal(batch["label"][1, 0], grid(HEIGHT, WIDTH)[::2][:, [0, 2, 4, 6]])  # 9 / 4 = 2.25 apart


def test_dense_mean_and_scale_are_the_images_alone(files: Path, make_feed: Callable[..., Feed]):
    batch = next(make_feed(dense("", "mean_value: 1 mean_value: 61 mean_value: 121 scale: 0.5")))
    np.testing.assert_array_equal(batch["data"][1], [plane(0) / 2] * 3)
    np.testing.assert_array_equal(batch["label"][1, 0], grid(HEIGHT, WIDTH))


def test_dense_shuffles_and_resumes(files: Path, make_feed: Callable[..., Feed]):
    feed = make_feed(dense("shuffle: true rand_skip: 3", batch=1))
    drawn = [int(next(feed)["data"][0, 0, 0, 0]) - 1 for _ in range(3 * COUNT)]
    assert len({tuple(drawn[start : start + COUNT]) for start in range(3 * COUNT)}) > 3
    feed.seek(8)
    assert int(next(feed)["data"][0, 0, 0, 0]) - 1 == drawn[8]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (dense("", "mirror: true"), "would not reach the labels"),
        (dense("", "crop_size: 3"), "would not reach the labels"),
        (dense("new_height: 3"), "`new_height` 3 and `new_width` 0"),
        (dense("crop_width: 3"), "`crop_height` 0 and `crop_width` 3"),
        (dense("crop_height: 7 crop_width: 3"), "of 6 x 9 cannot be cropped to 7 x 3"),
        (dense("label_divide_factor: 2"), "must be 1, or go with"),
    ],
)
def test_dense_refuses(files: Path, make_feed: Callable[..., Feed], text: str, words: str):
    with pytest.raises(SpecError, match=words):
        make_feed(text)


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


# ImageSegData


def test_seg_central_crop_with_what_is_missing_filled(files: Path, make_feed: Callable[..., Feed]):
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


def test_seg_labels_of_whole_images_and_none(files: Path, make_feed: Callable[..., Feed]):
    labels = next(make_feed(seg("", source="numbers.txt")))["label"]
    assert labels[0].unique().tolist() == [0] and labels[1].unique().tolist() == [7]
    none = next(make_feed(seg("label_type: NONE ignore_label: 9", source="images.txt")))["label"]
    assert none.unique().tolist() == [9]
    (files / "numbers.txt").write_text("0.png dog\n")
    with pytest.raises(SpecError, match="has the label `dog`; it wants a number from 0 to 255"):
        make_feed(seg("", source="numbers.txt"))


def test_seg_training_scales_crops_and_mirrors_both(files: Path, make_feed: Callable[..., Feed]):
    feed = make_feed(seg("label_type: PIXEL", "crop_size: 3 mirror: true scale_factors: 1 scale_factors: 2"))
    whole = set()
    for number in range(30):
        batch = next(feed)
        for data, label, item in zip(batch["data"].numpy(), batch["label"].numpy(), (2 * number, 2 * number + 1)):
            same = np.array_equal(data[0], label[0] + item % COUNT)  # enlarged images are interpolated, labels are not
            whole.add((same, bool(label[0, 0, 0] > label[0, 0, 2])))
            assert np.abs(data[0] - label[0] - item % COUNT).max() <= 5.1  # half a row and half a column
    assert whole == {(same, mirrored) for same in (True, False) for mirrored in (True, False)}


# ImageLabelData


def test_lists_crop_and_mirror_both(files: Path, make_feed: Callable[..., Feed]):
    feed = make_feed(lists("", "crop_size: 4 mirror: true"))
    seen = set()
    for number in range(80):
        batch = next(feed)
        agree(batch, [2 * number % COUNT, (2 * number + 1) % COUNT])
        seen |= {int(label[0].min()) for label in batch["label"][:, 0]}
    assert seen == {r * WIDTH + c + 1 for r in range(3) for c in range(6)}


def test_lists_reflect_small_images_and_fill_labels(files: Path, make_feed: Callable[..., Feed]):
    """To 8 rows: one before, one after; in TEST the middle columns 0 to 7."""
    batch = next(make_feed(lists("", "crop_size: 8"), "TEST"))
    np.testing.assert_array_equal(batch["data"][1, 0], plane(1)[[1, 0, 1, 2, 3, 4, 5, 4], :8])
    np.testing.assert_array_equal(batch["label"][1, 0, 1:7], grid(HEIGHT, WIDTH)[:, :8])
    assert (batch["label"][:, 0, [0, 7]] == 255).all()
    zeros = next(make_feed(lists("padding: ZERO", "crop_size: 8"), "TEST"))
    assert not zeros["data"][:, :, [0, 7]].any()


def test_lists_slice_the_labels(files: Path, make_feed: Callable[..., Feed]):
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
def test_lists_sizes(files: Path, make_feed: Callable[..., Feed], bounds: str, sizes: tuple[int, int]):
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


def test_databases_and_lists_that_do_not_agree(
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
