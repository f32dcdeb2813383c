"""MultinomialLogisticLoss: the mean logarithm, the floor under it, and labels that do not fit."""

from __future__ import annotations

import math

import pytest
import torch

import netdef
from netdef.errors import NetdefError, SpecError


def build(labels: str = "dim: 2") -> torch.nn.Module:
    return netdef.loads('layer { name: "i" type: "Input" top: "p" top: "t" input_param { shape { dim: 2 dim: 3 } '
                        f'shape {{ {labels} }} }} }} layer {{ name: "l" type: "MultinomialLogisticLoss" bottom: "p" '
                        'bottom: "t" top: "loss" }')


def test_value_and_gradient_of_probabilities_as_they_are():
    p = torch.tensor([[0.25, 0.5, 0.25], [0.1, 0.2, 4.0]], requires_grad=True)  # that they add up to 1 is not asked
    loss = build()(p=p, t=torch.tensor([1.0, 2.7]))["loss"]
    assert loss.item() == pytest.approx((math.log(2) - math.log(4)) / 2)
    loss.backward()
    torch.testing.assert_close(p.grad, torch.tensor([[0, -1.0, 0], [0, 0, -0.125]]))


def test_the_least_probability_is_a_floor_for_the_value_and_for_the_gradient():
    p = torch.tensor([[0.0, 0.5, 0.5], [-1, 1, 1]], requires_grad=True)
    loss = build()(p=p, t=torch.tensor([0, 0]))["loss"]
    assert loss.item() == pytest.approx(20 * math.log(10))
    loss.backward()
    torch.testing.assert_close(p.grad, torch.tensor([[-5e19, 0, 0]] * 2))
    assert p[0, 0] == 0  # the net's blob stays as it was


def test_labels_that_do_not_fit_are_refused():
    with pytest.raises(SpecError, match=r"labels of shape \(2, 5\), 10 in all"):
        build("dim: 2 dim: 5")
    with pytest.raises(NetdefError, match="got the label -1; its scores have 3 classes"):
        build()(p=torch.ones(2, 3), t=torch.tensor([0, -1]))
