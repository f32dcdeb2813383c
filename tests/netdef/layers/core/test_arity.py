"""How many bottoms or tops are admitted, and how a complaint says it."""

from __future__ import annotations

import pytest

from netdef.layers.core.arity import Arity, at_least, between, exactly


@pytest.mark.parametrize("arity, admitted, text", [
    (exactly(2), {2}, "2"),
    (exactly(0), {0}, "0"),
    (at_least(1), {1, 2, 3, 4}, "at least 1"),
    (between(1, 3), {1, 2, 3}, "1 to 3"),
])
def test_what_is_admitted(arity: Arity, admitted: set[int], text: str):
    assert {count for count in range(5) if arity.admits(count)} == admitted
    assert str(arity) == text
