"""GatingInnerProduct: experts mixed by a gate."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer

import netdef
from netdef.testing import check_layer

LABELS = torch.tensor([3.0, 1]).double()
TEXT = ("layer { name: 'l' type: 'GatingInnerProduct' bottom: 'x' bottom: 'gate' bottom: 'a' bottom: 'b' top: 'y' "
        "inner_product_param { num_output: 2 } }")


def mixed(x, gate, a=LABELS, b=LABELS):
    return one_layer("GatingInnerProduct", "inner_product_param { num_output: 2 }", "TRAIN", x=x, gate=gate, a=a, b=b)(
        x=x, gate=gate, a=a, b=b)["y0"]


def test_probabilities_are_mixed_and_the_gate_learns():
    x = torch.tensor([[0.9, 0.1, 0.2, 0.8, 0.5, 0.5], [1, 0, 0.25, 0.75, 0, 1]]).double().requires_grad_()
    gate = torch.tensor([[0.5, 0.25, 2], [1.0, 4, -1]]).double().requires_grad_()
    top = mixed(x, gate)
    torch.testing.assert_close(top.detach(), torch.tensor([[1.5, 1.25], [2, 2]]).double())
    (top * torch.tensor([[10.0, 1], [0, 2]]).double()).sum().backward()
    torch.testing.assert_close(gate.grad, torch.tensor([[9.1, 2.8, 5.5], [0, 1.5, 2]]).double())
    assert x.grad is None or not x.grad.any()


def test_the_layer_keeps_its_promises():
    check_layer(TEXT, x=draw(2, 6), gate=(2, 3), a=LABELS, b=LABELS)


def test_what_does_not_fit_is_refused():
    with pytest.raises(netdef.NetdefError, match="labels that differ"):
        mixed(draw(2, 6), draw(2, 3), b=torch.tensor([3.0, 2]).double())
    with pytest.raises(netdef.SpecError, match="wants 3 x 2 probabilities"):
        mixed(draw(2, 5), draw(2, 3))
    with pytest.raises(netdef.SpecError, match="a gate for each item"):
        mixed(draw(2, 6), draw(4, 3))
    with pytest.raises(netdef.SpecError, match="as many labels in both"):
        mixed(draw(2, 6), draw(2, 3), b=torch.zeros(3).double())
