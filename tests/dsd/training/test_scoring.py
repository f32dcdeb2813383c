"""Tests that a stopping run breaks off, and does when it goes on."""

from __future__ import annotations

import pytest
import torch
from toys import toy

from dsd.training.events import Observer
from dsd.training.trainer import Trainer

# Tests at 0, 3, 6 and 9, and at the ends of phases: 5, 9 and 12. Four batches of 5 of 23 items: each test begins elsewhere.
MORE = "test_iter: 4 test_interval: 3 snapshot: 4"
LENGTH, BATCHES = 12, 4


class Recorder(Observer):
    """Record tests, and ask to stop before a batch, counted over all tests from 0; never for None."""

    def __init__(self, stop_before: int | None = None):
        self.found: list[tuple[int, str, float]] = []
        self.left = -1 if stop_before is None else stop_before
        self.stop = False

    def tested(self, run, results):
        self.found.append((run.iteration, run.phase.name, float(results[0]["loss"])))

    def stopping(self):
        self.stop = self.stop or self.left == 0
        self.left -= 1
        return self.stop

    def requested(self):
        return "stop" if self.stop else None


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    tests = Recorder()
    trainer = Trainer.from_file(toy(tmp_path_factory.mktemp("undisturbed"), more=MORE), observers=[tests])
    trainer.run()
    return tests.found, [entry.tensor for entry in trainer.net.learnable]


@pytest.mark.parametrize(("test", "iteration"), [(0, 0), (1, 3), (2, 5), (3, 6), (4, 9), (5, 9)])
def test_a_test_is_broken_off_and_done_when_the_run_goes_on(tmp_path, undisturbed, test, iteration):
    tests, weights = undisturbed
    solver = toy(tmp_path, more=MORE)
    first, second = Recorder(test * BATCHES + 1), Recorder()
    stopped = Trainer.from_file(solver, observers=[first])
    stopped.run()
    assert stopped.iteration == iteration and first.found == tests[:test]
    trainer = Trainer.from_file(solver, observers=[second])
    trainer.restore(tmp_path / "run" / f"toy_iter_{iteration}.solverstate")
    trainer.run()
    assert second.found[-len(tests) + test:] == tests[test:]
    assert all(torch.equal(a, entry.tensor) for a, entry in zip(weights, trainer.net.learnable))


@pytest.mark.parametrize(("reset", "ends"), [
    ("", [4, 8, 12]), ("test_net_reset: false", [4, 8, 12]), ("test_net_reset: true", [4, 4, 4])])
def test_tests_begin_with_the_first_batch_where_the_solver_says_so(tmp_path, reset, ends):
    trainer, found = Trainer.from_file(toy(tmp_path, more=f"{MORE} {reset}")), []
    for _ in ends:
        trainer.test()
        found += trainer.test_nets[0].feeds.positions
    assert found == ends


def test_the_last_test_of_a_run_is_not_broken_off(tmp_path, undisturbed):
    tests = undisturbed[0]
    asked = Recorder((len(tests) - 1) * BATCHES + 1)
    trainer = Trainer.from_file(toy(tmp_path, more=MORE), observers=[asked])
    trainer.run()
    assert trainer.iteration == LENGTH and asked.found == tests
