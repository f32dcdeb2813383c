"""LSInnerProduct: a weight that is solved for."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer

import netdef

PARAM = "inner_product_param { num_output: 2 bias_term: false }"


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_exact_equations_are_solved(phase: str):
    weight = torch.tensor([[1.0, -2, 3], [0.5, 4, -1]]).double()
    hidden, x = draw(5, 3), draw(4, 3, seed=2).requires_grad_()
    net = one_layer("LSInnerProduct", PARAM, phase, x=x, h=hidden, t=hidden @ weight.t())
    top = net(x=x, h=hidden, t=hidden @ weight.t())["y0"]
    torch.testing.assert_close(top, x @ weight.t())
    torch.testing.assert_close(net.params["l"][0], weight)
    (gradient,) = torch.autograd.grad(top.sum(), x)
    torch.testing.assert_close(gradient, weight.sum(0).expand(4, 3))


def test_the_smallest_of_many_solutions():
    """One equation, x + 2 y + 2 z = 9, for three unknowns: (1, 2, 2) has the least length."""
    hidden, target = torch.tensor([[1.0, 2, 2]]).double(), torch.tensor([[9.0, 18]]).double()
    net = one_layer("LSInnerProduct", PARAM, x=hidden, h=hidden, t=target)
    net(x=hidden, h=hidden, t=target)
    torch.testing.assert_close(net.params["l"][0], torch.tensor([[1.0, 2, 2], [2, 4, 4]]).double())


@pytest.mark.parametrize(("h", "t", "words"), [
    ((4, 5), (4, 2), "3 numbers an item"), ((4, 3), (4, 1), "2 numbers an item"), ((4, 3), (5, 2), "first axes must agree"),
])
def test_other_shapes_are_refused(h: tuple[int, int], t: tuple[int, int], words: str):
    with pytest.raises(netdef.SpecError, match=words):
        one_layer("LSInnerProduct", PARAM, x=(4, 3), h=h, t=t)
