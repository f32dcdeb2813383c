"""Expected calibration error: how far the confidence of a classifier is from its accuracy."""

from __future__ import annotations

import torch
from torch import Tensor

BINS = 15


class Calibration:
    """The expected calibration error of predictions (Guo et al. 2017), batch by batch.

    Predictions are sorted into `BINS` bins of equal width by their confidence, the largest probability. The error is the
    mean over all predictions of the distance between accuracy and mean confidence of their bin: 0 to 1.
    """

    def __init__(self) -> None:
        self._count = torch.zeros(BINS, dtype=torch.float64)
        self._right, self._confidence = torch.zeros_like(self._count), torch.zeros_like(self._count)

    def add(self, probabilities: Tensor, labels: Tensor) -> None:
        """Add predictions: probabilities (n, classes) and true classes (n)."""
        confidence, predicted = probabilities.detach().cpu().double().max(1)
        bins = ((confidence * BINS).ceil().long() - 1).clamp(0, BINS - 1)
        self._count.index_add_(0, bins, torch.ones_like(confidence))
        self._right.index_add_(0, bins, (predicted == labels.cpu()).double())
        self._confidence.index_add_(0, bins, confidence)

    def error(self) -> float:
        """The error over all that was added; NaN without any."""
        return float((self._right - self._confidence).abs().sum() / self._count.sum())
