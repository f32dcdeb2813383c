"""The best snapshot of a run is kept, also when the run is resumed."""

from __future__ import annotations

import pytest
import torch
from toys import NET, toy

from dsd.observers.keep_best import KeepBest
from dsd.observers.metrics import JsonLines
from dsd.training.events import Observer
from dsd.training.trainer import Trainer
from netdef.errors import NetdefError

TESTED = "test_iter: 3 test_interval: 2"


class Said(Observer):
    """Replaces the scores of tests, and copies the weights of each."""

    def __init__(self, output, scores):
        self.output, self.scores, self.weights = output, list(scores), {}

    def tested(self, run, results):
        results[0][self.output] = torch.tensor(self.scores.pop(0))
        self.weights[run.iteration] = run.net.params["ip2"][0].detach().clone()


def best_weights(folder, solver):
    trainer = Trainer.from_file(solver, weights=[folder / "run" / "toy_best.caffemodel"])
    return trainer.net.params["ip2"][0]


@pytest.mark.parametrize(("output", "scores", "best"), [
    ("accuracy", [0.1, 0.5, 0.25, 0.5, float("nan"), 0.0, 0.0, 0.0, 0.0, 0.0], 2),
    ("loss", [3.0, float("inf"), 2.0, 1.0, 1.5, 1.0, 4.0, 4.0, 4.0, 4.0], 5),
])
def test_the_best_of_a_run(tmp_path, output, scores, best):
    solver, metrics = toy(tmp_path, more=TESTED), tmp_path / "run" / "toy.jsonl"
    said, keeper = Said(output, scores), KeepBest(output, metrics)
    Trainer.from_file(solver, observers=[said, JsonLines(metrics), keeper]).run()
    assert keeper.best == (best, scores[list(said.weights).index(best)])
    assert torch.equal(best_weights(tmp_path, solver), said.weights[best])
    resumed = Trainer.from_file(solver)
    resumed.restore(tmp_path / "run" / "toy_best.solverstate")
    assert resumed.iteration == best


def test_a_resumed_run_knows_the_best_before(tmp_path):
    solver, metrics = toy(tmp_path, more=TESTED), tmp_path / "run" / "toy.jsonl"
    first = Said("accuracy", [0.1, 0.75, 0.25, 0.5, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9])
    Trainer.from_file(solver, observers=[first, JsonLines(metrics), KeepBest("accuracy", metrics)]).run()
    again, keeper = Said("accuracy", [0.5, 0.7, 0.8, 0.2, 0.2, 0.2, 0.2]), KeepBest("accuracy", metrics)
    resumed = Trainer.from_file(solver, observers=[again, JsonLines(metrics), keeper])
    resumed.restore(tmp_path / "run" / "toy_iter_5.solverstate")
    resumed.run()
    best = list(again.weights)[2]
    assert keeper.best == (best, pytest.approx(0.8))  # 0.75 was before the snapshot, 0.9 after it
    assert torch.equal(best_weights(tmp_path, solver), again.weights[best])


def test_outputs_that_are_not_there(tmp_path):
    metrics = tmp_path / "a.jsonl"
    trainer = Trainer.from_file(toy(tmp_path, more=TESTED), observers=[KeepBest("acuracy", metrics)])
    with pytest.raises(NetdefError, match="--keep-best acuracy: the test net has no output `acuracy`; did you mean `accuracy`"):
        trainer.run()
    trainer = Trainer.from_file(toy(tmp_path / "untested"), observers=[KeepBest("loss", metrics)])
    with pytest.raises(NetdefError, match="the solver tests nothing"):
        trainer.run()


DETECTION = """
    layer { name: "found" type: "DummyData" top: "found" top: "true" include { phase: TEST }
            dummy_data_param { shape { dim: 1 dim: 1 dim: 6 dim: 7 } shape { dim: 1 dim: 1 dim: 4 dim: 8 } } }
    layer { name: "map" type: "DetectionEvaluate" bottom: "found" bottom: "true" top: "map" include { phase: TEST }
            detection_evaluate_param { num_classes: 3 } }"""


def test_the_largest_average_precision_is_kept(tmp_path):
    solver, metrics = toy(tmp_path, more=TESTED, net=NET + DETECTION), tmp_path / "run" / "toy.jsonl"
    said, keeper = Said("map", [0.1, 0.5, 0.25, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]), KeepBest("map", metrics)
    Trainer.from_file(solver, observers=[said, JsonLines(metrics), keeper]).run()
    assert keeper.best == (list(said.weights)[1], 0.5)


def test_an_output_of_several_numbers_is_refused(tmp_path):
    net = NET + 'layer { name: "p" type: "Softmax" bottom: "ip2" top: "prob" include { phase: TEST } }'
    trainer = Trainer.from_file(toy(tmp_path, more=TESTED, net=net), observers=[KeepBest("prob", tmp_path / "toy.jsonl")])
    with pytest.raises(NetdefError, match="--keep-best prob: output `prob` has 15 numbers; only one can be followed"):
        trainer.run()
