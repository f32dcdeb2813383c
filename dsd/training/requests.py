"""Agree with the other ranks on what observers request."""

from __future__ import annotations

import time
from collections.abc import Iterable

from dsd.distributed import World
from netdef.errors import NetdefError

AGREE_EVERY = 1.0  # seconds
MOST_ITERATIONS = 100  # between two agreements, however short they are


class Requests:
    """The requests of the first rank's observers, which all ranks fulfil after the same iteration.

    With several ranks they are exchanged about once a second: an exchange makes every rank, and its GPU, wait for the first.
    Each exchange sets the number of iterations until the next, from the time that the first rank's iterations took.
    """

    def __init__(self, world: World):
        self.world = world
        self._asked: list[str | NetdefError] = []
        self._interval = self._left = 1  # iterations
        self._since = time.monotonic()

    def agreed(self, asked: Iterable[str | NetdefError], at_once: bool = False) -> list[str | NetdefError]:
        """Exchange requests, if an exchange is due. Returns those of the first rank, which all ranks fulfil now.

        Call it after every iteration, on every rank, with this rank's new requests. With ``at_once``, the same on every
        rank, an exchange is due.
        """
        self._asked += asked
        self._left -= 1
        if self.world.size > 1 and self._left > 0 and not at_once:
            return []
        taken = (time.monotonic() - self._since) / (self._interval - self._left)
        interval = min(max(int(AGREE_EVERY / max(taken, 1e-9)), 1), MOST_ITERATIONS)
        found, self._interval = self.world.agree((self._asked, interval))
        self._asked, self._left, self._since = [], self._interval, time.monotonic()
        return found
