"""`connectivity_mode` of the SSL fork becomes a Mask."""

from __future__ import annotations

import pytest

import netdef
from netdef.definition.read import read_net_text

LAYERS = """
layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 2 dim: 4 dim: 5 dim: 3 } } }
layer { name: "conv" type: "Convolution" bottom: "x" top: "conv" connectivity_mode: DISCONNECTED_GRPWISE
        convolution_param { num_output: 6 group: 2 kernel_size: 2 weight_filler { type: "xavier" } } }
layer { name: "relu" type: "ReLU" bottom: "conv" top: "conv" connectivity_mode: CONNECTED }
layer { name: "ip" type: "InnerProduct" bottom: "conv" top: "ip" connectivity_mode: DISCONNECTED_ELTWISE
        inner_product_param { num_output: 7 weight_filler { type: "xavier" } } }
"""


def test_connectivity_mode_becomes_a_mask_with_zeros():
    layers = read_net_text(LAYERS).layers
    assert [(layer.name, layer.type) for layer in layers if layer.type == "Mask"] == [
        ("conv_mask", "Mask"), ("ip_mask", "Mask")]
    masks = {layer.name: layer.message.mask_param for layer in layers if layer.type == "Mask"}
    assert masks["conv_mask"].zeros == masks["conv_mask"].STAY_IN_GROUPS and masks["ip_mask"].zeros == 1
    assert not any(layer.message.HasField("connectivity_mode") for layer in layers)
    assert layers[-1].bottoms == ("conv", "ip_mask")


def test_connectivity_mode_of_a_layer_without_weights_is_refused():
    with pytest.raises(netdef.SpecError, match="`connectivity_mode` is for layers with weights"):
        netdef.loads(LAYERS.replace('"ReLU" bottom: "conv" top: "conv" connectivity_mode: CONNECTED',
                                    '"ReLU" bottom: "conv" top: "conv" connectivity_mode: DISCONNECTED_ELTWISE'))
