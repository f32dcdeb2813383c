"""AccuracyTree and SoftmaxWithLossTree: trees of classifiers, of yjxiong's fork of 2014."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.forks.classification.label_tables import OfTables, is_among_best, node_losses, read_table, read_top_k

_PARAM = "tree_param"


class _OfTree(OfTables):
    """The base of both. Bottoms: the scores of each classifier, level by level, and labels (N,).

    A classifier has a file in ``label_transform_file``, which turns labels into its classes. Each class of the classifiers of a
    level has a classifier in the next, in order; there are ``tree_depth`` levels, and a top for each.
    """

    n_bottoms = at_least(2)
    n_tops = at_least(1)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.tree_param
        files, count = param.label_transform_file, len(shapes) - 1
        if len(files) != count:
            raise spec.refuse(f"has {len(files)} `label_transform_file` for {count} classifiers", _PARAM)
        self.tables = [read_table(spec, name, shapes[node], node, _PARAM, "label_transform_file", node)
                       for node, name in enumerate(files)]
        self.levels = [range(0, 1)]
        while len(self.levels) < param.tree_depth:
            level = self.levels[-1]
            following = sum(self.tables[node].classes for node in level if node < count)
            self.levels.append(range(level.stop, level.stop + following))
        if self.levels[-1].stop != count or len(self.levels) != param.tree_depth:
            raise spec.refuse(f"has {count} classifiers; {param.tree_depth} levels have {self.levels[-1].stop}", _PARAM)
        if len(spec.tops) != len(self.levels):
            raise spec.refuse(f"has {len(self.levels)} levels and {len(spec.tops)} tops; it wants as many", "top", 0)

    def walk(self, bottoms: Sequence[Tensor], labels: Tensor, top_k: int) -> Iterator[tuple[int, int, Tensor, Tensor, Tensor]]:
        """Walk each item down as long as its class is the best, in the last level one of ``top_k``.

        Yields level, classifier, the items that reach it, their classes there, and those whose class is among the best.
        """
        place = torch.zeros_like(labels)  # the classifier of an item; -1 after a miss
        for depth, level in enumerate(self.levels):
            after = torch.full_like(place, -1)
            first = level.stop
            for node in level:
                classes = self.looked_up(labels, node)
                here = place == node
                hits = here & is_among_best(bottoms[node], classes, top_k if depth == len(self.levels) - 1 else 1)
                after = torch.where(hits, first + classes, after)
                first += self.tables[node].classes
                yield depth, node, here, classes, hits
            place = after


@register("AccuracyTree")
class AccuracyTree(_OfTree):
    """The share of items whose classes are the best down to each level, in the last among the ``top_k`` best, see `_OfTree`."""

    is_score = True
    larger_is_better = True
    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.top_k = read_top_k(spec, min(self.tables[node].classes for node in self.levels[-1]))

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(1, 1, 1, 1)] * len(self.levels)

    def forward(self, *bottoms: Tensor) -> tuple[Tensor, ...]:
        labels = bottoms[-1].detach().long().flatten()
        hits = [bottoms[0].new_zeros(()) for _ in self.levels]
        for depth, _, _, _, found in self.walk(bottoms, labels, self.top_k):
            hits[depth] = hits[depth] + found.sum()
        return tuple((count / len(labels)).reshape(1, 1, 1, 1) for count in hits)


@register("SoftmaxWithLossTree")
class SoftmaxWithLossTree(_OfTree):
    """The sum of the losses of each level's classifiers, as of TransformSoftmaxWithLoss, see `_OfTree`.

    Gradients are only those of the classifiers that an item reaches: those above must find its class to be the best. They are
    times ``node_weight``, 1 for classifiers that it does not name; the tops are not.
    """

    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        weights = list(spec.message.tree_param.node_weight)
        if len(weights) > len(self.tables):
            raise spec.refuse(f"has {len(weights)} `node_weight` for {len(self.tables)} classifiers", _PARAM, "node_weight")
        self.weights: list[float] = weights + [1.0] * (len(self.tables) - len(weights))

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()] * len(self.levels)

    def forward(self, *bottoms: Tensor) -> tuple[Tensor, ...]:
        labels = bottoms[-1].detach().long().flatten()
        tops = [bottoms[0].new_zeros(()) for _ in self.levels]
        for depth, node, here, classes, _ in self.walk(bottoms, labels, 1):
            scores = bottoms[node]
            loss = node_losses(scores.detach(), classes).sum() / len(labels)
            gradient = torch.softmax(scores.detach().flatten(1), 1)
            gradient = gradient - F.one_hot(classes.clamp(min=0), gradient.shape[1])
            gradient = gradient * (here & (classes >= 0))[:, None] * (self.weights[node] / len(labels))
            tops[depth] = tops[depth] + with_gradient(loss, scores, gradient.view_as(scores))
        return tuple(tops)
