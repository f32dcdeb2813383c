"""Planes sampled between their pixels, number by number."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef

DEFORMED = "deformable_convolution_param { num_output: 4 kernel_h: 3 kernel_w: 2 %s weight_filler { type: \"gaussian\" std: 1 } }"


def between(plane, y, x, clamp):
    """The value of a plane at (y, x): of the four pixels around it, those beyond the plane 0 or the nearest."""
    height, width = plane.shape
    total = 0.0
    for m in (math.floor(y), math.floor(y) + 1):
        for n in (math.floor(x), math.floor(x) + 1):
            weight = (1 - abs(y - m)) * (1 - abs(x - n))
            if clamp:
                total += weight * plane[min(m, height - 1), min(n, width - 1)].item()
            elif 0 <= m < height and 0 <= n < width:
                total += weight * plane[m, n].item()
    return total


def deformed(x, offsets, weight, bias, group, offset_group, stride, pad, dilation):
    """The definition, as loops."""
    n, channels, height, width = x.shape
    outputs, per_group, kernel_h, kernel_w = weight.shape
    top = torch.zeros(n, outputs, *offsets.shape[2:]).double()
    for b, o, r, c in torch.cartesian_prod(*map(torch.arange, top.shape)).tolist():
        total = bias[o].item()
        for k in range(per_group):
            channel = o // (outputs // group) * per_group + k
            first = channel // (channels // offset_group) * 2 * kernel_h * kernel_w
            for i in range(kernel_h):
                for j in range(kernel_w):
                    at = first + 2 * (i * kernel_w + j)
                    y = r * stride[0] - pad[0] + i * dilation + offsets[b, at, r, c].item()
                    z = c * stride[1] - pad[1] + j * dilation + offsets[b, at + 1, r, c].item()
                    if 0 <= y < height and 0 <= z < width:
                        total += weight[o, k, i, j].item() * between(x[b, channel], y, z, clamp=True)
        top[b, o, r, c] = total
    return top


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_deformed_kernels(phase):
    x, offsets = draw(2, 4, 6, 5), 1.5 * draw(2, 24, 2, 7, seed=2)
    param = DEFORMED % "group: 2 deformable_group: 2 stride_h: 2 stride_w: 1 pad_h: 1 pad_w: 2 dilation: 2"
    net = one_layer("DeformableConvolution", param, phase, x=x, o=offsets)
    weight, bias = (blob.detach() for blob in net.params["l"])
    bias.copy_(draw(4, seed=3))
    assert weight.shape == (4, 2, 3, 2)
    expected = deformed(x, offsets, weight, bias, 2, 2, (2, 1), (1, 2), 2)
    torch.testing.assert_close(net(x=x, o=offsets)["y0"].detach(), expected)


def test_no_offsets_are_a_convolution():
    x = draw(2, 8, 6, 5)
    net = one_layer("DeformableConvolution", DEFORMED % "bias_term: false pad: 1", x=x, o=(2, 48, 6, 6))
    expected = torch.nn.functional.conv2d(x, net.params["l"][0], padding=1)
    torch.testing.assert_close(net(x=x, o=torch.zeros(2, 48, 6, 6).double())["y0"], expected)


def test_gradients_of_planes_offsets_and_weights():
    x, offsets = draw(1, 2, 4, 3).requires_grad_(), (0.8 * draw(1, 12, 2, 2, seed=2)).requires_grad_()
    net = one_layer("DeformableConvolution", DEFORMED % "deformable_group: 1", "TRAIN", x=x, o=offsets)
    for blob in net.parameters():
        blob.requires_grad_(False)
    weight = net.params["l"][0].requires_grad_()
    assert gradcheck(lambda x, o, w: net(x=x, o=o)["y0"], (x, offsets, weight))


def transformed(x, theta, size):
    """The map of each place of the top, as loops."""
    height, width = x.shape[2:]
    top = torch.zeros(*x.shape[:2], *size).double()
    for b, k, r, c in torch.cartesian_prod(*map(torch.arange, top.shape)).tolist():
        u, v = 2 * r / size[0] - 1, 2 * c / size[1] - 1
        a = [number.item() for number in theta[b]]
        y, z = a[0] * u + a[1] * v + a[2], a[3] * u + a[4] * v + a[5]
        top[b, k, r, c] = between(x[b, k], (y + 1) / 2 * height, (z + 1) / 2 * width, clamp=False)
    return top


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_planes_through_affine_maps(phase):
    x = draw(2, 3, 5, 4)
    theta = torch.tensor([[0.8, 0.3, -0.1, -0.4, 1.1, 0.2], [1.3, -0.2, 0.4, 0.1, 0.7, -0.9]]).double()
    top = top_of("SpatialTransformer", "st_param { output_H: 6 output_W: 7 }", phase, x=x, t=theta)
    torch.testing.assert_close(top, transformed(x, theta, (6, 7)))
    same = torch.tensor([[1.0, 0, 0, 0, 1, 0]] * 2).double()
    torch.testing.assert_close(top_of("SpatialTransformer", "", phase, x=x, t=same), x)


def test_numbers_of_the_map_that_the_text_fixes():
    x, free = draw(2, 3, 5, 4), torch.tensor([[0.3, -0.1, 0.2], [-0.2, 0.4, -0.9]]).double()
    theta = torch.tensor([[0.5, 0.3, -0.1, 0, 0.75, 0.2], [0.5, -0.2, 0.4, 0, 0.75, -0.9]]).double()
    top = top_of("SpatialTransformer", "st_param { theta_1_1: 0.5 theta_2_1: 0 theta_2_2: 0.75 }", x=x, t=free)
    torch.testing.assert_close(top, transformed(x, theta, (5, 4)))


def test_gradients_of_planes_and_maps():
    x = draw(1, 2, 4, 3).requires_grad_()
    theta = torch.tensor([[0.83, 0.31, -0.13, -0.41, 1.1, 0.23]]).double().requires_grad_()
    net = one_layer("SpatialTransformer", "st_param { output_H: 5 }", "TRAIN", x=x, t=theta)
    assert gradcheck(lambda x, t: net(x=x, t=t)["y0"], (x, theta))
    fixed = one_layer("SpatialTransformer", "st_param { to_compute_dU: false }", "TRAIN", x=x, t=theta)(x=x, t=theta)["y0"]
    assert torch.autograd.grad(fixed.sum(), (x, theta), allow_unused=True)[0] is None


@pytest.mark.parametrize(("kind", "param", "shapes", "words"), [
    ("DeformableConvolution", DEFORMED % "deformable_group: 3", {"x": (2, 4, 6, 5), "o": (2, 36, 4, 4)},
     "has `deformable_group` 3, which does not divide its 4 input channels"),
    ("DeformableConvolution", DEFORMED % "", {"x": (2, 4, 6, 5), "o": (2, 48, 6, 5)},
     r"the offsets must have shape \(2, 48, 4, 4\)"),
    ("DeformableConvolution", DEFORMED % "axis: 2", {"x": (2, 4, 6, 5), "o": (2, 48, 4, 4)}, "channels are axis 1"),
    ("SpatialTransformer", "st_param { theta_1_1: 1 }", {"x": (2, 4, 6, 5), "t": (2, 6)}, "an item must have 5 numbers"),
    ("SpatialTransformer", 'st_param { transform_type: "tps" }', {"x": (2, 4, 6, 5), "t": (2, 6)}, 'only "affine" is supported'),
    ("SpatialTransformer", "st_param { output_W: 0 }", {"x": (2, 4, 6, 5), "t": (2, 6)}, "has `output_W` 0"),
])
def test_refusals(kind, param, shapes, words):
    with pytest.raises(netdef.SpecError, match=words):
        one_layer(kind, param, **shapes)


def test_transformer_leaves_out_places_beyond_the_first_and_last_pixels():
    x = draw(2, 3, 4, 4).requires_grad_()
    theta = torch.tensor([[1.0, 0, 0, 0, 1, 0], [0.7, -0.23, 0.31, 0.43, 0.91, -0.13]]).double().requires_grad_()
    top = top_of("Transformer", x=x, t=theta)
    torch.testing.assert_close(top[0], x[0])
    outside = 0
    for i in range(4):
        for j in range(4):
            row, column = i / 4 * 2 - 1, j / 4 * 2 - 1
            y, z = (float((a * row + b * column + c) * 2 + 2) for a, b, c in theta[1].detach().reshape(2, 3))
            inside = 0 <= y <= 3 and 0 <= z <= 3
            outside += not inside
            for channel in range(3):
                wanted = between(x[1, channel].detach(), y, z, True) if inside else 0
                assert top[1, channel, i, j].item() == pytest.approx(wanted)
    assert 0 < outside < 16
    moved = theta.detach()[1:].clone().requires_grad_()
    assert gradcheck(lambda planes, map: top_of("Transformer", x=planes, t=map), (x.detach()[1:].requires_grad_(), moved))


def test_transformer_wants_squares():
    with pytest.raises(netdef.SpecError, match="planes that are not square"):
        one_layer("Transformer", x=(2, 3, 4, 5), t=(2, 6))
    with pytest.raises(netdef.SpecError, match="6 numbers of the map"):
        one_layer("Transformer", x=(2, 3, 4, 4), t=(2, 4))
