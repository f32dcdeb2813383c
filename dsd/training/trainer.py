"""The training loop: phase after phase, with tests, snapshots and the requests of observers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path

import torch
from google.protobuf.message import Message
from torch import Tensor

from dsd.distributed import ALONE, World
from dsd.engine.audit import AuditError
from dsd.plan import nets
from dsd.plan.prepare import RunOptions, prepare
from dsd.plan.solver_of import solver_of, solver_of_file
from dsd.training.events import Observer, PhaseResult
from dsd.training.requests import Requests
from dsd.training.restore import restore
from dsd.training.scoring import Scoring
from dsd.training.snapshot_writer import SnapshotWriter
from netdef.definition.definitions import SolverDefinition
from netdef.errors import NetdefError
from netdef.files import one_or_more
from netdef.graph.net_inputs import Input, input_tensor


class Trainer(Scoring):
    """Train the net of a solver through its phases. Plain Caffe training is one dense phase.

    Args:
        solver: the solver as it was read, or a SolverParameter message, ours or the original's, whose relative paths
            begin at the working directory; `from_file` takes a file.
        device: ``"cpu"``, ``"cuda:1"``, ...; by default what the solver says. If it says GPU and there is none, the CPU, with
            a warning.
        weights: weight files to start from, in order, instead of those that the solver names.
        sparsity: for a solver without phases: train dense as it says, then sparse with this share of the weights pruned,
            then dense again.
        max_iter: the last iteration, instead of the solver's.
        seed: the seed of all random numbers, instead of the solver's ``random_seed``; without either a new one.
        level, stages: added to the solver's ``train_state``, which chooses among the layers of the net.
        world: the processes that train together: `World.join` under torchrun.
        observers: called at the events of a run; see `Observer`.
        workers: processes that decode images for the data layers; 0 for threads.
        precision: ``"fp32"``, ``"tf32"``, ``"bf16"`` or ``"fp16"``, what passes compute in; see `Precision`. With fp16 an
            iteration whose gradients overflow counts, and changes no weight.
        compile: let torch compile the passes; see `CompiledNet`.
        patience: end each phase that has no ``until_converged`` when its test score has not improved for this many tests.

    Raises `SpecError` with all mistakes in solver, phases, nets and their data.

    Attributes: those of `Run`, `Iterations` and `Scoring`.
    """

    def __init__(
        self,
        solver: SolverDefinition | Message,
        device: str | torch.device | None = None,
        *,
        weights: str | Path | Iterable[str | Path] = (),
        sparsity: float | None = None,
        max_iter: int | None = None,
        seed: int | None = None,
        level: int = 0,
        stages: str | Iterable[str] = (),
        world: World = ALONE,
        observers: Sequence[Observer] = (),
        workers: int = 0,
        precision: str | None = None,
        compile: bool = False,
        patience: int | None = None,
    ):
        stages = one_or_more(stages, "names of stages are")
        weights = one_or_more(weights, "paths of weight files are")
        options = RunOptions(sparsity, max_iter, seed, level, stages, weights, patience)
        super().__init__(prepare(solver_of(solver), options, device, world), world, precision, compile, observers)
        self._requests = Requests(world)
        self._snapshots = SnapshotWriter(self, lambda *paths: self._notify("snapshotted", *paths))
        self._last_snapshot: int | None = None
        for net in (self.net, *self.test_nets):
            net.feeds.use_workers(workers)

    @classmethod
    def from_file(
        cls, path: str | Path, device: str | torch.device | None = None, *,
        lenient: bool = False, allow_python: bool = False, weights: str | Path | Iterable[str | Path] = (),
        sparsity: float | None = None, max_iter: int | None = None, seed: int | None = None,
        level: int = 0, stages: str | Iterable[str] = (), world: World = ALONE, observers: Sequence[Observer] = (),
        workers: int = 0, precision: str | None = None, compile: bool = False,
        settings: str | Sequence[str] = (), patience: int | None = None,
    ) -> Trainer:
        """Make the trainer of a solver file. Raises `SpecError` with all mistakes, those of the file included.

        Args:
            path: the solver file.
            lenient: leave out fields that only forks of Caffe know, in solver and nets, with a warning each.
            allow_python: let Python layers run the modules that they name.
            settings: fields to set, ``base_lr=0.1`` or ``dsd_phase[1].sparsity=0.5``; see `set_fields`.
            device, weights, sparsity, max_iter, seed, level, stages, world, observers, workers, precision, compile, patience: as
                for `Trainer`.
        """
        stages = one_or_more(stages, "names of stages are")
        weights = one_or_more(weights, "paths of weight files are")
        options = RunOptions(sparsity, max_iter, seed, level, stages, weights, patience)
        settings = one_or_more(settings, "settings such as base_lr=0.1 are")
        solver = solver_of_file(path, options, settings, lenient=lenient, allow_python=allow_python)
        return cls(
            solver, device, weights=weights, sparsity=sparsity, max_iter=max_iter, seed=seed, level=level, stages=stages,
            world=world, observers=observers, workers=workers, precision=precision,
            compile=compile, patience=patience)

    def run(self) -> None:
        """Train to the end of the last phase, as ``caffe train`` does: with tests and snapshots at their intervals, and
        both at the end of each phase (no snapshot if ``snapshot_after_train`` is false). An observer can stop it early,
        with a snapshot, or end it with an error. Raises `SpecError` if a net has Input layers, `AuditError` at the end of a
        phase whose masks did not hold, and `FileError` while another run has the same ``snapshot_prefix``.
        """
        nets.need_data(self.net, *self.test_nets)
        with self.alone(), closing(self._snapshots):
            self._notify("started")
            try:
                early = self._run()
            except NetdefError as error:
                with suppress(NetdefError):  # an observer's own, such as that of a full disk
                    self._snapshots.finish()
                    self._notify("failed", error)
                raise
            self._notify("finished", early)

    def _run(self) -> bool:
        """Train to the end of the last phase; whether an observer stopped the run before it."""
        if self.begun >= 0 and self.iteration == self.phases[self.begun].end:
            self._end_phase()  # restored from the snapshot at a phase's end; the rest of the end is still to do
        stop = False
        while self.iteration < self.max_iter and not stop:
            self._step()
            if self.iteration == self.phases[self.begun].end:
                self._end_phase()
            stop = self._do_requests()
        early = self.iteration < self.max_iter
        if early or not self.max_iter:  # without iterations there is no end of a phase to write the weights at
            self._snapshot_after_train()
        self._snapshots.finish()
        self.world.wait()
        return early

    def step(self, n: int = 1, inputs: Mapping[str, Input] | None = None) -> None:
        """Do n iterations. ``inputs``, tensors or numpy arrays, are the blobs of Input layers, the same in every pass;
        data layers provide their own."""
        given = None
        if inputs is not None:
            given = {name: input_tensor(name, value, (torch.float32, self.device)) for name, value in inputs.items()}
        for _ in range(n):
            self._step(given)
        self._snapshots.finish()

    def _step(self, inputs: dict[str, Tensor] | None = None) -> None:
        """Do one iteration, with the test and the snapshot that are due."""
        self._begin_phase()
        self._change_masks()
        if not self._test_if_due():
            return
        self._iterate(inputs)
        self._end_early_if_asked()
        self._snapshots.poll()
        if self.settings.snapshot and self.iteration % self.settings.snapshot == 0:
            self._begin_snapshot()

    def snapshot(self) -> tuple[Path, Path]:
        """Write ``<prefix>_iter_<n>`` weights and solver state; returns both paths. Only the first rank writes."""
        paths = self._begin_snapshot()
        self._snapshots.finish()
        self.world.wait()
        return paths

    def _begin_snapshot(self) -> tuple[Path, Path]:
        """Write a snapshot; a large one in the background."""
        self._snapshots.finish()
        self._notify("snapshotting")
        self._last_snapshot = self.iteration
        return self._snapshots.begin()

    def restore(self, path: str | Path) -> None:
        """Restore a ``.solverstate``, ours or Caffe's, and the weights it names.

        Raises `FileError` if it does not fit this solver and net.
        """
        restore(self, Path(path))
        self._last_snapshot, self._tested = self.iteration, None

    def _end_early_if_asked(self) -> None:
        """Let the phase end here if it has converged, or if `end_phase` was called and there is a single rank."""
        if self.world.size == 1:
            self.early_end.called()
        index, reason = self.begun, self.early_end.reason
        if reason and self.iteration < self.phases[index].end:
            self.set_ended({**self.ended_lengths, index: self.iteration - self.phases[index].start})
            self._notify("phase_shortened", self.phases[index], reason)

    def _do_requests(self) -> bool:
        """Snapshot if an observer requests it. True if one requests to stop. Raises an error that one requests."""
        asked = [action for observer in self.observers if (action := observer.requested())]
        if self.world.size > 1:
            asked += self.early_end.request(self.begun)
        actions = self._requests.agreed(asked, at_once=self.iteration == self.phases[self.begun].end)
        for action in actions:
            if isinstance(action, NetdefError):
                raise action
        self.early_end.agreed(actions, self.begun)
        if "snapshot" in actions and self._last_snapshot != self.iteration:
            self._begin_snapshot()
        return "stop" in actions

    def _snapshot_after_train(self) -> None:
        if self.settings.snapshot_after_train and self._last_snapshot != self.iteration:
            self._begin_snapshot()

    def _end_phase(self) -> None:
        self._snapshot_after_train()
        if self.iteration == self.max_iter and self.displayed:
            with torch.no_grad():  # Caffe shows the loss after the last update, on the next batch
                self.losses.append(self.net.loss(self.precision.of(self.net)(**self._batch(next(self.net.feeds)))))
            self._notify("displayed_last")
        results = self._test(self._stopping) if self.test_nets else []
        if results is None:
            return  # the rest of the end is done when the run goes on
        self._notify("phase_ended", PhaseResult.of(self, self.phases[self.begun], results))
        if self.masks:
            audit = self.audit()
            self._notify("audited", audit)
            if not audit.holds:
                raise AuditError(audit)
