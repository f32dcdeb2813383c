"""Sizes as OpenCV makes them, against images in databases that the original convert_imageset wrote."""

from __future__ import annotations

import numpy as np
import pytest
from caffe_cli import IMAGES

from netdef.data.images.image_file import read_image
from netdef.data.images.resize import read_new_size, resize
from netdef.definition.read import read_net_text
from netdef.errors import SpecError


@pytest.mark.parametrize(
    "name, color, size", [("plain", True, (0, 0)), ("resize", True, (9, 7)), ("gray", False, (9, 7))]
)
def test_recorded_images_to_the_bit(name: str, color: bool, size: tuple[int, int]):
    """Of 5x7 to 24x24 pixels: larger and smaller, in one direction and in both; PNG of all kinds and JPEG."""
    recorded = np.load(IMAGES / f"{name}_lmdb.npz")
    assert len(recorded) == 6
    for key in recorded:
        ours = read_image(IMAGES / "img" / key[9:], color, *size)
        np.testing.assert_array_equal(ours.ravel(), recorded[key])


@pytest.mark.parametrize("kind, name", [
    ("ImageData", "image_data_param"), ("VideoData", "video_data_param"), ("DenseImageData", "dense_image_data_param")])
def test_new_sizes_are_read_from_the_message_of_the_layer(kind: str, name: str):
    def new_size(fields: str) -> tuple[int, int]:
        (spec,) = read_net_text(f'layer {{ name: "d" type: "{kind}" {name} {{ {fields} }} }}').layers
        return read_new_size(spec, getattr(spec.message, name), name)

    assert new_size("new_height: 7 new_width: 9") == (7, 9) and new_size("") == (0, 0)
    for fields, said in (("new_width: 9", "give both or neither"),
                         ("new_height: 30000 new_width: 30000", "resizes to 30000 x 30000: more than 2147483647 values")):
        with pytest.raises(SpecError, match=said):
            new_size(fields)


def test_exact_halves_are_means_of_four():
    image = np.array([[[1, 2, 10, 20], [3, 5, 30, 43]]], np.uint8)
    assert resize(image, 1, 2).tolist() == [[[3, 26]]]  # 11 / 4 and 103 / 4, rounded


def test_bytes_and_floats_agree_to_a_step():
    image = np.random.default_rng(5).integers(0, 256, (3, 13, 11), dtype=np.uint8)
    for size in ((5, 29), (31, 7), (6, 6), (40, 41)):
        close = resize(image.astype(np.float32), *size)
        assert resize(image, *size).dtype == np.uint8
        np.testing.assert_allclose(resize(image, *size), close, atol=1)


def test_modes_on_one_row_by_hand():
    """Linear: values between the centres of pixels, edges repeated; area: means."""
    line = np.array([[[0, 100, 200, 40]]], np.uint8)
    assert resize(line, 1, 8)[0, 0].tolist() == [0, 25, 75, 125, 175, 160, 80, 40]
    assert resize(line, 1, 2, "AREA")[0, 0].tolist() == [50, 120]
    assert resize(line, 1, 2, "LINEAR")[0, 0].tolist() == [50, 120]
    assert resize(line, 1, 2, "NEAREST")[0, 0].tolist() == [0, 200]
    assert resize(line, 1, 8, "AREA")[0, 0].tolist() == resize(line, 1, 8)[0, 0].tolist()
