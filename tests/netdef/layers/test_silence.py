"""Silence: no outputs, no gradient."""

from __future__ import annotations

import torch

import netdef


def test_its_bottoms_are_no_outputs_and_get_no_gradient():
    net = netdef.loads('layer { name: "i" type: "Input" top: "a" top: "b" '
                       "input_param { shape { dim: 2 } shape { dim: 3 } } }"
                       'layer { name: "p" type: "Power" bottom: "a" top: "c" }'
                       'layer { name: "l" type: "Silence" bottom: "a" bottom: "b" }')
    assert net.outputs == ["c"]
    a, b = torch.ones(2, requires_grad=True), torch.ones(3, requires_grad=True)
    net(a=a, b=b)["c"].sum().backward()
    assert a.grad.tolist() == [1, 1] and b.grad is None


def test_layers_of_forks_that_do_nothing():
    net = netdef.loads('layer { name: "p" type: "XCLProgram" } input: "x" input_shape { dim: 2 dim: 3 } '
                       'layer { name: "q" type: "Power" bottom: "x" top: "y" } '
                       'layer { name: "r" type: "Power" bottom: "x" top: "z" } '
                       'layer { name: "l" type: "RBMReturn" bottom: "x" bottom: "y" }')
    assert net.outputs == ["z"]


def test_a_top_of_nothing():
    x = torch.ones(2, 3)
    net = netdef.loads('layer { name: "i" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 } } } '
                       'layer { name: "l" type: "BlackHole" bottom: "x" top: "y" }')
    assert torch.equal(net(x=x)["y"], torch.zeros(1, 1, 1, 1, 1))
