"""How far two distributions are apart."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import one_layer, top_of
from torch.autograd import gradcheck

X = torch.tensor([[0.2, 0.8, 0.0], [0.5, 0.25, 0.25]], dtype=torch.float64)
T = torch.tensor([[0.6, 0.0, 0.4], [0.5, 0.3, 0.2]], dtype=torch.float64)


def term(x, t):
    return x * math.log(2 * x / (x + t)) + t * math.log(2 * t / (x + t))


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_terms_of_both_and_of_one_alone(phase):
    whole = [term(0.2, 0.6), 0.8 * math.log(2), 0.4 * math.log(2), 0, term(0.25, 0.3), term(0.25, 0.2)]
    assert top_of("JSDLoss", "", phase, x=X, t=T).item() == pytest.approx(sum(whole) / 2 / 2)


def test_equal_distributions_have_no_distance():
    assert top_of("JSDLoss", x=X[1:], t=X[1:]).item() == pytest.approx(0)


def test_gradient():
    x = X.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(top_of("JSDLoss", "", "TRAIN", x=x, t=T), x)
    half = [math.log(2 * 0.2 / 0.8), math.log(2), 0, 0, math.log(0.5 / 0.55), math.log(0.5 / 0.45)]
    assert gradient.flatten().tolist() == pytest.approx([a / 2 / 2 for a in half])
    net = one_layer("JSDLoss", "", "TRAIN", x=X[1:], t=T[1:])
    assert gradcheck(lambda a: net(x=a, t=T[1:])["y0"], X[1:].clone().requires_grad_())
