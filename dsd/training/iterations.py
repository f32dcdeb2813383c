"""The iterations of a run: passes over batches and the update, under the masks of the phase."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable
from contextlib import nullcontext

import torch
from torch import Tensor

from dsd.compute.compiled import NO_DEBUG_INFO, CompiledNet
from dsd.compute.precision import Forward
from dsd.distributed import World
from dsd.plan.masks import net_masks
from dsd.plan.prepare import PreparedRun
from dsd.seeds import seed_generators, seed_of
from dsd.solver.momenta import step_at
from dsd.solver.plateau import Plateau
from dsd.training.cuts import CutWarnings
from dsd.training.data_parallel import in_parallel
from dsd.training.early_end import EarlyEnd
from dsd.training.events import Observer
from dsd.training.run import Run
from netdef.errors import NetdefError
from netdef.weights.load import load_weights


class Iterations(Run):
    """A run that can begin its phases and do its next iteration, as Caffe does. `Scoring` adds tests, `Trainer` the loop.

    Attributes, beside those of `Run`:
        observers: as given; more may be added.
        forward: runs ``net`` on a batch and gives at least its outputs. Replace it to keep other blobs of a pass.
    """

    def __init__(
        self, prepared: PreparedRun, world: World, precision: str | None, compile: bool, observers: Iterable[Observer]
    ):
        super().__init__(prepared, world, precision)
        if compile and self.settings.debug_info:
            raise NetdefError(NO_DEBUG_INFO)
        self.loaded = [load_weights(self.net, path) for path in prepared.weights]
        self.keeper.adopt(net_masks(self.net))
        if not isinstance(observers, Iterable) or not all(isinstance(one, Observer) for one in observers):
            raise TypeError(f"`observers` is a list of dsd.Observer objects, such as [dsd.ProgressReport()], not {observers!r}")
        self.observers = list(observers)
        run = CompiledNet(self.net) if compile else self.net
        self._parallel = in_parallel(self.net, world, run)
        self.forward: Forward = self.precision.of(run if self._parallel is None else self._parallel)
        self._cuts = CutWarnings()

    def apply_update(self) -> None:
        """Update the weights by their gradients, at the rate of this iteration, and count the iteration."""
        self._begin_phase()
        self._follow_loss()
        rate, momentum = step_at(self.settings, self.iteration, self.max_iter, self.rate)
        for group in self.solver.param_groups:
            group["lr"] = rate
            if momentum is not None:
                group["momentum"] = momentum
        if not self.loss_scale.step() and self.world.rank == 0:
            warnings.warn(f"iteration {self.iteration}: gradients overflow float16: no update; the scale of the loss is halved",
                          stacklevel=2)
        self.iteration += 1

    def _begin_phase(self) -> None:
        index = self.index_at(self.iteration)
        if index == self.begun:
            return
        first = self.begun < 0
        if first:
            self.keeper.adopt(net_masks(self.net))  # weights may have been loaded since
        self.solver.iteration = self.iteration
        self.keeper.begin(index, self.iteration, self.seed, after_another=not first)
        self.begun = index
        self.early_end = EarlyEnd()
        self.plateau = Plateau(self.iteration)
        self._cuts.check(self)
        self._notify("phase_began", self.phases[index])

    def _change_masks(self) -> None:
        """Change the masks before an iteration, if the phase's policy does so."""
        if self.keeper.change(self.phases[self.begun], self.iteration, self.seed):
            self._cuts.check(self)

    def _iterate(self, inputs: dict[str, Tensor] | None) -> None:
        seed_generators(seed_of(self.seed, self.iteration, self.world.rank), self.device)
        passes = self.settings.iter_size
        self.solver.zero_grad(set_to_none=True)
        losses = []
        outputs: dict[str, Tensor] = {}
        for number in range(passes):
            self.batch = self._batch(inputs or next(self.net.feeds))
            last = number == passes - 1
            # Ranks exchange gradients once, in the last pass.
            with nullcontext() if last or self._parallel is None else self._parallel.no_sync():
                outputs = self.forward(**self.batch)
                loss = self.net.loss(outputs)
                if loss.requires_grad:
                    self.loss_scale.scaled(loss).backward()
            losses.append(loss.detach())
        self.losses.append(sum(losses[1:], losses[0]) / passes if passes > 1 else losses[0])
        self.loss_scale.unscale()
        self._follow_loss()
        self._notify("iterated", outputs, self.rate)
        self.apply_update()

    def _follow_loss(self) -> None:
        """Let the rate follow the mean of the phase's last losses, as the first rank has them, if its policy does so."""
        phase = self.phase
        if phase.rates.policy == "plateau":
            losses = list(self.losses)[-(self.iteration - phase.start + 1):]
            mean = float(torch.stack(losses).mean()) if losses else math.nan
            self.plateau.follow(self.iteration, self.world.agree(mean), phase.rates.windows)

    def _batch(self, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
        return {name: tensor.to(self.device, non_blocking=True) for name, tensor in tensors.items()}

    def _notify(self, event: str, *details: object) -> None:
        for observer in self.observers:
            if self.world.rank == 0 or observer.on_every_rank:
                getattr(observer, event)(self, *details)
