"""MVN: axes, eps, and flat planes."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, top_of

import netdef
from netdef.errors import SpecError


def mvn(shape: tuple, param: str = "") -> torch.nn.Module:
    dims = " ".join(f"dim: {size}" for size in shape)
    return netdef.loads(f'layer {{ name: "i" type: "Input" top: "x" input_param {{ shape {{ {dims} }} }} }} '
                        f'layer {{ name: "l" type: "MVN" bottom: "x" top: "y" mvn_param {{ {param} }} }}')


@pytest.mark.parametrize("across", [False, True])
@pytest.mark.parametrize("variance", [False, True])
def test_each_channel_or_each_image(across, variance):
    x = torch.randn(2, 3, 4, 5, generator=torch.Generator().manual_seed(1)).double()
    y = mvn((2, 3, 4, 5), f"across_channels: {across} normalize_variance: {variance}".lower())(x=x)["y"]
    for image, normal in zip(x, y):
        for plane, got in zip([image] if across else image, [normal] if across else normal):
            scale = plane.var(correction=0).sqrt() if variance else 1
            torch.testing.assert_close(got, (plane - plane.mean()) / scale)


def test_eps_is_added_to_the_deviation():
    x = torch.tensor([[[[1.0, 5.0]]]])  # mean 3, deviation 2
    torch.testing.assert_close(mvn((1, 1, 1, 2), "eps: 0.5")(x=x)["y"], torch.tensor([[[[-0.8, 0.8]]]]))


def test_a_flat_plane_becomes_zeros_with_a_finite_gradient():
    x = torch.full((1, 2, 1, 3), 0.5, requires_grad=True)
    y = mvn((1, 2, 1, 3), "eps: 0.25")(x=x)["y"]
    assert not y.any()
    (y * torch.tensor([3.0, 0, 0])).sum().backward()
    torch.testing.assert_close(x.grad, torch.tensor([2.0, -1, -1]).div(0.25).expand(1, 2, 1, 3))


def test_gradient_is_exact_for_any_eps():
    """Caffe's takes the deviation for one with eps, and is off by the third here."""
    x = torch.tensor([[[[1.0, 5.0]]]], requires_grad=True)
    mvn((1, 1, 1, 2), "eps: 1")(x=x)["y"][..., 1].sum().backward()
    # y1 = d / (d + 1) with d = (x1 - x0) / 2 = 2: its slope by d is 1 / (d + 1)^2.
    torch.testing.assert_close(x.grad, torch.tensor([[[[-1 / 18, 1 / 18]]]]))


def test_fewer_axes_become_four_and_more_are_refused():
    net = mvn((4, 3))
    assert net.shapes["y"] == (4, 3, 1, 1)
    assert not net(x=torch.randn(4, 3))["y"].any()  # each number is alone in its channel
    y = mvn((2, 3), "across_channels: true")(x=torch.tensor([[1.0, 2, 3], [5, 5, 8]]))["y"]
    torch.testing.assert_close(y[0].flatten(), torch.tensor([-1, 0, 1]) * math.sqrt(1.5))
    with pytest.raises(SpecError, match=r"1 to 4 axes.*\(1, 2, 3, 4, 5\)"):
        mvn((1, 2, 3, 4, 5))


def test_mvn_with_eps_on_the_variance():
    x = draw(2, 3, 5, 4)
    param = "mvn_param { add_eps_before_sqrt: true eps: 0.25 }"
    centred = x - x.mean((2, 3), keepdim=True)
    torch.testing.assert_close(
        top_of("MVN", param, x=x), centred / (centred.square().mean((2, 3), keepdim=True) + 0.25).sqrt())
