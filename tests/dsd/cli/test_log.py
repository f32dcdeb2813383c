"""dsd-log: CSV files and pictures."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from caffe_cli import PARSED
from commands import output_of
from oracle import shared
from PIL import Image

from dsd.cli.log import main
from dsd.logs.plot import CHARTS

run = partial(output_of, main)


def test_csv_files_are_those_of_parse_log(tmp_path: Path):
    shown = run("csv", PARSED / "train.log", tmp_path)
    assert "train.log.train: 10 rows" in shown and "train.log.test: 3 rows" in shown
    for name in ("train.log.train", "train.log.test"):
        assert (tmp_path / name).read_bytes() == (PARSED / name).read_bytes()
    assert "--force" in run("csv", PARSED / "train.log", tmp_path, status=2)
    run("csv", PARSED / "train.log", tmp_path, "--force", "--delimiter=;")
    assert (tmp_path / "train.log.test").read_text().startswith("NumIters;Seconds;")


def test_a_log_without_tests_has_no_test_table(tmp_path: Path):
    run("csv", shared("golden/cli/parse_log/train_compute_loss.log"), tmp_path)
    recorded = shared("golden/cli/parse_log/train_compute_loss.log.train")
    assert (tmp_path / recorded.name).read_bytes() == recorded.read_bytes()


def test_a_single_test_is_kept(tmp_path: Path):
    """The original drops it."""
    text = (PARSED / "train.log").read_text()
    (tmp_path / "x.log").write_text(text[: text.index("Iteration 4, Testing net")])
    run("csv", tmp_path / "x.log")
    assert (tmp_path / "x.log.test").read_text().splitlines()[1:] == ["0.0,0.000478,nan,0.333333,1.25488"]


def test_curves_of_several_logs_are_drawn(tmp_path: Path):
    pytest.importorskip("matplotlib")
    shown = run("plot", 6, tmp_path / "loss.png", PARSED / "train.log", PARSED / "train.log")
    assert "Train loss vs. Iters" in shown
    with Image.open(tmp_path / "loss.png") as picture:
        assert picture.size == (1200, 720)
    assert "--force" in run("plot", 1, tmp_path / "loss.png", PARSED / "train.log", status=2)
    assert "Test loss vs. Iters" in run("plot", 0, tmp_path / "x.svg", PARSED / "train.log", "--value=loss")
    assert (tmp_path / "x.svg").read_text().startswith("<?xml")


def test_several_runs_in_one_file_are_numbered(tmp_path: Path):
    text = (PARSED / "train.log").read_text()
    (tmp_path / "x.log").write_text(text + text)
    shown = run("csv", tmp_path / "x.log")
    assert "x.log: 2 runs" in shown
    for number in (1, 2):
        for name in ("train", "test"):
            assert (tmp_path / f"x.log.{number}.{name}").read_bytes() == (PARSED / f"train.log.{name}").read_bytes()
    run("plot", 6, tmp_path / "x.svg", tmp_path / "x.log")
    drawn = (tmp_path / "x.svg").read_text()
    assert "x.log, run 1" in drawn and "x.log, run 2" in drawn


def test_help_lists_the_charts():
    shown = run("plot", "--help")
    assert all(f"{number}: {chart.title}" in shown for number, chart in enumerate(CHARTS)) and len(CHARTS) == 8


def test_mistakes_end_with_a_message_and_2(tmp_path: Path):
    pytest.importorskip("matplotlib")
    log = PARSED / "train.log"
    assert "has no `los`; did you mean `loss`" in run("plot", 6, tmp_path / "x.png", log, "--value=los", status=2)
    assert "cannot be written as `xyz`" in run("plot", 6, tmp_path / "x.xyz", log, status=2)
    assert "8 is not in the range" in run("plot", 8, tmp_path / "x.png", log, status=2)
    assert "No such file" in run("csv", tmp_path / "none.log", status=2)
    assert not list(tmp_path.iterdir())
