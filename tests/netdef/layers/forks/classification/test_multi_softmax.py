"""A softmax over channels at each place."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef
from netdef.testing import check_layer


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_chances_at_each_place(phase):
    x = draw(2, 3, 5, 4)
    torch.testing.assert_close(top_of("MultiSoftmax", "", phase, x=x), x.exp() / x.exp().sum(1, keepdim=True))
    check_layer('layer { name: "l" type: "MultiSoftmax" bottom: "x" top: "y" }', x=(2, 3, 5, 4))
    with pytest.raises(netdef.SpecError, match="4 axes"):
        one_layer("MultiSoftmax", "", x=(2, 3))


def test_the_type_of_2014():
    text = ('input: "x" input_dim: 1 input_dim: 3 input_dim: 5 input_dim: 4 '
            'layers { name: "l" type: MULTI_SOFTMAX bottom: "x" top: "y" }')
    assert netdef.loads(text, phase="TEST")(x=torch.zeros(1, 3, 5, 4))["y"].flatten().tolist() == pytest.approx([1 / 3] * 60)


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_the_loss_of_labels_from_one(phase):
    x, labels = draw(2, 3, 5, 4), (torch.arange(40) * 7 % 3 + 1).reshape(2, 1, 5, 4).double()
    chances = x.exp() / x.exp().sum(1, keepdim=True)
    expected = 0.0
    for n, r, c in torch.cartesian_prod(torch.arange(2), torch.arange(5), torch.arange(4)).tolist():
        expected -= chances[n, int(labels[n, 0, r, c]) - 1, r, c].log().item()
    assert top_of("MultiSoftmaxWithLoss", "", phase, x=x, t=labels).item() == pytest.approx(expected / 2)
    text = 'layer { name: "l" type: "MultiSoftmaxWithLoss" bottom: "x" bottom: "t" top: "y" }'
    check_layer(text, x=(2, 3, 5, 4), t=labels.float())
    with pytest.raises(netdef.NetdefError, match="label"):
        top_of("MultiSoftmaxWithLoss", "", phase, x=x, t=labels - 1)
    with pytest.raises(netdef.SpecError, match="a label for each place"):
        one_layer("MultiSoftmaxWithLoss", "", x=(2, 3, 5, 4), t=(2, 5))


def test_the_gradient_alone_is_multiplied():
    x, labels = draw(2, 3, 5, 4).requires_grad_(), torch.ones(2, 1, 5, 4).double()
    once = top_of("MultiSoftmaxWithLoss", "", x=x, t=labels)
    thrice = top_of("MultiSoftmaxWithLoss", "mult_softmax_loss_param { learning_multiple: 3 }", x=x, t=labels)
    assert thrice == once
    torch.testing.assert_close(torch.autograd.grad(thrice, x)[0], 3 * torch.autograd.grad(once, x)[0])
