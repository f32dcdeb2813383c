"""Write the log of a run in Caffe's format, so that Caffe's log tools work."""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path

from torch import Tensor

from dsd.observers.debug_info import DebugLines
from dsd.observers.glog_file import GlogFile, number
from dsd.observers.log_beginning import beginning
from dsd.observers.run_history import set_aside
from dsd.plan.phases import DsdPhase
from dsd.training.events import Observer, PhaseResult
from dsd.training.run import Run
from netdef.errors import NetdefError
from netdef.graph.net import Net
from netdef.graph.watch import watched
from netdef.schema.messages import SolverParameter


class CaffeLog(Observer):
    """Write the log that ``caffe train`` would write. A resumed run is appended; one from the start leaves the log of an
    earlier one beside its own, under another name (`set_aside`).

    ``resumed_from`` is the snapshot's name.
    """

    def __init__(self, path: Path, resumed_from: str | Path | None = None):
        self.path = path
        self.resumed_from = resumed_from
        self._log: GlogFile | None = None
        self._shown: tuple[int, float] = (0, 0.0)  # iteration and time of the last displayed one
        self._debug: dict[Net, DebugLines] = {}  # of the nets whose passes are logged
        self._watching = ExitStack()

    def started(self, run: Run) -> None:
        if not run.iteration:
            set_aside([self.path])
        self._log = GlogFile(self.path, append=run.iteration > 0)
        for line in beginning(run):
            self._write(*line)
        if self.resumed_from:
            self._write("caffe.cpp:235", f"Resuming from {self.resumed_from}")
            self._write("sgd_solver.cpp:336", "SGDSolver: restoring history")
        self._write("caffe.cpp:239", "Starting Optimization")
        self._write("solver.cpp:289", f"Solving {run.net.name}")
        self._write("solver.cpp:290", f"Learning Rate Policy: {run.settings.lr_policy}")
        self._shown = (run.iteration, time.monotonic())
        self._watch(run)

    def phase_began(self, run: Run, phase: DsdPhase) -> None:
        if len(run.phases) > 1:
            self._write("phases.py:1", f"Phase {phase.name}: iterations {phase.start} to {phase.end}, "
                        f"learning rate policy {phase.rates.policy}, {len(run.masks)} masks")

    def iterated(self, run: Run, outputs: dict[str, Tensor], rate: float) -> None:
        if not run.displayed:
            return
        every, iteration = run.settings.display, run.iteration
        now = time.monotonic()
        seconds = now - self._shown[1]
        per_second = (iteration - self._shown[0]) / (seconds or 1)
        self._shown = (iteration, now)
        self._passes(run.net)
        speed = f"{number(per_second)} iter/s, {number(seconds)}s/{every} iters"
        self._write("solver.cpp:239", f"Iteration {iteration} ({speed}), loss = {number(run.loss)}")
        self._outputs("solver.cpp:258", "Train", run.net, outputs)
        self._write("sgd_solver.cpp:112", f"Iteration {iteration}, lr = {number(rate)}")

    def tested(self, run: Run, results: list[dict[str, Tensor]]) -> None:
        for index, (net, means) in enumerate(zip(run.test_nets, results)):
            self._write("solver.cpp:347", f"Iteration {run.iteration}, Testing net (#{index})")
            self._passes(net)
            if run.settings.test_compute_loss:
                self._write("solver.cpp:401", f"Test loss: {number(float(net.loss(means)))}")
            self._outputs("solver.cpp:414", "Test", net, means)

    def snapshotted(self, run: Run, weights: Path, state: Path) -> None:
        kind = "HDF5 file" if run.settings.snapshot_format == SolverParameter.HDF5 else "binary proto file"
        self._write("solver.cpp:464", f"Snapshotting to {kind} {weights}")
        self._write("sgd_solver.cpp:284", f"Snapshotting solver state to {kind} {state}")

    def displayed_last(self, run: Run) -> None:
        self._passes(run.net)
        self._write("solver.cpp:327", f"Iteration {run.iteration}, loss = {number(run.loss)}")

    def phase_shortened(self, run: Run, phase: DsdPhase, reason: str) -> None:
        self._write("phases.py:1", f"Phase {phase.name} ends at iteration {phase.end}: {reason}")

    def phase_ended(self, run: Run, result: PhaseResult) -> None:
        if len(run.phases) > 1:
            kept, total = result.kept_in_all
            weights = f", {kept} of {total} masked weights kept" if total else ""
            self._write("phases.py:1", f"Phase {result.phase.name} done{weights}")

    def finished(self, run: Run, early: bool) -> None:
        text = "Optimization stopped early." if early else "Optimization Done."
        self._write("solver.cpp:322" if early else "solver.cpp:332", text)
        self._write("caffe.cpp:250", "Optimization Done.")
        self._close()

    def failed(self, run: Run, error: NetdefError) -> None:
        for line in str(error).splitlines():
            self._write("solver.cpp:322", line, "E")
        self._close()

    def _watch(self, run: Run) -> None:
        """Watch the passes of nets with ``debug_info``; of the net that is trained those that are displayed."""
        for net in (run.net, *run.test_nets):
            if run.settings.debug_info or net.spec.message.debug_info:
                self._debug[net] = DebugLines(net, lambda: run.displayed)
                self._watching.enter_context(watched(net, self._debug[net]))

    def _passes(self, net: Net) -> None:
        for line in self._debug[net].take() if net in self._debug else ():
            self._write(*line)

    def _outputs(self, place: str, kind: str, net: Net, outputs: dict[str, Tensor]) -> None:
        for line in output_lines(net, outputs):
            self._write(place, f"    {kind} net output {line}")

    def _write(self, place: str, text: str, severity: str = "I") -> None:
        if self._log is not None:  # None outside `Trainer.run`
            self._log.info(place, text, severity)

    def _close(self) -> None:
        self._watching.close()
        self._debug.clear()
        if self._log is not None:
            self._log.close()
            self._log = None


def output_lines(net: Net, outputs: dict[str, Tensor]) -> list[str]:
    """``#0: loss = 1.38589 (* 1 = 1.38589 loss)`` for every element of every output, numbered through."""
    lines: list[str] = []
    for name, tensor in outputs.items():
        for text in value_texts(net, name, tensor):
            lines.append(f"#{len(lines)}: {text}")
    return lines


def value_texts(net: Net, name: str, output: Tensor) -> list[str]:
    """``loss = 1.38589 (* 1 = 1.38589 loss)`` for every element of an output; the share of the loss for losses only."""
    weight = net.loss_weights.get(name, 0)
    return [
        f"{name} = {number(value)}" + (f" (* {number(weight)} = {number(weight * value)} loss)" if weight else "")
        for value in output.flatten().tolist()]
