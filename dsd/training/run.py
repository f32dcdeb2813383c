"""The state of a training run: what snapshots, audits and observers read."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from uuid import uuid4

import torch
from torch import Tensor

from dsd.compute.precision import Precision
from dsd.distributed import ALONE, World
from dsd.engine.audit import Audit, audit_masks
from dsd.engine.enforce import MaskKeeper
from dsd.engine.phase import with_lengths
from dsd.plan.masks import set_masks
from dsd.plan.parameter_groups import parameter_groups
from dsd.plan.phases import DsdPhase
from dsd.plan.prepare import PreparedRun
from dsd.plan.settings import snapshot_prefix
from dsd.seeds import seed_of
from dsd.solver.from_message import make_solver
from dsd.solver.plateau import Plateau
from dsd.training.early_end import EarlyEnd
from dsd.training.loss_scale import LossScale
from dsd.training.run_lock import RunLock
from netdef.errors import FileError, NetdefError
from netdef.schema.messages import DsdPhase as DsdPhaseMessage
from netdef.schema.messages import SolverParameter
from netdef.weights.load_report import LoadReport


class Run:
    """The state of a run. `Trainer` adds the loop.

    Attributes:
        spec: the solver as it was read.
        phases: all of them, in order.
        net: the net that is trained.
        test_nets: the nets that are tested; they use the parameters of ``net``.
        solver: the optimiser.
        keeper: the masks in force.
        device: where nets and solver are.
        precision: what passes are computed in; ``loss_scale`` scales their loss.
        seed: the seed of all random numbers; ``seed_given`` says whether it was named.
        world: rank and number of processes.
        id: of this run and no other, the same on every rank. Metrics and snapshots hold it.
        resumed: the id of the run that wrote the snapshot from which this one was restored; "" for none, and for files of
            the original program.
        loaded: a `LoadReport` for each weight file it started from.
        iteration: iterations done.
        ended: {index of a phase that ended before its length: the length it had}.
        kept_masks: {index of a phase: the phase in a snapshot whose masks it goes on with, where the text's differ}.
        early_end: whether the phase in force ends before its length, and why.
        plateau: the steps of the rate in the phase in force, if its ``lr_policy`` is "plateau".
        begun: the index of the phase whose masks are in force; -1 before the first.
        losses: the last ``average_loss`` losses, oldest first, scalars on the device.
        batch: the blobs of the last pass that was trained on, from the data layers or the caller; on the device.
    """

    def __init__(self, prepared: PreparedRun, world: World = ALONE, precision: str | None = None):
        self.spec, self.phases = prepared.solver, prepared.phases
        self.net, self.test_nets = prepared.net, prepared.test_nets
        self.device, self.seed, self.world = prepared.device, prepared.seed, world
        self.seed_given = prepared.seed_given
        self.precision = Precision(precision, self.device)
        self.solver = make_solver(self.settings, parameter_groups(self.net.learnable, self.settings))
        self.loss_scale = LossScale(self.solver, self.precision.scales_loss, self.device)
        for mask in self.net.masks.values():
            mask.folded = True  # the solver keeps pruned weights at +0.0 and masks their gradients
        self.keeper = MaskKeeper(
            prepared.named_weights, self.solver, self.phases, world, changed=lambda masks: set_masks(self.net, masks))
        self.loaded: list[LoadReport] = []
        self.id, self.resumed = world.agree(uuid4().hex), ""
        self._alone = False
        self.iteration = 0
        self._own_rate: tuple[int, float] | None = None  # (index of its phase, rate)
        self.plateau = Plateau(0)
        self.begun = -1
        self.ended: dict[int, int] = {}
        self.kept_masks: dict[int, DsdPhaseMessage] = {}
        self.early_end = EarlyEnd()
        self.losses: deque[Tensor] = deque(maxlen=max(self.settings.average_loss, 1))
        self.batch: dict[str, Tensor] = {}
        self.configure_feeds()

    @property
    def settings(self) -> SolverParameter:
        """The solver's message."""
        return self.spec.message

    @property
    def max_iter(self) -> int:
        """The iteration at which the run ends."""
        return self.phases[-1].end

    def index_at(self, iteration: int) -> int:
        """Index of the phase that an iteration belongs to; the last phase's beyond the end."""
        return next((i for i, p in enumerate(self.phases) if iteration < p.end), len(self.phases) - 1)

    @property
    def phase(self) -> DsdPhase:
        """The phase of the next iteration; at the end of the run that of the last one."""
        return self.phases[self.index_at(self.iteration)]

    @property
    def phase_in_force(self) -> DsdPhase:
        """The phase whose masks are in force. It differs from `phase` after the last iteration of a phase."""
        return self.phases[max(self.begun, 0)]

    @property
    def rate(self) -> float:
        """The learning rate of the next iteration.

        Set, it replaces the schedule of its phase until that ends. Snapshots do not keep it. Raises `NetdefError` for a
        rate below 0, or one that is not finite.
        """
        index = self.index_at(self.iteration)
        if self._own_rate is not None and self._own_rate[0] == index:
            return self._own_rate[1]
        return self.scheduled_rate(self.iteration)

    @rate.setter
    def rate(self, rate: float) -> None:
        if not 0 <= rate < math.inf:
            raise NetdefError(f"the rate is set to {rate:g}; it must be at least 0 and finite")
        self._own_rate = (self.index_at(self.iteration), rate)

    def scheduled_rate(self, iteration: int) -> float:
        """The rate that the phase of an iteration has for it; with ``plateau`` after the steps taken until now."""
        index = self.index_at(iteration)
        phase = self.phases[index]
        return phase.rates.at(iteration - phase.start, self.plateau.steps if index == self.begun else 0)

    @property
    def loss(self) -> float:
        """The mean of the last ``average_loss`` losses; NaN before any."""
        return float(torch.stack(list(self.losses)).mean()) if self.losses else float("nan")

    @property
    def displayed(self) -> bool:
        """Whether the iteration is one of those that the solver displays."""
        return bool(self.settings.display) and self.iteration % self.settings.display == 0

    @property
    def recent_losses(self) -> list[float]:
        """The losses whose mean is `loss`, oldest first."""
        return [float(x) for x in self.losses]

    def end_phase(self) -> None:
        """End the phase in force after the iteration at work, though its length is not reached; the next one begins there.

        Observers may call it whenever they are called, and callers of `Trainer.step` between two steps. With several ranks
        call it on the first: `Trainer.run` ends the phase on all of them, within about a second. Without effect in the
        last iteration of a phase.
        """
        self.early_end.asked = True

    def set_ended(self, lengths: Mapping[int, int]) -> None:
        """Let phases end early, {index: iterations it had}, and all others have their own length; those that follow move."""
        planned = {**dict(enumerate(phase.length for phase in self.phases)), **self.ended}
        self.ended = {index: planned[index] for index in lengths}
        self.phases = with_lengths(self.phases, {**planned, **lengths})
        self.keeper.phases = self.phases

    @property
    def ended_lengths(self) -> dict[int, int]:
        """{index: iterations it had} of the phases that ended early."""
        return {index: self.phases[index].length for index in self.ended}

    @property
    def masks(self) -> dict[str, Tensor]:
        """{Mask layer: kept} in force; masks that keep everything are not listed."""
        return self.keeper.masks

    def mask_weight(self, mask: str) -> Tensor:
        """The parameter that a Mask layer covers."""
        return self.keeper.weights[mask].tensor

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the lock of the snapshot prefix, on the first rank, and delete what killed runs left half-written.

        `Trainer.run` does so by itself; a caller who reads or moves files of the prefix before it does it around both.
        Raises `FileError`, on every rank, while another run holds the lock, and if the prefix cannot be written.
        """
        if self._alone:
            yield
            return
        lock = RunLock(snapshot_prefix(self.spec))
        refused = None
        try:
            if self.world.rank == 0:
                lock.take()
        except FileError as error:
            refused = str(error)
        if refused := self.world.agree(refused):
            raise FileError(refused)
        self._alone = True
        try:
            yield
        finally:
            self._alone = False
            lock.release()

    def audit(self) -> Audit:
        """Audit the masks in force, on every rank."""
        return audit_masks(self.keeper, self.phase_in_force, self.iteration)

    def configure_feeds(self) -> None:
        """Set the seed of the data layers, and this process's share of the training data."""
        self.net.feeds.configure(self.seed, self.world.rank, self.world.size)
        for index, net in enumerate(self.test_nets):
            net.feeds.configure(seed_of(self.seed, "test", index))
