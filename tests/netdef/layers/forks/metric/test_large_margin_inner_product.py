"""LargeMarginInnerProduct by arithmetic."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer
from torch.autograd import gradcheck

from netdef.errors import NetdefError

FACTORS = {"SINGLE": 1, "DOUBLE": 2, "TRIPLE": 3, "QUADRUPLE": 4}
X, LABELS = draw(3, 5), torch.tensor([2.0, 0, 1]).double()


def build(param: str, phase: str = "TRAIN"):
    net = one_layer("LargeMarginInnerProduct", f"largemargin_inner_product_param {{ num_output: 4 {param} }}", phase, tops=2,
                    x=X, t=LABELS)
    net.params["l"][0].data.copy_(draw(4, 5, seed=7))
    return net


def falling(angle: float, factor: int) -> float:
    part = min(int(angle * factor / math.pi), factor - 1)
    return (-1) ** part * math.cos(factor * angle) - 2 * part


@pytest.mark.parametrize("kind", FACTORS)
def test_the_product_with_the_label_has_a_margin_and_keeps_its_length(kind: str):
    net = build(f"type: {kind} base: 3 gamma: 0.5 power: 2 lambda_min: 0.125")
    weight = net.params["l"][0].detach().clone()
    outputs = net(x=X, t=LABELS)
    strength = 3 * 1.5**-2
    expected = X @ weight.t()
    for item, label in enumerate(LABELS.long().tolist()):
        length, product = X[item].norm().item() * weight[label].norm().item(), expected[item, label].item()
        margin = length * falling(math.acos(product / length), FACTORS[kind])
        expected[item, label] = (margin + strength * product) / (1 + strength)
    torch.testing.assert_close(outputs["y0"].detach(), expected)
    assert outputs["y1"].tolist() == pytest.approx([strength])
    assert torch.equal(net.params["l"][0].detach(), weight)
    assert net(x=X, t=LABELS)["y1"].tolist() == pytest.approx([3 * 2**-2])  # the second pass


def test_no_margin_in_test():
    net = build("type: QUADRUPLE base: 3", "TEST")
    torch.testing.assert_close(net(x=X, t=LABELS)["y0"], X @ net.params["l"][0].t())


@pytest.mark.parametrize("kind", FACTORS)
def test_gradients_are_the_derivatives(kind: str):
    net, x = build(f"type: {kind} base: 0.5"), X.clone().requires_grad_()
    weight = net.params["l"][0]

    def top(x, weight):
        return torch.func.functional_call(net.layers["l"], {"weight": weight}, (x, LABELS))[0]

    assert gradcheck(top, (x, weight.detach().clone().requires_grad_()))


def test_an_unknown_class_is_an_error():
    with pytest.raises(NetdefError, match="got the label 4"):
        build("type: DOUBLE")(x=X, t=torch.tensor([0.0, 4, 1]).double())
