"""PairwiseLoss and QuantizationLoss of DHN."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import one_layer, top_of

import netdef

CODES = torch.tensor([[1.0, 2], [0.5, -1], [3, 1]]).double()
LABELS = torch.tensor([[1.0, 0, 1], [0, 1, 0], [1, 1, 0]]).double()  # the first two share none
PRODUCTS = [[5, -1.5, 5], [-1.5, 1.25, 0.5], [5, 0.5, 10]]
ALIKE = [[1, 0, 1], [0, 1, 1], [1, 1, 1]]
PAIRS = [(i, j) for i in range(3) for j in range(3)]


def cost(i, j):
    return math.log(1 + math.exp(PRODUCTS[i][j])) - ALIKE[i][j] * PRODUCTS[i][j]


def test_all_pairs_and_their_gradient():
    x = CODES.clone().requires_grad_()
    loss = top_of("PairwiseLoss", "", "TRAIN", x=x, t=LABELS)
    assert loss.item() == pytest.approx(sum(cost(i, j) for i, j in PAIRS) / 9)
    loss.backward()
    slopes = [[1 / (1 + math.exp(-PRODUCTS[i][j])) - ALIKE[i][j] for j in range(3)] for i in range(3)]
    wanted = [2 / 9 * sum(slopes[i][j] * CODES[j, k].item() for j in range(3)) for i in range(3) for k in range(2)]
    assert x.grad.flatten().tolist() == pytest.approx(wanted)


def test_great_products_cost_what_they_are_with_the_gradient_of_the_rest():
    x, labels = CODES.clone().requires_grad_(), torch.eye(3).double()
    loss = top_of("PairwiseLoss", "pairwise_param { threshold: 5 }", "TRAIN", x=x, t=labels)
    unlike = [5 if PRODUCTS[i][j] == 5 else math.log(1 + math.exp(PRODUCTS[i][j])) for i, j in PAIRS if i != j]
    assert loss.item() == pytest.approx((sum(unlike) + math.log(1 + math.exp(1.25)) - 1.25) / 9)  # items like themselves: 0
    (gradient,) = torch.autograd.grad(loss, x)
    (other,) = torch.autograd.grad(top_of("PairwiseLoss", "", "TRAIN", x=x, t=labels), x)
    assert torch.equal(gradient, other)


def test_codes_far_from_one_and_their_gradient():
    x = torch.tensor([[0.5, -1.5, 20], [-0.25, 1, 0]]).double().requires_grad_()
    loss = top_of("QuantizationLoss", "quantization_param { threshold: 15 }", "TRAIN", x=x)
    near = [math.log(math.cosh(off)) for off in (-0.5, 0.5, -0.75, 0, -1)]
    assert loss.item() == pytest.approx((sum(near) + 19 - math.log(2)) / 6)
    loss.backward()
    wanted = [math.tanh(-0.5), -math.tanh(0.5), math.tanh(19), -math.tanh(-0.75), 0, math.tanh(-1)]
    assert (2 * x.grad).flatten().tolist() == pytest.approx(wanted)


def test_codes_and_labels_of_two_sizes_are_refused():
    with pytest.raises(netdef.SpecError, match="first axes must agree"):
        one_layer("PairwiseLoss", x=(4, 3), t=(5, 3))
