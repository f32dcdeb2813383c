"""A user's training function against its control."""

from __future__ import annotations

import math

import pytest
import torch
from plain_loop import Net, train
from torch import optim

import dsd
from dsd.attached.attach import attach
from dsd.attached.compare import compare
from dsd.attached.phases import AttachError, Dense, Sparse
from netdef.errors import FileError

PHASES = [Dense(4), Sparse(3, sparsity=0.5, lr=0.1), Dense(2, lr=0.01)]


class Scores:
    """A training function with known scores: its calls, and 0.9 plus a hundredth of the seed, less with masks."""

    def __init__(self, loss: float = 0.02):
        self.calls, self.less = [], loss

    def __call__(self, seed, phases):
        self.calls.append((seed, any(isinstance(phase, Sparse) for phase in phases)))
        return 0.9 + 0.01 * seed - (self.less if self.calls[-1][1] else 0)


def test_each_seed_is_a_pair():
    scores = Scores()
    result = compare(scores, PHASES, 3)
    assert scores.calls == [(seed, masks) for seed in (1, 2, 3) for masks in (False, True)]
    assert result.scores["dsd"] == pytest.approx({1: 0.89, 2: 0.9, 3: 0.91})
    (c,) = result.comparisons
    assert (c.arm, c.control, c.iteration, c.pairs) == ("dsd", "control", 9, 3)
    assert c.difference == pytest.approx(2.0) and c.control_mean == pytest.approx(8.0)  # errors in percent
    assert "2.0 points higher than the control's" in str(result) and "| dsd | 3 |" in str(result)


def test_the_control_has_lengths_and_rates_and_no_masks():
    seen = []
    compare(lambda seed, phases: seen.append(list(phases)) or 0.5, PHASES, [7])
    assert seen == [[Dense(4), Dense(3, lr=0.1), Dense(2, lr=0.01)], PHASES]


def test_arms_share_a_control_of_the_same_lengths():
    arms = {"half": PHASES, "most": [Dense(4), Sparse(3, sparsity=0.9, lr=0.1), Dense(2, lr=0.01)],
            "short": [Dense(4), Sparse(3, sparsity=0.5)]}
    result = compare(Scores(), arms, 2)
    assert [(c.arm, c.control) for c in result.comparisons] == [
        ("half", "control"), ("most", "control"), ("short", "control-short")]
    with pytest.raises(AttachError, match="an arm is called `control`"):
        compare(Scores(), {"control": PHASES})


def test_other_metrics_are_errors_themselves():
    (c,) = compare(lambda seed, phases: 2.0 + seed, PHASES, 2, metric="loss").comparisons
    assert c.difference == 0 and c.mean == 3.5


def test_scores_that_are_not_finite_are_left_out():
    result = compare(lambda seed, phases: math.nan if seed == 2 else 0.5, PHASES, 3)
    assert result.comparisons[0].pairs == 2 and math.isnan(result.scores["dsd"][2])
    assert "1 of 3 seeds are left out" in str(result)


def test_files_and_runs_that_are_there_already(tmp_path):
    first = compare(Scores(), PHASES, 2, out=tmp_path / "study")
    assert [path.name for path in first.files[:2]] == ["study.json", "report.html"]
    page = first.files[1].read_text()
    assert "Study of a training function" in page and "finished: 4 runs" in page and "Sparse(3, lr=0.1, sparsity=0.5)" in page
    more = Scores()
    second = compare(more, PHASES, 3, out=tmp_path / "study")
    assert more.calls == [(3, False), (3, True)] and second.comparisons[0].pairs == 3
    with pytest.raises(FileError, match="is a study of other phases"):
        compare(Scores(), PHASES[:2], 2, out=tmp_path / "study")


def test_a_real_training():
    def score(seed, phases):
        model = Net(seed)
        optimizer = optim.SGD(model.parameters(), lr=0.1)
        run = attach(model, optimizer, phases)
        train(model, optimizer, range(9))
        assert run.iteration == 9
        with torch.no_grad():
            return float(sum(p.abs().sum() for p in model.parameters()))

    result = compare(score, PHASES, 2, metric="size")
    assert result.comparisons[0].mean < result.comparisons[0].control_mean  # half of the weights began at 0 again


def test_phases_print_as_they_are_written():
    phase = dsd.Sparse(2.5, sparsity=0.3, layers={"fc*": 0.5})
    assert repr(phase) == "Sparse(2.5, sparsity=0.3, layers={'fc*': 0.5})" and repr(dsd.Dense(10_000)) == "Dense(10000)"


def test_arguments_that_cannot_be_compared_are_refused():
    with pytest.raises(TypeError, match="the training function returned a NoneType for seed 1; it must return the accuracy as a"):
        compare(lambda seed, phases: None, PHASES, 2)
    with pytest.raises(AttachError, match="there are no seeds; give at least 1"):
        compare(Scores(), PHASES, 0)
    with pytest.raises(AttachError, match="arm `dsd`: phases are given as text; dsd.Dense and dsd.Sparse objects are wanted"):
        compare(Scores(), "dsd_phase { max_iter: 2 }", 2)


def test_an_accuracy_in_percent_is_refused():
    phases = [dsd.Dense(2), dsd.Sparse(2, sparsity=0.3)]
    with pytest.raises(ValueError, match="the training function returned 93.5 for seed 1; an accuracy lies between 0 and 1"):
        dsd.compare(lambda seed, phases: 93.5, phases, seeds=2)
    assert dsd.compare(lambda seed, phases: 93.5, phases, seeds=2, metric="loss").scores["dsd"] == {1: 93.5, 2: 93.5}
