"""Embed: rows of a table."""

from __future__ import annotations

import pytest
import torch

import netdef
from netdef.errors import NetdefError

TEXT = """
layer { name: "i" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 } } }
layer { name: "l" type: "Embed" bottom: "x" top: "y" embed_param { num_output: 4 input_dim: 5 } }
"""


def test_indices_are_truncated_and_pick_rows():
    net = netdef.loads(TEXT)
    weight, bias = net.params["l"]
    weight.data.copy_(torch.arange(20).reshape(5, 4))
    bias.data.copy_(torch.tensor([0.0, 100, 200, 300]))
    y = net(x=torch.tensor([[0.0, 4.9, 1.0], [3.2, 0.5, 2.0]]))["y"]
    assert y.shape == net.shapes["y"] == (2, 3, 4)
    assert y[0, 1].tolist() == [16, 117, 218, 319] and y[1, 0].tolist() == [12, 113, 214, 315]


def test_a_row_gets_the_sum_of_the_gradients_of_its_places():
    net = netdef.loads(TEXT)
    y = net(x=torch.tensor([[3.0, 0, 3], [3, 2, 0]]))["y"]
    y.backward(torch.ones_like(y))
    weight, bias = net.params["l"]
    assert weight.grad[:, 1].tolist() == [2, 0, 1, 3, 0] and bias.grad.tolist() == [6, 6, 6, 6]


@pytest.mark.parametrize("index", [5.0, -1.0])
def test_an_index_outside_the_table_is_an_error(index):
    with pytest.raises(NetdefError, match=r"layer `l` \(Embed\) cannot work on `x`.* index out of range"):
        netdef.loads(TEXT)(x=torch.tensor([[0, 0, 0], [0, 0, index]]))
