from __future__ import annotations

import json

import pytest
import torch
from toys import NET, toy

from dsd.evaluate.calibration import Calibration
from dsd.observers.calibration_record import CalibrationRecord
from dsd.observers.metrics import JsonLines
from dsd.training.trainer import Trainer

TESTED = "test_iter: 4 test_interval: 5 test_initialization: false"


def lines(path, event):
    return [found for line in path.read_text().splitlines() if (found := json.loads(line))["event"] == event]


@pytest.mark.parametrize("ignore", [None, 1])
def test_a_line_for_each_test(tmp_path, ignore):
    net = NET if ignore is None else NET.replace('top: "loss" }', 'top: "loss" loss_param { ignore_label: 1 } }')
    trainer = Trainer.from_file(toy(tmp_path, net=net, more=TESTED), device="cpu")
    metrics = JsonLines(tmp_path / "run.jsonl")
    trainer.observers = [metrics, CalibrationRecord(metrics)]
    trainer.run()
    tests, found = (lines(metrics.path, event) for event in ("test", "calibration"))
    assert [(x["iteration"], x["phase"]) for x in found] == [(x["iteration"], x["phase"]) for x in tests]
    assert len(found) == 5
    # The last once more: it began after the 16 batches of 4 tests.
    test_net, expected = trainer.test_nets[0], Calibration()
    test_net.feeds.seek([16])
    with torch.no_grad():
        for _ in range(4):
            batch = next(test_net.feeds)
            scores, labels = test_net.activations(**batch)["ip2"], batch["label"]
            counted = labels != ignore if ignore is not None else labels >= 0
            expected.add(torch.softmax(scores, 1)[counted], labels[counted])
    assert found[-1]["error"] == pytest.approx(expected.error(), rel=1e-5)


def test_a_net_without_a_softmax_loss_has_none(tmp_path):
    net = NET.replace('"SoftmaxWithLoss"', '"HingeLoss"')
    trainer = Trainer.from_file(toy(tmp_path, net=net, more=TESTED), device="cpu", max_iter=5)
    metrics = JsonLines(tmp_path / "run.jsonl")
    trainer.observers = [metrics, CalibrationRecord(metrics)]
    trainer.run()
    assert lines(metrics.path, "test") and not lines(metrics.path, "calibration")
