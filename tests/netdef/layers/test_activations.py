"""ReLU, PReLU, ELU, Sigmoid, TanH at their kinks, in place, and their errors."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import top_of

import netdef
from netdef.errors import SpecError

INPUT = 'layer {{ name: "i" type: "Input" top: "x" input_param {{ shape {{ {} }} }} }}'


def run(layer: str, x: torch.Tensor, top: str = "y") -> tuple[torch.Tensor, torch.Tensor]:
    """The top of a net of one layer for ``x``, and the gradient of the top's sum."""
    dims = " ".join(f"dim: {size}" for size in x.shape)
    net = netdef.loads(INPUT.format(dims) + f'layer {{ name: "l" bottom: "x" top: "{top}" {layer} }}')
    x = x.clone().requires_grad_()
    y = net(x=x)[top]
    y.sum().backward()
    return y.detach(), x.grad


@pytest.mark.parametrize("top", ["x", "y"])
def test_relu_at_zero_and_at_infinity(top):
    x = torch.tensor([[-math.inf, -2.0, 0.0, 3.0, math.inf]])
    y, grad = run('type: "ReLU"', x, top)
    assert y.tolist() == [[0, 0, 0, 3, math.inf]]  # Caffe gives NaN for minus infinity
    assert grad.tolist() == [[0, 0, 0, 1, 1]]
    y, grad = run('type: "ReLU" relu_param { negative_slope: 0.5 }', x, top)
    assert y.tolist() == [[-math.inf, -1, 0, 3, math.inf]]
    assert grad.tolist() == [[0.5, 0.5, 0.5, 1, 1]]


def test_relu_lets_nan_through():
    y, _grad = run('type: "ReLU"', torch.tensor([math.nan, 1.0]))
    assert math.isnan(y[0]) and y[1] == 1


@pytest.mark.parametrize("top", ["x", "y"])
def test_slopes_below_zero_are_right_in_place_too(top):
    x = torch.tensor([[-2.0, 4.0, -1.0]])
    y, grad = run('type: "ReLU" relu_param { negative_slope: -0.5 }', x, top)
    assert y.tolist() == [[1, 4, 0.5]] and grad.tolist() == [[-0.5, 1, -0.5]]
    y, grad = run('type: "ELU" elu_param { alpha: -2 }', x, top)
    torch.testing.assert_close(y, torch.tensor([[-2 * (math.exp(-2) - 1), 4, -2 * (math.exp(-1) - 1)]]))
    torch.testing.assert_close(grad, torch.tensor([[-2 * math.exp(-2), 1, -2 * math.exp(-1)]]))


@pytest.mark.parametrize("top", ["x", "y"])
def test_elu_with_a_lambda_is_that_many_times_as_large(top):
    y, grad = run('type: "ELU" elu_param { alpha: 0.5 lambda: 3 }', torch.tensor([[-2.0, 4.0, 0.0]]), top)
    torch.testing.assert_close(y, torch.tensor([[1.5 * (math.exp(-2) - 1), 12, 0]]))
    torch.testing.assert_close(grad[0, :2], torch.tensor([1.5 * math.exp(-2), 3]))


@pytest.mark.parametrize("top", ["x", "y"])
def test_elu_in_symmetric_mode_is_odd(top):
    y, grad = run('type: "ELU" elu_param { alpha: 0.5 symmetric_mode: true lambda: 3 }', torch.tensor([[-2.0, 4.0, 0.0]]), top)
    assert y[0].tolist() == pytest.approx([1.5 * (math.exp(-2) - 1), 1.5 * (1 - math.exp(-4)), 0])
    assert grad[0].tolist() == pytest.approx([1.5 * math.exp(-2), 1.5 * math.exp(-4), 1.5], abs=1e-6)
    with pytest.raises(SpecError, match="`symmetric_mode` without an `alpha`"):
        run('type: "ELU" elu_param { symmetric_mode: true }', torch.ones(1, 2))


def test_prelu_has_a_slope_a_channel_or_one():
    net = netdef.loads(INPUT.format("dim: 2 dim: 3") + """
        layer { name: "each" type: "PReLU" bottom: "x" top: "y" prelu_param { filler { value: 0.5 } } }
        layer { name: "one" type: "PReLU" bottom: "y" top: "z" prelu_param { channel_shared: true } }""")
    (each,), (one,) = net.params["each"], net.params["one"]
    assert each.tolist() == [0.5] * 3 and one.shape == () and one.item() == 0.25
    each.data.copy_(torch.tensor([0.5, 0.25, 2.0]))
    x = torch.tensor([[-4.0, -4.0, 1.0], [0.0, 8.0, -2.0]])
    z = net(x=x)["z"]
    assert z.tolist() == [[-0.5, -0.25, 1], [0, 8, -1]]
    z.sum().backward()
    assert each.grad.tolist() == [-1, -1, -0.5]  # a quarter of the negative inputs
    assert one.grad.item() == -2 - 1 - 4


