"""CosineContrastiveLoss: pairs by their angles."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import top_of


def pair(angle: float, length: float = 1.0) -> list[float]:
    return [length * math.cos(angle), length * math.sin(angle)]


ANGLES = [0.5, 1.2, 2.9, 0.3, 3.0]
A = torch.tensor([pair(0.4, 2)] * 5).double()
B = torch.tensor([pair(0.4 + angle, 3) for angle in ANGLES]).double()
LIKE = torch.tensor([1.0, 1, 2, 0, 0]).double()
PARAM = "inner_margin: 0.7 margin: -0.9"


def moved(angle: float) -> float:
    return math.cos(angle + 0.7) if math.cos(angle) + math.cos(0.7) >= 0 else -2 - math.cos(angle + 0.7)


COSTS = [*(1 - moved(angle) for angle in ANGLES[:3]), *(max(-0.9, moved(angle)) for angle in ANGLES[3:])]


def test_costs():
    loss = top_of("CosineContrastiveLoss", f"contrastive_loss_param {{ {PARAM} }}", a=A, b=B, t=LIKE)
    assert COSTS[4] == -0.9  # the fork's bound
    assert loss.item() == pytest.approx(sum(COSTS) / 5, abs=1e-5)


def test_like_pairs_weigh_as_many_as_others():
    loss = top_of("CosineContrastiveLoss", f"contrastive_loss_param {{ {PARAM} add_weighted: true }}", a=A, b=B, t=LIKE)
    assert loss.item() == pytest.approx((sum(COSTS[:3]) * 5 / 6 + sum(COSTS[3:]) * 5 / 4) / 5, abs=1e-5)


def test_the_gradient_turns_the_vectors():
    turns = torch.tensor([angle + 0.4 for angle in ANGLES]).double().requires_grad_()
    b = 3 * torch.stack((turns.cos(), turns.sin()), 1)
    top_of("CosineContrastiveLoss", f"contrastive_loss_param {{ {PARAM} }}", a=A, b=b, t=LIKE).backward()
    slopes = [math.sin(0.5 + 0.7), math.sin(1.2 + 0.7), -math.sin(2.9 + 0.7), -math.sin(0.3 + 0.7), 0]
    assert turns.grad.tolist() == pytest.approx([slope / 5 for slope in slopes], abs=1e-4)


def test_equal_vectors_have_a_finite_gradient():
    a, b = A.clone().requires_grad_(), A.clone().requires_grad_()
    top_of("CosineContrastiveLoss", a=a, b=b, t=LIKE).backward()
    assert a.grad.isfinite().all() and b.grad.isfinite().all()
