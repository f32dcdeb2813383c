"""Signs and labels."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import one_layer, top_of

import netdef


def test_hits_and_the_loss_of_the_true():
    x, labels = torch.tensor([[0.5], [0], [2], [-1]]).double(), torch.tensor([1.0, 1, 0, 0]).double()
    top = top_of("BAccuracy", x=x, t=labels)
    loss = (math.log(1 + math.exp(-0.5)) + math.log(2)) / 4
    assert top.shape == (1, 2, 1, 1) and top.flatten().tolist() == pytest.approx([2 / 4, loss])


def test_its_v1_type_is_read():
    net = netdef.loads('input: "x" input_dim: [3, 1, 1, 1] input: "t" input_dim: [3, 1, 1, 1] '
                       'layers { name: "l" type: BACCURACY bottom: "x" bottom: "t" top: "y" }')
    assert net.shapes["y"] == (1, 2, 1, 1)


def test_several_numbers_an_item_are_refused():
    with pytest.raises(netdef.SpecError, match="wants one label an item|3 items, but"):
        one_layer("BAccuracy", x=(3, 2), t=(3,))
