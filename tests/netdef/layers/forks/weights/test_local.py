"""Local against sums over windows, place by place."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer

import netdef
from netdef.graph.cuts import find_cuts

PARAM = 'local_param { num_output: 2 kernel_size: 3 stride: 2 pad: 1 weight_filler { type: "gaussian" std: 0.5 } }'


def test_every_place_has_its_own_kernel():
    x = draw(2, 3, 5, 4)
    net = one_layer("Local", PARAM, x=x)
    weight, bias = net.params["l"]
    assert (tuple(weight.shape), tuple(bias.shape)) == ((2, 1, 27, 6), (1, 1, 2, 6))
    with torch.no_grad():
        bias.copy_(draw(1, 1, 2, 6, seed=3))
    top = net(x=x)["y0"]
    assert top.shape == (2, 2, 3, 2)
    padded = torch.zeros(2, 3, 7, 6).double()
    padded[:, :, 1:6, 1:5] = x
    for row in range(3):
        for column in range(2):
            window = padded[:, :, 2 * row : 2 * row + 3, 2 * column : 2 * column + 3].flatten(1)
            place = 2 * row + column
            wanted = window @ weight[:, 0, :, place].t() + bias[0, 0, :, place]
            torch.testing.assert_close(top[:, :, row, column], wanted)


@pytest.mark.parametrize(("param", "words"), [
    ("num_output: 2", "needs a `kernel_size` of at least 1"), ("kernel_size: 2", "needs a `num_output` of at least 1"),
    ("num_output: 2 kernel_size: 6", "has a kernel of 6, larger than its bottom"),
])
def test_mistakes(param, words):
    with pytest.raises(netdef.SpecError, match=words):
        one_layer("Local", f"local_param {{ {param} }}", x=(2, 3, 5, 4))


def test_names_of_2013_and_2014():
    old = ('input: "x" input_dim: [2, 3, 5, 4] layers { layer { name: "l" type: "locally_connected" num_output: 2 kernelsize: 3 '
           'stride: 2 pad: 1 } bottom: "x" top: "y" }')
    v1 = ('input: "x" input_dim: [2, 3, 5, 4] layers { name: "l" type: LOCAL bottom: "x" top: "y" '
          'local_param { num_output: 2 kernel_size: 3 stride: 2 pad: 1 } }')
    for text in (old, v1):
        assert netdef.loads(text).shapes["y"] == (2, 2, 3, 2)


def test_a_weight_seen_by_channel_begins_with_the_inputs():
    layer = one_layer("Local", "local_param { num_output: 4 kernel_size: 2 }", x=(2, 3, 5, 7)).layers["l"]
    weight = layer.blob("weight").detach()
    seen = layer.channel_layout("weight").by_channel(weight)
    assert seen.shape == (1, 4, 3, 4 * 24) and torch.equal(seen[0, 2, 1], weight[2, 0, 4:8].flatten())


@pytest.mark.parametrize(("channel", "ends"), [(1, ("b",)), (2, ())])
def test_a_mask_that_cuts_the_net_is_found(channel, ends):
    """The first layer makes channel 2 alone, from its input 0; the second reads one channel, in 4 weights a channel."""
    net = netdef.loads('input: "x" input_dim: [2, 3, 5, 4] ' + "".join(
        f'layer {{ name: "m{top}" type: "Mask" top: "m{top}" }} layer {{ name: "{top}" type: "Local" bottom: "{bottom}" '
        f'bottom: "m{top}" top: "{top}" local_param {{ num_output: 5 kernel_size: 2 }} }}' for bottom, top in ("xa", "ab")))
    first, second = torch.zeros(5, 1, 12, 12, dtype=torch.bool), torch.zeros(5, 1, 20, 6, dtype=torch.bool)
    first[2, 0, 3, 7] = second[4, 0, 4 * channel + 1, 5] = True
    net.masks["ma"].set(first)
    net.masks["mb"].set(second)
    assert find_cuts(net).ends == ends
