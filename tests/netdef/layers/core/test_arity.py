"""Ranges of numbers of bottoms or tops, and their text in errors."""

from __future__ import annotations

import pytest

from netdef.layers.core.arity import Arity, at_least, between, exactly


@pytest.mark.parametrize("arity, admitted, text", [
    (exactly(2), {2}, "2"),
    (exactly(0), {0}, "0"),
    (at_least(1), {1, 2, 3, 4}, "at least 1"),
    (between(1, 3), {1, 2, 3}, "1 to 3"),
])
def test_numbers_within_the_range_are_admitted(arity: Arity, admitted: set[int], text: str):
    assert {count for count in range(5) if arity.admits(count)} == admitted
    assert str(arity) == text
