"""Losses and accuracies of labels that a file turns into others, for one classifier or a tree of them: yjxiong's fork of 2014."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from netdef.definition.definitions import LayerDefinition
from netdef.errors import FileError, NetdefError
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes, check_positive, check_top_k
from netdef.layers.core.labels import check_one_label_each_item
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

_TABLE = "label_transform_param"
_WORST = -math.log(torch.finfo(torch.float32).tiny)


class Table(NamedTuple):
    """The numbers of labels in a classifier, from a file: one for each label from 0, below 0 where the classifier has none."""

    classes: int
    labels: tuple[int, ...]


def read_table(spec: LayerDefinition, name: str, shape: Shape, bottom: int, *path: str | int) -> Table:
    """Read the file ``name`` of whole numbers for a classifier, bottom ``bottom`` of shape ``shape`` (N, classes)."""
    file = spec.resolve(name, *path)
    try:
        labels = tuple(int(word) for word in file.read_text(encoding="utf-8").split())
    except (OSError, ValueError) as error:
        raise FileError(f"{file}: wants whole numbers, one for each label: {error}") from None
    classes = len({label for label in labels if label >= 0})
    if classes != math.prod(shape[1:]) or max(labels, default=-1) != classes - 1:
        raise spec.refuse(f"turns labels into {classes} others, up to {max(labels, default=-1)}; `{spec.bottoms[bottom]}` has "
                          f"shape {shape}, and wants as many, from 0", "bottom", bottom)
    return Table(classes, labels)


class OfTables(Layer):
    """The base of the four. The last bottom, labels (N,), is looked up in the table of each other bottom, (N, classes)."""

    depends_on_data = True  # labels are checked

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.tables: list[Table] = []
        for place in range(len(shapes) - 1):
            check_least_axes(spec, shapes, 2, place)
            if shapes[place][0] != shapes[0][0]:
                raise spec.refuse(f"has bottoms of {shapes[0][0]} and of {shapes[place][0]} items", "bottom", place)
        check_one_label_each_item(spec, shapes[-1], len(shapes) - 1, shapes[0][0])

    def looked_up(self, labels: Tensor, node: int) -> Tensor:
        """The labels in the classifier of an index. Raises `NetdefError` for one that its table does not have."""
        table = labels.new_tensor(self.tables[node].labels)
        if not labels.is_meta and len(labels) and not 0 <= int(labels.min()) <= int(labels.max()) < len(table):
            raise NetdefError(f"layer `{self.name}` ({self.type_name}) got labels from {int(labels.min())} to "
                              f"{int(labels.max())}; its file has {len(table)}, from 0")
        return table[labels]


def node_losses(scores: Tensor, labels: Tensor) -> Tensor:
    """Minus the log of the softmax at each label, at most 87.3 while its gradient goes on, 0 for a label below 0."""
    losses = F.cross_entropy(scores.flatten(1), labels.where(labels >= 0, -1), reduction="none", ignore_index=-1)
    losses.detach().clamp_(max=_WORST)  # unseen by autograd
    return losses


def is_among_best(scores: Tensor, labels: Tensor, top_k: int) -> Tensor:
    """Whether the label of each item is one of the ``top_k`` best; of equal scores the later is better. False below 0."""
    rows = scores.detach().flatten(1)
    own = rows.gather(1, labels.clamp(min=0)[:, None])
    later = torch.arange(rows.shape[1], device=rows.device) > labels[:, None]
    better = ((rows > own) | ((rows == own) & later)).sum(1)
    return (better < top_k) & (labels >= 0)


@register("TransformSoftmaxWithLoss")
class TransformSoftmaxWithLoss(OfTables):
    """SoftmaxWithLoss of scores (N, classes) and labels (N,) that ``label_transform_file`` turns into classes.

    It is divided by N; labels that become a number below 0 count as 0. A second top is the softmax.
    """

    n_bottoms = exactly(2)
    n_tops = between(1, 2)
    is_loss = True
    answer_type = "Softmax"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        name = spec.message.label_transform_param.label_transform_file
        self.tables = [read_table(spec, name, shapes[0], 0, _TABLE, "label_transform_file")]
        self.with_softmax = len(spec.tops) == 2

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(), bottoms[0]] if self.with_softmax else [()]

    def forward(self, scores: Tensor, labels: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        classes = self.looked_up(labels.detach().long().flatten(), 0)
        loss = node_losses(scores, classes).sum() / len(scores)
        return (loss, torch.softmax(scores.flatten(1), 1).view_as(scores)) if self.with_softmax else loss


@register("TransformAccuracy")
class TransformAccuracy(OfTables):
    """The share of items whose class, what ``label_transform_file`` turns the label into, is among the ``top_k`` best scores.

    Of equal scores the later is better; an item whose label becomes a number below 0 is a miss.
    """

    n_bottoms = exactly(2)
    is_score = True
    larger_is_better = True
    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        name = spec.message.label_transform_param.label_transform_file
        self.tables = [read_table(spec, name, shapes[0], 0, _TABLE, "label_transform_file")]
        self.top_k = read_top_k(spec, self.tables[0].classes)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(1, 1, 1, 1)]

    def forward(self, scores: Tensor, labels: Tensor) -> Tensor:
        classes = self.looked_up(labels.detach().long().flatten(), 0)
        return is_among_best(scores, classes, self.top_k).to(scores).mean().reshape(1, 1, 1, 1)


def read_top_k(spec: LayerDefinition, classes: int) -> int:
    """Read ``top_k``, which must not exceed the classes."""
    top_k: int = spec.message.accuracy_param.top_k
    check_positive(spec, top_k, "accuracy_param", "top_k")
    check_top_k(spec, top_k, classes, "accuracy_param")
    return top_k
