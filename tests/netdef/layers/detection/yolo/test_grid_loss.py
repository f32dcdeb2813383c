"""What YoloV2Loss and YoloV3Loss have in common."""

from __future__ import annotations

import math

import pytest
import torch
from grid_labels import label_map
from one_layer import draw, one_layer

import netdef
from netdef.layers.detection.yolo.grid_loss import boxed, slope

V2 = "yolo_v2_loss_param { anchors: 1 anchors: 2 num_classes: 2 num_object: 1 side: 3 }"
V3 = "yolo_v3_loss_param { anchors: 9 anchors: 7 mask: 0 num_classes: 2 num_object: 1 total_object: 1 }"


def test_the_derivative_of_the_sigmoid():
    x = torch.tensor([0.5, -2.0]).double().requires_grad_()
    assert torch.allclose(slope(x.sigmoid()), torch.autograd.grad(x.sigmoid().sum(), x)[0])


def test_errors_of_a_box():
    """At 0 and ln 3 the sigmoid has the derivatives 1/4 and 3/16."""
    here, apart, missing = torch.tensor([0, math.log(3), 5, 7, 1]), torch.tensor([1.0, 2, 3, 4]), torch.zeros(5)
    assert float(boxed(missing, here, apart, 8)) == 8 * (1 + 4 + 9 + 16)
    torch.testing.assert_close(missing, torch.tensor([-8 * 1 / 4, -8 * 2 * 3 / 16, -24, -32, 0]))


@pytest.mark.parametrize("kind, param", [("YoloV2Loss", V2), ("YoloV3Loss", V3)])
@pytest.mark.parametrize("x, y, said", [
    ((2, 7, 3, 3), (2, 54), "wants 7 numbers for each of 3 x 3 places of 2 images; `y` has shape"),
    ((2, 7, 3, 3), (1, 63), "places of 2 images"), ((2, 7, 3, 4), (2, 84), "wants a map of 3 x 3"),
    ((2, 8, 3, 3), (2, 63), r"wants 1 x \(5 \+ 2\) channels")])
def test_bottoms_that_do_not_fit_are_refused(kind, param, x, y, said):
    one_layer(kind, param, x=(2, 7, 3, 3), y=(2, 63))
    with pytest.raises(netdef.SpecError, match=said):
        one_layer(kind, param, x=x, y=y)


@pytest.mark.parametrize("kind, param", [("YoloV2Loss", V2), ("YoloV3Loss", V3.replace("mask: 0", "mask: 0 side: 3"))])
def test_a_flat_map(kind, param):
    x, y = draw(1, 7, 3, 3).requires_grad_(), label_map(3, {(0.5, 0.2, 0.4, 0.3): 1})
    whole = one_layer(kind, param, "TRAIN", x=x, y=y)(x=x, y=y)["y0"]
    flat = one_layer(kind, param, "TRAIN", x=x.flatten(1), y=y)(x=x.flatten(1), y=y)["y0"]
    assert whole == flat and torch.equal(torch.autograd.grad(whole, x)[0], torch.autograd.grad(flat, x)[0])
    with pytest.raises(netdef.SpecError, match="wants a bottom of 4 axes"):
        one_layer(kind, param, x=(1, 62), y=(1, 63))
