"""The page of a study."""

from __future__ import annotations

from io import BytesIO

from PIL import Image
from studies import phases, study, written

from dsd.report.study_page import report_study


def test_the_page_has_the_answer(tmp_path):
    made = report_study(written(tmp_path, study()))
    assert "dsd: no significant effect. The test error is 0.75 points lower than the control&#x27;s" in made.page
    assert "finished: 4 runs" in made.page and "-3.90 to +2.40" in made.page
    assert '<th scope="row">1</th><td>8</td><td>7.5</td>' in made.page
    assert "<td>0.2</td><td>0.5</td>" in made.page
    assert "http" not in made.page and "prefers-color-scheme: dark" in made.page
    for name, wider in (("study", 2), ("differences", 5)):
        image = Image.open(BytesIO(made.pictures[f"{name}.png"]))
        assert image.format == "PNG" and image.width == 1600 and image.width / image.height > wider


def test_a_run_that_diverged_is_shown_as_that(tmp_path):
    """Its last finite error must not stand for its end."""
    content = study()
    for one in content["runs"]:
        if one["arm"] == "dsd":
            one["tests"][-1]["outputs"]["accuracy"] = None
    content["comparisons"] = []
    made = report_study(written(tmp_path, content))
    assert '<th scope="row">1</th><td>8</td><td>not finite</td>' in made.page
    assert "means at the end: control 8.5; dsd not finite" in made.page
    assert "dsd, not finite at its end" in made.page


def test_tiny_probabilities_are_bounds(tmp_path):
    content = study()
    content["comparisons"][0] |= dict(t_p=2.4e-6, holm_p=0.00040213, wilcoxon_p=0.0625)
    page = report_study(written(tmp_path, content)).page
    assert "<td>&lt; 0.0001</td><td>0.062</td>" in page


def test_the_table_of_curves_has_both_tests_at_a_border(tmp_path):
    content = study()
    for one in content["runs"]:  # as runs are: a test under the masks of each phase at the border, the control's equal
        after = 70.0 if one["arm"] == "dsd" else 100 * (1 - one["tests"][1]["outputs"]["accuracy"])
        one["tests"][2:-1] = [dict(iteration=4, phase="sparse", outputs={"accuracy": 1 - after / 100})]
    page = report_study(written(tmp_path, content)).page
    for row in ("<td>11.0</td><td>11.00</td>", "<td>11.0</td><td>70.00</td>"):
        assert f'<tr><th scope="row">4</th>{row}</tr>' in page


def test_a_shorter_arm_is_beside_its_control_at_that_iteration(tmp_path):
    content = study()
    content["arms"]["early"] = {"control": "control", "run": "dsd", "phases": phases(("dense", 0, 4, None))}
    content["comparisons"].append(content["comparisons"][0] | dict(arm="early", iteration=4))
    page = report_study(written(tmp_path, content)).page
    assert '<th scope="col">early</th><th scope="col">control at 4</th>' in page
    assert '<th scope="row">2</th><td>9</td><td>8.0</td><td>12</td><td>12</td>' in page


def test_a_phase_can_be_sparse_without_a_sparsity(tmp_path):
    """As under DYNAMIC."""
    content = study()
    content["arms"]["dsd"]["phases"][1] |= dict(sparse=True, sparsity=None, mask_policy="DYNAMIC")
    assert "<td>MASK_BLOB</td><td>DYNAMIC</td>" in report_study(written(tmp_path, content)).page


def test_an_unfinished_study_shows_its_progress(tmp_path):
    content = study()
    content["runs"], content["comparisons"] = content["runs"][:1], []
    assert "1 of 4 runs finished" in report_study(written(tmp_path, content)).page
    content["runs"] = []
    assert "No run is finished yet." in report_study(written(tmp_path, content)).page


def test_the_page_tells_which_runs_branched(tmp_path):
    content = study()
    assert "went on from" not in report_study(written(tmp_path, content)).page
    for one in content["runs"]:
        if one["arm"] == "control":
            one["branch"] = {"arm": "dsd", "iteration": 4000}
    said = ("Up to iteration 4,000, control is the same training as dsd, which did it once for both: 2 runs of control went"
            " on from the snapshot of dsd with the same seed.")
    assert said in report_study(written(tmp_path, content)).page
