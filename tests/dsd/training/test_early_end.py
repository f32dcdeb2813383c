"""Phases that end before their length: because they have converged, or because an observer says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from toys import toy

from dsd.observers.metrics import JsonLines
from dsd.report.run_metrics import RunMetrics
from dsd.training.events import Observer
from dsd.training.snapshot import paths
from dsd.training.trainer import Trainer
from netdef.errors import FileError

# min_delta 2 is more than an accuracy can improve: the second test after the best one ends a phase of patience 2.
NEVER_BETTER = "until_converged { patience: 2 min_delta: 2 }"
PHASES = f"""
    dsd_phase {{ name: "dense" max_iter: 20 {NEVER_BETTER} }}
    dsd_phase {{ name: "sparse" max_iter: 30 sparsity: 0.3 base_lr: 0.02 lr_policy: "fixed" mask_policy: GRADUAL mask_end: 6
                update_interval: 2 {NEVER_BETTER} }}
    dsd_phase {{ name: "re-dense" max_iter: 4 base_lr: 0.01 regrow: SAVED }}
"""
TESTED = "test_iter: 2 test_interval: 3 snapshot: 1"
# Tests in iterations 0, 3, 6: dense ends after iteration 6, at 7. Then in 9, 12, 15: sparse ends at 16, re-dense at 20.
SPANS = [("dense", 0, 7), ("sparse", 7, 16), ("re-dense", 16, 20)]


def trainer(folder: Path, phases: str = PHASES, more: str = TESTED, **options) -> Trainer:
    return Trainer.from_file(toy(folder, phases=phases, more=more), device="cpu", **options)


def spans(trainer: Trainer) -> list[tuple[str, int, int]]:
    return [(phase.name, phase.start, phase.end) for phase in trainer.phases]


def weights(trainer: Trainer) -> bytes:
    return paths(trainer)[0].read_bytes()


class Seen(Observer):
    """The phases that began, ended and were shortened, with their iterations and rates."""

    def __init__(self):
        self.began, self.ended, self.shortened, self.rates = [], [], [], {}

    def phase_began(self, run, phase):
        self.began.append((phase.name, run.iteration))

    def phase_shortened(self, run, phase, reason):
        self.shortened.append((phase.name, run.iteration, reason))

    def phase_ended(self, run, result):
        self.ended.append((result.phase.name, run.iteration))

    def iterated(self, run, outputs, rate):
        self.rates[run.iteration] = rate


def test_a_phase_ends_when_it_has_converged(tmp_path):
    run, seen = trainer(tmp_path), Seen()
    assert run.max_iter == 54
    run.observers = [seen]
    run.run()
    assert spans(run) == SPANS and run.iteration == run.max_iter == 20
    assert seen.began == [("dense", 0), ("sparse", 7), ("re-dense", 16)]
    assert seen.ended == [("dense", 7), ("sparse", 16), ("re-dense", 20)]
    reason = "accuracy has not improved by more than 2 for 2 tests"
    assert seen.shortened == [("dense", 7, reason), ("sparse", 16, reason)]
    # Rates begin anew with each phase: stepsize 2 and gamma 0.5 in the first, from 0.1, and in the last, from 0.01.
    assert [seen.rates[i] for i in (0, 6, 7, 15, 16, 19)] == [
        pytest.approx(rate) for rate in (0.1, 0.1 / 8, 0.02, 0.02, 0.01, 0.005)]


def test_max_iter_is_the_bound_of_a_phase_that_gets_better(tmp_path):
    better = "dsd_phase { max_iter: 7 until_converged { patience: 3 } } dsd_phase { max_iter: 2 sparsity: 0.3 }"
    run, seen = trainer(tmp_path, better), Seen()
    run.observers = [seen]
    run.run()  # tests in 0, 3, 6: too few for a patience of 3
    assert seen.shortened == [] and [(start, end) for _, start, end in spans(run)] == [(0, 7), (7, 9)]


def test_patience_ends_all_phases(tmp_path):
    phases = "dsd_phase { max_iter: 50 base_lr: 0 } dsd_phase { max_iter: 60 sparsity: 0.3 base_lr: 0 }"
    run = trainer(tmp_path, phases, "test_iter: 5 test_interval: 4", patience=1)
    run.net.layers["bn"].eval()  # else its statistics go on
    run.run()
    assert run.iteration < 110 and len(run.ended) == 2


@pytest.mark.parametrize("at", [2, 6, 7, 8, 13, 16, 18])
def test_a_resumed_run_decides_the_same(tmp_path, at):
    whole = trainer(tmp_path / "whole")
    whole.run()
    begun = trainer(tmp_path / "resumed")
    begun.step(at)
    state = paths(begun, at)[1]
    resumed = trainer(tmp_path / "resumed")
    resumed.restore(state)
    resumed.run()
    assert spans(resumed) == SPANS
    assert weights(resumed) == weights(whole)


def test_the_snapshot_at_the_end_of_a_shortened_phase_goes_on(tmp_path):
    whole = trainer(tmp_path / "whole", more="test_iter: 2 test_interval: 3")
    whole.run()
    resumed = trainer(tmp_path / "whole", more="test_iter: 2 test_interval: 3")
    before = weights(whole)
    resumed.restore(paths(resumed, 16)[1])
    assert spans(resumed) == SPANS
    resumed.run()
    assert weights(resumed) == before


def test_a_trainer_that_is_set_back_forgets_where_phases_ended(tmp_path):
    run = trainer(tmp_path)
    run.run()
    run.restore(paths(run, 5)[1])
    assert [end for *_, end in spans(run)] == [20, 50, 54]
    run.run()
    assert spans(run) == SPANS


def test_a_state_of_phases_that_are_not_there_is_refused(tmp_path):
    run = trainer(tmp_path)
    run.run()
    other = trainer(tmp_path, "dsd_phase { max_iter: 30 }")
    with pytest.raises(FileError, match="phase 2 ended after 9 iterations, which this solver does not have"):
        other.restore(paths(run, 17)[1])


def test_a_changed_patience_is_told_and_taken(tmp_path):
    trainer(tmp_path).step(5)
    longer = trainer(tmp_path, PHASES.replace("patience: 2", "patience: 3"))
    with pytest.warns(UserWarning, match="`until_converged` is .*patience: 3.*: goes on as the text says"):
        longer.restore(paths(longer, 5)[1])
    longer.run()
    assert spans(longer)[0] == ("dense", 0, 10)  # tests in 0, 3, 6, 9


class EndIn(Observer):
    """Calls `Run.end_phase` from one of its methods in an iteration."""

    def __init__(self, method: str, iteration: int):
        self._run, self._method, self._iteration = None, method, iteration

    def started(self, run):
        self._run = run

    def iterated(self, run, outputs, rate):
        self._call("iterated", run)

    def tested(self, run, results):
        self._call("tested", run)

    def phase_began(self, run, phase):
        self._call("phase_began", run)

    def requested(self):
        self._call("requested", self._run)

    def _call(self, method, run):
        if method == self._method and run.iteration == self._iteration:
            run.end_phase()


@pytest.mark.parametrize(("method", "iteration", "ends"), [
    ("iterated", 3, 4), ("tested", 3, 4), ("requested", 3, 4), ("phase_began", 0, 1),
    ("iterated", 7, 8),  # its last iteration anyway
])
def test_an_observer_may_end_a_phase(tmp_path, method, iteration, ends):
    phases = "dsd_phase { max_iter: 8 } dsd_phase { max_iter: 5 sparsity: 0.3 } dsd_phase { max_iter: 2 }"
    run, seen = trainer(tmp_path, phases, "test_iter: 2 test_interval: 3"), Seen()
    run.observers = [EndIn(method, iteration), seen]
    run.run()
    assert [(start, end) for _, start, end in spans(run)] == [(0, ends), (ends, ends + 5), (ends + 5, ends + 7)]
    assert seen.ended == [("dense", ends), ("sparse", ends + 5), ("re-dense", ends + 7)]
    assert seen.shortened == ([("dense", ends, "end_phase was called")] if ends < 8 else [])


def test_a_loop_of_steps_may_end_a_phase(tmp_path):
    run = trainer(tmp_path, "dsd_phase { max_iter: 8 } dsd_phase { max_iter: 5 sparsity: 0.3 }", "")
    run.step(2)
    run.end_phase()
    run.step(1)
    assert [(start, end) for _, start, end in spans(run)] == [(0, 3), (3, 8)] and not run.masks
    run.step(1)
    assert run.phase_in_force.name == "sparse" and run.masks


def test_the_metrics_and_their_page_have_the_phases_as_they_ended(tmp_path):
    run = trainer(tmp_path)
    run.observers = [JsonLines(tmp_path / "run.jsonl")]
    run.run()
    found = RunMetrics(tmp_path / "run.jsonl")
    assert [(phase.name, phase.start, phase.end) for phase in found.phases] == SPANS
    assert found.finished and found.max_iter == 20
    events = [json.loads(line) for line in (tmp_path / "run.jsonl").read_text().splitlines()]
    (first, second) = (event for event in events if event["event"] == "phases")
    assert (first["iteration"], first["max_iter"], second["max_iter"]) == (7, 41, 20)


