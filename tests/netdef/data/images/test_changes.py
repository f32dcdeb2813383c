"""Which changes a layer makes, and in which order."""

from __future__ import annotations

import numpy as np
import pytest

from netdef.data.images.changes import Changes, read_changes
from netdef.definition.read import read_net_text
from netdef.errors import SpecError


def changes(text: str, kind: str = "Data") -> Changes:
    (layer,) = read_net_text(f"layer {{ type: '{kind}' transform_param {{ {text} }} }}").layers
    return read_changes(layer)


ALL = """geometry_param { prob: 1 } noise_param { inverse: true } distort_param { prob: 1 brightness: true }
         resize_param { height: 2 width: 3 }"""


@pytest.mark.parametrize(
    ("text", "kind", "made"),
    [
        ("", "Data", []),
        (ALL, "ImageData", ["SizeAlone", "Distortion", "ImageNoise", "Geometry"]),
        (ALL, "AnnotatedData", ["Distortion", "ImageNoise"]),
        ("distort_param { brightness_prob: 1 }", "AnnotatedData", []),
        ("noise_param {}", "DenseImageData", ["ImageNoise"]),
    ],
)
def test_changes_of_a_layer(text: str, kind: str, made: list[str]):
    assert [type(change).__name__ for change in changes(text, kind).changes] == made


def test_they_are_made_one_after_the_other():
    image = np.full((1, 4, 6), 100, np.uint8)
    found = changes("noise_param { inverse: true } resize_param { height: 2 width: 3 }").apply(image, np.random.default_rng(1))
    assert found.tolist() == [[[155] * 3] * 2]


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        ("noise_param {}", "WindowData", "only Data, ImageData, AnnotatedData and DenseImageData layers read"),
        ("distort_param { brightness_prob: 1 }", "DenseImageData", "a `distort_param`, which only AnnotatedData layers read"),
        ("rotate: true", "DenseImageData", "a `rotate`, which only Data, ImageData and AnnotatedData layers read"),
        ("multi_scale_levels: 0.5", "WindowData", "changes sizes at random, which only Data and ImageData layers do"),
        ("distort_param { prob: 1 hue_prob: 1 }", "Data", "`prob`, of jolibrain's fork, and `hue_prob`, of SSD's"),
        ("distort_param { prob: -1 }", "Data", "has `prob` -1; it must be from 0 to 1"),
    ],
)
def test_what_a_layer_does_not_read_is_refused(text: str, kind: str, message: str):
    with pytest.raises(SpecError, match=message):
        changes(text, kind)


def test_colours_of_ssds_are_ignored_elsewhere():
    with pytest.warns(UserWarning, match="`distort_param` ignored: only AnnotatedData layers read it"):
        assert not changes("distort_param { hue_prob: 1 }")
