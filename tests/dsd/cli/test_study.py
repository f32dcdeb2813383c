from __future__ import annotations

import pytest
from commands import output_of
from toys import toy

from dsd.cli.study import main

TESTED = "test_iter: 3 test_interval: 4"


@pytest.fixture
def case(tmp_path, monkeypatch, study_in_process) -> str:
    """A solver in a working directory."""
    monkeypatch.chdir(tmp_path)
    return str(toy(tmp_path, more=TESTED))


def study(*args: str, status: int = 0) -> str:
    return " ".join(output_of(main, *args, status=status).split())


def test_a_study_prints_its_result(case, tmp_path):
    said = study(case, "--seeds", "2", "--sparsity", "0.6", "--out", "out")
    assert "dsd, seed 2: accuracy" in said and "run 6 of 6" in said
    assert "Test error (%) at the end, lower is better" in said
    assert "after Holm's correction for 2 comparisons" in said and "over 2 seeds" in said
    assert "out/study.json out/study.png out/study.svg" in said
    assert (tmp_path / "out" / "study.svg").is_file()
    again = study(case, "--seeds", "2", "--sparsity", "0.6", "--out", "out")
    assert "6 of 6 runs were finished before" in again


def test_the_folder_is_named_by_the_snapshots(case, tmp_path):
    study(case, "--seeds=1")
    assert (tmp_path / "run" / "toy_study" / "study.json").is_file()


def test_a_further_control_is_compared(case, tmp_path):
    own = str(toy(tmp_path / "own", phases="max_iter: 12", more=TESTED))
    said = study(case, "--seeds", "1", "--control", f"tuned={own}", "--out", "out")
    assert "tuned, seed 1: accuracy" in said and "dsd against tuned: the test error" in said


@pytest.mark.parametrize(("args", "said"), [
    (["{}", "--control", "tuned"], "`tuned` must be NAME=SOLVER, such as tuned=dense.prototxt"),
    (["{}", "--control", "a=b.prototxt", "--control", "a=c.prototxt"], "`a` is given twice"),
    ([], "need a solver definition to study"),
    (["{}", "--arms", "dsdds"], "unknown arm `dsdds`; did you mean `dsdsd`?"),
    (["{}", "--metric", "top5"], "the test net has no output `top5`; its outputs are accuracy, loss"),
    (["{}", "--iterations", "3"], "--iterations is for --equivalence"),
    (["{}", "--seed", "0"], "--seed is for --equivalence"),
    (["{}", "--markdown"], "--markdown is for --equivalence"),
    (["--equivalence", "{}", "--arms", "dsd"], "--arms is of no use with --equivalence"),
    (["--equivalence", "--sparsity", "0.3"], "--sparsity is for a SOLVER"),
    (["no.prototxt"], "no.prototxt"),
    (["{}", "--sparsity", "1"], "--sparsity"),
])
def test_mistakes_end_with_a_message(case, args, said):
    assert said in study(*(arg.format(case) for arg in args), status=2)


def test_a_solver_without_phases_needs_a_sparsity(tmp_path):
    solver = str(toy(tmp_path, phases="max_iter: 4", more=TESTED))
    assert "has no `dsd_phase` to compare with plain training" in study(solver, status=2)


def test_equivalence_of_a_solver_is_printed(case):
    said = study("--equivalence", case, "--iterations", "2", "--markdown")
    assert "| state | clip | constraint | survivors |" in said
    assert "the three constraints are one method, the same bits in every weight and loss." in said


def test_equivalence_of_all_solvers_is_printed(monkeypatch):
    from dsd.study.equivalence import all_solvers

    monkeypatch.setattr(all_solvers, "CASES", all_solvers.CASES[:2])
    said = study("--equivalence", "--markdown")
    assert "| SGD (momentum 0.9) | 0 | 0 | 0.06 | 0.05 | 0 | 91 | 1 | 1 | rate x gradient |" in said
    assert "| Nesterov (momentum 0.9) | 0 | 0 | 0.06 | 0.05 | 0 | 82.9 | 1.9 | 1.9 | rate x gradient |" in said
    assert "For surviving weights yes, to the bit and for every solver" in said
