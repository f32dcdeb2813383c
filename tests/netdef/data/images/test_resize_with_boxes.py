"""Images and boxes resized; with recorded bounds in `test_annotated_data`."""

from __future__ import annotations

import numpy as np
import pytest

from netdef.data.images.resize import resize
from netdef.data.images.resize_with_boxes import ResizeWithBoxes
from netdef.definition.definitions import LayerDefinition
from netdef.definition.read import read_net_text
from netdef.errors import SpecError

IMAGE = np.random.default_rng(3).integers(0, 256, (3, 8, 20), dtype=np.uint8)
ROWS = np.array([[0, 3, 0, 0.1, 0.2, 0.5, 0.6, 0]])


def layer(text: str) -> LayerDefinition:
    (found,) = read_net_text(f"layer {{ type: 'AnnotatedData' transform_param {{ resize_param {{ {text} }} }} }}").layers
    return found


def apply(text: str, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    return ResizeWithBoxes(layer(text)).apply(IMAGE, ROWS, np.random.default_rng(seed))


def test_warping_scales_each_side_and_leaves_boxes():
    image, rows = apply("height: 5 width: 30")
    np.testing.assert_array_equal(image, resize(IMAGE, 5, 30))
    np.testing.assert_array_equal(rows, ROWS)


def test_one_of_the_modes_is_drawn():
    modes = ("NEAREST", "LINEAR", "AREA")
    text = "height: 4 width: 10 " + " ".join(f"interp_mode: {mode}" for mode in modes)
    found = {apply(text, seed)[0].tobytes() for seed in range(40)}
    assert found == {resize(IMAGE, 4, 10, mode).tobytes() for mode in modes}


def test_one_alone_resizes_all_images_whatever_its_probability():
    for seed in range(5):
        np.testing.assert_array_equal(apply("height: 5 width: 30 prob: 0.1", seed)[0], resize(IMAGE, 5, 30))


def test_fitting_keeps_the_aspect_ratio():
    """8 x 20 into 12 x 10 is 4 x 10, with 4 rows above and below: y becomes (4 + 4 y) / 12."""
    image, rows = apply("resize_mode: FIT_LARGE_SIZE_AND_PAD interp_mode: NEAREST height: 12 width: 10 pad_value: 7")
    np.testing.assert_array_equal(image[:, 4:8], IMAGE[:, ::2, ::2])
    assert (image[:, :4] == 7).all() and (image[:, 8:] == 7).all()
    np.testing.assert_allclose(rows, [[0, 3, 0, 0.1, (4 + 0.8) / 12, 0.5, (4 + 2.4) / 12, 0]])


@pytest.mark.parametrize(
    "text, said",
    [
        ("height: 3 width: 4 resize_mode: FIT_SMALL_SIZE", "images of a batch have one size"),
        ("height: 3", "resizes to 3 x 0; give `height` and `width`"),
        ("height: 3 width: 4 center_object: true", "has `center_object`, of ducha-aiki's fork, which is not implemented"),
        ("height: 3 width: 4 center_object: false max_angle: 5", "has `max_angle`, of ducha-aiki's fork"),
    ],
)
def test_sizes_that_differ_are_refused(text: str, said: str):
    with pytest.raises(SpecError, match=said):
        ResizeWithBoxes(layer(text))


def test_a_pad_value_for_each_channel_or_for_all():
    spec = layer("height: 3 width: 4 pad_value: 1 pad_value: 2")
    ResizeWithBoxes(spec).check(spec, 2)
    with pytest.raises(SpecError, match="has 2 `pad_value` for images of 3 channels"):
        ResizeWithBoxes(spec).check(spec, 3)
