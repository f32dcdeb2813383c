"""Observers: the events and their order."""

from __future__ import annotations

import inspect

import pytest
import torch
from toys import toy

from dsd import Trainer
from dsd.training.events import Observer, PhaseResult
from dsd.training.run import Run

EVENTS = [name for name, _ in inspect.getmembers(Observer, inspect.isfunction) if name not in ("requested", "stopping")]


def test_an_observer_does_nothing_by_itself(tmp_path):
    trainer = Trainer.from_file(toy(tmp_path), observers=[Observer()])
    trainer.run()
    assert trainer.iteration == 12 and Observer().requested() is None


def test_every_event_has_the_run_first(tmp_path):
    """All but the last display, for which this solver has no interval, an early end of a phase, and the end by an error."""
    class Record(Observer):
        def __init__(self):
            self.told: set[str] = set()

    def record(name):
        def method(self, run, *details):
            assert isinstance(run, Run)
            self.told.add(name)
        return method

    for name in EVENTS:
        setattr(Record, name, record(name))
    observer = Record()
    trainer = Trainer.from_file(
        toy(tmp_path, more="test_iter: 2 test_interval: 6"), observers=[observer])
    trainer.run()
    assert observer.told == set(EVENTS) - {"displayed_last", "phase_shortened", "failed"}


@pytest.mark.parametrize("kept", [0, 5])
def test_kept_weights_of_a_layer_with_several(tmp_path, kept):
    """A layer's weights under all its masks count together; those without a mask in force are all kept."""
    trainer = Trainer.from_file(toy(tmp_path))
    trainer.step(6)
    mask = trainer.masks["ip2_mask"]
    mask.fill_(False)
    mask.view(-1)[:kept] = True
    del trainer.keeper.in_force["conv2_mask"]
    result = PhaseResult.of(trainer, trainer.phase, [{"loss": torch.tensor(1.5)}])
    assert result.kept == {"conv2": (80, 80), "ip1": (504, 720), "ip2": (kept, 27)}
    assert result.loss == trainer.loss and result.tests == [{"loss": torch.tensor(1.5)}]
