"""Corners of boxes from predictions at places."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer
from torch.autograd import gradcheck

import netdef

PARAM = "bbtxt_bb_param { ideal_size: 20 downsampling: 3 }"


def test_corners_in_pixels():
    """The centre of place 2 of 3 pixels is 7.5, cut to 7; that of place 1 is 4.5, cut to 4."""
    x = draw(2, 5, 2, 3).requires_grad_()
    net = one_layer("BBTXTBB", PARAM, "TRAIN", x=x)
    top = net(x=x)["y0"]
    assert torch.equal(top[:, 0], x[:, 0])
    expected = torch.tensor([7.0, 4, 7, 4]).double() + 20 * (x[1, 1:, 1, 2] - 0.5)
    assert torch.allclose(top[1, 1:, 1, 2], expected)
    assert gradcheck(lambda x: net(x=x)["y0"], (x,))


def test_corners_in_space():
    """Numbers across, down, across, down, across, down, down."""
    x = torch.full((1, 8, 2, 3), 0.5)
    top = one_layer("BB3TXTBB", PARAM, x=x)(x=x)["y0"]
    assert top[0, :, 1, 2].tolist() == [0.5, 7, 4, 7, 4, 7, 4, 4]


@pytest.mark.parametrize(("param", "shape", "complaint"), [
    (PARAM, (2, 4, 2, 3), "5 channels"), ("bbtxt_bb_param { downsampling: 3 }", (2, 5, 2, 3), "above 0")])
def test_what_does_not_fit_is_refused(param: str, shape: tuple[int, ...], complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("BBTXTBB", param, x=shape)
