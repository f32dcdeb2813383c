"""HingeLoss: the margin, the kink, the square, and labels that do not fit."""

from __future__ import annotations

import pytest
import torch

import netdef
from netdef.errors import NetdefError, SpecError


def build(scores: str = "dim: 2 dim: 3", labels: str = "dim: 2", norm: str = "L1") -> torch.nn.Module:
    return netdef.loads(f'layer {{ name: "i" type: "Input" top: "x" top: "t" input_param {{ shape {{ {scores} }} '
                        f'shape {{ {labels} }} }} }} layer {{ name: "l" type: "HingeLoss" bottom: "x" bottom: "t" '
                        f'top: "loss" hinge_loss_param {{ norm: {norm} }} }}')


def test_every_score_on_the_wrong_side_of_the_margin_has_a_loss():
    x = torch.tensor([[3.0, -1, 0.5], [-2, 0, 0.25]], requires_grad=True)
    loss = build()(x=x, t=torch.tensor([0.9, 2]))["loss"]
    assert loss.item() == (0 + 0 + 1.5 + 0 + 1 + 0.75) / 2
    loss.backward()
    assert x.grad.tolist() == [[0, 0, 0.5], [0, 0.5, -0.5]]  # none at the kink, -1
    x.grad = None
    loss = build(norm="L2")(x=x, t=torch.tensor([0, 2]))["loss"]
    assert loss.item() == (1.5**2 + 1 + 0.75**2) / 2
    loss.backward()
    assert x.grad.tolist() == [[0, 0, 1.5], [0, 1, -0.75]]


def test_all_further_axes_are_classes():
    x = torch.full((1, 2, 3), -1.0)
    assert build("dim: 1 dim: 2 dim: 3", "dim: 1 dim: 1 dim: 1")(x=x, t=torch.tensor([[[5]]]))["loss"].item() == 2


def test_labels_that_do_not_fit_are_refused():
    with pytest.raises(SpecError, match=r"has 2 items, but labels of shape \(2, 3\), 6 in all"):
        build(labels="dim: 2 dim: 3")
    with pytest.raises(NetdefError, match="got the label 3; its scores have 3 classes"):
        build()(x=torch.ones(2, 3), t=torch.tensor([0, 3]))
