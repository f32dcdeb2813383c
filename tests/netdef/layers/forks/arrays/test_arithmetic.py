"""Sub, Div, Pow and their like against numbers worked by hand."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef

A = torch.tensor([[7.0], [-7]]).double()
B = torch.tensor([2.0, -3, 7]).double()


@pytest.mark.parametrize(("kind", "wanted"), [
    ("Add", [[9, 4, 14], [-5, -10, 0]]),
    ("Sub", [[5, 10, 0], [-9, -4, -14]]),
    ("Mul", [[14, -21, 49], [-14, 21, -49]]),
    ("Div", [[3.5, -7 / 3, 1], [-3.5, 7 / 3, -1]]),
    ("FloorDiv", [[3, -3, 1], [-4, 2, -1]]),
    ("FloorMod", [[1, -2, 0], [1, -1, 0]]),
    ("Minimum", [[2, -3, 7], [-7, -7, -7]]),
    ("Maximum", [[7, 7, 7], [2, -3, 7]]),
    ("Pow", [[49, 7**-3, 7**7], [49, -(7**-3), -(7**7)]]),
])
def test_two_bottoms(kind: str, wanted: list[list[float]]):
    torch.testing.assert_close(top_of(kind, a=A, b=B), torch.tensor(wanted).double())


def test_scalars_and_more_axes():
    x, y, z = draw(2, 3, 5, 4), draw(3, 1, 4, seed=2), draw(seed=3)
    torch.testing.assert_close(top_of("Sub", y=y, x=x), y[None] - x)
    torch.testing.assert_close(top_of("Div", z=z, x=x), float(z) / x)
    torch.testing.assert_close(top_of("Mul", "", y=y, x=x), torch.einsum("ciw,nchw->nchw", y, x))
    with pytest.raises(netdef.SpecError, match="from the last one on, must agree, or be of size 1"):
        one_layer("Mul", "", z=(), y=(3, 1, 4), x=(2, 2, 5, 4))
    with pytest.raises(netdef.SpecError, match="takes 2 bottoms, the text gives 1"):
        one_layer("Sub", x=(2, 3))


def test_the_second_of_equal_values_has_the_gradient():
    a, b = (torch.tensor([1.0, 2, 3]).double().requires_grad_() for _ in range(2))
    for kind in ("Minimum", "Maximum"):
        assert [g.tolist() for g in torch.autograd.grad(top_of(kind, a=a, b=b).sum(), (a, b))] == [[0, 0, 0], [1, 1, 1]]


def test_coefficients_of_add_are_those_of_eltwise():
    assert top_of("Add", "eltwise_param { coeff: 2 coeff: -1 }", a=B, b=B).tolist() == [2, -3, 7]


def test_mul_by_a_blob():
    net = one_layer("Mul", "mul_param { mul_shape: [4, 1, 5] }", x=(2, 1, 3, 1))
    factor, x = draw(4, 1, 5), draw(2, 1, 3, 1, seed=2)
    with torch.no_grad():
        net.params["l"][0].copy_(factor)
    torch.testing.assert_close(net(x=x)["y0"], torch.einsum("cw,nh->nchw", factor[:, 0], x[:, 0, :, 0]))
    assert [tuple(blob.shape) for blob in one_layer("Mul", x=(2, 3)).params["l"]] == [()]
    with pytest.raises(netdef.SpecError, match="by a blob of shape .4,.; axes"):
        one_layer("Mul", "mul_param { mul_shape: 4 }", x=(2, 3))


def test_not_equal():
    x = torch.tensor([[1.0, 2, 3]]).double()
    assert top_of("NotEqual", x=x, y=torch.tensor([[1.0, 3, 3]]).double()).tolist() == [[0, 1, 0]]
    assert top_of("NotEqual", "not_equal_param { comparand: 3 }", x=x).tolist() == [[1, 1, 0]]
    with pytest.raises(netdef.SpecError, match="shapes"):
        one_layer("NotEqual", x=(2, 3), y=(1, 3))
