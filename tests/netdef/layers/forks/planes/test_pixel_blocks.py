"""Blocks of pixels and channels, and a kernel for each pixel."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef


def test_channels_and_blocks():
    x = draw(2, 18, 2, 4)
    blocks = top_of("Dtow", "dtow_param { psize: 3 }", x=x)
    assert torch.equal(blocks, torch.pixel_shuffle(x, 3))
    assert torch.equal(top_of("Dtow", "dtow_param { psize: 3 method: MWTOD }", x=blocks), x)


def test_along_diagonals():
    """In a block of 3 x 3 the diagonals are 0; 1 3; 2 4 6; 5 7; 8. Channels go in pairs: pixel 0 of both, then the next."""
    x = torch.arange(18.0).double().reshape(1, 18, 1, 1)
    blocks = top_of("Dtow", "dtow_param { psize: 3 ngroup: 2 method: LDTOW }", x=x)
    assert blocks[0, 0].tolist() == [[0, 2, 6], [4, 8, 12], [10, 14, 16]]
    assert torch.equal(blocks[0, 1], blocks[0, 0] + 1)
    x = draw(2, 36, 2, 3)
    there = top_of("Dtow", "dtow_param { psize: 3 ngroup: 2 method: LDTOW }", x=x)
    assert torch.equal(top_of("Dtow", "dtow_param { psize: 3 ngroup: 2 method: LWTOD }", x=there), x)


def test_a_kernel_for_each_pixel():
    kernels, image = draw(1, 18, 3, 4), draw(1, 2, 3, 4, seed=2)
    padded = torch.nn.functional.pad(image, (1, 1, 1, 1))
    expected = torch.stack([torch.stack([torch.stack([
        (kernels[0, 9 * c : 9 * c + 9, i, j].reshape(3, 3) * padded[0, c, i : i + 3, j : j + 3]).sum()
        for j in range(4)]) for i in range(3)]) for c in range(2)])
    assert torch.allclose(top_of("PixelConv", "", k=kernels, x=image)[0], expected)


@pytest.mark.parametrize(("text", "has"), [
    ("", (True, True)), ("is_bpk: false", (False, True)), ("is_bpd: false", (True, False))])
def test_gradients_of_kernels_and_image(text: str, has: tuple[bool, bool]):
    kernels, image = draw(1, 18, 3, 4).requires_grad_(), draw(1, 2, 3, 4, seed=2).requires_grad_()
    net = one_layer("PixelConv", f"pixelconvolution_param {{ {text} }}", "TRAIN", k=kernels, x=image)
    net(k=kernels, x=image)["y0"].sum().backward()
    assert (kernels.grad is not None, image.grad is not None) == has
    if all(has):
        assert gradcheck(lambda k, x: net(k=k, x=x)["y0"], (kernels, image))


def test_duplicate():
    x = draw(2, 3, 1, 1).requires_grad_()
    net = one_layer("Duplicate", "duplicate_param { height: 4 width: 5 }", "TRAIN", x=x)
    top = net(x=x)["y0"]
    assert torch.equal(top, x.expand(2, 3, 4, 5))
    top.sum().backward()
    assert torch.equal(x.grad, torch.full_like(x, 20))


@pytest.mark.parametrize(("kind", "param", "shapes", "complaint"), [
    ("Dtow", "dtow_param { psize: 2 }", {"x": (2, 6, 3, 5)}, "multiple of 4 channels"),
    ("Dtow", "dtow_param { psize: 2 method: MWTOD }", {"x": (2, 6, 4, 5)}, "multiples of 2"),
    ("PixelConv", "", {"k": (1, 8, 3, 4), "x": (1, 2, 3, 4)}, "k odd"),
    ("PixelConv", "pixelconvolution_param { is_pad: false }", {"k": (1, 18, 3, 4), "x": (1, 2, 3, 4)}, "is not padded"),
    ("Duplicate", "", {"x": (2, 3, 1, 4)}, "one value a channel"),
])
def test_what_does_not_fit_is_refused(kind: str, param: str, shapes: dict, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer(kind, param, **shapes)
