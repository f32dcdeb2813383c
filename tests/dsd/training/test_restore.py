"""Snapshots that do not fit are refused with a message, and a killed run loses nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import numpy as np
import pytest
from snapshots import refused, snapshot_at
from toys import PHASES, toy

from dsd import Trainer
from dsd.training.solverstate import read_state, write_state


def test_a_state_beyond_the_end(tmp_path):
    state = snapshot_at(tmp_path, 8)
    trainer = Trainer.from_file(toy(tmp_path), max_iter=7)
    assert "is of iteration 8, the solver ends at 7" in refused(trainer, state)


def test_histories_in_the_four_dimensions_of_2014(tmp_path):
    state = snapshot_at(tmp_path, 3)
    old = read_state(state)
    shapes = [array.shape for array in old.history]
    old.history = [array.reshape((1,) * (4 - array.ndim) + array.shape) for array in old.history]
    write_state(state, old)
    trainer = Trainer.from_file(toy(tmp_path))
    trainer.restore(state)
    found = trainer.solver.history([entry.tensor for entry in trainer.net.learnable])
    assert [tuple(tensor.shape) for tensor in found] == shapes and (9,) in shapes
    for tensor, array in zip(found, old.history):
        assert np.array_equal(tensor.numpy().ravel(), array.ravel())


def test_another_net(tmp_path):
    state = snapshot_at(tmp_path, 3)
    net = (tmp_path / "net.prototxt").read_text()
    other = Trainer.from_file(toy(tmp_path, net=net.replace("num_output: 9", "num_output: 8")))
    said = refused(other, state)
    assert "layer `ip1`, blob 0: the file has shape (9, 80), the net (8, 80)" in said
    assert "layer `ip2`, blob 0: the file has shape (3, 9), the net (3, 8)" in said


def test_another_solver(tmp_path):
    state = snapshot_at(tmp_path, 3)
    other = Trainer.from_file(toy(tmp_path, type="Adam"))
    said = refused(other, state)
    assert "solver.prototxt:2:29: `type` is \"Adam\", of the snapshot \"SGD\", whose histories mean something else" in said


def test_weights_are_found_beside_the_state(tmp_path, monkeypatch):
    state = snapshot_at(tmp_path, 3)
    moved = tmp_path / "moved"
    moved.mkdir()
    for ending in (".solverstate", ".caffemodel"):
        os.replace(state.with_suffix(ending), moved / f"toy{ending}")
    (moved / "toy.caffemodel").rename(moved / "toy_iter_3.caffemodel")
    trainer = Trainer.from_file(toy(tmp_path))
    trainer.restore(moved / "toy.solverstate")
    assert trainer.iteration == 3
    (moved / "toy_iter_3.caffemodel").unlink()
    assert "its weights" in refused(trainer, moved / "toy.solverstate")


def test_phases_of_another_solver(tmp_path):
    state = snapshot_at(tmp_path, 11)
    trainer = Trainer.from_file(toy(tmp_path, phases="max_iter: 20"))
    assert "is of phase 3, the solver has 1" in refused(trainer, state)


DAMAGE = {
    "a phase before the first": (lambda dsd: setattr(dsd, "phase_index", -2), "is of phase -1, the solver has 3"),
    "a phase to come": (lambda dsd: setattr(dsd, "phase_index", 2), "iteration 7 in phase 3, which begins at 9"),
    "a mask less": (lambda dsd: dsd.mask.__delitem__(1), "holds no mask `ip1_mask`, but phase 2 prunes what it covers"),
    "no masks": (lambda dsd: dsd.ClearField("mask"), "holds no mask `conv2_mask`"),
    "a place before the first": (lambda dsd: dsd.feed_position.__setitem__(0, -1), "an impossible position in the data"),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_contradictory_states_are_refused(tmp_path, what):
    damage, said = DAMAGE[what]
    path = snapshot_at(tmp_path, 7)
    state = read_state(path)
    damage(state.dsd)
    write_state(path, state)
    assert said in refused(Trainer.from_file(toy(tmp_path)), path)


KILLED = """
import signal, sys
import dsd

class Killer(dsd.Observer):
    def snapshotted(self, run, *files):
        if run.iteration == 1:
            signal.setitimer(signal.ITIMER_PROF, float(sys.argv[2]))  # the system ends the process by SIGPROF

trainer = dsd.Trainer.from_file(sys.argv[1])
trainer.observers.append(Killer())
trainer.run()
"""


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs timers of POSIX")
def test_a_run_killed_at_any_moment_resumes_to_the_same_bits(tmp_path):
    """Killed after some CPU time, in the middle of a step or a snapshot: the last snapshot leads to the same end."""
    phases = PHASES.replace("max_iter: 5", "max_iter: 900").replace("max_iter: 4", "max_iter: 60")
    whole = Trainer.from_file(toy(tmp_path / "whole", phases=phases))
    whole.step(whole.max_iter)
    solver = toy(tmp_path / "killed", phases=phases, more="snapshot: 1")
    seconds = np.random.default_rng().uniform(0.05, 0.3)
    process = subprocess.run([sys.executable, "-c", KILLED, solver, str(seconds)])
    assert process.returncode == -signal.SIGPROF
    run = tmp_path / "killed" / "run"
    states = sorted(run.glob("*.solverstate"), key=lambda path: int(path.stem.rpartition("_")[2]))
    resumed = Trainer.from_file(solver)
    resumed.settings.snapshot = 0
    resumed.restore(states[-1])
    resumed.step(resumed.max_iter - resumed.iteration)
    whole.snapshot(), resumed.snapshot()
    name = f"run/toy_iter_{whole.max_iter}.caffemodel"
    assert (tmp_path / "whole" / name).read_bytes() == (tmp_path / "killed" / name).read_bytes()
