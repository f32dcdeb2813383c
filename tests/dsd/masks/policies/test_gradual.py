"""GRADUAL: the ramp, and what is pruned along it."""

from __future__ import annotations

import pytest
import torch

from dsd.masks.mask import kept_count
from dsd.masks.policies.gradual import gradual_mask, ramp


def drawn(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(sum(shape)))


def test_the_ramp_is_a_cubic_that_ends_at_the_sparsity_to_the_bit():
    assert ramp(0.7, 0, 8) == 0
    assert ramp(0.8, 4, 8) == pytest.approx(0.8 * 7 / 8)
    assert ramp(0.8, 2, 8) == pytest.approx(0.8 * (1 - 27 / 64))
    assert ramp(0.7, 8, 8) == ramp(0.7, 9, 8) == ramp(0.7, 0, 0) == 0.7


def test_gradual_prunes_the_smallest_survivors_and_frees_none():
    weight = torch.tensor([[5.0, -9, 0], [1, 0, -2]])  # 9 was pruned, and a survivor happens to be 0
    kept = torch.tensor([[True, False, True], [True, True, True]])
    assert gradual_mask(weight, kept, 0.5).tolist() == [[True, False, False], [True, False, True]]
    assert gradual_mask(weight, kept, 0.1).equal(kept)
    assert gradual_mask(weight, torch.zeros_like(kept), 0.1).sum() == 0


def test_gradual_counts_are_exact_on_the_way():
    weight, kept = drawn(7, 5, 3), torch.ones(7, 5, 3, dtype=torch.bool)
    for i in range(10):
        before, kept = kept, gradual_mask(weight, kept, ramp(0.9, i, 9))
        assert kept.sum() == kept_count(105, ramp(0.9, i, 9)) and not (kept & ~before).any()
