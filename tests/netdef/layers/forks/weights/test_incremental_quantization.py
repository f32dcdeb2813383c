"""Weights that become powers of two, part by part."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer
from torch.autograd import gradcheck

import netdef
from netdef.layers.forks.weights.incremental_quantization import powers_of_two

ONES = "weight_mask_filler { type: 'constant' value: 1 } bias_mask_filler { type: 'constant' value: 1 }"
WEIGHTS = [[0.9, -0.3, 0.05], [-1.4, 0.2, 0.7]]


def product(phase: str, portions: str, x: torch.Tensor, more: str = "") -> netdef.Net:
    """An inner product of 3 to 2 numbers with `WEIGHTS`, in float64."""
    net = one_layer("INQInnerProduct", f"inner_product_param {{ num_output: 2 bias_filler {{ value: 0.3 }} }} "
                    f"inq_inner_product_param {{ {portions} {ONES} {more} }}", phase, x=x)
    net.params["l"][0].data.copy_(torch.tensor(WEIGHTS))
    return net


def test_the_nearest_power_of_two():
    """From 0.75 to 1.5 it is 1."""
    found = powers_of_two(torch.tensor([0.76, -1.49, 1.51, 0.74, 0.0, 3.1]).double())
    assert found.tolist() == [1, -1, 2, 0.5, 0, 4]


def test_the_largest_half_is_quantised_in_training():
    x = draw(4, 3)
    net = product("TRAIN", "portion: 0 portion: 0.5", x)
    top = net(x=x)["y0"]
    expected = torch.tensor([[1.0, -0.3, 0.05], [-1, 0.2, 0.5]]).double()
    weight, bias, mask, bias_mask = net.params["l"]
    torch.testing.assert_close(weight.detach(), expected, atol=1e-7, rtol=0)
    assert mask.tolist() == [[0, 1, 1], [0, 1, 0]]
    assert bias_mask.tolist() == [0, 0] and bias.tolist() == [0.25, 0.25]  # equal ones are quantised together
    torch.testing.assert_close(top, x @ weight.T + 0.25)
    (gradient,) = torch.autograd.grad(top.sum(), weight)
    torch.testing.assert_close(gradient, mask * x.sum(0))
    net(x=x)
    assert mask.sum() == 3  # only the first pass quantises


def test_a_part_that_was_quantised_before():
    """Three of six are; two more become so, below the greatest power before."""
    x = draw(4, 3)
    net = product("TRAIN", "portion: 0.5 portion: 0.8", x, "num_quantum_values: 2")
    net.params["l"][2].copy_(torch.tensor([[0, 1, 1], [0, 1, 0]]))
    net.params["l"][0].data.copy_(torch.tensor([[1, -0.3, 0.05], [-1, 0.2, 0.5]]))
    net(x=x)
    # of the three that learn round(6 * 0.2) = 1 goes on; 2^0 and 2^-1 are the powers, and -0.25 and 0.25 are below them
    assert net.params["l"][2].tolist() == [[0, 0, 1], [0, 0, 0]]
    expected = torch.tensor([[1, 0, 0.05], [-1, 0, 0.5]]).double()
    torch.testing.assert_close(net.params["l"][0].detach(), expected, atol=1e-7, rtol=0)


def test_quantised_weights_do_not_decay():
    x = draw(4, 3)
    net = product("TRAIN", "portion: 0 portion: 1", x)
    net(x=x)
    quantised = net.params["l"][0].detach().clone()
    net.params["l"][0].data.mul_(0.99)
    net(x=x)
    torch.testing.assert_close(net.params["l"][0].detach(), quantised)


def test_a_test_quantises_nothing():
    x = draw(4, 3)
    net = product("TEST", "portion: 0 portion: 0.5", x)
    torch.testing.assert_close(net(x=x)["y0"], x @ torch.tensor(WEIGHTS).double().T + 0.3, atol=1e-6, rtol=0)
    assert gradcheck(lambda a: net(x=a)["y0"], x.requires_grad_())


@pytest.mark.parametrize("bias", ["true", "false"])
def test_convolutions(bias):
    x = draw(2, 3, 5, 4).requires_grad_()
    net = one_layer("INQConvolution", f"convolution_param {{ num_output: 4 kernel_size: 2 bias_term: {bias} weight_filler "
                    f"{{ type: 'gaussian' std: 1 }} }} inq_convolution_param {{ portion: 0 portion: 1 {ONES} }}", "TRAIN", x=x)
    blobs = net.params["l"]
    before = blobs[0].detach().clone()
    top = net(x=x)["y0"]
    assert len(blobs) == (4 if bias == "true" else 2) and not blobs[len(blobs) // 2].any()
    kept = blobs[0] != 0
    torch.testing.assert_close(blobs[0].detach(), powers_of_two(before) * kept)
    torch.testing.assert_close(top, torch.nn.functional.conv2d(x, blobs[0]))
    assert gradcheck(lambda a: net(x=a)["y0"], x)


@pytest.mark.parametrize("portions", ["portion: 0.5", "portion: 0.5 portion: 0.4", "portion: 1 portion: 1"])
def test_portions_that_are_wrong_are_refused(portions):
    with pytest.raises(netdef.SpecError, match="`portion`"):
        product("TEST", portions, draw(4, 3))
