"""Errors at points of a run, and files of other studies."""

from __future__ import annotations

from pathlib import Path

import pytest
from toys import toy

from dsd.study.metric import Metric
from dsd.study.plan import make_plan
from dsd.study.run_folder import MeasuredOutputs, RunResult, write_json
from dsd.study.study_file import VERSION, check_study, error_at, final_error
from netdef.definition.read import read_solver
from netdef.errors import FileError, NetdefError

ACCURACY = Metric("accuracy", True)
RESULT = RunResult("d", "dsd", 1, 8, 1.0, [
    MeasuredOutputs(4, "dense", {"accuracy": 0.75}), MeasuredOutputs(4, "sparse", {"accuracy": 0.5}),
    MeasuredOutputs(8, "sparse", {"accuracy": 0.875})])


def test_an_error_is_that_of_the_phase_that_ends():
    assert error_at(RESULT, 4, ACCURACY) == 25 and final_error(RESULT, ACCURACY) == 12.5


def test_there_is_no_error_without_a_test():
    assert error_at(RESULT, 5, ACCURACY) is None and error_at(None, 4, ACCURACY) is None


def test_an_output_that_the_runs_lack_is_refused():
    with pytest.raises(NetdefError, match="--metric loss: the finished runs have no such output"):
        error_at(RESULT, 4, Metric("loss", False))


@pytest.mark.parametrize("content, said", [
    ({"format": "other"}, "is not a study file"),
    ({"format": "dsd-study", "version": VERSION + 1}, "of version"),
    ({"format": "dsd-study", "version": VERSION, "digest": "x", "solver": {"path": "a.prototxt"}}, "begun with a.prototxt"),
])
def test_files_of_other_studies_are_refused(tmp_path: Path, content: dict, said: str):
    plan = make_plan(read_solver(toy(tmp_path, more="test_iter: 1 test_interval: 2")), 1)
    check_study(tmp_path / "study.json", plan)  # a missing file is fine
    write_json(tmp_path / "study.json", content)
    with pytest.raises(FileError, match=said):
        check_study(tmp_path / "study.json", plan)
