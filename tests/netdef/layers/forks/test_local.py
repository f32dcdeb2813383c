"""Local against sums over windows, place by place."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer

import netdef

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
