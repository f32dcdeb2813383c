"""Colours changed at random."""

from __future__ import annotations

import numpy as np
import pytest

from netdef.data.images.distort import Distortion
from netdef.definition.read import read_net_text
from netdef.errors import SpecError

GREY = np.full((3, 2, 4), 100, np.uint8)
COLOURS = np.random.default_rng(2).integers(20, 200, (3, 5, 6), dtype=np.uint8)


def distortion(text: str) -> Distortion:
    (layer,) = read_net_text(f"layer {{ type: 'AnnotatedData' transform_param {{ distort_param {{ {text} }} }} }}").layers
    return Distortion(layer)


def apply(text: str, image: np.ndarray, seed: int = 1) -> np.ndarray:
    return distortion(text).apply(image, np.random.default_rng(seed))


def test_empty_param_changes_nothing():
    np.testing.assert_array_equal(apply("", COLOURS), COLOURS)


def test_brightness_adds_one_number():
    for seed in range(20):
        found = apply("brightness_prob: 1 brightness_delta: 32", GREY, seed)
        assert len(np.unique(found)) == 1 and 68 <= found[0, 0, 0] <= 132


def test_contrast_multiplies_by_one_number():
    for seed in range(20):
        found = apply("contrast_prob: 1 contrast_lower: 0.5 contrast_upper: 1.5", GREY, seed)
        assert len(np.unique(found)) == 1 and 50 <= found[0, 0, 0] <= 150


def test_grey_has_neither_hue_nor_saturation():
    text = "hue_prob: 1 hue_delta: 18 saturation_prob: 1 saturation_lower: 0.5 saturation_upper: 1.5"
    np.testing.assert_array_equal(apply(text, GREY), GREY)
    assert not np.array_equal(apply(text, COLOURS), COLOURS)


def test_the_order_of_channels_is_changed():
    orders = {tuple(apply("random_order_prob: 1", np.stack([np.full((2, 4), c, np.uint8) for c in (1, 2, 3)]), seed)[:, 0, 0])
              for seed in range(50)}
    assert len(orders) == 6


def test_changes_have_their_probability():
    changed = [not np.array_equal(apply("brightness_prob: 0.5 brightness_delta: 32", GREY, seed), GREY) for seed in range(200)]
    assert 60 < sum(changed) < 140  # 100, and 5 standard deviations and a half


@pytest.mark.parametrize("image", [np.full((1, 2, 4), 9, np.uint8), np.full((3, 2, 4), 9, np.float32)])
def test_other_images_stay_as_they_are(image: np.ndarray):
    assert apply("brightness_prob: 1 brightness_delta: 32", image) is image


@pytest.mark.parametrize("name", ["contrast", "saturation"])
def test_lower_above_upper_is_refused(name: str):
    with pytest.raises(SpecError, match=f"`{name}_lower` 2 and `{name}_upper` 1; wanted are 0 <= lower <= upper"):
        distortion(f"{name}_lower: 2 {name}_upper: 1")


def test_chosen_changes_have_one_chance():
    """As in jolibrain's fork: brightness has no chance unless it is chosen."""
    found = [apply("prob: 0.5 brightness: true brightness_delta: 32", GREY, seed) for seed in range(200)]
    assert 60 < sum(not np.array_equal(image, GREY) for image in found) < 140
    np.testing.assert_array_equal(apply("prob: 1 brightness_delta: 32", COLOURS), COLOURS)
    np.testing.assert_array_equal(apply("brightness: true brightness_delta: 32", COLOURS), COLOURS)


def test_all_effects_are_chosen_at_once():
    orders = {tuple(apply("prob: 1 all_effects: true contrast_lower: 1 contrast_upper: 1 saturation_lower: 1 saturation_upper: 1",
                          np.stack([np.full((2, 4), c, np.uint8) for c in (1, 2, 3)]), seed)[:, 0, 0]) for seed in range(50)}
    assert len(orders) == 6


def test_grey_images_get_brighter_by_one_chance():
    image = np.full((1, 2, 4), 100, np.uint8)
    text = "prob: 1 all_effects: true brightness_delta: 32 contrast_lower: 0.5 contrast_upper: 1.5 hue_delta: 18"
    found = {int(value) for seed in range(20) for value in np.unique(apply(text, image, seed))}
    assert len(found) > 5 and min(found) >= 34 and max(found) <= 198  # (100 - 32) / 2 and (100 + 32) * 3 / 2
