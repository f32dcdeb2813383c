"""Items of length 1."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck
from torch.testing import assert_close

import netdef


@pytest.mark.parametrize(("kind", "small"), [("NormL2", 1e-7), ("NormalizationL2", 1e-10), ("Normalization", 1e-30)])
def test_an_item_is_divided_by_its_length(kind: str, small: float):
    x = draw(2, 3, 5) * 1e-3
    expected = [x[item] / (sum(value * value for value in x[item].flatten().tolist()) + small) ** 0.5 for item in range(2)]
    assert torch.allclose(top_of(kind, x=x), torch.stack(expected), rtol=1e-12)
    x = draw(2, 3, 5).requires_grad_()
    net = one_layer(kind, "", "TRAIN", x=x)
    assert gradcheck(lambda x: net(x=x)["y0"], (x,))


@pytest.mark.parametrize(("kind", "small", "axes"), [("L2Norm", 1e-9, (1, 2)), ("Norm", 1e-6, (1,))])
@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_a_vector_over_its_length(kind: str, small: float, axes: tuple[int, ...], phase: str):
    x = draw(2, 3, 5) * 1e-3
    expected = x / (x.square().sum(axes, keepdim=True).sqrt() + small)
    assert torch.allclose(top_of(kind, "", phase, x=x), expected, rtol=1e-12)
    x = draw(2, 3, 5).requires_grad_()
    net = one_layer(kind, "", "TRAIN", x=x)
    assert gradcheck(lambda x: net(x=x)["y0"], (x,))


@pytest.mark.parametrize("kind", ["Normalization", "L2Norm", "Norm"])
def test_zeros_stay_zeros(kind: str):
    x = torch.zeros(2, 3).double()
    x[1] = torch.tensor([3, 0, 4.0])
    assert top_of(kind, x=x).tolist() == [[0, 0, 0], pytest.approx([0.6, 0, 0.8], rel=1e-6)]


@pytest.mark.parametrize("kind", ["L2Norm", "Norm"])
def test_zeros_get_no_gradient(kind: str):
    x = torch.zeros(2, 3).double().requires_grad_()
    net = one_layer(kind, "", "TRAIN", x=x)
    net(x=x)["y0"].sum().backward()
    assert not x.grad.any()


def test_a_bottom_without_numbers_of_an_item_is_refused():
    with pytest.raises(netdef.SpecError, match="at least 2 axes"):
        one_layer("NormL2", x=(3,))


def test_items_with_a_number_of_their_own_added():
    x = torch.tensor([[3.0, 4], [0.6, 0.8]]).double()
    assert_close(top_of("L2Norm", "l2norm_param { eps: 0.25 }", x=x), x / torch.tensor([[5.25], [1.25]]).double())


def test_channels_of_a_squared_length_by_a_factor_without_a_gradient():
    x = torch.tensor([[[3.0, 0, 1], [4, 0, 2]]]).double().requires_grad_()
    top = top_of("L2Norm", "l2norm_param { l2_length: 4 }", x=x)
    factors = torch.tensor([2 / 5, 1, 2 / 5**0.5]).double()
    assert_close(top, x * factors)
    top.sum().backward()
    assert_close(x.grad, factors.expand(1, 2, 3))
    with pytest.raises(netdef.SpecError, match="`l2_length` 0; it must be above 0"):
        one_layer("L2Norm", "l2norm_param { l2_length: 0 }", x=(2, 3))
