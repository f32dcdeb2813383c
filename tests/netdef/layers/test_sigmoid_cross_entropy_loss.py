"""SigmoidCrossEntropyLoss by arithmetic."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef

HALF = math.log(2)  # what a prediction costs at score 0, whatever its target


def build(param: str = "", target: str = "dim: 2 dim: 3") -> torch.nn.Module:
    return netdef.loads('layer { name: "i" type: "Input" top: "x" top: "t" input_param { shape { dim: 2 dim: 3 } '
                        f"shape {{ {target} }} }} }}"
                        'layer { name: "l" type: "SigmoidCrossEntropyLoss" bottom: "x" bottom: "t" top: "loss" '
                        f"loss_param {{ {param} }} }}")


def test_value_and_gradient():
    x = torch.tensor([[0.0, math.log(3), -1000.0], [0.0, -math.log(4), 1000.0]], requires_grad=True)
    t = torch.tensor([[0.3, 1.0, 0.0], [1.0, 0.5, 0.0]])
    loss = build()(x=x, t=t)["loss"]
    middle = -0.5 * math.log(0.2) - 0.5 * math.log(0.8)
    assert loss.item() == pytest.approx((2 * HALF + math.log(4 / 3) + middle + 1000) / 2)
    loss.backward()
    torch.testing.assert_close(x.grad, torch.tensor([[0.2, -0.25, 0.0], [-0.5, -0.3, 1.0]]) / 2)


@pytest.mark.parametrize("param, costs", [
    ("", 3),
    ("normalize: true", 1),
    ("normalization: FULL", 1),
    ("normalization: NONE", 6),
    ("ignore_label: -1", 5 / 2),
    ("ignore_label: -1 normalization: VALID", 1),
    ("ignore_label: 0 normalization: NONE", 3),  # 0, 0.7 and another 0 are whole 0
])
def test_divisor_and_ignored_targets(param, costs):
    x = torch.zeros(2, 3, requires_grad=True)
    t = torch.tensor([[0.0, 0.7, 1.0], [-1.0, 0.0, 1.0]])
    loss = build(param)(x=x, t=t)["loss"]
    assert loss.item() == pytest.approx(costs * HALF)
    loss.backward()
    ignored = t.trunc() == float(param.split()[1]) if "ignore" in param else torch.zeros(2, 3, dtype=torch.bool)
    assert torch.equal(x.grad == 0, ignored)


def test_normalized_by_places_of_maps():
    """At score 0 each of 2 x 3 x 4 x 5 numbers costs log 2, and there are 2 x 4 x 5 places."""
    x, targets = torch.zeros(2, 3, 4, 5).double(), torch.rand(2, 3, 4, 5).double()
    assert top_of("NormalizedSigmoidCrossEntropyLoss", "", x=x, t=targets).item() == pytest.approx(3 * HALF)
    x = draw(2, 3, 4, 5)
    whole = top_of("SigmoidCrossEntropyLoss", "", x=x, t=targets).item() * 2
    assert top_of("NormalizedSigmoidCrossEntropyLoss", "", x=x, t=targets).item() == pytest.approx(whole / 40)
    with pytest.raises(netdef.SpecError):
        top_of("NormalizedSigmoidCrossEntropyLoss", "", x=x[0], t=targets[0])


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_a_third_bottom_weighs_the_targets(phase):
    """In ARL's fork; the divisor counts targets, not weights."""
    x, t, w = draw(2, 3), (draw(2, 3, seed=2) > 0).double(), draw(2, 3, seed=3)
    costs = [math.log(1 + math.exp(-a if b else a)) for a, b in zip(x.flatten().tolist(), t.flatten().tolist())]
    expected = sum(a * b for a, b in zip(costs, w.flatten().tolist()))
    assert top_of("SigmoidCrossEntropyLoss", "", phase, x=x, t=t, w=w).item() == pytest.approx(expected / 2)
    param = "loss_param { normalization: VALID }"
    assert top_of("SigmoidCrossEntropyLoss", param, phase, x=x, t=t, w=w).item() == pytest.approx(expected / 6)
    net = one_layer("SigmoidCrossEntropyLoss", param, phase, x=x, t=t, w=w)
    assert gradcheck(lambda x: net(x=x, t=t, w=w)["y0"], (x.requires_grad_(),))


def test_targets_below_0_do_not_count():
    """MultiLabelSigmoidLoss: one score of 0 and one of log 3 for a yes, of which the sigmoid is 3/4."""
    x = torch.tensor([[0.0, 7.0], [math.log(3), -5.0]]).double().requires_grad_()
    t = torch.tensor([[0.0, -1], [1, -0.5]]).double()
    outputs = one_layer("MultiLabelSigmoidLoss", "", tops=2, x=x, t=t)(x=x, t=t)
    loss = outputs["y0"]
    assert loss.item() == pytest.approx((HALF + math.log(4 / 3)) / 2)
    torch.testing.assert_close(outputs["y1"][:, 0], torch.tensor([0.5, 0.75]).double())
    loss.backward()
    torch.testing.assert_close(x.grad, torch.tensor([[0.25, 0], [-0.125, 0]]).double())
    assert top_of("MultiLabelSigmoidLoss", "", x=x, t=-torch.ones(2, 2).double()).item() == 0
