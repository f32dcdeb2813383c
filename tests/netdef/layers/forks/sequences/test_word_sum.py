"""Weighted sums of the words of an item."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer

import netdef
from netdef.testing import check_layer

PARAM = 'word_sum_param { num_output: 2 weight_filler { type: "gaussian" std: 1 } bias_filler { type: "gaussian" std: 1 } %s }'


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_sums_of_words(phase):
    x = draw(4, 3, 5)
    net = one_layer("WordSum", PARAM % "", phase, x=x)
    weight, bias = net.params["l"]
    assert weight.shape == (2, 3) and bias.shape == (10,)
    expected = torch.einsum("om,nme->noe", weight, x) + bias.reshape(2, 5)
    torch.testing.assert_close(net(x=x)["y0"], expected)
    assert len(one_layer("WordSum", PARAM % "bias_term: false", phase, x=x).params["l"]) == 1


def test_gradients():
    check_layer(f'layer {{ name: "l" type: "WordSum" bottom: "x" top: "y" {PARAM % ""} }}', x=(4, 3, 5))


def test_items_of_other_axes_are_refused():
    with pytest.raises(netdef.SpecError, match="wants items of two axes"):
        one_layer("WordSum", PARAM % "", x=(4, 3, 5, 2))
