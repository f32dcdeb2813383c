"""LossTS and LossMX by arithmetic, with the fork's gradients."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef


def test_pairs_of_a_group():
    """Two groups of 3: ordered pairs' squares are 2 (1 + 16 + 9) and 2 (4 + 4 + 0), over 6 items."""
    x = torch.tensor([[0.0], [1], [4], [2], [0], [0]]).double().requires_grad_()
    loss = top_of("LossTS", "nt: 3 lambda: 0.5", "TRAIN", x=x)
    assert loss.item() == pytest.approx((52 + 16) / 6)
    loss.backward()
    assert x.grad.flatten().tolist() == [0.5 * g for g in (-5, -2, 7, 4, -2, -2)]


def test_chances_of_one_class():
    x = torch.tensor([[0.5, 0.25, 0], [0.1, 0.2, 0.6]]).double().requires_grad_()
    loss = top_of("LossMX", "lambda: 2", "TRAIN", x=x)
    first = 0.5 * 0.75 + 0.5 * 0.25
    second = 0.1 * 0.8 * 0.4 + 0.9 * 0.2 * 0.4 + 0.9 * 0.8 * 0.6
    assert loss.item() == pytest.approx((first + second) / 2, abs=1e-6)
    loss.backward()
    of_first = [0.75 - 0.25, 0.5 - 0.5, 0.5 * 0.75 - 0.5 * 0.75 - 0.5 * 0.25]
    of_second = [0.8 * 0.4 - 0.2 * 0.4 - 0.8 * 0.6, 0.9 * 0.4 - 0.1 * 0.4 - 0.9 * 0.6, 0.9 * 0.8 - 0.1 * 0.8 - 0.9 * 0.2]
    torch.testing.assert_close(x.grad, -2 * torch.tensor([of_first, of_second]).double(), atol=1e-6, rtol=0)


def test_gradients_are_multiples_of_the_derivatives():
    p = draw(4, 3).sigmoid()
    for kind, times in (("LossTS", 4 / 4), ("LossMX", -4)):
        x = p.clone().requires_grad_()
        top_of(kind, "nt: 2 lambda: 1", "TRAIN", x=x).backward()
        step = torch.zeros_like(p)
        step[1, 2] = 1e-6
        slope = (top_of(kind, "nt: 2", x=p + step) - top_of(kind, "nt: 2", x=p - step)).item() / 2e-6
        assert x.grad[1, 2].item() == pytest.approx(times * slope, rel=1e-5)


def test_groups_must_divide_the_items():
    with pytest.raises(netdef.SpecError, match="divide its 4 items; it is 3"):
        one_layer("LossTS", "nt: 3", x=(4, 2))
