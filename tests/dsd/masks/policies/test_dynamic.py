"""DYNAMIC: thresholds, pruning and splicing, and how often."""

from __future__ import annotations

import pytest
import torch

from dsd.masks.policies.dynamic import surgery_chance, surgery_mask, surgery_threshold


def test_surgery_prunes_below_splices_above_and_leaves_the_rest():
    dense = torch.tensor([0.5, 0.9, 1.0, 1.0, 1.2, -1.2, float("nan")])
    kept = torch.tensor([True, True, True, False, False, False, False])
    # Pruned up to 0.9, spliced above 1.1, and in between as before.
    assert surgery_mask(dense, kept, 0.9).tolist() == [False, False, True, False, True, True, False]


def test_the_threshold_ignores_zeros():
    weight = torch.tensor([[3.0, 0, -1], [1, 0, -3]])  # mean 2, standard deviation 1
    assert surgery_threshold(weight, 0.5) == pytest.approx(0.9 * 2.5)
    assert surgery_threshold(weight, -5) == 0 == surgery_threshold(torch.zeros(2, 3), 1)


def test_surgery_becomes_rarer():
    assert surgery_chance(0, 0.1, 2) == 1
    assert surgery_chance(10, 0.1, 2) == pytest.approx(1 / 4)
