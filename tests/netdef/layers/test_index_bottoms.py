"""Bottoms that choose, as indices and labels do, made by layers that learn: backward passes them by."""

from __future__ import annotations

import pytest
import torch

import netdef

# A net in which `index` (4 numbers, or 4 x 1) comes out of a layer with a weight, and `x` (4 x 3) out of another.
NET = """
layer { name: "i" type: "Input" top: "u" top: "v" input_param { shape { dim: 4 dim: 1 } shape { dim: 4 dim: 2 } } }
layer { name: "chosen" type: "InnerProduct" bottom: "u" top: "index"
        inner_product_param { num_output: 1 bias_term: false weight_filler { type: "constant" value: 1 } } }
layer { name: "flat" type: "Reshape" bottom: "index" top: "flat" reshape_param { shape { dim: -1 } } }
layer { name: "ip" type: "InnerProduct" bottom: "v" top: "x"
        inner_product_param { num_output: 3 weight_filler { type: "constant" value: 0.5 } } }
"""
SUM = ' layer { name: "loss" type: "Reduction" bottom: "y" top: "loss" loss_weight: 1 }'
LAYERS = {
    "Embed": """layer { name: "l" type: "Embed" bottom: "index" top: "e" embed_param { num_output: 3 input_dim: 3 } }
                layer { name: "both" type: "Flatten" bottom: "e" top: "f" }
                layer { name: "add" type: "Eltwise" bottom: "f" bottom: "x" top: "y" }""" + SUM,
    "Filter": 'layer { name: "l" type: "Filter" bottom: "x" bottom: "flat" top: "y" }' + SUM,
    "BatchReindex": 'layer { name: "l" type: "BatchReindex" bottom: "x" bottom: "flat" top: "y" }' + SUM,
    "SoftmaxWithLoss": 'layer { name: "l" type: "SoftmaxWithLoss" bottom: "x" bottom: "index" top: "loss" }',
    "HingeLoss": 'layer { name: "l" type: "HingeLoss" bottom: "x" bottom: "index" top: "loss" }',
    "MultinomialLogisticLoss": """layer { name: "p" type: "Softmax" bottom: "x" top: "p" }
                layer { name: "l" type: "MultinomialLogisticLoss" bottom: "p" bottom: "index" top: "loss" }""",
}


@pytest.mark.parametrize("kind", LAYERS)
def test_backward_passes_by_what_makes_the_indices(kind: str):
    net = netdef.loads(NET + LAYERS[kind], phase="TRAIN")
    outputs = net(u=torch.tensor([[0.0], [2], [1], [2]]), v=torch.linspace(-1, 2, 8).reshape(4, 2))
    net.loss(outputs).backward()
    chosen, learned = net.params["chosen"][0].grad, net.params["ip"][0].grad
    assert chosen is None or not chosen.any()
    assert learned is not None and learned.any()
