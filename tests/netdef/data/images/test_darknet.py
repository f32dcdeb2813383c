"""darknet's changes of images and boxes."""

from __future__ import annotations

import colorsys

import numpy as np
import pytest

import netdef
from netdef.data.images.darknet import DarknetChanges, Place, placed, recoloured
from netdef.definition.read import read_net_text

RESIZE = "width: 64"
DISTORT = "saturation_lower: 1 saturation_upper: 1 exposure_lower: 1 exposure_upper: 1"


def changes(resize=RESIZE, distort=DISTORT, more=""):
    (layer,) = read_net_text(f"""layer {{ name: "l" type: "AnnotatedData" top: "d" transform_param {{
        caffe_yolo: true resize_param {{ {resize} }} distort_param {{ {distort} }} {more} }} }}""").layers
    return DarknetChanges(layer)


def test_an_image_is_placed_between_its_pixels():
    """Two columns on three: at 0, 2/3 and 4/3, the last between the second and the zeros behind it."""
    image = np.array([[[3, 9]], [[6, 0]]], np.uint8)
    square = placed(image, 5, Place(3.9, 1.2, 1.7, 3.5, False), 0.1)
    expected = np.full((2, 5, 5), 0.5)
    expected[0, 3, 1:4], expected[1, 3, 1:4] = (0.3, 0.3 / 3 + 0.9 * 2 / 3, 0.9 * 2 / 3), (0.6, 0.2, 0)
    np.testing.assert_allclose(square, expected, rtol=1e-6)


@pytest.mark.parametrize("hue, saturation, exposure", [(0.0, 1.0, 1.0), (0.1, 1.5, 0.8), (-0.3, 0.6, 1.3)])
def test_colours_are_changed_as_in_colorsys(hue, saturation, exposure):
    image = np.random.default_rng(3).random((3, 4, 5)).astype(np.float32)
    image[:, 0, 0], image[:, 0, 1] = 0, 0.5
    changed = recoloured(image, hue, saturation, exposure)
    for row in range(4):
        for column in range(5):
            h, s, v = colorsys.rgb_to_hsv(*image[:, row, column].astype(float))
            s, v = s * saturation, v * exposure
            part = 6 * ((h + hue) % 1) % 1
            p, q, t = v * (1 - s), v * (1 - s * part), v * (1 - s * (1 - part))
            wanted = [(v, t, p), (q, v, p), (p, v, t), (p, q, v), (t, p, v), (v, p, q)][int(6 * ((h + hue) % 1))]
            np.testing.assert_allclose(changed[:, row, column], np.clip(wanted, 0, 1), atol=1e-5)


def test_shapes_and_places_are_drawn():
    drawn = [changes("width: 64 jitter: 0.2").place(20, 30, np.random.default_rng(i)) for i in range(50)]
    ratios = [place.width / place.height for place in drawn]
    assert min(ratios) >= 1.5 * 0.8 / 1.2 and max(ratios) <= 1.5 * 1.2 / 0.8 and np.std(ratios) > 0.1
    for place in drawn:
        assert place.width == 64 and 0 <= place.left <= 1e-9 and 0 <= place.top <= 64 - place.height
    assert 10 < sum(place.mirrored for place in drawn) < 40
    tall = changes("width: 64 jitter: 0").place(30, 20, np.random.default_rng(0))
    assert tall.height == 64 and tall.width == pytest.approx(64 * 2 / 3)


def test_boxes_are_placed_cut_and_left_out():
    """On the square the image has a half of the width from a quarter on, and the height."""
    boxes = np.array([[0.5, 0.5, 0.4, 0.2], [0.0, 0.1, 0.4, 0.4], [0, 0, 0.5, 0.5], [0.5, 0.5, 0.001, 0.5]])
    found, stay = changes().boxes(boxes, Place(32, 64, 16, 0, False))
    np.testing.assert_allclose(found[:2], [[0.5, 0.5, 0.2, 0.2], [0.25, 0.15, 0.2, 0.3]])
    assert stay.tolist() == [True, True, False, False]
    found, _ = changes().boxes(boxes, Place(32, 64, 16, 0, True))
    np.testing.assert_allclose(found[:2], [[0.5, 0.5, 0.2, 0.2], [0.75, 0.15, 0.2, 0.3]])


@pytest.mark.parametrize("changed, said", [
    ({"resize": "width: 64 jitter: 1"}, "has `jitter` 1; it must be at least 0 and below 1"),
    ({"distort": DISTORT.replace("exposure_lower: 1", "exposure_lower: 0")}, "`exposure_lower` 0"),
    ({"resize": "width: 31"}, "`width` of at least 32"), ({"more": "resize_param { width: 64 }"}, "wants one `resize_param`")])
def test_what_has_no_meaning_is_refused(changed, said):
    with pytest.raises(netdef.SpecError, match=said):
        changes(**changed)
