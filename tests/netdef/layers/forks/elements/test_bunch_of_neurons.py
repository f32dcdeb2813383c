"""Bunches of neurons, and numbers made 0 and 1."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of


def test_values_and_the_gradient_of_the_fork():
    x = torch.tensor([[0.0, 1.5, -0.75]]).double().requires_grad_()
    top = top_of("BunchOfNeurons", "bunch_param { bunch_a: 2 bunch_b: 3 }", "TRAIN", x=x)
    sigmoids = [1 / (1 + math.exp(-value)) for value in (0, 1.5, -0.75)]
    ys = [1 - (1 - s**2) ** 3 for s in sigmoids]
    assert top[0].tolist() == pytest.approx(ys)
    (top * torch.tensor([1.0, 2, 3])).sum().backward()
    assert x.grad[0].tolist() == pytest.approx(
        [outer * 2 * 3 * (1 - y) * y**2 * (1 - y**2) ** 2 for outer, y in zip((1, 2, 3), ys)])


def test_one_neuron_is_a_sigmoid_by_default():
    x = draw(2, 3)
    assert torch.allclose(top_of("BunchOfNeurons", x=x), x.sigmoid())


def test_numbers_above_the_threshold_are_1():
    x = torch.tensor([[0.5, 0.25, 0.75]]).double().requires_grad_()
    assert top_of("Binarization", "bin_param { work: true }", x=x).tolist() == [[0, 0, 1]]
    assert top_of("Binarization", "bin_param { work: true threshold: 0.25 }", x=x).tolist() == [[1, 0, 1]]
    same = one_layer("Binarization", "", "TRAIN", x=x)(x=x)["y0"]
    assert same.tolist() == x.tolist() and not same.requires_grad
