from __future__ import annotations

import pytest
from toys import NET, toy

from dsd.plan.prepare import RunOptions, prepare
from dsd.plan.until_converged import UntilConverged
from netdef.definition.read import read_solver
from netdef.errors import SpecError

TESTED = "test_iter: 2 test_interval: 3"


def phases(folder, fields: str, more: str = TESTED, patience: int | None = None, net: str = NET):
    """Two phases of 8 and 4 iterations, the first with fields of its own."""
    text = f"dsd_phase {{ max_iter: 8 {fields} }} dsd_phase {{ max_iter: 4 sparsity: 0.3 }}"
    solver = read_solver(toy(folder, phases=text, more=more, net=net))
    return prepare(solver, RunOptions(patience=patience), check_only=True).phases


def test_the_first_accuracy_is_followed_by_default(tmp_path):
    first, second = phases(tmp_path, "until_converged { }")
    assert first.until == UntilConverged(5, "accuracy", 0.0) and second.until is None
    assert (first.length, second.start) == (8, 8)


def test_without_an_accuracy_it_is_the_loss(tmp_path):
    accuracy = next(line for line in NET.splitlines() if '"Accuracy"' in line)
    first, _ = phases(tmp_path, "until_converged { patience: 2 }", net=NET.replace(accuracy, ""))
    assert first.until == UntilConverged(2, "loss")


def test_patience_is_for_phases_without_their_own(tmp_path):
    first, second = phases(tmp_path, 'until_converged { output: "loss" min_delta: 0.01 }', patience=7)
    assert (first.until, second.until) == (UntilConverged(5, "loss", 0.01), UntilConverged(7, "accuracy"))


def test_it_is_said_in_words():
    assert str(UntilConverged(5, "accuracy")) == "until accuracy has not improved for 5 tests"
    assert str(UntilConverged(1, "loss", 0.01)) == "until loss has not improved by more than 0.01 for a test"


@pytest.mark.parametrize(("fields", "more", "said"), [
    ("until_converged { patience: 0 }", TESTED, "`patience` is 0; it must be at least 1 test"),
    ("until_converged { min_delta: -1 }", TESTED, "`min_delta` is -1; it must be at least 0"),
    ('until_converged { output: "acuracy" }', TESTED, "the test net has no output `acuracy`; did you mean `accuracy`"),
    ("until_converged { }", "", "nothing is tested: give `test_iter` and `test_interval`"),
])
def test_mistakes_are_told_with_their_places(tmp_path, fields, more, said):
    with pytest.raises(SpecError) as error:
        phases(tmp_path, fields, more)
    assert said in str(error.value) and "solver.prototxt:" in str(error.value) and "1 problem" in str(error.value)


def test_the_mistakes_of_all_phases_are_told_at_once(tmp_path):
    text = " ".join(f'dsd_phase {{ max_iter: 8 until_converged {{ output: "{name}" }} }}' for name in ("top5", "f1"))
    with pytest.raises(SpecError) as error:
        prepare(read_solver(toy(tmp_path, phases=text, more=TESTED)), check_only=True)
    assert [problem.message[:34] for problem in error.value.problems] == [
        "the test net has no output `top5`;", "the test net has no output `f1`; i"]


def test_an_output_of_several_numbers_cannot_be_followed(tmp_path):
    net = NET + 'layer { name: "prob" type: "Softmax" bottom: "ip2" top: "prob" include { phase: TEST } }'
    with pytest.raises(SpecError, match="output `prob` has 15 numbers; only one can be followed"):
        phases(tmp_path, 'until_converged { output: "prob" }', net=net)


def test_a_patience_of_nothing_is_refused(tmp_path):
    with pytest.raises(SpecError, match="the patience is 0; it must be at least 1 test"):
        phases(tmp_path, "", patience=0)
