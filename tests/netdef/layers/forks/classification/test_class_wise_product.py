"""Items times the weights of their classes, and the loss of several classes an item."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, tops_of
from torch.autograd import gradcheck

import netdef

PARAM = 'classwise_product_param { num_output: 6 num_class: 3 weight_filler { type: "gaussian" std: 1 } }'


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_weights_of_the_class(phase):
    x, labels = draw(4, 2, 3), torch.tensor([2.0, 0, 1, 2]).double()
    net = one_layer("ClassWiseProduct", PARAM, phase, x=x, t=labels)
    weight, bias = net.params["l"]
    assert weight.shape == (3, 6, 1, 1) and bias.shape == (1, 6, 1, 1)
    expected = x.flatten(1) * weight[[2, 0, 1, 2], :, 0, 0]
    assert torch.equal(net(x=x, t=labels)["y0"], expected[:, :, None, None])


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_weights_of_several_classes(phase):
    x, labels = draw(2, 6), torch.tensor([[1.0, 0, 1], [0, 0.5, 0]]).double()
    net = one_layer("ClassWiseProduct", PARAM, phase, x=x, t=labels)
    weight = net.params["l"][0][:, :, 0, 0]
    expected = torch.stack((x[0] * (weight[0] + weight[2]) / 2, x[1] * weight[1] / 0.5))
    torch.testing.assert_close(net(x=x, t=labels)["y0"][:, :, 0, 0], expected)


def test_gradients():
    x, labels = draw(2, 6).requires_grad_(), torch.tensor([[1.0, 0, 1], [0, 1, 0]]).double()
    net = one_layer("ClassWiseProduct", PARAM, "TRAIN", x=x, t=labels)
    weight = net.params["l"][0].requires_grad_()
    assert gradcheck(lambda x, weight: net(x=x, t=labels)["y0"], (x, weight))


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_the_loss_of_the_classes_that_are_there(phase):
    x, labels = torch.tensor([[0.0, 2, -1], [3, 0.5, 1]]).double(), torch.tensor([[1.0, 0, 1], [0, 0, 2]]).double()
    loss, answer = tops_of("MultiLabelSoftmaxWithLoss", "", 2, phase, x=x, t=labels)
    expected = math.log(2) + math.log(1 + math.e) + math.log(1 + math.exp(-1))
    assert loss.item() == pytest.approx(expected / 2)
    torch.testing.assert_close(answer, 1 / (1 + torch.exp(-x)))


def test_the_gradient_is_of_all_classes():
    x, labels = draw(2, 3).requires_grad_(), torch.tensor([[1.0, 0, 1], [0, 0, 2]]).double()
    top = one_layer("MultiLabelSoftmaxWithLoss", "", "TRAIN", x=x, t=labels)(x=x, t=labels)["y0"]
    (gradient,) = torch.autograd.grad(top, x)
    torch.testing.assert_close(gradient, (1 / (1 + torch.exp(-x.detach())) - torch.tensor([[1.0, 0, 1], [0, 0, 1]])) / 2)


@pytest.mark.parametrize(("param", "shapes", "words"), [
    (PARAM, {"x": (2, 5), "t": (2,)}, "has `num_output` 6; an item of its bottom has 5 numbers"),
    (PARAM, {"x": (2, 6), "t": (2, 2)}, "an item must have 1 or 3 labels"),
])
def test_refusals(param, shapes, words):
    with pytest.raises(netdef.SpecError, match=words):
        one_layer("ClassWiseProduct", param, **shapes)
