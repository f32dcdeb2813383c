"""Images and boxes seen from a side, nearer, farther away, and turned."""

from __future__ import annotations

import numpy as np
import pytest

from netdef.data.images.geometry import Geometry, projection, turned, turned_boxes
from netdef.definition.read import read_net_text
from netdef.errors import NetdefError, SpecError

RAMP = np.tile(np.arange(0, 200, 5, dtype=np.uint8), (1, 30, 1))  # 5 times the column, (1, 30, 40)
PLAIN = "persp_horizontal: false persp_vertical: false"


def geometry(text: str) -> Geometry:
    (layer,) = read_net_text(f"layer {{ type: 'Data' transform_param {{ geometry_param {{ {text} }} }} }}").layers
    return Geometry(layer)


def boxes(*found: tuple[float, float, float, float]) -> np.ndarray:
    return np.array([(0, 3, 0, *box, 1) for box in found], float).reshape(-1, 8)


def test_nothing_changes_without_a_chance():
    assert geometry("prob: 0").apply(RAMP, np.random.default_rng(1)) is RAMP
    floats = RAMP.astype(np.float32)
    assert geometry("prob: 1").apply(floats, np.random.default_rng(1)) is floats
    changed = [geometry("prob: 0.5").apply(RAMP, np.random.default_rng(seed)) is not RAMP for seed in range(60)]
    assert 15 < sum(changed) < 45


@pytest.mark.parametrize(("zoom", "nearer"), [("zoom_out: false", True), ("zoom_in: false", False), ("", None)])
def test_boxes_follow_the_pixels(zoom: str, nearer: bool | None):
    """The ends of a box are where the ramp has the values it had there: 5 * 40 * 0.4 and 0.65."""
    made, kinds = geometry(f"prob: 1 {PLAIN} {zoom}"), set()
    for seed in range(12):
        image, rows = made.with_boxes(RAMP, boxes((0.4, 0.5, 0.65, 0.6)), np.random.default_rng(seed))
        assert image.shape == RAMP.shape and len(rows) == 1 and rows[0, [1, 7]].tolist() == [3, 1]
        for end, value in ((rows[0, 3], 80), (rows[0, 5], 130)):
            assert np.interp(end * 40, np.arange(40), image[0, 15]) == pytest.approx(value, abs=1)
        width = rows[0, 5] - rows[0, 3]
        assert 0.25 / 1.5 / 1.03 < width < 0.25 / 0.5
        kinds.add(bool(width > 0.25))
    assert kinds == ({nearer} if nearer is not None else {True, False})


def test_one_side_is_shorter():
    """A white image, seen from the left or the right with black around: one side is whole, the other has dark ends."""
    made = geometry("prob: 1 persp_vertical: false zoom_in: false zoom_out: false pad_mode: CONSTANT")
    white, sides = np.full((3, 40, 20), 255, np.uint8), set()
    for seed in range(12):
        found = made.apply(white, np.random.default_rng(seed))
        dark = [int((found[0, :, column] < 128).sum()) for column in (0, -1)]
        assert min(dark) <= 1 and max(dark) <= 2 * 0.25 * 40 + 1
        sides.add(int(np.argmax(dark)))
        assert (found[:, 20] > 250).all()
    assert sides == {0, 1}
    upright = geometry("prob: 1 persp_horizontal: false zoom_in: false zoom_out: false pad_mode: CONSTANT")
    found = upright.apply(white, np.random.default_rng(3))
    assert max((found[0, row] < 128).sum() for row in (0, -1)) > 0 and (found[:, :, 10] > 250).all()


def test_mirror_images_have_boxes():
    """A box at the left border, seen from farther away, has a copy at its other side; with a border of one colour it has none."""
    at_border = boxes((0, 0.4, 0.1, 0.6))
    for pad, more in (("MIRRORED", True), ("REPEAT_NEAREST", False)):
        made = geometry(f"prob: 1 {PLAIN} zoom_in: false pad_mode: {pad}")
        counts = [len(made.with_boxes(RAMP, at_border, np.random.default_rng(seed))[1]) for seed in range(12)]
        assert (max(counts) > 1) == more and min(counts) >= 1


def test_boxes_of_which_little_is_left_go():
    made = geometry(f"prob: 1 {PLAIN} zoom_out: false zoom_factor: 0.4 pad_mode: CONSTANT")
    found = [made.with_boxes(RAMP, boxes((0.1, 0.1, 0.4, 0.4), (0.4, 0.4, 0.6, 0.6)), np.random.default_rng(seed))[1]
             for seed in range(12)]
    assert {len(rows) for rows in found} == {1, 2}
    assert all(0 <= rows[:, 3:7].min() and rows[:, 3:7].max() <= 1 for rows in found)


def test_a_projection_brings_points_to_points():
    here = np.array([(0, 0), (4, 1), (5, 6), (1, 5)], float)
    there = np.array([(1, 1), (3, 2), (4, 4), (0, 5)], float)
    found = np.c_[here, np.ones(4)] @ projection(here, there).T
    np.testing.assert_allclose(found[:, :2] / found[:, 2:], there, atol=1e-9)


def test_turns_are_clockwise():
    image = np.arange(9).reshape(1, 3, 3)
    rows = boxes((2 / 3, 0, 1, 1 / 3))  # the pixel 2, in the upper right corner
    for quarters, first_row, box in ((0, [0, 1, 2], (2, 0, 3, 1)), (1, [6, 3, 0], (2, 2, 3, 3)), (2, [8, 7, 6], (0, 2, 1, 3)),
                                     (3, [2, 5, 8], (0, 0, 1, 1))):
        assert turned(image, quarters)[0, 0].tolist() == first_row
        assert turned_boxes(rows, quarters)[0, 3:7] == pytest.approx(np.array(box) / 3)
    with pytest.raises(NetdefError, match="is of 30 x 40; `rotate` turns square images"):
        turned(RAMP, 1)


@pytest.mark.parametrize("text", ["prob: 2", "zoom_factor: 0.5", "persp_factor: -0.1"])
def test_invalid_settings_are_refused(text: str):
    with pytest.raises(SpecError, match=f"has `{text.split(':')[0]}`"):
        geometry(text)
