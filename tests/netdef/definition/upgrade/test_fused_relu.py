"""Layers that intel/caffe's compiler fused are split."""

from __future__ import annotations

import torch

import netdef
from netdef.definition.read import read_net_text

DATA = 'layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 3 dim: 5 dim: 4 } } } '
CONV = ('layer { name: "conv" type: "Convolution" bottom: "data" bottom: "data" top: "conv" convolution_param { num_output: 3 '
        'kernel_size: 1 relu: true negative_slope: 0.25 fusion_type: SUM_FUSION coeff: 1 } } ')


def test_each_part_is_a_layer():
    norm = 'layer { name: "norm" type: "BatchNorm" bottom: "conv" top: "conv" batch_norm_param { relu: true } }'
    ip = 'layer { name: "ip" type: "InnerProduct" bottom: "conv" top: "ip" inner_product_param { num_output: 2 relu: true } }'
    spec = read_net_text(DATA + CONV + norm + ip)
    assert [(layer.name, layer.type, layer.bottoms, layer.tops) for layer in spec.layers[1:]] == [
        ("conv", "Convolution", ("data",), ("conv/Convolution",)),
        ("conv/Eltwise", "Eltwise", ("conv/Convolution", "data"), ("conv/Eltwise",)),
        ("conv/ReLU", "ReLU", ("conv/Eltwise",), ("conv",)),
        ("norm", "BatchNorm", ("conv",), ("conv/BatchNorm",)),
        ("norm/ReLU", "ReLU", ("conv/BatchNorm",), ("conv",)),
        ("ip", "InnerProduct", ("conv",), ("ip/InnerProduct",)),
        ("ip/ReLU", "ReLU", ("ip/InnerProduct",), ("ip",)),
    ]


def test_a_sum_and_a_leaky_relu():
    net = netdef.loads(DATA + CONV)
    for blob in net.params["conv"]:
        blob.data.fill_(-1)
    x = torch.randn(2, 3, 5, 4)
    value = x - x.sum(1, keepdim=True) - 1
    torch.testing.assert_close(net(data=x)["conv"], torch.where(value > 0, value, 0.25 * value))
