"""ImageLabelDataIndex and ImageLabelDataClass."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from image_pairs import COUNT, HEIGHT, WIDTH, agree, grid, plane
from PIL import Image

from netdef.data.feeding.feed import Feed
from netdef.data.layers.image_label_index import number_of
from netdef.errors import FileError, SpecError


def text(kind: str, more: str = "", transform: str = "") -> str:
    return (f"type: 'ImageLabelData{kind}' top: 'data' top: 'label' top: 'third' transform_param {{ {transform} }} "
            f"image_label_data_param {{ image_list_path: 'images.txt' label_list_path: 'labels.txt' batch_size: 2 {more} }}")


@pytest.mark.parametrize(("path", "number"), [
    ("images/2008_000123.png", 80123), ("aachen_000001_000019_12.png", 1001912), ("a/b7/none.png", None), ("2009.png", 2009),
    ("7.2", 7)])
def test_the_number_of_a_name(path: str, number: int | None):
    """2008_000123: "_00" goes, and 2008 is 8: 80123. aachen_000001_000019_12: 0001, 0019 and 12 remain."""
    assert number_of(path) == number


def test_numbers_of_images(files: Path, make_feed: Callable[..., Feed]):
    batch = next(make_feed(text("Index")))
    assert batch["third"].shape == (2, 1, 1, 1) and batch["third"].flatten().tolist() == [0, 1]
    names = [f"i/{i}_07.png" for i in range(COUNT)]
    (files / "i").mkdir()
    for i, name in enumerate(names):
        (files / f"{i}.png").rename(files / name)
    (files / "labels.txt").write_text("".join(f"{i}.l.png\n" for i in (1, 2, 3, 4, 0)) + "#0.png\n")
    (files / "images.txt").write_text("#x.png\n" + "\n".join(names[1:] + names[:1]))
    feed = make_feed(text("Index"))
    assert next(feed)["third"].flatten().tolist() == [107, 207]
    lines = next(make_feed(text("Index", "filename_to_idx: false")))
    assert lines["third"].flatten().tolist() == [0, 1]


def test_images_and_labels_change_together(files: Path, make_feed: Callable[..., Feed]):
    feed = make_feed(text("Index", "padding: ZERO", "crop_size: 4 mirror: true"))
    for number in range(20):
        agree(next(feed), [2 * number % COUNT, (2 * number + 1) % COUNT])


def test_padding_below_and_to_the_right(files: Path, make_feed: Callable[..., Feed]):
    """To 11 x 11: five rows and two columns more."""
    batch = next(make_feed(text("Index", "pad_centre: false padding: ZERO", "crop_size: 11"), "TEST"))
    np.testing.assert_array_equal(batch["data"][0, 0, :HEIGHT, :WIDTH], plane(0))
    assert not batch["data"][0, :, HEIGHT:].any() and not batch["data"][0, :, :, WIDTH:].any()
    np.testing.assert_array_equal(batch["label"][0, 0, :HEIGHT, :WIDTH], grid(HEIGHT, WIDTH))
    assert (batch["label"][0, 0, HEIGHT:] == 255).all()


def test_sizes_are_drawn_in_test_too(files: Path, make_feed: Callable[..., Feed]):
    batch = next(make_feed(text("Index", "rand_scale: true min_scale: 2 max_scale: 2"), "TEST"))
    assert batch["data"].shape == (2, 3, 2 * HEIGHT, 2 * WIDTH)
    np.testing.assert_array_equal(batch["label"][0, 0], grid(HEIGHT, WIDTH).repeat(2, 0).repeat(2, 1))


def test_rotation_fills_labels_with_255_in_training_only(files: Path, make_feed: Callable[..., Feed]):
    half = text("Index", "random_rotate: true min_rotation_angle: 180 max_rotation_angle: 180")
    label = next(make_feed(half))["label"][0, 0]
    np.testing.assert_array_equal(label[1:, 1:], grid(HEIGHT, WIDTH)[:0:-1, :0:-1])
    assert (label[0] == 255).all() and (label[:, 0] == 255).all()
    np.testing.assert_array_equal(next(make_feed(half, "TEST"))["label"][0, 0], grid(HEIGHT, WIDTH))


def test_colours_and_blur_change_images_only(files: Path, make_feed: Callable[..., Feed]):
    blur = ("random_gaussian_blur: true blur_probability: 1 min_kernel_size: 5 max_kernel_size: 5 min_sigma_x: 3 "
            "max_sigma_x: 3 min_sigma_y: 3 max_sigma_y: 3")
    batch = next(make_feed(text("Index", blur)))
    assert batch["data"][0, 0].std() < 0.8 * plane(0).std()
    np.testing.assert_array_equal(batch["label"][0, 0], grid(HEIGHT, WIDTH))
    np.testing.assert_array_equal(next(make_feed(text("Index", blur), "TEST"))["data"][0, 0], plane(0))
    noise = make_feed(text("Index", "hsv_noise: true v_noise: 40"), "TEST")
    brightest = [int(next(noise)["data"][0, 2].max()) for _ in range(10)]
    assert min(brightest) >= plane(0).max() + 120 - 41 and len(set(brightest)) > 3


def test_labels_may_have_three_channels(files: Path, make_feed: Callable[..., Feed]):
    colours = np.stack([grid(HEIGHT, WIDTH) + np.uint8(more) for more in (2, 1, 0)], 2)
    for number in range(COUNT):
        Image.fromarray(colours).save(files / f"{number}.l.png")
    batch = next(make_feed(text("Index", "num_channels: 3")))
    np.testing.assert_array_equal(batch["label"][1], colours.transpose(2, 0, 1)[::-1])


def test_classes_that_are_present(files: Path, make_feed: Callable[..., Feed]):
    """Of a crop of 4 in the middle: rows 1 to 4, columns 2 to 5, places 12 to 15, 21 to 24, 30 to 33, 39 to 42; 0 is no class."""
    batch = next(make_feed(text("Class", "label_space: 24", "crop_size: 4"), "TEST"))
    assert batch["third"].shape == (2, 1, 1, 23)
    wanted = torch.tensor([float(c in (12, 13, 14, 15, 21, 22, 23)) for c in range(1, 24)])
    assert (batch["third"] == wanted).all()
    whole = ("label_space: 5 ignore_first_channel_for_classification: false "
             "make_transform_independent_classification_gt: true")
    assert next(make_feed(text("Class", whole, "crop_size: 4"), "TEST"))["third"][0].flatten().tolist() == [0, 1, 1, 1, 1]


def test_a_resumed_feed_goes_on_where_it_stopped(files: Path, make_feed: Callable[..., Feed]):
    changes = text("Index", "shuffle: true hsv_noise: true h_noise: 30 random_rotate: true max_rotation_angle: 20 "
                            "rand_scale: true min_scale: 0.8 max_scale: 1.4 random_gaussian_blur: true "
                            "max_kernel_size: 5 max_sigma_x: 2",
                   "crop_size: 7 mirror: true")
    feed, other = make_feed(changes), make_feed(changes)
    for one in (feed, other):
        one.configure(7)
    batches = [next(feed) for _ in range(5)]
    other.seek(3)
    for batch in batches[3:]:
        again = next(other)
        assert all((batch[top] == again[top]).all() for top in ("data", "label", "third"))


@pytest.mark.parametrize(("kind", "more", "complaint"), [
    ("Class", "label_space: 1", "has `label_space` 1; it must be at least 2"),
    ("Index", "rand_scale: true min_scale: 0", "min_scale"),
    ("Index", "random_gaussian_blur: true min_kernel_size: 5", "kernels of 5 to 0"),
])
def test_what_makes_no_sense_is_refused(files: Path, make_feed: Callable[..., Feed], kind: str, more: str, complaint: str):
    with pytest.raises(SpecError, match=complaint):
        make_feed(text(kind, more))


def test_a_list_of_comments_is_an_error(files: Path, make_feed: Callable[..., Feed]):
    (files / "images.txt").write_text("#1.png\n")
    with pytest.raises(FileError, match="images.txt: lists no images"):
        make_feed(text("Index"))
