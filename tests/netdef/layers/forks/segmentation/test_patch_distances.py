"""Distances and parities within patches, and the loss of both."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef

WINDOW = "convolution_param { kernel_size: 3 pad: 1 }"
INFINITE = torch.finfo(torch.float32).max / 100


def test_distances():
    x = draw(1, 2, 3, 4)
    half_squares, sums = (top_of("Im2dist", f"{WINDOW} im2dist_param {{ norm: {norm} }}", x=x) for norm in ("L2", "L1"))
    assert half_squares.shape == (1, 9, 3, 4)
    difference = x[0, :, 1, 2] - x[0, :, 2, 1]  # place 6 of the patch about (1, 2)
    assert float(half_squares[0, 6, 1, 2]) == pytest.approx(float((difference**2).sum() / 2))
    assert float(sums[0, 6, 1, 2]) == pytest.approx(float(difference.abs().sum()))
    assert not half_squares[0, 4].any()
    assert not half_squares[0, :3, 0].any()  # above the image


def test_infinite_distances():
    x = draw(1, 2, 3, 4)
    top = top_of("Im2dist", f"{WINDOW} im2dist_param {{ remove_center: true remove_bounds: true }}", x=x)
    assert torch.allclose(top[0, 4], torch.tensor(INFINITE).double())
    assert torch.allclose(top[0, :3, 0], torch.tensor(INFINITE).double())
    assert (top[0, 5:, 1, 1] < 100).all()


@pytest.mark.parametrize("norm", ["L1", "L2"])
def test_gradient_of_distances(norm: str):
    x = draw(2, 3, 4, 5).requires_grad_()
    window = "convolution_param { kernel_size: 3 pad: 2 dilation: 2 stride: 2 }"
    net = one_layer("Im2dist", f"{window} im2dist_param {{ norm: {norm} }}", "TRAIN", x=x)
    assert net.shapes["y0"] == (2, 9, 2, 3)
    assert gradcheck(lambda x: net(x=x)["y0"], (x,))


def test_parities():
    labels = torch.tensor([[[[1.0, 1, 0], [2, 255, 1]]]])
    top = top_of("Im2parity", f"{WINDOW} im2parity_param {{ ignore_label: 255 }}", x=labels)
    assert top[0, :, 0, 1].tolist() == [0, 0, 0, 1, 1, 0, 0, 255, 1]  # about the second 1
    assert top[0, :, 0, 2].tolist() == [1, 1, 1, 0, 1, 1, 255, 0, 1]  # about 0, which is also outside
    assert top[0, :, 1, 1].tolist() == [255] * 9


def test_centres_outside_are_ignored():
    top = top_of("Im2parity", "convolution_param { kernel_size: 3 pad: 2 } im2parity_param { ignore_label: 7 }",
                 x=torch.ones(1, 1, 2, 3))
    assert top.shape == (1, 9, 4, 5)
    assert (top[0, :, 0] == 7).all()
    distances = top_of("Im2dist", "convolution_param { kernel_size: 3 pad: 2 } im2dist_param { remove_center: true }",
                       x=draw(1, 1, 2, 3))
    assert not distances[0, :, 0].any()


def test_loss_and_gradient():
    """Like pixels 0.5 apart are 0.25 too far, others 1 apart are 1 too near; 0.1 and 3 are as wanted, -1 is ignored."""
    distances = torch.tensor([[0.5, 0.1, 1, 3, 9]]).double().requires_grad_()
    parities = torch.tensor([[1.0, 1, 0, 0, 5]])
    net = one_layer("DistLoss", "dist_loss_param { alpha: 0.25 beta: 2 ignore_label: 5 }", "TRAIN", d=distances, p=parities)
    loss = net(d=distances, p=parities)["y0"]
    loss.backward()
    assert loss.item() == pytest.approx(1.25 / 5)
    assert distances.grad.tolist() == [pytest.approx([0.05, 0, -0.2, 0, 0])]


@pytest.mark.parametrize(("kind", "param", "shapes", "complaint"), [
    ("DistLoss", "dist_loss_param { alpha: 2 beta: 1 }", {"d": (2, 3), "p": (2, 3)}, "0 < alpha < beta"),
    ("DistLoss", "dist_loss_param { alpha: 1 beta: 2 }", {"d": (2, 3), "p": (3, 2)}, "axes must agree"),
    ("Im2dist", WINDOW, {"x": (2, 3)}, "4 axes"),
])
def test_what_does_not_fit_is_refused(kind: str, param: str, shapes: dict, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer(kind, param, **shapes)
