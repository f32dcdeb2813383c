"""Dropout of jasonustc's fork: what x is multiplied by."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer

import netdef

X = draw(40, 6, 5, 3).abs() + 1


def factors(param: str) -> torch.Tensor:
    """What each number is multiplied by in training."""
    torch.manual_seed(1)
    x = X.clone().requires_grad_()
    top = one_layer("Dropout", f"dropout_param {{ {param} }}", "TRAIN", x=x)(x=x)["y0"]
    (gradient,) = torch.autograd.grad(top.sum(), x)
    torch.testing.assert_close(gradient, top.detach() / X)
    return gradient


def test_bernoulli_numbers():
    drawn = factors("drop_type: BERNOULLI dropout_ratio: 0.2")
    assert {round(each, 6) for each in drawn.flatten().tolist()} == {0, 1.25}
    assert drawn.mean().item() == pytest.approx(1, abs=0.05)


def test_uniform_numbers():
    drawn = factors("drop_type: UNIFORM a: 0.5 b: 2.5")
    assert 0.5 / 1.5 <= drawn.min() < 0.4 and 1.6 < drawn.max() <= 2.5 / 1.5
    assert drawn.mean().item() == pytest.approx(1, abs=0.05)


def test_gaussian_numbers_are_cut():
    drawn = 0.5 * factors("drop_type: GAUSSIAN mu: 0.5 sigma: 0.5")
    for bound in (0, 1):  # the share of a normal distribution that is a deviation or more from the mean
        assert (drawn == bound).double().mean().item() == pytest.approx(0.1587, abs=0.03)


@pytest.mark.parametrize("axes", [0, 1, 2, 3])
def test_one_number_for_the_axes_behind(axes: int):
    drawn = factors(f"drop_type: UNIFORM num_axes: {axes}")
    rows = drawn.reshape(torch.Size(drawn.shape[:axes]).numel(), -1)
    torch.testing.assert_close(rows, rows[:, :1].expand_as(rows))
    assert len(rows[:, 0].unique()) == len(rows)


def test_in_test_nothing_changes():
    assert torch.equal(one_layer("Dropout", "dropout_param { drop_type: GAUSSIAN }", x=X)(x=X)["y0"], X)


@pytest.mark.parametrize(("param", "words"), [
    ("drop_type: UNIFORM a: 1", "`a` 1, which must be below `b`, 1"), ("sigma: 0", "sigma"), ("num_axes: 5", "`num_axes` 5"),
    ("drop_type: GAUSSIAN mu: 0", "the mean of its numbers, which is 0"), ("mu: 0.3 scale_train: false", "of other forks")])
def test_what_is_refused(param: str, words: str):
    with pytest.raises(netdef.SpecError, match=words):
        one_layer("Dropout", f"dropout_param {{ {param} }}", x=(2, 3, 4, 5))
