"""Reversed gradients by the number of the pass, and the discrepancy of two sets of items."""

from __future__ import annotations

import itertools
import math

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef


def factors(param, passes):
    """The factors of the gradients of the first passes in training."""
    x = draw(2, 3).requires_grad_()
    net = one_layer("GradientScaler", f"gradient_scaler_param {{ {param} }}", "TRAIN", x=x)
    found = []
    for _ in range(passes):
        top = net(x=x)["y0"]
        assert torch.equal(top, x)
        (gradient,) = torch.autograd.grad(top.sum(), x)
        found.append(gradient.unique().item())
    return found


def test_the_factor_of_a_gradient_grows():
    expected = [-(2 * 3 / (1 + math.exp(-2 * min(i / 4, 1))) - 3 + 0.5) for i in range(6)]
    assert factors("lower_bound: 0.5 upper_bound: 3.5 alpha: 2 max_iter: 4", 6) == pytest.approx(expected)


def test_no_gradient_before_the_first_iteration():
    later = [-(2 / (1 + math.exp(-10 * i / 7)) - 1) for i in (1, 2)]
    assert factors("threshold_iter: 3 max_iter: 4", 6) == pytest.approx([0, 0, 0, 0, *later])


def test_a_fixed_factor():
    assert factors("scale_factor: -0.25", 2) == [-0.25, -0.25]


def test_several_bottoms_have_one_factor():
    a, b = draw(2, 3).requires_grad_(), draw(4, 5, seed=2).requires_grad_()
    net = one_layer("GradientScaler", "gradient_scaler_param { scale_factor: -2 }", "TRAIN", tops=2, a=a, b=b)
    first, second = net(a=a, b=b).values()
    gradients = torch.autograd.grad(first.sum() + 3 * second.sum(), (a, b))
    assert gradients[0].unique().item() == -2 and gradients[1].unique().item() == -6


def test_gradients_are_not_scaled_in_test():
    x = draw(2, 3).requires_grad_()
    top = one_layer("GradientScaler", "", "TEST", x=x)(x=x)["y0"]
    assert torch.equal(top, x) and torch.autograd.grad(top.sum(), x)[0].unique().item() == 1


def discrepancy(s, t, pairs_s, pairs_t, gamma, factors=(0.25, 0.5, 1, 2, 4)):
    """The mean over draws of pairs, as a loop."""

    def kernel(a, b):
        return sum(math.exp(-gamma * factor * (a - b).square().sum().item()) for factor in factors)

    each = [kernel(s[i], s[j]) + kernel(t[k], t[m]) - kernel(s[i], t[m]) - kernel(s[j], t[k])
            for (i, j), (k, m) in zip(pairs_s, pairs_t)]
    return sum(each) / len(each)


def mean_square(items):
    """The mean squared distance of different items."""
    squares = [(a - b).square().sum().item() for a, b in itertools.permutations(items, 2)]
    return sum(squares) / len(squares)


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_the_discrepancy_of_two_items_and_two_that_are_equal(phase):
    """Whatever pairs are drawn, they are the same."""
    s, t = draw(2, 3, 2), draw(1, 3, 2, seed=2).expand(2, -1, -1)
    gamma = 1 / mean_square([*s, *t])
    expected = discrepancy(s, t, [(0, 1)], [(0, 1)], gamma)
    assert top_of("MMDLoss", "", phase, s=s, t=t).item() == pytest.approx(expected)
    few = discrepancy(s, t, [(0, 1)], [(0, 1)], gamma, (1 / 3, 1))
    assert top_of("MMDLoss", "mmd_param { kernel_num: 2 kernel_mul: 3 }", phase, s=s, t=t).item() == pytest.approx(few)


def test_draws_are_pairs_of_different_items():
    """Of three and two items: the loss is a mean of three of the values that pairs of different items give."""
    s, t = draw(3, 4), draw(2, 4, seed=2)
    gamma = 1 / mean_square([*s, *t])
    each = [discrepancy(s, t, [a], [b], gamma) for a in itertools.permutations(range(3), 2) for b in ((0, 1), (1, 0))]
    top = top_of("MMDLoss", "", "TRAIN", s=s, t=t).item()
    sums = [sum(three) / 3 for three in itertools.combinations_with_replacement(each, 3)]
    assert min(abs(top - value) for value in sums) < 1e-9


def test_the_width_of_the_first_pass_is_kept():
    s, t, far = draw(2, 3), draw(1, 3, seed=2).expand(2, -1), 5 * draw(1, 3, seed=3).expand(2, -1)
    net = one_layer("MMDLoss", "mmd_param { fix_gamma: true }", "TRAIN", s=s, t=t)
    gamma = 1 / mean_square([*s, *t])
    for target in (t, far):
        assert net(s=s, t=target)["y0"].item() == pytest.approx(discrepancy(s, target, [(0, 1)], [(0, 1)], gamma))


def test_gradients_with_a_kept_width():
    s, t = draw(2, 3).requires_grad_(), draw(1, 3, seed=2).requires_grad_()
    net = one_layer("MMDLoss", "mmd_param { fix_gamma: true }", "TRAIN", s=s, t=(2, 3))
    net(s=s, t=t.expand(2, -1))
    assert gradcheck(lambda s, t: net(s=s, t=t.expand(2, -1))["y0"], (s, t))


def test_a_single_item_has_no_discrepancy():
    assert top_of("MMDLoss", "", "TRAIN", s=draw(1, 3), t=draw(4, 3)).item() == 0


@pytest.mark.parametrize(("kind", "param", "shapes", "words"), [
    ("MMDLoss", "", {"s": (2, 3), "t": (2, 4)}, "their items must have equally many numbers"),
    ("MMDLoss", "mmd_param { kernel_num: 0 }", {"s": (2, 3), "t": (2, 3)}, "has `kernel_num` 0"),
    ("GradientScaler", "gradient_scaler_param { max_iter: 0 }", {"x": (2, 3)}, "max_iter"),
])
def test_refusals(kind, param, shapes, words):
    with pytest.raises(netdef.SpecError, match=words):
        one_layer(kind, param, **shapes)
