"""RANDOM: exact counts from a seed."""

from __future__ import annotations

import torch

from dsd.masks.mask import kept_count
from dsd.masks.policies.random import random_mask


def drawn(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(sum(shape)))


def test_random_is_exact_and_follows_from_the_seed():
    weight = drawn(11, 7)
    one, again, other = (random_mask(weight, 0.4, seed) for seed in (3, 3, 4))
    assert one.equal(again) and not one.equal(other)
    assert one.sum() == other.sum() == kept_count(77, 0.4)
    assert one.equal(random_mask(weight * 0, 0.4, 3))
