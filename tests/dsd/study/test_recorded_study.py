"""Reading ``study.json``."""

from __future__ import annotations

import pytest
from studies import phases, study, written

from dsd.study.plan import VERSION
from dsd.study.recorded_study import RecordedStudy
from netdef.errors import FileError


def test_errors_are_those_of_the_arm_to_its_end(tmp_path):
    found = written(tmp_path, study())
    # Where the masks come, both tests count: the curve has not parted from the control's before.
    assert dict(found.tests("dsd"))[1] == pytest.approx({(0, 0): 90.0, (4, 0): 10.0, (4, 1): 70.0, (6, 0): 7.5})
    assert found.final("dsd") == pytest.approx({1: 7.5, 2: 8.0})
    shorter = study()
    shorter["arms"]["early"] = {"control": "control", "run": "dsd", "phases": phases(("dense", 0, 4, None))}
    found = written(tmp_path, shorter)
    # Its last test is the one without the masks of the phase that comes after it.
    assert dict(found.tests("early"))[1] == pytest.approx({(0, 0): 90.0, (4, 0): 10.0})


def test_phases_are_sparse_where_any_arm_is(tmp_path):
    assert [(p.name, p.sparse) for p in written(tmp_path, study()).longest] == [("dense", False), ("sparse", True)]


def test_a_phase_can_be_sparse_without_a_sparsity(tmp_path):
    """As under DYNAMIC. Files from before `sparse` was written have a sparsity to go by."""
    content = study()
    content["arms"]["dsd"]["phases"][1] |= dict(sparse=True, sparsity=None, mask_policy="DYNAMIC")
    assert [p.sparse for p in written(tmp_path, content).longest] == [False, True]


def test_means_are_over_the_finished_seeds(tmp_path):
    found = written(tmp_path, study())
    assert found.means()["dsd"] == pytest.approx({(0, 0): 89.0, (4, 0): 11.0, (4, 1): 70.0, (6, 0): 7.75})
    assert found.expected == 4 and found.is_control("control") and not found.is_control("dsd")


@pytest.mark.parametrize("change, complaint", [
    (dict(format="x"), "is not a study file"),
    (dict(version=VERSION + 1), f"is a study of version {VERSION + 1}, this dsd reads version {VERSION}"),
    (dict(seeds=None, arms={"a": {}}), "is damaged: KeyError"),
    (dict(runs=[{"arm": "dsd", "seed": 1}]), "is damaged: KeyError 'tests'"),
])
def test_files_of_another_kind_or_version_are_refused(tmp_path, change, complaint):
    with pytest.raises(FileError, match=complaint):
        written(tmp_path, study() | change)


def test_a_damaged_file_is_refused(tmp_path):
    (tmp_path / "study.json").write_text('{"format": "dsd-st')
    with pytest.raises(FileError, match="not JSON, or damaged"):
        RecordedStudy(tmp_path / "study.json")
    (tmp_path / "study.json").write_text("[" * 10**5)
    with pytest.raises(FileError, match="not JSON, or damaged"):
        RecordedStudy(tmp_path / "study.json")
