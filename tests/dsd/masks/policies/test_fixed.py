"""FIXED: masks by magnitude, with exact counts, ties and memory layouts."""

from __future__ import annotations

from fractions import Fraction

import pytest
import torch

from dsd.masks.mask import MaskError, kept_count
from dsd.masks.policies.fixed import global_masks, magnitude_mask


def by_sorting(magnitudes: list[float], count: int) -> list[bool]:
    """The rule said with Python's stable sort: largest first, equal ones by index."""
    order = sorted(range(len(magnitudes)), key=lambda i: -magnitudes[i])[:count]
    return [i in order for i in range(len(magnitudes))]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16, torch.bfloat16])
@pytest.mark.parametrize("sparsity", [0.0, 0.1, 0.3, 0.5, 0.77, 0.99, 1.0])
def test_keeps_exactly_the_largest(dtype, sparsity):
    generator = torch.Generator().manual_seed(1)
    # Few distinct values, so that the threshold falls among ties.
    weight = (torch.randint(-4, 5, (5, 3, 2, 7), generator=generator) / 4).to(dtype)
    kept = magnitude_mask(weight, sparsity)
    assert kept.dtype == torch.bool and kept.shape == weight.shape and kept.is_contiguous()
    assert kept.sum() == kept_count(210, sparsity)
    assert kept.flatten().tolist() == by_sorting(weight.abs().flatten().tolist(), kept_count(210, sparsity))


def test_ties_go_to_the_lower_logical_index_in_any_layout():
    weight = torch.tensor([1.0, -1.0]).repeat(2 * 3 * 2 * 5 // 2).view(2, 3, 2, 5)
    expected = torch.arange(60).view(2, 3, 2, 5) < 42
    assert torch.equal(magnitude_mask(weight, 0.3), expected)
    assert torch.equal(magnitude_mask(weight.to(memory_format=torch.channels_last), 0.3), expected)
    assert torch.equal(magnitude_mask(weight.transpose(1, 3).contiguous().transpose(1, 3), 0.3), expected)


@pytest.mark.parametrize("count", range(15))
def test_already_pruned_weights_rank_last(count, monkeypatch):
    monkeypatch.setattr("dsd.masks.policies.fixed._PIECE", 4)  # ties are looked for across pieces
    weight = torch.tensor([0.0, -2.0, 0.0, 0.0, 1.0, -0.0, 0.0, 2.0, 0.0, 3.0, -1.0, 0.0, 0.0, 1.0])
    kept = magnitude_mask(weight, 1 - Fraction(count, 14))
    assert kept.tolist() == by_sorting(weight.abs().tolist(), count)


def test_infinity_ranks_first_and_nan_is_refused():
    weight = torch.tensor([0.5, float("-inf"), -2.0, 0.0, -0.0])
    assert magnitude_mask(weight, 0.8).tolist() == [False, True, False, False, False]
    assert magnitude_mask(weight, 0.2).tolist() == [True, True, True, True, False]
    weight[3] = float("nan")
    with pytest.raises(MaskError, match="1 NaN among its 5 values"):
        magnitude_mask(weight, 0.2)
    with pytest.raises(MaskError, match="`ip1` has 1 NaN"):
        global_masks({"conv": torch.ones(3), "ip1": weight}, 0.2)


def test_weights_are_not_changed():
    weight = torch.nn.Parameter(torch.tensor([[-3.0, 1.0, 2.0]]))
    magnitude_mask(weight, 0.5)
    assert weight.tolist() == [[-3.0, 1.0, 2.0]]


def test_one_threshold_over_all():
    generator = torch.Generator().manual_seed(2)
    weights = {
        "b": torch.randint(-9, 10, (4, 5), generator=generator) / 2.0,
        "a": torch.randint(-9, 10, (2, 3, 7), generator=generator) / 4.0,
        "small": torch.full((3,), 1e-3),
    }
    masks = global_masks(weights, 0.4)
    assert list(masks) == ["b", "a", "small"]
    together = torch.cat([weight.abs().flatten() for weight in weights.values()]).tolist()
    assert torch.cat([mask.flatten() for mask in masks.values()]).tolist() == by_sorting(together, 39)  # 65 * 0.6
    assert not masks["small"].any()
    assert all(masks[name].shape == weight.shape for name, weight in weights.items())
    assert global_masks({}, 0.4) == {}
