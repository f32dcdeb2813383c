"""Accuracy and ArgMax: the predictions of a classifier, and the share of correct ones."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis, check_least_axes, check_top_k
from netdef.layers.core.labels import check_one_label_each, label_error
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable
from netdef.schema.messages import AccuracyParameter


@register("Accuracy")
class Accuracy(Layer):
    """The share of predictions whose true class is among the ``top_k`` best scores along ``axis``; 0 when none counts.

    A tie with the k-th score is a miss. Labels equal to ``ignore_label`` do not count. The optional second top has the
    share for each class. A NaN at the true class is a miss (in Caffe a hit). With ``min_is_better``, of happynear's fork, the
    lowest scores are the best. Raises NetdefError on a label that is no class.
    """

    n_bottoms = exactly(2)
    n_tops = between(1, 2)
    is_score = True
    larger_is_better = True
    family = "score"
    param: ClassVar[str] = "accuracy_param"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param: AccuracyParameter = getattr(spec.message, self.param)
        self.axis = canonical_axis(spec, param.axis, len(shapes[0]), self.param, "axis")
        check_one_label_each(spec, shapes, self.axis)
        classes = shapes[0][self.axis]
        check_top_k(spec, param.top_k, classes, self.param)
        self.top_k: int = param.top_k
        self.ignore_label: int | None = param.ignore_label if param.HasField("ignore_label") else None
        self.by_class = len(spec.tops) == 2
        self.lowest: bool = isinstance(param, AccuracyParameter) and param.min_is_better

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(), (bottoms[0][self.axis],)] if self.by_class else [()]

    def hits(self, scores: Tensor, labels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return for each prediction: whether it is right, whether it counts, and its true class (0 if it does not count)."""
        scores = -scores if self.lowest else scores
        shape = list(scores.shape)
        shape[self.axis] = 1
        labels = labels.long().reshape(shape)
        counts = torch.ones_like(labels, dtype=scores.dtype)
        if self.ignore_label is not None:
            counts = (labels != self.ignore_label).to(scores.dtype)
            labels = labels * (labels != self.ignore_label)
        try:
            own = scores.gather(self.axis, labels)
        except RuntimeError:
            if scores.is_meta:
                raise
            raise label_error(self, labels, scores.shape[self.axis], self.ignore_label, self.param) from None
        rank = (scores >= own).sum(self.axis, keepdim=True)
        return (rank <= self.top_k) * (own == own) * counts, counts, labels  # a NaN is not equal to itself

    @torch.no_grad()
    def forward(self, scores: Tensor, labels: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        hits, counts, labels = self.hits(scores, labels)
        accuracy = hits.sum() / counts.sum().clamp(min=1)
        if not self.by_class:
            return accuracy
        each = scores.new_zeros(2, scores.shape[self.axis])
        each.index_add_(1, labels.flatten(), torch.stack([hits.flatten(), counts.flatten()]))
        return accuracy, each[0] / each[1].clamp(min=1)


@register("EltwiseAccuracy")
class EltwiseAccuracy(Accuracy):
    """Accuracy under its name in DeconvNet's forks and TransferNet, with ``eltwise_accuracy_param``."""

    n_tops = exactly(1)
    param = "eltwise_accuracy_param"


@register("ArgMax")
class ArgMax(Layer):
    """The indices of the ``top_k`` greatest numbers, greatest first, as floats; of equals the higher index is first.

    With ``min_first``, of Synopsys' fork, those of the least numbers, the least first, and of equals the lower index.

    With ``axis``: along it, shape as the bottom's with ``top_k`` there; ``out_max_val`` gives the numbers instead of
    the indices. Without: over all but the first axis, shape (N, 1, top_k); ``out_max_val`` gives (N, 2, top_k), indices
    and then numbers. Bottoms of more than 3 axes give as many axes, the further ones of size 1.
    """

    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, shape = spec.message.argmax_param, shapes[0]
        self.axis: int | None = None
        if param.HasField("axis"):
            self.axis = canonical_axis(spec, param.axis, len(shape), "argmax_param", "axis")
        else:
            check_least_axes(spec, shapes, 1)
        choices = math.prod(shape[1:]) if self.axis is None else shape[self.axis]
        if not 1 <= param.top_k <= choices:
            raise spec.refuse(f"has top_k {param.top_k}, but chooses among {choices} numbers", "argmax_param", "top_k")
        self.top_k: int = param.top_k
        self.out_max_val: bool = param.out_max_val
        self.find = least if param.min_first else greatest

    def forward(self, x: Tensor) -> Tensor:
        if self.axis is not None:
            values, indices = self.find(x, self.top_k, self.axis)
            return values if self.out_max_val else indices
        values, indices = self.find(x.flatten(1), self.top_k, 1)
        top = torch.stack([indices, values], 1) if self.out_max_val else indices.unsqueeze(1)
        return top.reshape(top.shape + (1,) * (x.ndim - 3))

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x, flat = bottoms[0], self.axis is None
        found = f"{self.find.__name__}({x}{'.flatten(1)' if flat else ''}, {self.top_k}, {1 if flat else self.axis})"
        if not flat:
            return TorchCode(f"{found}[{0 if self.out_max_val else 1}]", functions=(self.find,))
        top = f"torch.stack({found}[::-1], 1)" if self.out_max_val else f"{found}[1].unsqueeze(1)"
        ones = f".reshape(-1, {2 if self.out_max_val else 1}, {self.top_k}{', 1' * (len(x.shape) - 3)})"
        return TorchCode(top + (ones if len(x.shape) > 3 else ""), functions=(self.find,))


def greatest(x: Tensor, count: int, axis: int) -> tuple[Tensor, Tensor]:
    """The greatest numbers along an axis and their indices, as floats; of equals the higher index is first, as in Caffe."""
    if count == 1:
        values, indices = x.flip(axis).max(axis, keepdim=True)
    else:
        values, indices = (y.narrow(axis, 0, count) for y in x.flip(axis).sort(dim=axis, descending=True, stable=True))
    return values, (x.shape[axis] - 1 - indices).to(x.dtype)


def least(x: Tensor, count: int, axis: int) -> tuple[Tensor, Tensor]:
    """The least numbers along an axis and their indices, as floats; of equals the lower index is first."""
    values, indices = (y.narrow(axis, 0, count) for y in x.sort(dim=axis, stable=True))
    return values, indices.to(x.dtype)
