"""Tile: copies one after another."""

from __future__ import annotations

import pytest
import torch

import netdef
from netdef.errors import SpecError

NET = ('layer {{ name: "i" type: "Input" top: "x" input_param {{ shape {{ dim: 2 dim: 3 }} }} }} '
       'layer {{ name: "l" type: "Tile" bottom: "x" top: "y" tile_param {{ {} }} }}')


def test_copies_follow_each_other_and_gradients_add_up():
    x = torch.tensor([[1.0, 2, 3], [4, 5, 6]], requires_grad=True)
    y = netdef.loads(NET.format("tiles: 2"))(x=x)["y"]
    assert y.tolist() == [[1, 2, 3, 1, 2, 3], [4, 5, 6, 4, 5, 6]]
    (y * torch.tensor([1.0, 1, 1, 10, 10, 10])).sum().backward()
    assert x.grad.tolist() == [[11] * 3] * 2
    y = netdef.loads(NET.format("axis: -2 tiles: 2"))(x=x)["y"]
    assert y.tolist() == [[1, 2, 3], [4, 5, 6], [1, 2, 3], [4, 5, 6]]


@pytest.mark.parametrize("param, words", [("tiles: -1", "has `tiles` -1; it must be at least 1"),
                                          ("", "needs a `tiles` of at least 1"), ("tiles: 2 axis: 2", "axis 2")])
def test_bad_parameters_are_refused(param, words):
    with pytest.raises(SpecError, match=words):
        netdef.loads(NET.format(param))


def test_copies_with_factors():
    x = torch.tensor([[1.0, 2, 3], [4, 5, 6]], requires_grad=True)
    y = netdef.loads(NET.format("tiles: 2 coeff: 0.5 coeff: -1"))(x=x)["y"]
    assert y.tolist() == [[0.5, 1, 1.5, -1, -2, -3], [2, 2.5, 3, -4, -5, -6]]
    (y * torch.tensor([1.0, 1, 1, 10, 10, 10])).sum().backward()
    assert x.grad.tolist() == [[-9.5] * 3] * 2
    with pytest.raises(SpecError, match="gives `coeff` 1 times for 2 copies"):
        netdef.loads(NET.format("tiles: 2 coeff: 1"))
