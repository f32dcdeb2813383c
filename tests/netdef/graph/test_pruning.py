"""The layers to prune, and Mask layers inserted into nets."""

import pytest

from netdef.definition.filter import filter_net
from netdef.definition.read import read_net_text
from netdef.graph.pruning import attach_masks, pruned_by_default

NET = """
layer { name: "data" type: "Input" top: "data" }
layer { name: "embed" type: "Embed" bottom: "data" top: "embed" }
layer { name: "conv1" type: "Convolution" bottom: "data" top: "conv1" }
layer { name: "bn" type: "BatchNorm" bottom: "conv1" top: "conv1" }
layer { name: "conv2" type: "Convolution" bottom: "conv1" top: "conv2" }
layer { name: "up" type: "Deconvolution" bottom: "conv2" top: "up" }
layer { name: "m" type: "Mask" top: "m" }
layer { name: "fc1" type: "InnerProduct" bottom: "up" bottom: "m" top: "fc1" }
layer { name: "fc2" type: "InnerProduct" bottom: "fc1" top: "conv2_mask" }
layer { name: "lstm" type: "LSTM" bottom: "fc2" bottom: "cont" top: "lstm" }
layer { name: "rnn" type: "RNN" bottom: "lstm" bottom: "cont" top: "rnn" }
"""


def test_default_layers_are_those_of_the_paper():
    assert pruned_by_default(read_net_text(NET)) == ("conv2", "up", "fc2", "lstm", "rnn")


def test_first_convolution_is_left_out_even_when_masked_in_the_text():
    net = read_net_text(NET.replace('bottom: "data" top: "conv1"', 'bottom: "data" bottom: "m" top: "conv1"'))
    assert pruned_by_default(net) == ("conv2", "up", "fc2", "lstm", "rnn")


def test_a_mask_is_attached_before_its_layer():
    net = read_net_text(NET)
    masked = attach_masks(net, {"conv2": 0.3, "fc2": None})
    assert [layer.name for layer in masked.layers] == [
        "data", "embed", "conv1", "bn", "conv2_mask2", "conv2", "up", "m", "fc1", "fc2_mask", "fc2", "lstm", "rnn",
    ]  # fmt: skip
    mask, conv = masked.layers[4:6]  # the blob conv2_mask is taken
    assert (mask.type, mask.bottoms, mask.tops) == ("Mask", (), ("conv2_mask2",))
    assert mask.message.mask_param.sparsity == pytest.approx(0.3)
    assert conv.bottoms == ("conv1", "conv2_mask2")
    assert not masked.layers[9].message.HasField("mask_param")
    assert masked.layers[10].bottoms == ("fc1", "fc2_mask")
    assert len(net.layers) == 11 and net.layers[4].bottoms == ("conv1",)
    assert pruned_by_default(masked) == ("up", "lstm", "rnn")


def test_places_stay_with_their_layers():
    masked = attach_masks(read_net_text(NET), {"conv2": 0.3})
    mask, conv = masked.layers[4:6]
    assert mask.span().text == conv.span().text
    assert mask.span("mask_param", "sparsity") == conv.span()
    assert conv.span("bottom", 0).text == 'bottom: "conv1"'
    assert conv.span("bottom", 1) == conv.span()
    assert masked.layers[6].span("top", 0).text == 'top: "up"'


def test_masks_have_the_phases_of_their_layers():
    text = 'layer { name: "a" type: "InnerProduct" include { phase: TRAIN } top: "a" } layer { name: "b" top: "b" }'
    masked = attach_masks(read_net_text(text), {"a": None})
    assert [layer.name for layer in filter_net(masked, "TRAIN").layers] == ["a_mask", "a", "b"]
    assert [layer.name for layer in filter_net(masked, "TEST").layers] == ["b"]


