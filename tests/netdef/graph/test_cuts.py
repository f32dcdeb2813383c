"""Where masks cut a net."""

from __future__ import annotations

import pytest
import torch

import netdef
from netdef.graph.cuts import find_cuts

HEAD = """layer { name: "in" type: "Input" top: "x" top: "t"
                 input_param { shape { dim: 2 dim: 4 dim: 5 dim: 3 } shape { dim: 2 } } }"""
LOSS = 'layer { name: "loss" type: "SoftmaxWithLoss" bottom: "y" bottom: "t" top: "loss" }'


def masked(name, type, param, bottom, top):
    return (f'layer {{ name: "m_{name}" type: "Mask" top: "m_{name}" }} layer {{ name: "{name}" type: "{type}" '
            f'bottom: "{bottom}" bottom: "m_{name}" top: "{top}" {param} }}')


def conv(name, bottom, top, more=""):
    return masked(name, "Convolution", f"convolution_param {{ num_output: 6 kernel_size: 1 {more} }}", bottom, top)


def ip(name, bottom, top, more=""):
    return masked(name, "InnerProduct", f"inner_product_param {{ num_output: 7 {more} }}", bottom, top)


def build(*layers, loss=LOSS):
    return netdef.loads("\n".join([HEAD, *layers, loss]), phase="TRAIN")


def keep(net, name, *where):
    """Keep only these elements of a weight; each is an index of it."""
    mask = net.masks[f"m_{name}"]
    kept = torch.zeros(mask.shape, dtype=torch.bool)
    for index in where:
        kept[index] = True
    mask.set(kept)


def dependent(net) -> bool:
    """Whether the net's answers differ for two inputs, with weights that all are positive."""
    with torch.no_grad():
        for mask, readers in net.masked.items():
            for layer, blob in readers:
                getattr(net.layers[layer], blob).uniform_(0.5, 1.0)
    t = torch.zeros(2)
    torch.manual_seed(1)
    return not torch.equal(net(torch.rand(2, 4, 5, 3), t)["loss"], net(torch.rand(2, 4, 5, 3), t)["loss"])


@pytest.mark.parametrize("kept, ends, whole", [
    ({}, (), False),
    ({"c": []}, ("c",), True),
    ({"i": []}, ("i",), True),
    ({"c": [(2, 3)], "i": [(4, slice(30, 31))]}, (), False),  # channel 2 is inputs 30 to 44 of the product
    ({"c": [(2, 3)], "i": [(4, slice(29, 30)), (5, slice(45, 46))]}, ("i",), True),
    ({"c": [(0, 0), (5, 1)], "i": [(6, 89)]}, (), False),
])
def test_the_path_through_a_convolution_and_a_product(kept, ends, whole):
    net = build(conv("c", "x", "c"), 'layer { name: "relu" type: "ReLU" bottom: "c" top: "c" }', ip("i", "c", "y"))
    for name, where in kept.items():
        keep(net, name, *where)
    found = find_cuts(net)
    assert (found.ends, found.whole) == (ends, whole)
    assert dependent(net) is not whole


@pytest.mark.parametrize("second, whole", [((1, 0), True), ((4, 0), False), ((4, 1), True)])
def test_groups_read_their_own_channels(second, whole):
    """The first convolution feeds channel 3 alone, the first of the second group's three."""
    net = build(conv("a", "x", "a"), conv("b", "a", "b", "group: 2"), ip("i", "b", "y"))
    keep(net, "a", (3, 2))
    keep(net, "b", second)
    assert find_cuts(net).whole is whole and dependent(net) is not whole
    assert find_cuts(net).ends == (("b",) if whole else ())


@pytest.mark.parametrize("kept, whole", [((14, 2), False), ((15, 2), True)])
def test_a_transposed_product(kept, whole):
    net = build(conv("c", "x", "c"), ip("i", "c", "y", "transpose: true"))
    keep(net, "c", (0, 0))
    keep(net, "i", kept)
    assert find_cuts(net).whole is whole and dependent(net) is not whole


def test_a_deconvolution_of_groups():
    param = "convolution_param { num_output: 8 kernel_size: 1 group: 2 }"
    net = build(masked("d", "Deconvolution", param, "x", "d"), ip("i", "d", "y"))
    keep(net, "d", (2, 1))  # input 2 is the first of the second group, its output 1 is the net's 5
    for output, whole in ((5, False), (1, True)):
        keep(net, "i", (3, slice(15 * output, 15 * output + 1)))
        assert find_cuts(net).whole is whole and dependent(net) is not whole


def test_a_way_around_a_layer():
    net = build(conv("a", "x", "a"), conv("b", "a", "b"),
                'layer { name: "sum" type: "Eltwise" bottom: "a" bottom: "b" top: "s" }', ip("i", "s", "y"))
    keep(net, "b")
    assert find_cuts(net).ends == ("b",) and not find_cuts(net).whole and dependent(net)


def test_layers_whose_channels_are_not_followed_are_no_cut():
    """The convolution without a mask mixes channels; ShuffleChannel moves them."""
    plain = 'layer { name: "p" type: "Convolution" bottom: "a" top: "p" convolution_param { num_output: 6 kernel_size: 1 } }'
    shuffle = 'layer { name: "s" type: "ShuffleChannel" bottom: "p" top: "q" shuffle_channel_param { group: 3 } }'
    net = build(conv("a", "x", "a"), plain, shuffle, ip("i", "q", "y"))
    keep(net, "a", (3, 2))
    keep(net, "i", (1, 0))
    assert find_cuts(net) == find_cuts(build(conv("a", "x", "a"), ip("i", "a", "y")))


def test_a_concatenation_and_a_net_without_losses():
    net = build(conv("a", "x", "a"), conv("b", "x", "b"),
                'layer { name: "cat" type: "Concat" bottom: "a" bottom: "b" top: "c" }',
                'layer { name: "flat" type: "Flatten" bottom: "c" top: "f" }', ip("i", "f", "y"), loss="")
    keep(net, "a")
    for column, whole in ((89, True), (90, False)):
        keep(net, "i", (0, column))
        assert find_cuts(net).whole is whole


def test_a_recurrent_layer_that_keeps_nothing():
    net = netdef.loads("""
        layer { name: "in" type: "Input" top: "x" top: "cont"
                input_param { shape { dim: 3 dim: 2 dim: 4 } shape { dim: 3 dim: 2 } } }
        layer { name: "m0" type: "Mask" top: "m0" } layer { name: "m2" type: "Mask" top: "m2" mask_param { blob: 2 } }
        layer { name: "rnn" type: "LSTM" bottom: "x" bottom: "cont" bottom: "m0" bottom: "m2" top: "h"
                recurrent_param { num_output: 5 } }""", phase="TRAIN")
    net.masks["m0"].set(torch.zeros(net.masks["m0"].shape, dtype=torch.bool))
    assert not find_cuts(net).whole
    net.masks["m2"].set(torch.zeros(net.masks["m2"].shape, dtype=torch.bool))
    assert find_cuts(net).whole
