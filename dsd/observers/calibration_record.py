"""Record the calibration of the first test net at every test."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from dsd.evaluate.calibration import Calibration
from dsd.observers.metrics import JsonLines
from dsd.training.events import Observer
from dsd.training.run import Run
from netdef.layers.softmax_loss import SoftmaxWithLoss


class CalibrationRecord(Observer):
    """Write ``calibration`` lines through a `JsonLines`, which must come before it among the observers.

    The error is that of the softmax whose loss the first SoftmaxWithLoss of the first test net takes, over the batches of
    the test; predictions with its ``ignore_label`` do not count. A net without one has no such lines.
    """

    def __init__(self, lines: JsonLines):
        self.lines = lines
        self._seen: Calibration | None = None

    def started(self, run: Run) -> None:
        layers = run.test_nets[0].layers.values() if run.test_nets else ()
        loss = next((layer for layer in layers if isinstance(layer, SoftmaxWithLoss)), None)
        if loss is not None:
            self._seen = Calibration()
            loss.register_forward_hook(self._add)

    def tested(self, run: Run, results: list[dict[str, Tensor]]) -> None:
        if self._seen is not None:
            self.lines.write(
                "calibration", iteration=run.iteration, phase=run.phase_in_force.name, error=self._seen.error())
            self._seen = Calibration()

    def _add(self, layer: nn.Module, bottoms: tuple[Tensor, ...], output: object) -> None:
        assert isinstance(layer, SoftmaxWithLoss) and self._seen is not None
        scores, labels = bottoms
        classes = scores.shape[layer.axis]
        labels = labels.long().flatten()
        probabilities = torch.softmax(scores, layer.axis).movedim(layer.axis, -1).reshape(-1, classes)
        ignored = layer.normalizer.ignored(labels)
        if ignored is not None:
            probabilities, labels = probabilities[~ignored], labels[~ignored]
        self._seen.add(probabilities, labels)
