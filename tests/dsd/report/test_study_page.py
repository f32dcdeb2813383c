from __future__ import annotations

import json
from io import BytesIO

import pytest
from PIL import Image

from dsd.report.study_page import report_study
from dsd.study.plan import VERSION
from dsd.study.plot import _last_common
from dsd.study.recorded_study import RecordedStudy
from netdef.errors import FileError


def phases(*spans):
    return [dict(name=n, start=a, end=b, sparsity=s, base_lr=0.1, constraint="MASK_BLOB", solver_state="RESET")
            for n, a, b, s in spans]


def run(arm, seed, *errors):
    tests = [dict(iteration=i, phase="p", outputs={"accuracy": None if e is None else 1 - e / 100}) for i, e in errors]
    return dict(arm=arm, seed=seed, digest="d", iterations=6, seconds=2.0, kept={}, final=errors[-1][1], tests=tests)


def study(**more) -> dict:
    lengths = ("dense", 0, 4), ("sparse", 4, 6)
    return dict(
        format="dsd-study", version=VERSION, digest="d", solver={"path": "nets/s.prototxt", "text": "base_lr: 0.1\n"},
        metric={"name": "accuracy", "accuracy": True, "label": "test error (%)"}, seeds=[1, 2],
        arms={
            "control": {"control": None, "run": "control", "phases": phases(*((*p, None) for p in lengths))},
            "dsd": {"control": "control", "run": "dsd", "phases": phases((*lengths[0], None), (*lengths[1], 0.5))}},
        runs=[run("control", 1, (0, 90.0), (4, 10.0), (6, 8.0)), run("control", 2, (0, 88.0), (4, 12.0), (6, 9.0)),
              run("dsd", 1, (0, 90.0), (4, 10.0), (4, 70.0), (6, 7.5)), run("dsd", 2, (0, 88.0), (4, 12.0), (6, 8.0))],
        comparisons=[dict(arm="dsd", control="control", iteration=6, pairs=2, mean=7.75, sd=0.35, control_mean=8.5,
                          control_sd=0.7, difference=-0.75, low=-3.9, high=2.4, t_p=0.2, wilcoxon_p=0.5, holm_p=0.2)],
        **more)


def written(tmp_path, content) -> RecordedStudy:
    path = tmp_path / "study.json"
    path.write_text(json.dumps(content))
    return RecordedStudy(path)


def test_the_page_says_the_answer_in_words_and_numbers(tmp_path):
    made = report_study(written(tmp_path, study()))
    assert "dsd: no significant effect. The test error is 0.75 points lower than the control&#x27;s" in made.page
    assert "finished: 4 runs" in made.page and "-3.90 to +2.40" in made.page
    assert '<th scope="row">1</th><td>8</td><td>7.5</td>' in made.page
    assert "<td>0.2</td><td>0.5</td>" in made.page
    assert "http" not in made.page and "prefers-color-scheme: dark" in made.page
    for name, wider in (("study", 2), ("differences", 5)):
        image = Image.open(BytesIO(made.pictures[f"{name}.png"]))
        assert image.format == "PNG" and image.width == 1600 and image.width / image.height > wider


def test_tiny_probabilities_are_told_as_in_the_sentence(tmp_path):
    content = study()
    content["comparisons"][0] |= dict(t_p=2.4e-6, holm_p=0.00040213, wilcoxon_p=0.0625)
    page = report_study(written(tmp_path, content)).page
    assert "<td>&lt; 0.0001</td><td>0.062</td>" in page


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


def test_arms_part_from_their_control_where_the_masks_come(tmp_path):
    content = study()
    for one in content["runs"]:  # as runs are: a test under the masks of each phase at the border, the control's equal
        after = 70.0 if one["arm"] == "dsd" else 100 * (1 - one["tests"][1]["outputs"]["accuracy"])
        one["tests"][2:-1] = [dict(iteration=4, phase="sparse", outputs={"accuracy": 1 - after / 100})]
    page = report_study(written(tmp_path, content)).page
    for row in ("<td>11</td><td>11</td>", "<td>11</td><td>70</td>"):
        assert f'<tr><th scope="row">4</th>{row}</tr>' in page
    found = written(tmp_path, content)
    control, dsd = (dict(found.tests(arm))[1] for arm in ("control", "dsd"))
    assert list(dsd)[_last_common(dsd, control)] == (4, 0)


def test_the_seeds_of_a_shorter_arm_stand_beside_those_it_is_compared_with(tmp_path):
    content = study()
    content["arms"]["early"] = {"control": "control", "run": "dsd", "phases": phases(("dense", 0, 4, None))}
    content["comparisons"].append(content["comparisons"][0] | dict(arm="early", iteration=4))
    page = report_study(written(tmp_path, content)).page
    assert '<th scope="col">early</th><th scope="col">control at 4</th>' in page
    assert '<th scope="row">2</th><td>9</td><td>8</td><td>12</td><td>12</td>' in page


def test_a_phase_can_be_sparse_without_a_sparsity(tmp_path):
    """As under DYNAMIC. Files from before `sparse` was written have a sparsity to go by."""
    content = study()
    content["arms"]["dsd"]["phases"][1] |= dict(sparse=True, sparsity=None, mask_policy="DYNAMIC")
    found = written(tmp_path, content)
    assert [p.sparse for p in found.longest] == [False, True]
    assert "<td>MASK_BLOB</td><td>DYNAMIC</td>" in report_study(found).page


def test_phases_are_sparse_where_any_arm_is(tmp_path):
    assert [(p.name, p.sparse) for p in written(tmp_path, study()).longest] == [("dense", False), ("sparse", True)]


def test_a_study_under_way_says_how_far_it_is(tmp_path):
    content = study()
    content["runs"], content["comparisons"] = content["runs"][:1], []
    assert "1 of 4 runs finished" in report_study(written(tmp_path, content)).page
    content["runs"] = []
    assert "No run is finished yet." in report_study(written(tmp_path, content)).page


@pytest.mark.parametrize("change, complaint", [
    (dict(format="x"), "is not a study file"),
    (dict(version=VERSION + 1), f"is a study of version {VERSION + 1}, this dsd reads version {VERSION}"),
    (dict(seeds=None, arms={"a": {}}), "is damaged: KeyError"),
    (dict(runs=[{"arm": "dsd", "seed": 1}]), "is damaged: KeyError 'tests'"),
])
def test_files_that_are_no_study_of_this_version(tmp_path, change, complaint):
    with pytest.raises(FileError, match=complaint):
        written(tmp_path, study() | change)


def test_a_damaged_file(tmp_path):
    (tmp_path / "study.json").write_text('{"format": "dsd-st')
    with pytest.raises(FileError, match="not JSON, or damaged"):
        RecordedStudy(tmp_path / "study.json")
    (tmp_path / "study.json").write_text("[" * 10**5)
    with pytest.raises(FileError, match="not JSON, or damaged"):
        RecordedStudy(tmp_path / "study.json")
