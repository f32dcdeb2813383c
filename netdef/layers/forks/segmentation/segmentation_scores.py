"""SegAccuracy and IOUAccuracy, from forks for segmentation: scores of classified pixels from a confusion matrix."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis, check_axes
from netdef.layers.core.fillers import constant
from netdef.layers.core.labels import check_one_label_each, label_error
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("SegAccuracy")
class SegAccuracy(Layer):
    """(1, 1, 1, 3): share of right pixels, mean share a class, mean intersection over union. DeepLab's and PSPNet's forks.

    Bottoms: scores (N, C, H, W) and labels, one a pixel. The answer is the class of the greatest score, of equals the last
    one. Pixels of an ``ignore_label``, of which there may be several, do not count. The second number is the mean over
    classes that have pixels, the third over all classes, 1 for one that is neither there nor answered. With
    ``reset: false`` the pixels of all batches since the net was made count. Raises NetdefError on a label that is no class.
    """

    n_bottoms = exactly(2)
    is_score = True
    larger_is_better = True
    family = "score"
    confusions: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.seg_accuracy_param
        check_axes(spec, shapes, 4)
        check_one_label_each(spec, shapes, 1)
        self.ignored: list[int] = list(param.ignore_label)
        self.goes_on: bool = not param.reset
        if self.goes_on:
            self.add_constant("confusions", (shapes[0][1], shapes[0][1]), constant(0.0))
            self.carried = ("confusions",)

    @torch.no_grad()
    def forward(self, scores: Tensor, labels: Tensor) -> Tensor:
        labels = labels.long().reshape(scores.shape[:1] + scores.shape[2:])
        counted = torch.ones_like(labels, dtype=torch.bool)
        for label in self.ignored:
            counted &= labels != label
        wrong = counted & ((labels < 0) | (labels >= scores.shape[1]))
        if not (scores.is_meta or torch.compiler.is_compiling()) and wrong.any():
            raise label_error(self, labels[counted], scores.shape[1], None)
        found = count_confusions(scores, labels, counted)
        if self.goes_on:
            self.confusions = found = self.confusions.to(found.dtype) + found
        right, rows, unions = _sums(found)
        there = rows > 0
        recall = (right / rows.where(there, 1)).sum() / there.sum().clamp(min=1)
        overlap = torch.where(unions > 0, right / unions.where(unions > 0, 1), 1).mean()
        accuracy = right.sum() / found.sum().clamp(min=1)
        return torch.stack((accuracy, recall, overlap)).to(scores.dtype).reshape(1, 1, 1, 3)


@register("IOUAccuracy")
class IOUAccuracy(Layer):
    """The mean intersection over union of the classes, shape (1,), and that of each class (C,). From caffe-jacinto.

    Scores have classes along ``axis``; the answer is the class of the greatest, of equals the last one. Pixels of
    ``ignore_label``, and of labels that are no class, do not count. A class that is neither there nor answered has 0, and no
    part in the mean. Only this batch counts, whatever ``history_size`` is: the fork makes its counts anew in each pass.
    """

    n_bottoms = exactly(2)
    n_tops = between(1, 2)
    is_score = True
    larger_is_better = True
    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.accuracy_param
        self.axis = canonical_axis(spec, param.axis, len(shapes[0]), "accuracy_param", "axis")
        check_one_label_each(spec, shapes, self.axis)
        self.ignored: int | None = param.ignore_label if param.HasField("ignore_label") else None
        self.by_class = len(spec.tops) == 2

    @torch.no_grad()
    def forward(self, scores: Tensor, labels: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        scores = scores.movedim(self.axis, 0)[None]
        labels = labels.long().reshape(1, *scores.shape[2:])
        counted = (labels >= 0) & (labels < scores.shape[1])
        if self.ignored is not None:
            counted &= labels != self.ignored
        right, _, unions = _sums(count_confusions(scores, labels, counted))
        there = unions > 0
        each = right / unions.where(there, 1)
        mean = (each.sum() / there.sum().clamp(min=1)).reshape(1).to(scores.dtype)
        return (mean, each.to(scores.dtype)) if self.by_class else mean


def count_confusions(scores: Tensor, labels: Tensor, counted: Tensor) -> Tensor:
    """The confusion matrix (C, C) of the counted pixels, label by prediction, from scores (N, C, ...)."""
    classes = scores.shape[1]
    answers = classes - 1 - scores.flip(1).argmax(1)  # of equals the last class
    places = (labels.clamp(0, classes - 1) * classes + answers).flatten()
    counts = torch.zeros(classes**2, dtype=torch.float64, device=scores.device)
    return counts.index_add_(0, places, counted.flatten().double()).reshape(classes, classes)


def _sums(confusions: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """For each class: correct pixels, pixels of the class, and the union with pixels predicted as it."""
    right, rows, columns = confusions.diagonal(), confusions.sum(1), confusions.sum(0)
    return right, rows, rows + columns - right
