"""Sums over channels on a torus."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer

import netdef

GAUSSIAN = "kernel_size: 3 gaussian_sd: 0.75"


def test_neighbours_are_found_across_the_sides():
    x = draw(2, 18, 5, 4)
    net = one_layer("Topography", f"topography_param {{ {GAUSSIAN} group: 2 }}", x=x)
    weight = torch.arange(1.0, 10).double().reshape(3, 3)
    net.params["l"][0].data.copy_(weight)
    top = net(x=x)["y0"]
    channel = 9 + 2 * 3 + 0  # the second group's third row, first column
    wanted = sum(weight[1 + r, 1 + c] * x[:, 9 + (2 + r) % 3 * 3 + c % 3] for r in (-1, 0, 1) for c in (-1, 0, 1))
    assert torch.allclose(top[:, channel], wanted)


def test_the_kernel_begins_as_a_normal_density():
    net = one_layer("Topography", f"topography_param {{ {GAUSSIAN} }}", x=(1, 4, 2, 3))
    side, corner = math.exp(-1 / (2 * 0.75**2)), math.exp(-2 / (2 * 0.75**2))
    total = 1 + 4 * side + 4 * corner
    found = net.params["l"][0].flatten().tolist()
    assert found == pytest.approx([part / total for part in (corner, side, corner, side, 1, side, corner, side, corner)])


def test_without_smoothing_only_the_gradient_is_that_of_the_sums():
    x, outer = draw(1, 4, 2, 3).requires_grad_(), draw(1, 4, 2, 3, seed=2)
    grads = []
    for more in ("", "smooth_output: false"):
        net = one_layer("Topography", f"topography_param {{ {GAUSSIAN} {more} }}", "TRAIN", x=x)
        top = net(x=x)["y0"]
        grads.append(torch.autograd.grad((top * outer).sum(), [x, net.params["l"][0]]))
    assert torch.equal(top, x)
    assert all(torch.allclose(*pair) for pair in zip(*grads))


def test_a_filler_fills_the_kernel_where_it_is_not_gaussian():
    param = 'kernel_size: 1 is_gaussian_topo: false weight_filler { type: "constant" value: 3 }'
    x = draw(2, 9, 1, 2)
    assert torch.allclose(one_layer("Topography", f"topography_param {{ {param} }}", x=x)(x=x)["y0"], 3 * x)


def test_its_v1_type_is_read():
    layer = f'layers {{ name: "l" type: TOPOGRAPHY bottom: "x" top: "y" blobs_lr: 0 topography_param {{ {GAUSSIAN} }} }}'
    net = netdef.loads(f'input: "x" input_dim: [1, 4, 3, 2] {layer}')
    assert net.shapes["y"] == (1, 4, 3, 2)


@pytest.mark.parametrize(("param", "complaint"), [
    ("kernel_size: 2 gaussian_sd: 1", "`kernel_size` 2; it must be odd"), ("gaussian_sd: 1", "`kernel_size` 0; it must be odd"),
    ("kernel_size: 3", "`gaussian_sd` 0; it must be above 0"),
    ("kernel_size: 3 gaussian_sd: 1 group: 2", "8 channels in 2 groups; those of a group must make a square, not")])
def test_refusals(param: str, complaint: str):
    complaint = complaint.removesuffix(", not")
    shape = (1, 6, 2, 2) if "group" in param else (1, 4, 2, 2)
    with pytest.raises(netdef.SpecError, match=complaint.replace("8", str(shape[1]))):
        one_layer("Topography", f"topography_param {{ {param} }}", x=shape)
