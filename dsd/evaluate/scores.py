"""Scores of a test over its batches: the mean of every output, and average precision of detections."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from dsd.evaluate.average_precision import mean_average_precision
from netdef.errors import NetdefError
from netdef.graph.net import Net


class BrokenOffError(Exception):
    """A test that ended before its last batch, as its caller wanted."""


class Scores:
    """Collect the outputs of a net, batch by batch.

    Means are element by element, as ``caffe test`` prints. The tops of DetectionEvaluate are rows of all batches, whose
    score is their mean average precision, by ``ap_version``.
    """

    def __init__(self, net: Net, ap_version: str = "Integral"):
        self.ap_version, self.weight = ap_version, 0.0
        self._rows: dict[str, list[Tensor]] = {top: [] for top in ranked_detections(net)}
        self._totals: dict[str, Tensor] = {}

    def add(self, outputs: dict[str, Tensor], weight: float = 1.0) -> None:
        """Add the outputs of one batch, which counts ``weight`` times.

        Raises `NetdefError` if the shape of an output differs from the batch before.
        """
        self.weight += weight
        for name, value in outputs.items():
            if name in self._rows:
                self._rows[name].append(value.cpu())
            elif name not in self._totals:
                self._totals[name] = value * weight if weight != 1 else value.clone()
            elif value.shape != (before := self._totals[name].shape):
                raise NetdefError(
                    f"output `{name}` has shape {tuple(before)} in one batch and {tuple(value.shape)} in another: it has "
                    "no mean; give it to a layer that scores it, or to Silence")
            else:
                self._totals[name] += value * weight if weight != 1 else value

    def result(self) -> dict[str, Tensor]:
        """{output: score}."""
        scores = {name: total / self.weight for name, total in self._totals.items()}
        return scores | {
            name: torch.tensor(mean_average_precision(rows, self.ap_version)) for name, rows in self._rows.items() if rows}


def ranked_detections(net: Net) -> list[str]:
    """The tops of DetectionEvaluate."""
    return [top for spec in net.spec.layers if spec.type == "DetectionEvaluate" for top in spec.tops]


@torch.no_grad()
def mean_outputs(
    net: Net, batches: int, device: torch.device, ap_version: str = "Integral",
    forward: Callable[..., dict[str, Tensor]] | None = None, broken_off: Callable[[], bool] = lambda: False,
) -> dict[str, Tensor]:
    """Run the net on batches of its own data, or ``forward`` in its place, and return the `Scores` of all outputs.

    Raises `BrokenOffError` if ``broken_off`` is true before a batch.
    """
    scores = Scores(net, ap_version)
    for _ in range(batches):
        if broken_off():
            raise BrokenOffError
        scores.add((forward or net)(**{name: x.to(device, non_blocking=True) for name, x in next(net.feeds).items()}))
    return scores.result()
