"""Output channels of weights: views from arithmetic, and the layout that each layer states."""

from __future__ import annotations

import pytest
import torch

import netdef
from netdef.layers.core.channels import ChannelLayout


def test_channels_of_a_weight_with_outputs_first():
    weight = torch.arange(2 * 3 * 4 * 5).view(2, 3, 4, 5)
    seen = ChannelLayout().by_channel(weight)
    assert seen.shape == (1, 2, 3, 20)
    assert seen[0, 1, 2, 7] == weight[1, 2, 1, 2]


def test_channels_of_a_weight_with_outputs_second():
    weight = torch.arange(3 * 2).view(3, 2)
    assert ChannelLayout(output_axis=1).by_channel(weight)[0, :, :, 0].equal(weight.t())


def test_channels_of_a_grouped_transposed_weight():
    weight = torch.arange(6 * 2 * 5).view(6, 2, 5)  # 6 inputs in 3 groups, 2 outputs of each
    seen = ChannelLayout(1, 3).by_channel(weight)
    assert seen.shape == (3, 2, 2, 5)
    assert seen[2, 1, 0].equal(weight[4, 1]) and seen[2, 0, 1].equal(weight[5, 0])


def test_each_element_of_a_vector_is_an_output():
    assert ChannelLayout().by_channel(torch.zeros(7)).shape == (1, 7, 1, 1)


def test_writing_to_the_view_writes_to_the_weight():
    for layout in (ChannelLayout(), ChannelLayout(1, 2)):
        weight = torch.zeros(4, 3, 2)
        layout.by_channel(weight).fill_(1)
        assert weight.sum() == 24


@pytest.mark.parametrize(("type_name", "param", "shape", "layout"), [
    ("Convolution", "convolution_param { num_output: 6 kernel_size: 2 group: 2 }", (2, 4, 5, 7), (0, 1)),
    ("Deconvolution", "convolution_param { num_output: 6 kernel_size: 2 group: 2 }", (2, 4, 5, 7), (1, 2)),
    ("InnerProduct", "inner_product_param { num_output: 6 }", (2, 5), (0, 1)),
    ("InnerProduct", "inner_product_param { num_output: 6 transpose: true }", (2, 5), (1, 1)),
    ("Embed", "embed_param { num_output: 6 input_dim: 5 }", (2,), (1, 1)),
])
def test_the_layout_of_each_layer_is_right(type_name, param, shape, layout):
    """Only channel 2 of the top depends on output 2 of the weight."""
    dims = " ".join(f"dim: {size}" for size in shape)
    net = netdef.loads(f'layer {{ name: "i" type: "Input" top: "x" input_param {{ shape {{ {dims} }} }} }} '
                       f'layer {{ name: "l" type: "{type_name}" bottom: "x" top: "y" {param} }}')
    layer = net.layers["l"]
    assert layer.channel_layout("weight") == ChannelLayout(*layout)
    x = torch.ones(shape)
    layer.weight.data.zero_()
    seen = layer.channel_layout("weight").by_channel(layer.weight.data)
    groups, outputs = seen.shape[:2]
    assert groups * outputs == 6
    seen[2 // outputs, 2 % outputs] = 1
    top = net(x=x)["y"]
    channels = top.movedim(1 if top.ndim > 2 or type_name == "InnerProduct" else -1, 0)
    assert [bool(channel.any()) for channel in channels] == [False, False, True, False, False, False]
