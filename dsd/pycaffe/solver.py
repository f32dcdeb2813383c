"""``caffe.SGDSolver`` and the other solvers, as wrappers of `dsd.Trainer`.

A step is the trainer's own, so that its weights are those of `dsd-train`; what it computes on the way is recorded.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import torch
from torch import Tensor

from dsd.pycaffe.log import StderrLog
from dsd.pycaffe.param import ENDLESS, SolverParam
from dsd.training.events import Observer
from dsd.training.run import Run
from dsd.training.trainer import Trainer
from netdef.data.feeding.feed import Feeds
from netdef.definition.read import read_solver
from netdef.pycaffe import mode
from netdef.pycaffe.errors import own_exceptions
from netdef.pycaffe.layer_memory import gradient_of
from netdef.pycaffe.net import Net
from netdef.pycaffe.recorder import PassRecorder

Callback = Callable[[], object]


class CaffeSolver:
    """A solver made from a file. ``get_solver`` chooses the class by the file's type.

    Attributes:
        net: the `caffe.Net` that is trained. test_nets: those that are tested, which share its weights.
        param: see `SolverParam`. trainer: the `dsd.Trainer` behind it all.

    Data layers give each iteration's batch; Input layers give what the blobs hold. After a step every parameter's ``diff``
    is the update that was subtracted from it.
    """

    rule: ClassVar[str]

    def __init__(self, solver_file: str | os.PathLike[str]):
        if not os.path.isfile(solver_file):
            raise RuntimeError(f"Could not open file {os.fspath(solver_file)}")
        definition = read_solver(solver_file, lenient=mode.choices.lenient, allow_python=mode.choices.allow_python)
        message = deepcopy(definition.message)
        message.type = self.rule
        if not message.HasField("max_iter") and not message.dsd_phase:
            message.max_iter = ENDLESS
        counts = list(message.test_iter)
        message.test_iter[:] = [count or 1 for count in counts]
        seed = mode.choices.seed if message.random_seed < 0 else None
        self._callbacks: list[tuple[Callback | None, Callback]] = []
        with own_exceptions():
            self.trainer = Trainer(replace(definition, message=message), mode.device(), seed=seed,
                                   observers=[_Watch(self), StderrLog()])
        self.net = Net.of(self.trainer.net)
        self.test_nets = [Net.of(net) for net in self.trainer.test_nets]
        self.param = SolverParam(self.trainer)
        self._recorder = PassRecorder(self.net)
        self._started = -1  # the last iteration that the callbacks know of
        self.trainer.forward = self._forward
        # A net that is tested on no batches is there for the script alone.
        tested = [(net, count) for net, count in zip(self.test_nets, counts) if count]
        self.trainer.test_nets = [net.module for net, _ in tested]
        self.trainer.test_forwards = [PassRecorder(net).forward for net, _ in tested]
        message.test_iter[:] = [count for _, count in tested]
        for net in (self.net, *self.test_nets):
            if net.inputs:
                net.module.feeds = _WithInputs(net)

    @property
    def iter(self) -> int:
        """The number of updates so far."""
        return self.trainer.iteration

    @property
    def lr(self) -> float:
        """The learning rate of the next iteration."""
        return self.trainer.rate

    def step(self, n: int) -> None:
        """Do n iterations, with the tests and snapshots of the solver file."""
        with self._training():
            self.trainer.step(int(n))

    def solve(self, resume_file: str | os.PathLike[str] | None = None) -> None:
        """Train to the end, as ``caffe train`` does; from the snapshot ``resume_file``, if it is given.

        Raises `SpecError` if the file has no ``max_iter``.
        """
        if self.trainer.max_iter == ENDLESS:
            raise self.trainer.spec.refuse("has no `max_iter`, so solve() would not end; give it, or call step(n)")
        if resume_file is not None:
            self.restore(resume_file)
        with self._training():
            if not any(net.inputs for net in (self.net, *self.test_nets)):
                self.trainer.run()
                return
            # The trainer's own run is for nets that feed themselves.
            trainer = self.trainer
            trainer.step(max(trainer.max_iter - trainer.iteration, 0))
            every = trainer.settings.snapshot
            if trainer.settings.snapshot_after_train and not (every and trainer.iteration % every == 0):
                trainer.snapshot()
            if self.test_nets and trainer.iteration % trainer.settings.test_interval == 0:
                trainer.test()

    def apply_update(self) -> None:
        """Update the weights by their gradients, and count an iteration."""
        with self._training(keep_gradients=True):
            self.trainer.apply_update()

    def snapshot(self) -> None:
        """Write weights and solver state."""
        self.net.passes.upload()
        self.trainer.snapshot()

    def restore(self, path: str | os.PathLike[str]) -> None:
        """Resume from a ``.solverstate`` and the weights that it names."""
        self.trainer.restore(Path(path))
        self._refresh_arrays(updated=False)

    def share_weights(self, net: Net) -> None:
        """Share the weights of the trained net with another net."""
        net.share_with(self.net)

    def add_callback(self, on_start: Callback, on_gradients_ready: Callback | None = None) -> None:
        """Call ``on_start()`` as each iteration begins and ``on_gradients_ready()`` before its update, from now on.

        A single argument, such as an `NCCL`, is called before the update.
        """
        if on_gradients_ready is None:
            self._callbacks.append((None, on_start))
        else:
            self._callbacks.append((on_start, on_gradients_ready))

    # What happens inside the trainer

    def _forward(self, **batch: Tensor) -> dict[str, Tensor]:
        """The trainer's forward pass."""
        if self._started != self.iter:
            self._started = self.iter
            self.net.refresh_weights()
            for on_start, _ in self._callbacks:
                if on_start is not None:
                    on_start()
                    self._take_gradients()
        return self._recorder.forward(**batch)

    def _gradients_are_there(self) -> None:
        self._recorder.keep_gradients()
        for _, on_gradients_ready in self._callbacks:
            on_gradients_ready()
        if self._callbacks:
            self.net.passes.upload()
            self._take_gradients()

    def _take_gradients(self) -> None:
        """Copy the gradients that scripts have written to the trainer, each in the memory order of its parameter."""
        for parameter in self.trainer.net.parameters():
            gradient = gradient_of(parameter).get()
            if gradient is not None and gradient.stride() != parameter.stride():
                parameter.grad = torch.empty_like(parameter).copy_(gradient)

    @contextmanager
    def _training(self, keep_gradients: bool = False) -> Iterator[None]:
        """Context manager around work of the trainer: copies the script's writes to it before, and its results back after."""
        self._follow_mode()
        self.net.passes.upload()
        if keep_gradients:
            self._take_gradients()
        for parameter in self.trainer.net.parameters():
            gradient_of(parameter).pending = None
        before = self.iter
        try:
            with own_exceptions():
                yield
        finally:
            self._refresh_arrays(updated=self.iter > before)

    def _follow_mode(self) -> None:
        """Move to the device of ``set_mode_gpu`` or ``set_mode_cpu``."""
        device = mode.device()
        if self.trainer.device != device:
            self.trainer.device = device
            for state in self.trainer.solver.state.values():
                state.update((name, tensor.to(device)) for name, tensor in state.items())
        for net in (self.net, *self.test_nets):
            net.follow_mode()

    def _refresh_arrays(self, updated: bool) -> None:
        """Update the blobs that scripts see from the trainer."""
        solver = self.trainer.solver
        for parameter in [p for group in solver.param_groups for p in group["params"]] if updated else ():
            gradient_of(parameter).pending = solver.last_update
        for net in (self.net, *self.test_nets):
            net.refresh_arrays()


class _Watch(Observer):
    """Observer that calls a solver's callbacks when gradients are computed."""

    on_every_rank = True

    def __init__(self, solver: CaffeSolver):
        self._solver = solver

    def iterated(self, run: Run, outputs: dict[str, Tensor], rate: float) -> None:
        self._solver._gradients_are_there()


class _WithInputs(Feeds):
    """The batches of a net's data layers, together with the blobs of its Input layers."""

    def __init__(self, net: Net):
        feeds = net.module.feeds
        super().__init__([feeds[i] for i in range(len(feeds))])
        self._net = net

    def __next__(self) -> dict[str, Tensor]:
        device = self._net.passes.device
        return {**super().__next__(), **{name: self._net.blobs[name].data_memory.tensor(device) for name in self._net.inputs}}
