"""Crop: offsets, sizes, and errors."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, top_of

import netdef
from netdef.errors import SpecError


def crop(x: tuple, like: tuple, param: str) -> torch.nn.Module:
    shapes = " ".join("shape { " + " ".join(f"dim: {d}" for d in shape) + " }" for shape in (x, like))
    return netdef.loads(f'layer {{ name: "i" type: "Input" top: "x" top: "like" input_param {{ {shapes} }} }} '
                        'layer { name: "l" type: "Crop" bottom: "x" bottom: "like" top: "y" '
                        f'crop_param {{ {param} }} }}')


@pytest.mark.parametrize("param, part", [
    ("", (slice(None), slice(None), slice(0, 3), slice(0, 4))),
    ("offset: 2", (slice(None), slice(None), slice(2, 5), slice(2, 6))),
    ("axis: 1 offset: 1 offset: 0 offset: 3", (slice(None), slice(1, 3), slice(0, 3), slice(3, 7))),
    ("axis: -1 offset: 1", (slice(None), slice(None), slice(None), slice(1, 5))),
])
def test_cut_begins_at_the_offset_and_has_the_size_of_the_other_bottom(param, part):
    x = torch.arange(2 * 3 * 5 * 7.0).reshape(2, 3, 5, 7).requires_grad_()
    y = crop((2, 3, 5, 7), (9, 2, 3, 4), param)(x=x, like=torch.ones(9, 2, 3, 4))["y"]
    assert torch.equal(y, x[part])
    y.sum().backward()
    inside = torch.zeros_like(x)
    inside[part] = 1
    assert torch.equal(x.grad, inside)


def test_size_follows_the_other_bottom_at_run_time():
    net = crop((2, 3, 5, 7), (1, 1, 3, 4), "offset: 1")
    assert net(x=torch.ones(2, 3, 8, 9), like=torch.ones(1, 1, 6, 2))["y"].shape == (2, 3, 6, 2)


@pytest.mark.parametrize("like, param, words", [
    ((1, 1, 3, 4), "offset: 1 offset: 2 offset: 3", "gives `offset` 3 times; give it once, or once for each of the 2"),
    ((1, 1, 3, 4), "offset: 1 offset: 4", "cuts 4 from offset 4 of axis 3, which has size 7"),
    ((1, 1, 6, 4), "", "cuts 6 from offset 0 of axis 2, which has size 5"),
    ((1, 1, 3), "", "to the sizes of one of shape \\(1, 1, 3\\), which has fewer axes"),
    ((1, 1, 3, 4), "axis: 4", "axis 4"),
])
def test_impossible_cuts_are_refused(like, param, words):
    with pytest.raises(SpecError, match=words):
        crop((2, 3, 5, 7), like, param)


def test_the_middle_of_a_size():
    """Of 5 x 7 the middle 2 x 4: 1 row above and 2 below, 1 column to the left and 2 to the right."""
    x = draw(2, 3, 5, 7)
    assert torch.equal(top_of("CropSimple", "crop_param { crop_height: 2 crop_width: 4 }", x=x), x[:, :, 1:3, 1:5])
    for param, words in (("crop_height: 6 crop_width: 2", "`crop_height` 6"), ("crop_height: 2", "`crop_width` 0")):
        with pytest.raises(SpecError, match=words):
            top_of("CropSimple", f"crop_param {{ {param} }}", x=x)
