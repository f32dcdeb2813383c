"""Bilinear resizing from the corner."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef

ROW = torch.tensor([8.0, 4, 2, 1]).double().reshape(1, 1, 1, 4)


def test_places_between_two_and_beyond_the_last():
    """8 places of 4 lie at 0, .5, 1 ... 3.5: the last is half of the last value."""
    top = top_of("Resize", "resize_param { height: 1 width: 8 }", x=ROW)
    assert top.flatten().tolist() == [8, 6, 4, 3, 2, 1.5, 1, 0.5]


def test_fewer_places():
    """3 places of 4 lie at 0, 4/3 and 8/3."""
    top = top_of("Resize", "resize_param { height: 1 width: 3 multiple_scale: 3 }", x=ROW)
    assert top.flatten().tolist() == pytest.approx([24, 3 * (4 * 2 / 3 + 2 / 3), 3 * (2 / 3 + 2 / 3)])


@pytest.mark.parametrize("text", ["is_pyramid_test: true out_height_scale: 1.5 out_width_scale: 0.75",
                                  "height_fac: 1.5 width_fac: 0.75"])
def test_scales_are_cut_to_whole_sizes(text: str):
    x = draw(2, 3, 5, 6)
    assert torch.equal(top_of("Resize", f"resize_param {{ {text} }}", x=x),
                       top_of("Resize", "resize_param { height: 7 width: 4 }", x=x))


def test_the_size_of_a_second_bottom():
    x, like = draw(2, 3, 5, 6).requires_grad_(), draw(1, 1, 3, 8)
    net = one_layer("Resize", "", "TRAIN", x=x, like=like)
    top = net(x=x, like=like)["y0"]
    assert torch.equal(top, top_of("Resize", "resize_param { height: 3 width: 8 }", x=x))
    assert gradcheck(lambda x: net(x=x, like=like)["y0"], (x,))


def test_a_size_is_needed():
    with pytest.raises(netdef.SpecError, match="must be at least 1"):
        one_layer("Resize", "resize_param { height: 3 }", x=(2, 3, 5, 6))
