"""Layers of LiteFlowNet."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef

AT_PLACES = "flow_warp_param { at_places: true }"


def test_places():
    top = top_of("Grid", "", x=draw(2, 3, 4, 5))
    assert top.shape == (2, 2, 4, 5)
    assert top[1, :, 2, 3].tolist() == [3, 2]


def test_negative_square():
    x = draw(2, 3).requires_grad_()
    net = one_layer("NegSquare", "", "TRAIN", x=x)
    assert torch.allclose(net(x=x)["y0"], -(x**2))
    assert gradcheck(lambda x: net(x=x)["y0"], (x,))


@pytest.mark.parametrize(("text", "base", "scale", "shift"), [
    ("", torch.e, 1, 0), ("base: 2 scale: 0.5 shift: 3", 2, 0.5, 3)])
def test_powers_below_the_greatest_channel(text: str, base: float, scale: float, shift: float):
    x = draw(2, 3, 4).requires_grad_()
    net = one_layer("ExpMax", f"expmax_param {{ {text} }}", "TRAIN", x=x)
    top = net(x=x)["y0"]
    greatest = x.detach().amax(1, keepdim=True)
    assert torch.allclose(top, base ** (shift + scale * (x - greatest)))
    (gradient,) = torch.autograd.grad(top.sum(), x)
    assert torch.allclose(gradient, top * scale * torch.tensor(base).log())


def test_values_at_places():
    """Within the image as grid_sample has them, and beyond its edges as it has them with zeros."""
    image, places = draw(2, 3, 4, 5).requires_grad_(), draw(2, 2, 4, 5, seed=2) * 3 + 1
    places = places.requires_grad_()
    net = one_layer("Warp", AT_PLACES, "TRAIN", x=image, p=places)
    top = net(x=image, p=places)["y0"]
    sides = torch.tensor([4.0, 3]).double()[:, None, None]
    assert torch.allclose(top, F.grid_sample(image, (places / sides * 2 - 1).movedim(1, -1), align_corners=True))
    assert gradcheck(lambda x, p: net(x=x, p=p)["y0"], (image, places))


@pytest.mark.parametrize(("kind", "param", "shapes", "complaint"), [
    ("Warp", AT_PLACES, {"x": (2, 3, 4, 5), "p": (2, 2, 5, 4)}, "the places must be as large"),
    ("ExpMax", "expmax_param { base: -2 }", {"x": (2, 3)}, "above 0, or -1 for e"),
])
def test_what_does_not_fit_is_refused(kind: str, param: str, shapes: dict, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer(kind, param, **shapes)
