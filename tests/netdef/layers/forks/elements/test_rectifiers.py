"""SeLu, ReLU6, HardSwish, Mish and Insanity by arithmetic."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import one_layer, top_of

from netdef.errors import SpecError


def test_relu6_and_hard_swish():
    x = torch.tensor([[-5.0, -2, -0.5, 0, 1, 5, 7]]).double()
    assert top_of("ReLU6", "", x=x).tolist() == [[0, 0, 0, 0, 1, 5, 6]]
    assert top_of("ReLU6", "relu_param { negative_slope: 0.5 }", x=x).tolist() == [[-2.5, -1, -0.25, 0, 1, 5, 6]]
    assert top_of("HardSwish", "", x=x)[0].tolist() == pytest.approx([0, -2 / 6, -0.5 * 2.5 / 6, 0, 4 / 6, 5, 7])


def test_mish():
    x = torch.tensor([[-5.0, -0.5, 0, 2]]).double()
    assert top_of("Mish", "", x=x)[0].tolist() == pytest.approx([v * math.tanh(math.log(1 + math.exp(v))) for v in x[0].tolist()])


def test_selu():
    x = torch.tensor([[-2.0, 0, 3]]).double()
    expected = [1.050700987 * 1.67326324 * (math.exp(-2) - 1), 0, 1.050700987 * 3]
    assert top_of("SeLu", "", x=x)[0].tolist() == pytest.approx(expected, rel=1e-6)
    top = top_of("SeLu", "selu_param { lambda: 2 alpha: 0.5 }", x=x)
    assert top[0].tolist() == pytest.approx([math.exp(-2) - 1, 0, 6])


def test_insanity_in_test_divides_by_the_logarithmic_mean():
    x = torch.tensor([[-3.0, 0, 2]]).double()
    expected = [-3 * math.log(5 / 2) / 3, 0, 2]
    assert top_of("Insanity", "insanity_param { lb: 2 ub: 5 }", x=x)[0].tolist() == pytest.approx(expected)
    assert top_of("Insanity", x=x)[0, 0].item() == pytest.approx(-3 * math.log(2) / 5)  # from 5 to 10


def test_insanity_in_training_draws_for_each_element_and_backward_uses_the_same():
    x = -torch.ones(1, 4000).double()
    x[0, 0] = 7
    net = one_layer("Insanity", "insanity_param { lb: 2 ub: 5 }", "TRAIN", x=x)
    y = net(x=x.requires_grad_())["y0"]
    (slope,) = torch.autograd.grad(y.sum(), x)
    assert y[0, 0] == 7 and slope[0, 0] == 1
    torch.testing.assert_close(slope[0, 1:], -y[0, 1:])
    drawn = 1 / slope[0, 1:]
    assert 2 <= drawn.min() < 2.01 and 4.99 < drawn.max() <= 5
    assert drawn.mean().item() == pytest.approx(3.5, abs=6 * math.sqrt(0.75 / 3999))  # of a uniform variable


@pytest.mark.parametrize("param", ["lb: 5 ub: 5", "lb: 0", "lb: -2", "ub: inf"])
def test_insanity_refuses_impossible_bounds(param: str):
    with pytest.raises(SpecError, match="`lb` must be above 0, and `ub` above it and finite"):
        one_layer("Insanity", f"insanity_param {{ {param} }}", x=(1, 2))


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_numbers_without_their_fractions(phase):
    x = torch.tensor([[-2.75, -0.5, 0, 1.25, 3]]).double()
    assert top_of("StripDecimals", "", phase, x=x).tolist() == [[-2, 0, 0, 1, 3]]


def test_brelu_keeps_values_between_two_bounds():
    x = torch.tensor([[-5.0, -0.5, 0.25, 0.5, 7]]).double().requires_grad_()
    net = one_layer("BReLU", "brelu_param { minval: -0.5 maxval: 0.5 }", "TRAIN", x=x)
    top = net(x=x)["y0"]
    assert top.tolist() == [[-0.5, -0.5, 0.25, 0.5, 0.5]]
    top.sum().backward()
    assert x.grad.tolist() == [[0, 1, 1, 1, 0]]
    with pytest.raises(SpecError, match="needs a `maxval`"):
        one_layer("BReLU", "brelu_param { minval: 0 }", x=(2, 3))
    with pytest.raises(SpecError, match="has a `minval` of 1 above its `maxval` of 0"):
        one_layer("BReLU", "brelu_param { minval: 1 maxval: 0 }", x=(2, 3))


def test_what_is_below_0_passes_through_a_min_relu():
    x = torch.tensor([-2.0, -0.5, 0, 4]).double().requires_grad_()
    for slope in (0, 0.25):
        top = top_of("MinReLU", f"minrelu_param {{ positive_slope: {slope} }}", "TRAIN", x=x)
        assert top.tolist() == [-2, -0.5, 0, 4 * slope]
        assert torch.autograd.grad(top.sum(), x)[0].tolist() == [1, 1, slope, slope]


@pytest.mark.parametrize("slope", [0, 0.5])
def test_the_gradient_of_a_deconv_relu_is_rectified_itself(slope):
    x = torch.tensor([-2.0, -1, 3, 4]).double().requires_grad_()
    top = top_of("DeconvReLU", f"deconvrelu_param {{ negative_slope: {slope} }}", "TRAIN", x=x)
    assert top.tolist() == [-2 * slope, -slope, 3, 4]
    (gradient,) = torch.autograd.grad(top, x, torch.tensor([5.0, -7, 11, -13]).double())
    assert gradient.tolist() == [5 + 5 * slope, -7 * slope, 11, 0]


def test_relux():
    x = torch.tensor([[-4.0, -1, 0, 2, 3, 5]]).double().requires_grad_()
    top = top_of("ReLUX", "relux_param { maximal_value: 3 negative_slope: 0.25 }", x=x)
    assert top.tolist() == [[-1, -0.25, 0, 2, 3, 3]]
    top.sum().backward()
    assert x.grad[0, [0, 1, 3, 4, 5]].tolist() == [0.25, 0.25, 1, 0, 0]
    assert top_of("ReLUX", x=3 * x)[0].tolist() == [0, 0, 0, 6, 6, 6]
    with pytest.raises(SpecError, match="maximal_value"):
        one_layer("ReLUX", "relux_param { maximal_value: -1 }", x=(1, 2))
