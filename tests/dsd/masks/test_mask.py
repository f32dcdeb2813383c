"""Masks by magnitude: exact counts, ties, memory layout, bits and hashes."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import torch

from dsd.masks.mask import MaskError, kept_count, mask_hash


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
