"""Nets built anew from a changed text."""

from __future__ import annotations

import torch

import netdef
from netdef.convert.edits.rebuild import rebuilt
from netdef.definition.read import read_net_text

NET = """
layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 } } }
layer { name: "m" type: "Mask" top: "m" }
layer { name: "a" type: "InnerProduct" bottom: "x" bottom: "m" top: "a"
        inner_product_param { num_output: 4 weight_filler { type: "xavier" } } }
layer { name: "b" type: "InnerProduct" bottom: "a" top: "b"
        inner_product_param { num_output: 5 weight_filler { type: "xavier" } } }
"""


def test_layers_of_the_same_name_get_their_weights_and_masks():
    torch.manual_seed(6)
    net = netdef.loads(NET)
    kept = torch.arange(12).reshape(4, 3) % 4 > 0
    net.masks["m"].set(kept)
    made = rebuilt(net, read_net_text(NET + 'layer { name: "r" type: "ReLU" bottom: "b" top: "b" }'))
    x = torch.randn(2, 3)
    assert torch.equal(made(x)["b"], net(x)["b"].relu()) and torch.equal(made.masks["m"].kept, kept)
    assert made.params["a"][0].data_ptr() != net.params["a"][0].data_ptr()


def test_removed_layers_may_have_another_shape():
    net = netdef.loads(NET)
    made = rebuilt(net, read_net_text(NET.replace("num_output: 5", "num_output: 7")), without=["b"])
    assert made.params["b"][0].shape == (7, 4) and torch.equal(made.params["a"][0], net.params["a"][0])
