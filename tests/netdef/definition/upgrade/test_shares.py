"""Threshold layers of HoldenCaulfieldRye's fork."""

from __future__ import annotations

import pytest
import torch

import netdef
from netdef.definition.read import read_net_text

THRESHOLD = 'layers { name: "t" type: THRESHOLD bottom: "x" bottom: "label" top: "y" top: "label" }'


def test_a_threshold_of_two_bottoms_multiplies_scores_by_shares():
    assert read_net_text(THRESHOLD).layers[0].type == "ScoresTimesShares"
    assert read_net_text('layers { name: "t" type: THRESHOLD bottom: "x" top: "y" }').layers[0].type == "Threshold"


def test_the_forks_old_types_in_a_net():
    net = netdef.loads(
        f'''input: "x" input_dim: 4 input_dim: 2 input_dim: 1 input_dim: 1 input: "label" input_dim: 4 input_dim: 1 input_dim: 1
        input_dim: 1 {THRESHOLD} layers {{ name: "s" type: SOFTMAX bottom: "y" top: "p" }}
        layers {{ name: "a" type: PER_CLASS_ACCURACY bottom: "p" bottom: "label" top: "a" }}
        layers {{ name: "b" type: PER_CLASS_BAYESIAN_ACCURACY bottom: "p" bottom: "label" top: "b" }}
        layers {{ name: "l" type: SOFTMAX_BAYESIAN_LOSS bottom: "y" bottom: "label" }}''', phase="TRAIN")
    x = torch.tensor([[0.0, 2], [4, 0], [4, 0], [0, 2]]).reshape(4, 2, 1, 1)
    outputs = net(x=x, label=torch.tensor([0.0, 0, 0, 1]).reshape(4, 1, 1, 1))  # y has 0.75 and 0.25 of it
    assert outputs["a"].flatten()[0].item() == pytest.approx((2 / 3 + 1) / 2) == outputs["b"].flatten()[0].item()
    of_classes = (torch.tensor([0.5, -3, -3]).exp().log1p().mean() + torch.tensor(-0.5).exp().log1p()) / 2
    assert net.loss(outputs).item() == pytest.approx(of_classes.item()) == outputs["b"].flatten()[1].item()
