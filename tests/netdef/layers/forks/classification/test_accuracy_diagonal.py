"""Hits of each class, of all passes."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer

import netdef


def test_the_mean_over_classes_goes_on_from_pass_to_pass():
    scores = torch.tensor([[1.0, 0, 0, 0], [3, 2, 1, 0], [0, 2, 2, 0]]).double()
    net = one_layer("AccuracyDiagonal", x=scores, t=(3,))
    first = net(x=scores, t=torch.tensor([0.0, 1, 2]).double())["y0"].item()
    assert first == pytest.approx((1 / 1 + 0 / 1 + 1 / 1 + 0) / 4)  # of equals the last
    second = net(x=scores, t=torch.tensor([0.0, 1, 1]).double())["y0"].item()
    assert second == pytest.approx((2 / 2 + 0 / 3 + 1 / 1 + 0) / 4)


def test_its_v1_type_is_read_and_more_than_the_best_score_refused():
    layer = ('layers { name: "l" type: ACCURACY_DIAGONAL bottom: "x" bottom: "t" top: "y" accuracy_param { top_k: %d } }')
    inputs = 'input: "x" input_dim: [3, 5, 1, 1] input: "t" input_dim: [3, 1, 1, 1] '
    assert netdef.loads(inputs + layer % 1).shapes["y"] == ()
    with pytest.raises(netdef.SpecError, match="`top_k` 2; it must be 1"):
        netdef.loads(inputs + layer % 2)
    with pytest.raises(netdef.NetdefError, match="got the label 5; its scores have 5 classes"):
        netdef.loads(inputs + layer % 1)(x=torch.ones(3, 5, 1, 1), t=torch.full((3, 1, 1, 1), 5.0))
