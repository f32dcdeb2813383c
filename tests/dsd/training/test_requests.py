"""Requests of observers, agreed on by several ranks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

import pytest

from dsd.distributed import ALONE, World
from dsd.training import requests
from dsd.training.requests import Requests

T = TypeVar("T")


@dataclass(frozen=True)
class First(World):
    """The first of two ranks; ``said`` is what it has broadcast."""

    size: int = 2
    said: list[object] = field(default_factory=list)

    def agree(self, value: T) -> T:
        self.said.append(value)
        return value


@dataclass(frozen=True)
class Second(World):
    """The other rank, which hears what the first has said."""

    rank: int = 1
    size: int = 2
    heard: list[object] = field(default_factory=list)

    def agree(self, value: T) -> T:
        return self.heard.pop(0)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, in its only item."""
    now = [0.0]
    monkeypatch.setattr(requests.time, "monotonic", lambda: now[0])
    return now


def test_a_single_process_gets_its_requests_at_once():
    one = Requests(ALONE)
    assert [one.agreed(asked) for asked in (["stop"], [], ["snapshot", "stop"])] == [["stop"], [], ["snapshot", "stop"]]


@pytest.mark.parametrize(("seconds", "agreements"), [(0.25, [1, 5, 9, 13]), (0.004, [1, 101, 201]), (3.0, [1, 2, 3])])
def test_ranks_agree_about_once_a_second(clock, seconds, agreements):
    """By the time of an iteration, and after a hundred at the latest."""
    first = Requests(world := First())
    at = []
    for iteration in range(1, agreements[-1] + 1):
        clock[0] += seconds
        before = len(world.said)
        first.agreed([])
        at += [iteration] * (len(world.said) - before)
    assert at == agreements


def test_ranks_fulfil_the_first_ones_requests_after_the_same_iteration(clock):
    first, second = Requests(world := First()), Requests(other := Second())
    due = []
    for iteration in range(1, 14):
        clock[0] += 0.25
        mine = first.agreed(["snapshot"] if iteration in (2, 4) else [], at_once=iteration == 7)
        other.heard[:] = world.said[:]
        world.said.clear()
        theirs = second.agreed(["stop"], at_once=iteration == 7)  # the other rank's own do not count
        assert other.heard == []
        if mine or theirs:
            due.append((iteration, mine, theirs))
    assert due == [(5, ["snapshot", "snapshot"], ["snapshot", "snapshot"])]
