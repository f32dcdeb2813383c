"""InnerProduct: axes of features, and the layout of the weight."""

from __future__ import annotations

import pytest
import torch

import netdef
from netdef.definition.read import read_net_text
from netdef.errors import SpecError
from netdef.graph.pruning import pruned_by_default

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


GIVEN = """
layer {{ name: "w" type: "{kind}" top: "w" {param} }}
layer {{ name: "b" type: "Parameter" top: "b" parameter_param {{ shape {{ dim: 7 }} }} }}
layer {{ name: "l" type: "InnerProduct" bottom: "x" bottom: "w" {more} top: "y"
         inner_product_param {{ num_output: 7 {product} }} }}
"""
WEIGHT = "parameter_param { shape { dim: 7 dim: 3 dim: 20 } filler { type: 'gaussian' std: 0.1 } }"


def given(product: str, more: str = "", kind: str = "Parameter", param: str = WEIGHT, phase: str = "TEST") -> netdef.Net:
    return netdef.loads(INPUT + GIVEN.format(kind=kind, param=param, more=more, product=product), phase=phase)


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
@pytest.mark.parametrize("with_bias", [True, False])
def test_a_weight_and_a_bias_from_bottoms(with_bias: bool, phase: str):
    """As of OpenVINO's fork; gradients go to the layers that make them."""
    net = given(f"bias_term: {str(with_bias).lower()}", 'bottom: "b"' if with_bias else "", phase=phase)
    (weight,), (bias,) = net.params["w"], net.params["b"]
    bias.data.uniform_()
    x = torch.randn(2, 3, 4, 5)
    y = net(x=x)["y"]
    plain = x.flatten(1) @ weight.flatten(1).t()
    torch.testing.assert_close(y, plain + bias if with_bias else plain)
    assert "l" not in net.params and not given("bias_term: false").layers["l"].blob_names
    y.sum().backward()
    torch.testing.assert_close(weight.grad, x.sum(0).reshape(3, 20).expand(7, -1, -1))


def test_the_outputs_are_those_of_the_weight():
    """A published net (OpenVINO, actions) gives a `num_output` of 5 beside a weight of 3 rows."""
    assert given("bias_term: false", param=WEIGHT.replace("7", "8")).shapes["y"] == (2, 8)


def test_a_bottom_that_a_mask_makes_is_a_mask():
    net = given("bias_term: false", kind="Mask", param="mask_param { sparsity: 0.3 }")
    assert net.params["l"][0].shape == (7, 60) and net.layers["l"].masks


def test_a_weight_from_a_bottom_is_not_pruned():
    """A sparse phase gives it no Mask of its own; the layer before has one."""
    first = 'layer { name: "z" type: "InnerProduct" bottom: "x" top: "z" inner_product_param { num_output: 5 } } '
    text = INPUT + first + GIVEN.format(kind="Parameter", param=WEIGHT, more="", product="bias_term: false")
    assert pruned_by_default(read_net_text(text)) == ("z",)


@pytest.mark.parametrize(("product", "more", "param", "complaint"), [
    ("bias_term: true", "", WEIGHT, "a `bias_term` needs a third bottom"),
    ("bias_term: false", 'bottom: "b"', WEIGHT, "a `bias_term` needs a third bottom"),
    ("bias_term: false transpose: true", "", WEIGHT, "`transpose` is not possible"),
    ("bias_term: false", "", WEIGHT.replace("20", "19"), "if no Mask makes it, and must have 60 numbers an output"),
    ("bias_term: true", 'bottom: "b"', WEIGHT.replace("7", "8"), "the third is the bias and must hold 8 numbers"),
    ("axis: 2", 'bottom: "b" bottom: "b"', WEIGHT, "takes 1 to 3 bottoms, the text gives 4"),
])
def test_bottoms_that_are_no_weight_are_refused(product, more, param, complaint):
    with pytest.raises(SpecError, match=complaint):
        given(product, more, param=param)
