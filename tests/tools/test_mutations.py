"""Damage by chosen numbers: each change of tokens and of bytes, one by one."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest


class Chosen(random.Random):
    """Gives numbers in the order of a list, and of a sequence the item at that index."""

    def __init__(self, *numbers: int):
        super().__init__(0)
        self.numbers = list(numbers)

    def randrange(self, start: int, stop: int | None = None, step: int = 1) -> int:
        return self.numbers.pop(0)

    randint = randrange

    def choice(self, seq: Sequence[Any]) -> Any:
        return seq[self.numbers.pop(0)]

    def sample(self, population: Sequence[Any], k: int, **_: Any) -> list[Any]:
        return list(population)[:k]

    def random(self) -> float:
        return self.numbers.pop(0) / 100


def test_tokens_are_sorted_and_without_blanks(tool):
    assert tool("mutations").tokens_of(['name: "a b"\n', "dim: 3.5e-2 }"]) == ['"a b"', "3.5e-2", ":", "dim", "name", "}"]


TEXT = 'top: "a" dim: 3'  # tokens: top : blank "a" blank dim : blank 3


@pytest.mark.parametrize(("numbers", "wanted"), [
    ((0, 3, 0, 0), "top:  dim: 3"),  # one change, at 3, leave out, one token
    ((0, 0, 0, 3), '"a" dim: 3'.replace('"a"', ' "a"')),  # two from 0 on
    ((0, 5, 1, 1), 'top: "a" dim: dim: 3'.replace("dim: dim: ", "dim" + ":" + "dim" + ": ")),  # twice
    ((0, 0, 2, 8), '3: "a" dim: top'),  # exchanged with 8
    ((0, 8, 3, 1), 'top: "a" dim: sum'),  # a token of another text
    ((0, 8, 4, 1), 'top: "a" dim: -1'),  # a strange one
    ((0, 5, 5, 0), 'top: "a" 0dim: 3'),
    ((0, 5, 6, 19), 'top: "a" '),  # all from there on
    ((0, 5, 6, 20), TEXT),
    ((3, 0, 2, 8, 0, 2, 8), TEXT),  # two changes: there and back
])
def test_a_change_of_tokens(tool, numbers, wanted):
    chosen = Chosen(*numbers)
    assert tool("mutations").damaged_text(TEXT, ["max", "sum"], chosen) == wanted and not chosen.numbers


@pytest.mark.parametrize(("numbers", "wanted"), [
    ((1, 2, 0, 0, 4), b"ab\xffdefghij"),  # one change, at 2, another byte: of 0, 1, 127, 128, 255 and a random one
    ((1, 2, 1, 5), b"abCdefghij"),  # bit 5 of c
    ((1, 1, 2, 1), b"a" + bytes(8) + b"j"),
    ((1, 2, 3, 1), b"abghij"),  # four left out
    ((1, 2, 4, 0), b"abccdefghij"),  # one repeated
    ((1, 2, 5, 29), b"ab"),
    ((1, 10, 0, 30), b"abcdefghij"),  # behind the end there is no byte
])
def test_a_change_of_bytes(tool, numbers, wanted):
    assert tool("mutations").damaged_bytes(b"abcdefghij", Chosen(*numbers)) == wanted


def test_damage_follows_from_the_seed(tool):
    mutations = tool("mutations")
    data = bytes(range(200))
    assert mutations.damaged_bytes(data, random.Random(4)) == mutations.damaged_bytes(data, random.Random(4)) != data
