"""Masks by magnitude: exact counts, ties, memory layout, bits and hashes."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import torch

from dsd.masks.mask import MaskError, kept_count, mask_hash
from dsd.masks.policies.fixed import global_masks, magnitude_mask


@pytest.mark.parametrize(
    ("n", "sparsity", "kept"),
    [
        (10, 0.3, 7),  # in floating point 10 * (1 - 0.3) is 7.0, but 1 - 0.9 leaves 0.09999...
        (10, 0.9, 1),
        (1000, 0.7, 300),  # 300.00000000000006 in floating point
        (5, 0.3, 4),  # 3.5: a half is rounded up
        (5, 0.5, 3),
        (7, 0.5, 4),
        (3, 0.3, 2),  # 2.1
        (400_000, 0.3, 280_000),
        (61_000_000, 0.333, 40_687_000),
        (2_500_000_001, 0.5, 1_250_000_001),
        (9, 0, 9),
        (9, 1, 0),
        (0, 0.5, 0),
        (9, Fraction(1, 3), 6),
    ],
)
def test_kept_count(n, sparsity, kept):
    assert kept_count(n, sparsity) == kept


def test_a_float32_means_its_shortest_decimal():
    for percent in range(101):
        text = f"{percent / 100:.2f}"
        exact = (Decimal(1000) * (1 - Decimal(text))).to_integral_value(rounding="ROUND_HALF_UP")
        assert kept_count(1000, float(np.float32(text))) == kept_count(1000, float(text)) == exact


@pytest.mark.parametrize("sparsity", [-0.1, 1.5, float("nan"), float("inf")])
def test_sparsity_out_of_range(sparsity):
    with pytest.raises(MaskError, match=r"must be in \[0, 1\]"):
        kept_count(4, sparsity)


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
def test_of_weights_pruned_before_zeros_are_kept_last_and_in_order(count, monkeypatch):
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


def test_weights_are_left_alone():
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


def test_hash():
    masks = {"ip1": torch.ones(2, 3, dtype=torch.bool), "conv": torch.zeros(3, dtype=torch.bool)}
    spelled = b"'conv' (3,)\n\x00" + b"'ip1' (2, 3)\n\x3f"
    assert mask_hash(masks) == hashlib.sha256(spelled).hexdigest()
    assert mask_hash(dict(reversed(masks.items()))) == mask_hash(masks)
    others = [
        {**masks, "ip1": torch.ones(3, 2, dtype=torch.bool)},
        {**masks, "conv": torch.tensor([False, True, False])},
        {"ip1": masks["ip1"], "conv2": masks["conv"]},
        {},
    ]
    assert len({mask_hash(m) for m in [masks, *others]}) == 5
