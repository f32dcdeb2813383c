"""What backward passes need of the runs of layers."""

from __future__ import annotations

import pytest
import torch

import netdef
from netdef.pycaffe.records import makers, recordable, versions
from netdef.pycaffe.wiring import wire

TEXT = """
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 3 } } }
layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip" inner_product_param { num_output: 5 } }
layer { name: "relu" type: "ReLU" bottom: "ip" top: "ip" }
layer { name: "power" type: "Power" bottom: "ip" top: "ip" power_param { scale: 3 } }
layer { name: "out" type: "ReLU" bottom: "ip" top: "out" }
"""


@pytest.mark.parametrize(("layer", "wanted"), [(1, [1]), (2, [1, 2]), (3, [1, 2, 3]), (4, [4])])
def test_the_makers_of_what_was_overwritten(layer, wanted):
    assert makers(wire(netdef.loads(TEXT)).layers, layer) == wanted


def test_an_input_that_is_overwritten_has_no_maker():
    wired = wire(netdef.loads(TEXT.splitlines()[1] + 'layer { name: "r" type: "ReLU" bottom: "data" top: "data" }')).layers
    assert makers(wired, 1) == [1]


def test_versions_count_operations_in_place():
    layer = netdef.loads(TEXT).layers["ip"]
    before = versions(layer)
    with torch.no_grad():
        layer.bias.add_(1)
    assert [new - old for new, old in zip(versions(layer), before, strict=True)] == [0, 1]


def test_layers_leave_their_bottoms_alone_and_forced_parameters_learn_in_the_block():
    net = netdef.loads(TEXT, phase="TRAIN")
    wired, layers = wire(net).layers, net.layers
    layers["relu"].inplace = True
    weight, bias = layers["ip"].weight.requires_grad_(False), layers["ip"].bias
    with pytest.raises(ZeroDivisionError), recordable(wired, net.parameters()):
        assert not layers["relu"].inplace and weight.requires_grad and bias.requires_grad
        _ = 1 / 0
    assert layers["relu"].inplace and not weight.requires_grad and bias.requires_grad
    with recordable(wired):
        assert not weight.requires_grad