def test_prelu_wants_channels():
    with pytest.raises(SpecError, match=r"at least 2 axes; `x` has shape \(4,\)"):
        run('type: "PReLU"', torch.zeros(4))


@pytest.mark.parametrize("top", ["x", "y"])
def test_sigmoid_and_tanh(top):
    x = torch.tensor([[-1.0, 0.0, 200.0]])
    y, grad = run('type: "Sigmoid"', x, top)
    s = 1 / (1 + math.e)
    torch.testing.assert_close(y, torch.tensor([[s, 0.5, 1]]))
    torch.testing.assert_close(grad, torch.tensor([[s * (1 - s), 0.25, 0]]))
    y, grad = run('type: "TanH"', x, top)
    torch.testing.assert_close(y, torch.tensor([[math.tanh(-1), 0, 1]]))
    torch.testing.assert_close(grad, torch.tensor([[1 - math.tanh(1) ** 2, 1, 0]]))


def test_swish_is_the_bottom_times_a_sigmoid():
    y, grad = run('type: "Swish" swish_param { beta: 2 }', torch.tensor([math.log(2) / 2, 0.0]))
    torch.testing.assert_close(y, torch.tensor([math.log(2) / 3, 0]))
    torch.testing.assert_close(grad, torch.tensor([2 / 3 + math.log(2) * 2 / 9, 0.5]))


@pytest.mark.parametrize("top", ["x", "y"])
def test_bnll_far_from_zero_and_in_place(top):
    """In place, Caffe's gradient is taken at the result."""
    y, grad = run('type: "BNLL"', torch.tensor([-200.0, 0.0, math.log(3), 200.0]), top)
    torch.testing.assert_close(y, torch.tensor([0, math.log(2), math.log(4), 200]))
    torch.testing.assert_close(grad, torch.tensor([0, 0.5, 0.75, 1]))


@pytest.mark.parametrize("top", ["x", "y"])
def test_clip_lets_the_gradient_through_at_its_bounds_and_not_beyond(top):
    """In place, Caffe lets it through beyond as well."""
    y, grad = run('type: "Clip" clip_param { min: -1 max: 2 }', torch.tensor([-3.0, -1, 0, 2, 2.5]), top)
    assert y.tolist() == [-1, -1, 0, 2, 2]
    assert grad.tolist() == [0, 1, 1, 1, 0]


def test_clip_keeps_nan():
    """Caffe makes it the lower bound."""
    assert math.isnan(run('type: "Clip" clip_param { min: -1 max: 2 }', torch.tensor([math.nan]))[0])


def test_clip_wants_its_bounds_in_order():
    with pytest.raises(SpecError, match="`min` of 2 above its `max` of -1"):
        run('type: "Clip" clip_param { min: 2 max: -1 }', torch.ones(1))


def test_threshold_is_not_reached_at_it():
    net = netdef.loads(INPUT.format("dim: 4") + 'layer { name: "l" type: "Threshold" bottom: "x" top: "y" '
                       'threshold_param { threshold: 0.5 } }')
    y = net(x=torch.tensor([-1, 0.5, 0.75, math.nan]).requires_grad_())["y"]
    assert y.tolist() == [0, 0, 1, 0] and y.dtype == torch.float32
    assert not y.requires_grad


def test_relu_with_bounds():
    x = torch.tensor([[-5.0, -2, 0, 1, 5, 7]]).double()
    assert top_of("ReLU", "relu_param { relu6: true }", x=x).tolist() == [[0, 0, 0, 1, 5, 6]]
    assert top_of("ReLU", "relu_param { relu6: true negative_slope: 0.5 }", x=x).tolist() == [[-2.5, -1, 0, 1, 5, 6]]
    assert top_of("ReLU", "relu_param { maximum: 4 }", x=x).tolist() == [[0, 0, 0, 1, 4, 4]]
    bounds = "relu_param { maximum: 9 relu6: true minimum: -2 negative_slope: 0.5 }"
    assert top_of("ReLU", bounds, x=x).tolist() == [[-2, -1, 0, 1, 5, 6]]
    with pytest.raises(netdef.SpecError, match="`minimum` of 7 above its maximum of 6"):
        top_of("ReLU", "relu_param { relu6: true minimum: 7 }", x=x)
