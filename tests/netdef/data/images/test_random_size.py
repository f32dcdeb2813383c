"""Random sizes of images: NVIDIA's stretched sides, intel's shorter sides and parts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from netdef.data.images.resize import resize
from netdef.data.images.transform import Transform
from netdef.definition.filter import filter_net
from netdef.definition.read import read_net_text
from netdef.errors import SpecError

IMAGE = np.random.default_rng(1).integers(0, 256, (3, 40, 60), np.uint8)


def transform(text: str, kind: str = "Data") -> Transform:
    net = read_net_text(f"layer {{ name: 'd' type: '{kind}' top: 'd' transform_param {{ {text} }} }}", Path())
    (spec,) = filter_net(net, "TEST").layers
    return Transform(spec)


def sizes(text: str, image: np.ndarray = IMAGE, count: int = 200) -> set[tuple[int, int]]:
    made, random = transform(text), np.random.default_rng(1)
    return {made.changed(image, random).shape[1:] for _ in range(count)}


def test_the_shorter_side_within_bounds_and_the_other_with_it():
    assert sizes("img_rand_resize_lower: 20 img_rand_resize_upper: 22") == {(20, 30), (21, 32), (22, 33)}  # 31.5 goes up
    assert sizes("img_rand_resize_lower: 50 img_rand_resize_upper: 50") == {(40, 60)}  # nothing is enlarged ...
    assert sizes("img_rand_resize_lower: 50 img_rand_resize_upper: 50 allow_upscale: true") == {(50, 75)}
    assert sizes("img_rand_resize_lower: 20 img_rand_resize_upper: 20 crop_size: 25") == {(25, 30)}  # ... but to the crop


def test_the_longer_side_a_multiple_of_the_shorter():
    found = sizes("rand_resize_ratio_lower: 1 rand_resize_ratio_upper: 1.2")
    assert len(found) == 9 and found == {(40, width) for width in range(40, 49)}
    square = sizes("rand_resize_ratio_lower: 1.5 rand_resize_ratio_upper: 1.5 allow_upscale: true", IMAGE[:, :, :40])
    assert square == {(40, 60), (60, 40)}


def test_sides_stretched_each_by_itself():
    text = "vertical_stretch_lower: 0.5 vertical_stretch_upper: 0.75 horizontal_stretch_lower: 0.9"
    found = np.array(list(sizes(text, count=400)))
    assert found[:, 0].min() == 20 and found[:, 0].max() == 30
    assert found[:, 1].min() == 54 and found[:, 1].max() == 60


def test_interpolations_are_those_named():
    random = np.random.default_rng(1)
    half = "img_rand_resize_lower: 20 img_rand_resize_upper: 20"
    np.testing.assert_array_equal(transform(half).changed(IMAGE, random), resize(IMAGE, 20, 30, "NEAREST"))
    area = transform(f"{half} interpolation_algo_down: INTER_AREA")
    np.testing.assert_array_equal(area.changed(IMAGE, random), resize(IMAGE, 20, 30, "AREA"))
    up = transform("img_rand_resize_lower: 60 img_rand_resize_upper: 60 allow_upscale: true")
    np.testing.assert_array_equal(up.changed(IMAGE, random), resize(IMAGE, 60, 90, "CUBIC"))


def test_intels_shorter_side_is_within_bounds():
    assert sizes("random_resize_param { min_size: 20 max_size: 22 }") == {(20, 30), (21, 31), (22, 33)}
    free = np.array(list(sizes("random_resize_param { }", count=500)))  # from the shorter to the longer side
    assert free[:, 0].min() == 40 and free[:, 0].max() == 60


def test_intels_parts_have_the_size_of_the_crop():
    """All parts are resized to the crop; with a whole image as the only part, it is that."""
    assert sizes("random_aspect_ratio_param { aspect_ratio_change: 0.75 } crop_size: 24") == {(24, 24)}
    whole = transform("random_aspect_ratio_param { min_area_ratio: 1 } crop_size: 30").changed(
        IMAGE[:, :, :40], np.random.default_rng(1))
    np.testing.assert_array_equal(whole, resize(IMAGE[:, :, :40], 30, 30))
    assert sizes("random_aspect_ratio_param { max_attempt: 0 } crop_size: 24") == {(24, 36)}


def test_hdcnns_shorter_side_and_square():
    assert sizes("resize_short_side_min: 20 resize_short_side_max: 21") == {(20, 30), (21, 32)}  # 31.5, rounded up
    assert sizes("resize_short_side_min: 20 resize_short_side_max: 20", IMAGE.transpose(0, 2, 1)) == {(30, 20)}
    assert sizes("resize_size: 25") == {(25, 25)} and sizes("resize_size: 0") == {(40, 60)}
    square = transform("resize_size: 25").changed(IMAGE, np.random.default_rng(1))
    np.testing.assert_array_equal(square, resize(IMAGE, 25, 25, "LINEAR"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("resize_size: 3 resize_short_side_min: 3 resize_short_side_max: 3", "both `resize_size` and `resize_short_side_min`"),
        ("resize_short_side_min: 5 resize_short_side_max: 3", "`resize_short_side_min` 5 and `resize_short_side_max` 3"),
        ("img_rand_resize_lower: 30 img_rand_resize_upper: 20", "`img_rand_resize_lower` 30 and `img_rand_resize_upper` 20"),
        ("vertical_stretch_lower: 2", "`vertical_stretch_lower` 2 and `vertical_stretch_upper` 1"),
        ("random_resize_param { } img_rand_resize_upper: 20", "both `random_resize_param` and `img_rand_resize_upper`"),
        ("random_resize_param { min_size: 5 max_size: 4 }", "wanted are `min_size` <= `max_size`"),
        ("random_aspect_ratio_param { }", "needs a `crop_size`"),
        ("crop_size: 3 random_aspect_ratio_param { min_area_ratio: 2 }", "parts of 2 to 1 of the image"),
        ("random_resize_param { resize_param { resize_mode: FIT_SMALL_SIZE } }", "other than WARP"),
    ],
)
def test_bad_settings_are_refused(text: str, words: str):
    with pytest.raises(SpecError, match=words):
        transform(text)


def test_data_layers_change_sizes_before_they_crop(make_feed: Callable, make_database: Callable):
    """Of an image whose columns are numbered: every second column after halving, cut out of another place each time."""
    make_database([np.tile(np.arange(60, dtype=np.uint8), (1, 40, 1))] * 3)
    feed = make_feed("type: 'Data' top: 'data' data_param { source: 'db' backend: LMDB batch_size: 2 } "
                     "transform_param { img_rand_resize_lower: 20 img_rand_resize_upper: 20 crop_size: 12 }")
    assert feed.shapes["data"] == (2, 1, 12, 12)
    starts = set()
    for _ in range(20):
        for image in next(feed)["data"].numpy():
            start = int(image[0, 0, 0])
            starts.add(start)
            np.testing.assert_array_equal(image[0], np.tile(start + 2 * np.arange(12), (12, 1)))
    assert len(starts) > 8 and all(start % 2 == 0 for start in starts)


def test_other_data_layers_refuse_random_sizes():
    with pytest.raises(SpecError, match="which only Data and ImageData layers do"):
        transform("img_rand_resize_upper: 20", "WindowData")


def test_both_sides_times_one_of_some_levels():
    """A side of 40 x 1.1625 is 46.5, which goes up."""
    assert sizes("multi_scale_levels: [1, 1.1625, 0.5]") == {(40, 60), (47, 70), (20, 30)}
    made = transform("multi_scale_levels: 1.5")
    np.testing.assert_array_equal(made.changed(IMAGE, np.random.default_rng(1)), resize(IMAGE, 60, 90))


@pytest.mark.parametrize(("text", "complaint"), [
    ("multi_scale_levels: 1 multi_scale_levels: 0", "has `multi_scale_levels` 0; it must be above 0"),
    ("multi_scale_levels: 2 random_resize_param { }", "gives both `random_resize_param` and `multi_scale_levels`"),
])
def test_levels_that_do_not_fit_are_refused(text: str, complaint: str):
    with pytest.raises(SpecError, match=complaint):
        transform(text)
