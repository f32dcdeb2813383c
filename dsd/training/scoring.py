"""The tests of a run: when they are due, and how they are broken off when the run is to stop."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import torch
from torch import Tensor

from dsd.compute.compiled import pass_of
from dsd.compute.precision import Forward
from dsd.distributed import World
from dsd.evaluate.scores import BrokenOffError, mean_outputs
from dsd.plan.prepare import PreparedRun
from dsd.seeds import seed_of
from dsd.training.events import Observer
from dsd.training.iterations import Iterations


class Scoring(Iterations):
    """A run that can also test its nets. `Trainer` adds the loop.

    Attributes, beside those of `Iterations`:
        test_forwards: run the test nets on a batch and give at least their outputs. Replace them to keep other blobs.
    """

    def __init__(
        self, prepared: PreparedRun, world: World, precision: str | None, compile: bool, observers: Iterable[Observer]
    ):
        super().__init__(prepared, world, precision, compile, observers)
        self.test_forwards: list[Forward] = [pass_of(net, self.precision, compile) for net in self.test_nets]
        self._tested: tuple[int, int] | None = None  # iteration and phase of the last test

    def test(self) -> list[dict[str, Tensor]]:
        """Test every test net on its ``test_iter`` batches: {output blob: mean}, one dict a net."""
        return self._test(lambda: False) or []

    def _test_if_due(self) -> bool:
        """Test if it is time to. False if that was broken off: the run stops before this iteration."""
        interval = self.settings.test_interval
        if not self.test_nets or not interval or self.iteration % interval:
            return True
        if (self.iteration or self.settings.test_initialization) and self._tested != (self.iteration, self.begun):
            if (results := self._test(self._stopping)) is None:
                return False
            self.early_end.tested(self.phases[self.begun], self.test_nets[0], results[0], self.world)
        return True

    def _test(self, broken_off: Callable[[], bool]) -> list[dict[str, Tensor]] | None:
        """Do `test`; None if ``broken_off`` is true before one of its batches.

        The data layers then stand where they stood, so that a run that goes on from a snapshot tests the same items.
        """
        starts = [net.feeds.positions for net in self.test_nets]
        results = []
        try:
            for index, (net, count, forward) in enumerate(zip(self.test_nets, self.settings.test_iter, self.test_forwards)):
                if self.begins_anew(index):
                    net.feeds.seek([0] * len(net.feeds))
                torch.manual_seed(seed_of(self.seed, "test", index, self.iteration))
                results.append(mean_outputs(net, count, self.device, self.settings.ap_version, forward, broken_off))
        except BrokenOffError:
            for net, start in zip(self.test_nets, starts):
                net.feeds.seek(start)
            return None
        self._tested = (self.iteration, self.begun)
        self._notify("tested", results)
        return results

    def begins_anew(self, index: int) -> bool:
        """Whether tests of a net begin with its first batch, by ``test_net_reset``."""
        given = self.settings.test_net_reset
        return bool(given) and given[index if len(given) > 1 else 0]

    def _stopping(self) -> bool:
        """Whether to break a test off. Not with several ranks, which would have to agree, and not at the end of the run."""
        return self.world.size == 1 and self.iteration < self.max_iter and any(o.stopping() for o in self.observers)
