"""Changes of caffe-augmentation: turns, sizes and colours."""

from __future__ import annotations

import numpy as np
import pytest

from netdef.data.images.changes import Changes, read_changes
from netdef.data.images.class_changes import turned_by
from netdef.definition.read import read_net_text
from netdef.errors import SpecError

IMAGE = np.arange(3 * 4 * 6, dtype=np.uint8).reshape(3, 4, 6)


def changes(text: str, kind: str = "Data", phase: str = "TRAIN") -> Changes:
    (layer,) = read_net_text(f"layer {{ type: '{kind}' phase: {phase} transform_param {{ {text} }} }}").layers
    return read_changes(layer)


def made(text: str, phase: str = "TRAIN") -> list[str]:
    return [type(change).__name__ for change in changes(text, phase=phase).changes]


ALL = ("max_rotation_angle: 9 min_side: 8 min_side_min: 8 min_side_max: 9 max_color_shift: 3 bgr2rgb: true "
       "contrast_brightness_adjustment: true")


def test_all_are_made_in_training_and_sizes_in_test():
    assert made(ALL) == ["RedFirst", "RandomTurn", "MinSide", "MinSide", "ColourShift", "Exposure"]
    assert made(ALL, "TEST") == ["RedFirst", "MinSide", "MinSide"]
    assert made("min_side_min: 8") == [] and made("cvt_bgr2rgb: true") == ["RedFirst"]


def test_red_comes_first():
    assert np.array_equal(changes("bgr2rgb: true").apply(IMAGE, np.random.default_rng(1)), IMAGE[::-1])
    assert np.array_equal(changes("bgr2rgb: true").apply(IMAGE[:1], np.random.default_rng(1)), IMAGE[:1])


def test_the_shorter_side_is_given_and_the_longer_one_rounded_up():
    assert changes("min_side: 7").apply(IMAGE, np.random.default_rng(1)).shape == (3, 7, 11)  # 6 / (4 / 7) = 10.5
    assert changes("min_side: 7").apply(IMAGE.swapaxes(1, 2), np.random.default_rng(1)).shape == (3, 11, 7)
    sides = {changes("min_side_min: 5 min_side_max: 7").apply(IMAGE, np.random.default_rng(seed)).shape[1] for seed in range(20)}
    assert sides == {5, 6, 7}


def test_a_half_turn_and_a_quarter():
    # The middle is at half the sides, half a pixel beyond that of the pixels, and the plane is a pixel larger.
    half = turned_by(IMAGE, 180)
    assert half.shape == (3, 5, 7)
    quarter = turned_by(IMAGE, 90)
    assert quarter.shape == (3, 7, 5)
    assert half.sum() > 0.6 * IMAGE.sum() and quarter.sum() > 0.6 * IMAGE.sum()


def test_a_turn_keeps_the_middle_and_is_0_around():
    image = np.full((1, 41, 41), 200, np.uint8)
    found = turned_by(image, 45)
    assert found.shape == (1, 60, 60)  # 41 x 2^(1/2) = 57.98, from -8.49 to 49.49, and so from -9 to 50 and one pixel more
    assert found[0, 30, 30] == 200 and found[0, 0, 0] == 0 and found[0, 30, 3] == 200
    mark = np.zeros((1, 41, 41), np.uint8)
    mark[0, 20, 38] = 255  # Right of the middle goes up where the turn is anticlockwise.
    row, column = np.unravel_index(turned_by(mark, 90)[0].argmax(), turned_by(mark, 90)[0].shape)
    assert row < 8 and 18 <= column <= 22


def test_colours_move_together_and_are_cut_off():
    image = np.full((3, 2, 2), 250, np.uint8)
    seen = set()
    for seed in range(40):
        found = changes("max_color_shift: 9 apply_probability: 1").apply(image, np.random.default_rng(seed))
        assert (found == found[:, :1, :1]).all()
        seen.update(found[:, 0, 0].tolist())
    assert min(seen) >= 241 and max(seen) == 255 and len(seen) == 15


def test_contrast_and_brightness():
    text = "contrast_brightness_adjustment: true min_contrast: 0.5 max_contrast: 0.5 max_brightness_shift: 1 apply_probability: 1"
    image = np.full((1, 1, 1), 100, np.uint8)
    found = {int(changes(text).apply(image, np.random.default_rng(seed))[0, 0, 0]) for seed in range(30)}
    assert found == {49, 50, 51}
    assert changes(text.replace("probability: 1", "probability: 0")).apply(image, np.random.default_rng(1)) is image


@pytest.mark.parametrize(("text", "kind", "message"), [
    ("min_side_min: 9 min_side_max: 8", "Data", "`min_side_min` 9 above `min_side_max` 8"),
    ("contrast_brightness_adjustment: true min_contrast: 2", "Data", "draws a contrast from 2 to 1.2"),
    ("apply_probability: 2", "Data", "from 0 to 1"),
    ("min_side: 8", "WindowData", "which only Data and ImageData layers do"),
])
def test_what_is_wrong_is_refused(text: str, kind: str, message: str):
    with pytest.raises(SpecError, match=message):
        changes(text, kind)
