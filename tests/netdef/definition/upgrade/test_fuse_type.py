"""clCaffe's fused layers are split in two."""

from __future__ import annotations

import pytest
import torch

import netdef
from netdef.definition.read import read_net_text

DATA = 'layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 3 dim: 13 dim: 11 } } } '
CONV = ('layer { name: "conv" type: "Convolution" bottom: "data" top: "conv" param { lr_mult: 3 } convolution_param { '
        'num_output: 4 kernel_size: 3 fuse_type: %s relu_param { negative_slope: 0.5 } } } ')
NORM = ('layer { name: "norm" type: "LRN" bottom: "conv" top: "pool" include { phase: TEST } lrn_param { local_size: 3 '
        'fuse_type: FUSED_POOL_MAX pooling_param { kernel_size: 2 stride: 2 } } }')


def test_each_part_is_a_layer():
    spec = read_net_text(DATA + CONV % "FUSED_CONV_RELU" + NORM, name="n")
    assert [(layer.name, layer.type, layer.bottoms, layer.tops) for layer in spec.layers[1:]] == [
        ("conv", "Convolution", ("data",), ("conv/Convolution",)),
        ("conv/ReLU", "ReLU", ("conv/Convolution",), ("conv",)),
        ("norm", "LRN", ("conv",), ("pool/LRN",)),
        ("norm/Pooling", "Pooling", ("pool/LRN",), ("pool",)),
    ]
    assert len(spec.layers[4].message.include) == 1 and not spec.layers[2].message.include


def test_the_split_net_computes_both():
    net = netdef.loads(DATA + CONV % "FUSED_CONV_RELU" + NORM)
    relu = 'layer { name: "r" type: "ReLU" bottom: "conv" top: "r" relu_param { negative_slope: 0.5 } }'
    other = netdef.loads(DATA + CONV % "UNFUSED" + relu)
    for mine, theirs in zip(net.params["conv"], other.params["conv"]):
        mine.data.normal_()
        theirs.data.copy_(mine.data)
    x = torch.randn(2, 3, 13, 11)
    assert torch.equal(net.activations(data=x)["conv"], other(data=x)["r"])
    assert net.shapes["pool"] == (2, 4, 6, 5)


def test_other_fusions_are_refused():
    with pytest.raises(netdef.SpecError, match="has `fuse_type` FUSED_CONV_ELTWISE; only FUSED_CONV_RELU is implemented"):
        netdef.loads(DATA + CONV % "FUSED_CONV_ELTWISE")
