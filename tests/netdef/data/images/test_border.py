"""``pad`` of ``transform_param``: zeros around an image."""

from __future__ import annotations

import numpy as np
import pytest

from netdef.data.images.transform import Transform
from netdef.definition.filter import filter_net
from netdef.definition.read import read_net_text
from netdef.errors import SpecError

IMAGE = np.array([[[5, 9, 2], [7, 1, 4]]], np.uint8)


def padded(text: str, mirror: float = 1.0, kind: str = "Data", image: np.ndarray = IMAGE) -> list[list[float]]:
    """Channel 0 of an image with its border."""
    text = f"layer {{ name: 'd' type: '{kind}' top: 'd' transform_param {{ {text} }} }}"
    spec = filter_net(read_net_text(text), "TEST").layers[0]
    transform = Transform(spec)
    out = np.full((1, *transform.check(spec, image.shape)), 99, np.float32)
    transform.into(out, image[None], np.array([[mirror, 0, 0]]))
    return out[0, 0].tolist()


def test_zeros_are_around_the_image():
    assert padded("pad: 1") == [[0, 0, 0, 0, 0], [0, 5, 9, 2, 0], [0, 7, 1, 4, 0], [0, 0, 0, 0, 0]]


def test_the_crop_is_padded():
    assert padded("pad: 2 crop_size: 1")[2] == [0, 0, 9, 0, 0]


@pytest.mark.parametrize(("mirror", "turn"), [(1.0, 1), (0.0, -1)])
def test_with_means_the_image_is_rounded_and_the_border_behind_it_has_the_means_too(mirror, turn):
    def of(pixel):
        return float(np.rint((pixel - 3) / 2))

    found = padded("pad: 2 mirror: true mean_value: 3 scale: 0.5", mirror)
    wanted = [[0] * 7, [0] * 7,
              [0, 0, of(5), of(9), of(2), of(0), 0],
              [0, 0, of(7), of(1), of(4), of(0), 0],
              [0, 0, *[of(0)] * 4, 0],
              [0] * 7]
    assert found == [row[::turn] for row in wanted]
    assert (of(0), of(2)) == (-2, 0)  # -1.5 and -0.5 to the even neighbours


@pytest.mark.parametrize(("kind", "text", "said"), [
    ("AnnotatedData", "pad: 1", "only Data and ImageData read"), ("Data", "pad: 1 mean_file: 'm'", "reads beyond its end"),
])
def test_where_the_fork_has_none_it_is_refused(kind, text, said):
    with pytest.raises(SpecError, match=said):
        padded(text, kind=kind)
