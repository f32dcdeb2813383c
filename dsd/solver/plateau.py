"""The state of lr_policy "plateau": when the loss fell last, and how often the rate was lowered since. Of PVANet and SSD."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass
class Plateau:
    """The steps that the rate has taken, and what the next one depends on.

    A step is taken in the iteration that is ``plateau_winsize[steps]`` after the last event. An event is a new least mean
    of the last ``average_loss`` losses, or a step. The first window begins with the phase, or where the policy begins.

    Attributes:
        last_event: the iteration of the last event, counted from the start of the run.
        steps: the exponent of gamma.
        least: the least mean loss so far.
    """

    last_event: int
    steps: int = 0
    least: float = math.inf

    def follow(self, iteration: int, loss: float, windows: Sequence[int]) -> None:
        """Take note of the mean loss of an iteration, the NaN before any included. To do it twice changes nothing."""
        if loss < self.least:
            self.least, self.last_event = loss, iteration
        if self.steps < len(windows) and iteration >= self.last_event + windows[self.steps]:
            self.steps += 1
            self.last_event = iteration
