"""Snapshots that are written while training goes on. A gate holds the writing thread; nothing here waits for a time."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import torch
from toys import toy

from dsd import Observer, Trainer
from dsd.training import snapshot, snapshot_writer, solverstate
from netdef.errors import FileError


class Gate:
    """Holds the writing of state files until it is opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch):
        self.open, self.reached = threading.Event(), threading.Event()
        self.error: Exception | None = None
        self._write = snapshot.write_state
        monkeypatch.setattr(snapshot, "write_state", self)

    def __call__(self, path: Path, state: solverstate.State) -> None:
        self.reached.set()
        assert self.open.wait(60)
        if self.error is not None:
            raise self.error
        self._write(path, state)


class Told(Observer):
    """The snapshots that were told of, each with the run's iteration then, and whether both files were there."""

    def __init__(self) -> None:
        self.snapshots: list[tuple[str, int, bool]] = []

    def snapshotted(self, run, weights, state):
        self.snapshots.append((state.name, run.iteration, weights.is_file() and state.is_file()))


@pytest.fixture
def background(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every snapshot counts as large."""
    monkeypatch.setattr(snapshot_writer, "IN_BACKGROUND", 0)


class OpensAt(Observer):
    """Opens the gate before the update of an iteration, after a look at the files that are there."""

    def __init__(self, gate: Gate, iteration: int):
        self.gate, self.iteration = gate, iteration
        self.there: list[str] = []

    def iterated(self, run, outputs, rate):
        if run.iteration == self.iteration:
            assert self.gate.reached.wait(60)  # the weights are written, the state is not
            self.there = [path.name for path in snapshot.states(run)]
            self.gate.open.set()


@pytest.mark.usefixtures("background")
def test_training_goes_on_while_a_snapshot_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    gate = Gate(monkeypatch)
    told, opens = Told(), OpensAt(gate, 4)
    trainer = Trainer.from_file(toy(tmp_path, more="snapshot: 3"), observers=[told, opens])
    trainer.run()
    assert opens.there == []  # an iteration after its snapshot: a state without its weights is never seen
    assert [name for name, *_ in told.snapshots] == [f"toy_iter_{n}.solverstate" for n in (3, 5, 6, 9, 12)]
    assert told.snapshots[0][1] == 5 and all(complete for *_, complete in told.snapshots)


@pytest.mark.usefixtures("background")
@pytest.mark.parametrize("form", ["BINARYPROTO", "HDF5"])
def test_the_files_are_those_of_the_moment_to_the_bit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str):
    """The phase that begins meanwhile zeroes weights and histories; the files do not see it."""
    more = f"snapshot: 4 snapshot_format: {form}"
    gate = Gate(monkeypatch)
    beside = Trainer.from_file(toy(tmp_path / "beside", more=more), observers=[OpensAt(gate, 4)])
    beside.run()
    monkeypatch.setattr(snapshot_writer, "IN_BACKGROUND", 1 << 30)
    plain = Trainer.from_file(toy(tmp_path / "plain", more=more))
    plain.run()
    for iteration in (4, 5, 8, 9, 12):
        resumed = []
        for name in ("beside", "plain"):
            ending = ".h5" if form == "HDF5" else ""
            trainer = Trainer.from_file(toy(tmp_path / name, more=more))
            trainer.restore(tmp_path / name / "run" / f"toy_iter_{iteration}.solverstate{ending}")
            tensors = trainer.solver.history([entry.tensor for entry in trainer.net.learnable])
            resumed.append([*trainer.net.parameters(), *trainer.net.buffers(), *tensors])
        assert all(torch.equal(mine, other) for mine, other in zip(*resumed, strict=True))


@pytest.mark.usefixtures("background")
def test_an_error_of_the_thread_ends_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    gate = Gate(monkeypatch)
    gate.error = FileError("toy.solverstate: cannot be written: no space left")
    gate.open.set()
    told = Told()
    trainer = Trainer.from_file(toy(tmp_path, more="snapshot: 3"), observers=[told])
    with pytest.raises(FileError, match="cannot be written: no space left"):
        trainer.run()
    assert not told.snapshots and trainer.iteration <= 6  # at the latest before the next snapshot
    assert not list((tmp_path / "run").glob("*.solverstate*"))


@pytest.mark.usefixtures("background")
def test_asking_for_a_snapshot_or_steps_returns_with_whole_files(tmp_path: Path):
    told = Told()
    trainer = Trainer.from_file(toy(tmp_path, more="snapshot: 3"), observers=[told])
    weights, state = trainer.snapshot()
    assert weights.is_file() and state.is_file() and told.snapshots == [("toy_iter_0.solverstate", 0, True)]
    trainer.step(3)
    assert told.snapshots[1:] == [("toy_iter_3.solverstate", 3, True)]


def test_small_nets_and_those_with_snapshot_diff_are_written_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert not Trainer.from_file(toy(tmp_path))._snapshots.in_background
    monkeypatch.setattr(snapshot_writer, "IN_BACKGROUND", 0)
    assert Trainer.from_file(toy(tmp_path))._snapshots.in_background
    assert not Trainer.from_file(toy(tmp_path, more="snapshot_diff: true"))._snapshots.in_background