@pytest.mark.parametrize(("kind", "more", "param", "blobs"), [
    ("LSTM", "", "", [0, 2]),
    ("LSTM", 'bottom: "s"', "", [0, 2, 3]),
    ("LSTM", 'bottom: "h" bottom: "c"', "recurrent_param { expose_hidden: true }", [0, 2]),
    ("LSTM", 'bottom: "s" bottom: "h" bottom: "c"', "recurrent_param { expose_hidden: true }", [0, 2, 3]),
    ("RNN", "", "", [0, 2, 3]),
    ("RNN", 'bottom: "s"', "", [0, 2, 3, 4]),
    ("RNN", 'bottom: "h"', "recurrent_param { expose_hidden: true }", [0, 2, 3]),
    ("RNN", 'bottom: "m"', "", [0, 2, 3]),
])
def test_recurrent_layer_gets_a_mask_for_each_weight(kind, more, param, blobs):
    text = 'layer { name: "m" type: "Mask" top: "m" }'
    text += f'layer {{ name: "l" type: "{kind}" bottom: "x" bottom: "cont" {more} top: "y" {param} }}'
    (_, *masks, layer) = attach_masks(read_net_text(text), {"l": 0.5}).layers
    names = [f"l_mask_{blob}" for blob in blobs]
    assert [mask.name for mask in masks] == [mask.tops[0] for mask in masks] == names
    assert [mask.message.mask_param.blob for mask in masks] == blobs
    assert [mask.message.mask_param.sparsity for mask in masks] == [0.5] * len(blobs)
    assert list(layer.bottoms[-len(blobs) :]) == names


def test_blobs_can_be_named():
    net = attach_masks(read_net_text(NET), {"conv2": None}, blobs=(1,))
    blobs = {layer.name: layer.message.mask_param.blob for layer in net.layers if layer.type == "Mask"}
    assert blobs == {"conv2_mask2": 1, "m": 0}


def test_an_unknown_name_is_refused():
    with pytest.raises(ValueError, match="no layer `conv3`; did you mean `conv"):
        attach_masks(read_net_text(NET), {"conv3": 0.5})


SIAMESE = """
layer { name: "conv" type: "Convolution" bottom: "a" top: "conv" param { name: "c" } param { name: "c_bias" } }
layer { name: "ip" type: "InnerProduct" bottom: "conv" top: "ip" param { name: "w" lr_mult: 1 } }
layer { name: "ip2" type: "InnerProduct" bottom: "ip" top: "ip2" }
layer { name: "conv_p" type: "Convolution" bottom: "b" top: "conv_p" param { name: "c" } param { name: "c_bias" } }
layer { name: "ip_p" type: "InnerProduct" bottom: "conv_p" top: "ip_p" param { name: "w" } }
"""


def test_the_first_convolution_is_a_weight_not_a_layer():
    assert pruned_by_default(read_net_text(SIAMESE)) == ("ip", "ip2", "ip_p")


def test_frozen_weights_are_not_pruned_by_default():
    assert pruned_by_default(read_net_text(SIAMESE.replace("lr_mult: 1", "lr_mult: 0"))) == ("ip2",)


def test_a_weight_that_a_layer_without_masks_shares_is_not_pruned():
    shared = SIAMESE + 'layer { name: "p" type: "Parameter" top: "p" param { name: "w" } }'
    assert pruned_by_default(read_net_text(shared)) == ("ip2",)


def test_layers_that_share_a_weight_read_one_mask():
    net = attach_masks(read_net_text(SIAMESE), {"ip": 0.4, "ip_p": 0.4})
    assert [layer.name for layer in net.layers] == ["conv", "ip_mask", "ip", "ip2", "conv_p", "ip_p"]
    assert net.layers[2].bottoms == ("conv", "ip_mask") and net.layers[5].bottoms == ("conv_p", "ip_mask")


def test_a_mask_is_there_in_every_phase_of_a_layer_that_reads_it():
    text = SIAMESE.replace('name: "ip" ', 'name: "ip" include { phase: TRAIN } ')
    net = attach_masks(read_net_text(text), {"ip": None})
    assert [layer.name for layer in filter_net(net, "TEST").layers] == ["conv", "ip_mask", "ip2", "conv_p", "ip_p"]
    assert [layer.name for layer in filter_net(net, "TRAIN").layers].count("ip_mask") == 1
