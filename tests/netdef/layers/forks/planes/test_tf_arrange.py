"""TensorFlow's Pad, SpaceToBatchND and BatchToSpaceND."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from one_layer import draw, top_of

from netdef.errors import SpecError

BLOCKS = "block_shape: 2 block_shape: 3"


def test_pad_each_side():
    x = draw(2, 3, 5)
    param = "pad_param { paddings: 0 paddings: 1 paddings: 2 paddings: 0 paddings: 3 paddings: 4 constant_values: 7 }"
    top = top_of("Pad", param, x=x)
    expected = torch.full((3, 5, 12), 7.0).double()
    expected[:2, 2:, 3:8] = x
    assert torch.equal(top, expected)


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
