"""The log: its lines, and the tables they are read back as."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from caffe_cli import PARSED, put_case

from dsd.logs.read import read_runs
from dsd.observers.caffe_log import CaffeLog, output_lines
from dsd.observers.metrics import JsonLines
from dsd.training.trainer import Trainer
from netdef.errors import FileError


@pytest.fixture
def trainer(tmp_path, monkeypatch):
    put_case(tmp_path)
    monkeypatch.chdir(tmp_path)
    return Trainer.from_file("solver.prototxt")


def test_a_parser_of_caffes_logs_finds_the_recorded_tables(trainer, tmp_path):
    trainer.observers.append(CaffeLog(tmp_path / "a" / "run.log"))
    trainer.run()
    (tables,) = read_runs(tmp_path / "a" / "run.log")
    for name, found in (("train", tables.train), ("test", tables.test)):
        with open(PARSED / f"train.log.{name}", newline="") as file:
            recorded = [{k: float(v) for k, v in row.items() if k != "Seconds"} for row in csv.DictReader(file)]
        ours = [{k: v for k, v in row.items() if k != "Seconds"} for row in found]
        ours = ours[: len(recorded)] if name == "test" else ours  # ours tests once more at the end
        assert [sorted(row) for row in ours] == [sorted(row) for row in recorded]
        for mine, theirs in zip(ours, recorded):
            assert mine == pytest.approx(theirs, rel=2e-5)


def test_outputs_are_numbered_through_all_their_elements(trainer):
    import torch

    lines = output_lines(trainer.net, {"other": torch.tensor([1.5, 2.0]), "loss": torch.tensor(0.25)})
    assert lines == ["#0: other = 1.5", "#1: other = 2", "#2: loss = 0.25 (* 1 = 0.25 loss)"]


def test_test_compute_loss_is_logged(trainer, tmp_path):
    trainer.settings.test_compute_loss = True
    trainer.observers.append(CaffeLog(tmp_path / "x.log"))
    trainer.run()
    assert "solver.cpp:401] Test loss: 1.254" in (tmp_path / "x.log").read_text()


def test_a_log_that_cannot_be_written_is_refused(trainer, tmp_path):
    trainer.observers.append(CaffeLog(tmp_path / "net.prototxt" / "x.log"))
    with pytest.raises(FileError, match="x.log: cannot be written"):
        trainer.run()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("observer", [CaffeLog, JsonLines])
def test_a_full_disk_is_an_error_that_names_the_log(trainer, observer):
    trainer.observers.append(observer(Path("/dev/full")))
    with pytest.raises(FileError, match="^/dev/full: cannot be written: No space left on device$"):
        trainer.run()
