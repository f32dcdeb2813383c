"""PENLU by arithmetic, its gradients, and its blobs."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer
from torch.autograd import gradcheck

from netdef.errors import SpecError

FILLERS = "alpha_filler { value: 3 } beta_filler { value: 0.5 } eta_filler { value: 2 }"
X = torch.tensor([[[-2.0, 0, 3], [-1, 0.25, 4]]]).double()


@pytest.mark.parametrize(("shared", "shape"), [("false", (2,)), ("true", ())])
def test_a_power_above_and_an_exponential_below(shared: str, shape: tuple[int, ...]):
    net = one_layer("PENLU", f"penlu_param {{ {FILLERS} channel_shared: {shared} }}", x=X)
    below = [3 * (math.exp(0.5 * x) - 1) for x in (-2, -1)]
    assert net(x=X)["y0"].flatten().tolist() == pytest.approx([below[0], 0, 9, below[1], 0.0625, 16])
    assert [blob.shape for blob in net.get_submodule("l").parameters()] == [shape] * 3


def test_numbers_of_each_channel():
    net = one_layer("PENLU", x=X)
    assert net(x=X)["y0"].flatten().tolist() == pytest.approx([math.exp(-2) - 1, 0, 3, math.exp(-1) - 1, 0.25, 4])
    with torch.no_grad():
        for name, value in (("alpha", 2), ("beta", 3), ("eta", 0.5)):
            net.get_parameter(f"l.{name}")[1] = value
    assert net(x=X)["y0"].flatten().tolist() == pytest.approx([math.exp(-2) - 1, 0, 3, 2 * (math.exp(-3) - 1), 0.5, 2])


def test_gradients():
    x = draw(2, 3, 4, 5).requires_grad_()
    net = one_layer("PENLU", f"penlu_param {{ {FILLERS} }}", "TRAIN", x=x)
    assert gradcheck(lambda x, *_: net(x=x)["y0"], (x, *net.parameters()))


def test_gradients_at_0_are_of_the_exponential():
    x = torch.zeros(2, 3).double().requires_grad_()
    net = one_layer("PENLU", "penlu_param { alpha_filler { value: 3 } beta_filler { value: 0.25 } eta_filler { value: 0.5 } }",
                    "TRAIN", x=x)
    net(x=x)["y0"].sum().backward()
    assert x.grad.flatten().tolist() == [0.75] * 6
    assert all(blob.grad.tolist() == [0] * 3 for blob in net.parameters())


def test_a_bottom_without_channels_is_refused():
    with pytest.raises(SpecError, match="wants a bottom of at least 2 axes"):
        one_layer("PENLU", x=(3,))
