"""Windows of a map, and yes or no of many muscle movements."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of, tops_of
from torch.autograd import gradcheck

import netdef

PARAM = "box_param { width: 3 height: 2 xcoord: 0 xcoord: 1 ycoord: 2 ycoord: 3 }"


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_windows_of_every_item(phase):
    x = draw(2, 3, 5, 4)
    first, second = tops_of("Box", PARAM, 2, phase, x=x)
    assert torch.equal(first, x[:, :, 2:4, 0:3]) and torch.equal(second, x[:, :, 3:5, 1:4])


def test_gradients_of_windows_that_overlap_add_up():
    x = draw(2, 3, 5, 4).requires_grad_()
    net = one_layer("Box", PARAM, "TRAIN", tops=2, x=x)
    tops = net(x=x)
    (gradient,) = torch.autograd.grad(tops["y0"].sum() + 10 * tops["y1"].sum(), x)
    assert gradient[1, 2].tolist() == [[0, 0, 0, 0], [0, 0, 0, 0], [1, 1, 1, 0], [1, 11, 11, 10], [0, 10, 10, 10]]
    assert gradcheck(lambda a: tuple(net(x=a).values()), x)


@pytest.mark.parametrize("param, tops, words", [
    (PARAM, 3, "3 tops, 2 `xcoord` and 2 `ycoord`"),
    ("box_param { width: 3 height: 2 xcoord: 2 ycoord: 0 }", 1, "outside of its bottom"),
    ("box_param { width: 3 xcoord: 2 ycoord: 0 }", 1, "height"),
])
def test_windows_that_do_not_fit_are_refused(param, tops, words):
    with pytest.raises(netdef.SpecError, match=words):
        one_layer("Box", param, tops=tops, x=(2, 3, 5, 4))


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_labels_of_zero_do_not_count(phase):
    x = torch.tensor([[0.5, 2.0, -1.0], [3.0, -0.25, 0.75]], dtype=torch.float64)
    labels = torch.tensor([[1.0, 0, -1], [-2, 5, 0]], dtype=torch.float64)
    signed = [-0.5, -1.0, 3.0, 0.25]
    loss = top_of("MultiSigmoidCrossEntropyLoss", "", phase, x=x, t=labels)
    assert loss.item() == pytest.approx(sum(math.log(1 + math.exp(a)) for a in signed) / 2)
    net = one_layer("MultiSigmoidCrossEntropyLoss", "", phase, x=x, t=labels)
    assert gradcheck(lambda a: net(x=a, t=labels)["y0"], x.requires_grad_())
