"""The state of layers over a run that is only looked at, and results as lists."""

from __future__ import annotations

import torch
from small_nets import INPUT

import netdef
from netdef.graph.layer_state import as_list, state_kept


def test_statistics_and_replaced_state_come_back():
    net = netdef.loads(INPUT + 'layer { name: "n" type: "BatchNorm" bottom: "x" top: "y" }', phase="TRAIN")
    layer = net.layers["n"]
    own, factor = layer.mean_sum, layer.factor
    with state_kept([layer]):
        net(torch.randn(2, 3))
        layer.mean_sum = torch.full((3,), 7.0)
        assert factor.item() == 1
    assert layer.mean_sum is own and own.tolist() == [0, 0, 0]
    assert layer.factor is factor and factor.item() == 0


def test_one_top_is_a_list_of_one():
    a, b = torch.zeros(2), torch.zeros(3)
    assert as_list(a)[0] is a and [x.shape for x in as_list((a, b))] == [(2,), (3,)]
