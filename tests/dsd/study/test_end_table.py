from __future__ import annotations

from pathlib import Path

import pytest
from studies import study, written

from dsd.study.end_table import end_measures, end_table, mean_and_sd


def with_losses(folder: Path):
    """Training losses at the ends of dsd's runs, a calibration in one of them, and a test under later masks."""
    content = study()
    for run, loss in zip([run for run in content["runs"] if run["arm"] == "dsd"], (0.5, 0.7)):
        run["tests"][-1]["train_loss"] = loss
        run["tests"].append({"iteration": 6, "phase": "later", "outputs": {"accuracy": 0.1}, "train_loss": None})
    content["runs"][-1]["tests"][-2]["calibration"] = 0.04
    content["runs"][0]["tests"][-1]["outputs"] = {"accuracy": None, "row": [0.1, 0.2]}
    return written(folder, content)


def test_measures_are_those_of_the_phase_that_ends(tmp_path):
    assert end_measures(with_losses(tmp_path), "dsd") == {
        "accuracy": [pytest.approx(0.925), pytest.approx(0.92)], "train loss": [0.5, 0.7], "ECE": [0.04]}


def test_what_is_no_number_is_left_out(tmp_path):
    assert end_measures(with_losses(tmp_path), "control") == {"accuracy": [pytest.approx(0.91)]}


def test_a_row_for_each_arm(tmp_path):
    table = end_table(with_losses(tmp_path))
    assert table.headings == ["arm", "seeds", "accuracy", "train loss", "ECE"]
    assert table.rows == [["control", "1", "0.91", "", ""], ["dsd", "2", "0.9225 (0.0035)", "0.6 (0.14)", "0.04"]]


def test_means_with_deviations():
    # 1, 2, 6: mean 3, squared deviations 4 + 1 + 9, halved 7.
    assert mean_and_sd([1, 2, 6]) == "3 (2.6)" and mean_and_sd([0.25]) == "0.25" and mean_and_sd(()) == ""
