"""The digits that the tool made."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np

from netdef.data.databases.survey import decoded_items

ROOT = Path(__file__).parents[2]


def test_the_shipped_digits():
    for name, count in (("train", 1500), ("test", 297)):
        digits = list(decoded_items(ROOT / "models" / "digits" / f"{name}_lmdb"))
        assert len(digits) == count
        assert {digit.image.shape for digit in digits} == {(1, 8, 8)}
        assert {int(digit.image.max()) for digit in digits} <= set(range(10, 17)) and digits[0].image.dtype == np.uint8
        shares = Counter(digit.label for digit in digits)
        assert sorted(shares) == list(range(10))
        assert max(shares.values()) - min(shares.values()) <= 0.05 * count
