"""Images blurred, equalized and spoiled."""

from __future__ import annotations

import numpy as np
import pytest

from netdef.data.images.noise import ImageNoise, blur, erode
from netdef.definition.read import read_net_text
from netdef.errors import SpecError

COLOURS = np.random.default_rng(2).integers(0, 256, (3, 5, 6), dtype=np.uint8)


def noise(text: str) -> ImageNoise:
    (layer,) = read_net_text(f"layer {{ type: 'AnnotatedData' transform_param {{ {text} }} }}").layers
    return ImageNoise(layer)


def apply(text: str, image: np.ndarray = COLOURS, seed: int = 1) -> np.ndarray:
    return noise(f"noise_param {{ {text} }}").apply(image, np.random.default_rng(seed))


@pytest.mark.parametrize("text", ["", "all_effects: true", "prob: 0 inverse: true jpeg: 10", "prob: 1"])
def test_nothing_is_chosen_or_has_no_chance(text: str):
    np.testing.assert_array_equal(apply(text), COLOURS)


def test_changes_are_made_in_order():
    """As in SSD, always, without `prob`: 100 becomes 96 and then 159."""
    image = np.array([0, 63, 64, 100, 200, 255], np.uint8).reshape(1, 2, 3)
    assert apply("posterize: true", image).ravel().tolist() == [32, 32, 96, 96, 224, 224]
    assert apply("posterize: true inverse: true", image).ravel().tolist() == [223, 223, 159, 159, 31, 31]
    assert apply("prob: 1 posterize: true inverse: true", image).ravel().tolist() == [223, 223, 159, 159, 31, 31]


def test_each_change_has_its_chance():
    found = [apply("prob: 0.25 inverse: true posterize: true", np.full((1, 1, 1), 100, np.uint8), seed).item()
             for seed in range(400)]
    shares = [found.count(value) / 400 for value in (100, 155, 96, 159)]
    assert shares == pytest.approx([9 / 16, 3 / 16, 3 / 16, 1 / 16], abs=0.09)


def test_one_of_several_is_drawn():
    made = noise("noise_param { prob: 0.75 inverse: true } noise_param { prob: 0.25 decolorize: true }")
    found = [made.apply(COLOURS, np.random.default_rng(seed)) for seed in range(200)]
    inverse, grey = ([np.array_equal(image, wanted) for image in found]
                     for wanted in (255 - COLOURS, apply("decolorize: true")))
    assert sum(inverse) + sum(grey) == 200 and 120 < sum(inverse) < 180
    with pytest.raises(SpecError, match="2 `noise_param` with `prob` that add up to 0.5; they must add up to 1"):
        noise("noise_param { prob: 0.5 } noise_param {}")


def test_grey_has_three_equal_channels():
    found = apply("decolorize: true", np.array([10, 20, 30], np.uint8)[:, None, None])
    assert found.ravel().tolist() == [22, 22, 22]  # 0.114 * 10 + 0.587 * 20 + 0.299 * 30


def test_blur_of_a_point_and_of_a_plane():
    image = np.zeros((1, 9, 11), np.uint8)
    image[0, 4, 5] = 255
    found = blur(image)[0]
    assert found[4, 5:9].tolist() == [19, 15, 8, 2]  # 255 * 70 * (70, 55, 29, 9) / 256^2
    assert found[2, 4] == 6 and not found[0].any()  # 255 * 29 * 55 / 256^2
    assert (blur(np.full((3, 4, 2), 77, np.uint8)) == 77).all()
    corner = np.zeros((1, 9, 9), np.uint8)
    corner[0, 0, 0] = 255
    assert blur(corner)[0, 0, 1] == 15  # the mirror image does not repeat the border


def test_erosion_is_the_least_of_five():
    image = np.full((1, 3, 4), 9, np.uint8)
    image[0, 1, 1] = 2
    assert erode(image)[0].tolist() == [[9, 2, 9, 9], [2, 2, 2, 9], [9, 2, 9, 9]]


def test_brightness_is_equalized_and_colours_stay():
    """Differences of red and blue from the brightness stay, so that the dark pixel gets darker and the bright one brighter."""
    image = np.stack([np.array([[100, 120]]), np.array([[100, 120]]), np.array([[100, 120]])]).astype(np.uint8)
    assert apply("hist_eq: true", image).tolist() == [[[0, 255]]] * 3
    assert apply("hist_eq: true", image[:1]).tolist() == [[[0, 255]]]
    plane = np.full((3, 16, 16), 100, np.uint8)
    assert (apply("clahe: true", plane) == 191).all() and (apply("clahe: true", plane[:1]) == 191).all()


def test_jpeg_loses_more_in_lower_quality():
    errors = [np.abs(apply(f"jpeg: {quality}").astype(int) - COLOURS).mean() for quality in (100, 60, 5)]
    assert 0 < errors[0] < errors[1] < errors[2]
    assert not np.array_equal(apply("prob: 0.001 jpeg: 5"), COLOURS)  # whatever the chance, if it is above 0


def test_spots():
    image = np.full((3, 4, 6), 100, np.uint8)
    found = apply("saltpepper: true saltpepper_param { fraction: 0.25 value: 7.9 value: 0 value: 255 }", image)
    changed = (found != image).any(0)
    assert 1 <= changed.sum() <= 6 and (found[:, changed] == np.array([7, 0, 255])[:, None]).all()
    one = apply("saltpepper: true saltpepper_param { fraction: 1 value: 3 }", image[:1])
    assert set(np.unique(one)) == {3, 100}


@pytest.mark.parametrize("text", ["decolorize: true", "jpeg: 3", "convert_to_hsv: true", "convert_to_lab: true"])
def test_changes_of_colours_leave_grey_images(text: str):
    np.testing.assert_array_equal(apply(text, COLOURS[:1]), COLOURS[:1])
    assert not np.array_equal(apply(text), COLOURS)


@pytest.mark.parametrize("image", [COLOURS[:2], COLOURS.astype(np.float32)])
def test_other_images_stay_as_they_are(image: np.ndarray):
    assert apply("inverse: true", image) is image


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("prob: 1.5", "has `prob` 1.5; it must be from 0 to 1"),
        ("saltpepper: true saltpepper_param { fraction: 0.1 }", "has 0 `value` for its spots; it must have 1 or 3"),
        ("all_effects: true saltpepper_param { fraction: 0.1 value: 1 value: 2 }", "has 2 `value`"),
    ],
)
def test_invalid_settings_are_refused(text: str, message: str):
    with pytest.raises(SpecError, match=message):
        apply(text)
