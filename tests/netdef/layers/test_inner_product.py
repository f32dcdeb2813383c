"""InnerProduct: axes of features, and the layout of the weight."""

from __future__ import annotations

import pytest
import torch

import netdef
from netdef.errors import SpecError

INPUT = 'layer { name: "i" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 dim: 4 dim: 5 } } }'


def build(param: str) -> netdef.Net:
    return netdef.loads(
        f'{INPUT} layer {{ name: "l" type: "InnerProduct" bottom: "x" top: "y" inner_product_param {{ {param} }} }}')


def test_features_are_flattened_in_logical_order():
    net = build("num_output: 7")
    weight, bias = net.params["l"]
    assert weight.shape == (7, 60) and bias.shape == (7,)
    weight.data.zero_()
    weight.data[6, 2 * 20 + 3 * 5 + 1] = 1
    bias.data.fill_(0.5)
    x = torch.randn(2, 3, 4, 5)
    for memory in (torch.contiguous_format, torch.channels_last):
        y = net(x=x.contiguous(memory_format=memory))["y"]
        assert y[:, 6].equal(x[:, 2, 3, 1] + 0.5) and y[:, 0].tolist() == [0.5, 0.5]


@pytest.mark.parametrize(("axis", "top", "features"), [(0, (7,), 120), (2, (2, 3, 7), 20), (-1, (2, 3, 4, 7), 5)])
def test_axis_divides_batch_from_features(axis, top, features):
    net = build(f"num_output: 7 axis: {axis}")
    assert net.shapes["y"] == top
    assert net.params["l"][0].shape == (7, features)
    assert net.rows[-1].multiply_adds == 120 * 7


def test_a_transposed_weight_gives_the_same_product():
    plain, transposed = build("num_output: 7 bias_term: false"), build("num_output: 7 bias_term: false transpose: true")
    (weight,), (other,) = plain.params["l"], transposed.params["l"]
    weight.data.normal_()
    other.data.copy_(weight.data.T)
    x = torch.randn(2, 3, 4, 5)
    torch.testing.assert_close(plain(x=x)["y"], transposed(x=x)["y"])


@pytest.mark.parametrize("param", ["", "num_output: 0", "num_output: 3 axis: 4", "num_output: 4000000000"])
def test_bad_parameters_are_refused(param):
    with pytest.raises(SpecError) as error:
        build(param)
    assert len(error.value.problems) == 1
