"""TensorFlow's Pad, MirrorPad, SpaceToBatchND and BatchToSpaceND."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from one_layer import draw, one_layer, top_of

from netdef.errors import SpecError

BLOCKS = "block_shape: 2 block_shape: 3"


def test_pad_each_side():
    x = draw(2, 3, 5)
    param = "pad_param { paddings: 0 paddings: 1 paddings: 2 paddings: 0 paddings: 3 paddings: 4 constant_values: 7 }"
    top = top_of("Pad", param, x=x)
    expected = torch.full((3, 5, 12), 7.0).double()
    expected[:2, 2:, 3:8] = x
    assert torch.equal(top, expected)


@pytest.mark.parametrize(("mode", "wanted"), [
    ("REFLECT", [3, 2, 1, 2, 3, 4, 3]), ("SYMMETRIC", [2, 1, 1, 2, 3, 4, 4]), ("EDGE", [1, 1, 1, 2, 3, 4, 4]),
    ("CONSTANT", [7, 7, 1, 2, 3, 4, 7])])
def test_mirror_pad_of_a_line(mode, wanted):
    x = torch.tensor([[1.0, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]]).double()
    param = f'mirror_pad_param {{ paddings: [0, 0, 2, 1] mode: "{mode}" constant_values: 7 }}'
    assert top_of("MirrorPad", param, x=x)[0].tolist() == wanted
    both = top_of("MirrorPad", param.replace("[0, 0, 2, 1]", "[1, 1, 2, 1]"), x=x)
    above = {"REFLECT": 6, "SYMMETRIC": 2, "EDGE": 2, "CONSTANT": 7}[mode]
    assert both.shape == (5, 7) and both[0, 3] == above and both[1].tolist() == wanted


def test_mirrored_places_must_exist():
    with pytest.raises(SpecError, match="mirrors 3 places of axis 1, of size 3"):
        top_of("MirrorPad", 'mirror_pad_param { paddings: [0, 0, 3, 0] mode: "REFLECT" }', x=draw(2, 3))
    top_of("MirrorPad", 'mirror_pad_param { paddings: [0, 0, 3, 0] mode: "SYMMETRIC" }', x=draw(2, 3))
    with pytest.raises(SpecError, match='has `mode` "WRAP"; it is one of CONSTANT, EDGE, REFLECT, SYMMETRIC'):
        top_of("MirrorPad", 'mirror_pad_param { paddings: [0, 0, 3, 0] mode: "WRAP" }', x=draw(2, 3))


def test_space_to_batch():
    x = draw(2, 3, 4, 5)
    param = f"space_to_batch_nd_param {{ {BLOCKS} paddings: 0 paddings: 1 paddings: 1 paddings: 1 }}"
    top = top_of("SpaceToBatchND", param, x=x)
    padded = torch.zeros(2, 4, 6, 5).double()
    padded[:, :3, 1:5] = x
    assert top.shape == (12, 2, 2, 5)
    for n, i, j, h, w in np.ndindex(2, 2, 3, 2, 2):
        assert torch.equal(top[(i * 3 + j) * 2 + n, h, w], padded[n, h * 2 + i, w * 3 + j])


def test_batch_to_space_is_the_inverse():
    x = draw(2, 4, 6, 5)
    there = top_of("SpaceToBatchND", f"space_to_batch_nd_param {{ {BLOCKS} paddings: 0 paddings: 0 paddings: 0 paddings: 0 }}",
                x=x)
    param = f"batch_to_space_nd_param {{ {BLOCKS} crops: 1 crops: 0 crops: 0 crops: 2 }}"
    assert torch.equal(top_of("BatchToSpaceND", param, x=there), x[:, 1:, :4])


@pytest.mark.parametrize(
    ("kind", "param", "words"),
    [
        ("Pad", "pad_param { paddings: 1 }", "two, before and after, for each of the 4 axes"),
        ("MirrorPad", "mirror_pad_param { paddings: 1 }", "two, before and after, for each of the 4 axes"),
        ("SpaceToBatchND", "space_to_batch_nd_param { block_shape: 2 paddings: 0 paddings: 0 }", "into blocks of 2"),
        ("SpaceToBatchND", "space_to_batch_nd_param { block_shape: 3 paddings: 0 }", "two for each of the 1 axes"),
        ("SpaceToBatchND", "space_to_batch_nd_param { }", "give sizes of at least 1"),
        ("BatchToSpaceND", "batch_to_space_nd_param { block_shape: 3 crops: 0 crops: 0 }", "3 does not divide"),
        ("BatchToSpaceND", "batch_to_space_nd_param { block_shape: 2 crops: 5 crops: 1 }", "leaves nothing"),
    ],
)
def test_bad_parameters_are_refused(kind, param, words):
    with pytest.raises(SpecError, match=words):
        top_of(kind, param, x=draw(2, 3, 5, 4))


def test_repack_makes_images_of_the_places_of_blocks():
    x = torch.arange(2 * 1 * 3 * 5.0).reshape(2, 1, 3, 5).double()
    param = "repack_param { stride_h: 2 stride_w: 3 }"
    top = top_of("Repack", param, x=x)
    assert top.shape == (12, 1, 2, 2)
    assert top[2].flatten().tolist() == [1, 4, 11, 14]  # image 0, places (0, 1)
    assert top[9].flatten().tolist() == [15 + 5 + 1, 15 + 5 + 4, 0, 0]  # image 1, places (1, 1); no fourth row
    back = top_of("Repack", "repack_param { operation: UNPACK_IMAGE stride_h: 2 stride_w: 3 }", x=top)
    assert torch.equal(back[..., :3, :5], x) and back.shape == (2, 1, 4, 6)
    with pytest.raises(SpecError, match="does not divide"):
        one_layer("Repack", "repack_param { operation: UNPACK_IMAGE stride: 2 }", x=(6, 1, 2, 2))


def test_rows_and_columns_around_planes():
    x = draw(2, 3, 4, 5)
    wanted = torch.zeros(2, 3, 6, 9).double()
    wanted[:, :, 1:5, 2:7] = x
    assert torch.equal(top_of("Pad", "pad_param { pad_h: 1 pad_w: 2 }", x=x), wanted)
