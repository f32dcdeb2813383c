"""CosineSimilarityBatch and FAPPYLoss: how the pairs of a batch rank. FAPPY (Zhong et al. 2018), GGL and RAM (liu-xb)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_above_zero, check_least_axes
from netdef.layers.core.labels import check_one_label_each_item
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("CosineSimilarityBatch")
class CosineSimilarityBatch(Layer):
    """The cosines (pairs, 1, 1, 1) of the pairs of items, 0 and 1, 0 and 2 and so on, and whether each has one label.

    Bottoms: features (N, channels) and labels (N,). The second top has ``pos_label`` for pairs of one label, else
    ``neg_label``; jx-zhong's fork writes it one pair too late, and its nets do not read it.
    """

    n_bottoms = exactly(2)
    n_tops = exactly(2)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        check_one_label_each_item(spec, shapes[1], 1, shapes[0][0])
        param = spec.message.cosine_similarity_batch_param
        self.same, self.different = param.pos_label, param.neg_label

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        count = bottoms[0][0]
        return [(count * (count - 1) // 2, 1, 1, 1)] * 2

    def forward(self, x: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        x, labels = x.flatten(1), labels.detach().flatten()
        products = x @ x.t()
        lengths = products.diagonal().sqrt()
        first, second = torch.triu_indices(len(x), len(x), 1, device=x.device).unbind()
        cosines = products[first, second] / (lengths[first] * lengths[second])
        same = torch.where(labels[first] == labels[second], self.same, self.different).to(x.dtype)
        return cosines.reshape(-1, 1, 1, 1), same.reshape(-1, 1, 1, 1)


@register("FAPPYLoss")
class FAPPYLoss(Layer):
    """Count the pairs of two labels that are more similar than a pair of one label, in smooth histograms of several widths.

    Bottoms: the cosines of `CosineSimilarityBatch` and labels (N,). For a pair i, j of one label and bins of width d, a cosine is
    shared by the two ends of its bin, near ends more; the term is the sum of what i and j, each with the items of other
    labels, have at the ends from that of the pair's own on. Widths go 2, 1, 1/2 and so on down to ``delta``. For each width the
    sum so far plus the terms of the pairs at least d below 1 is divided by twice the number of these pairs, or by 2 if there
    are none.
    """

    n_bottoms = exactly(2)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.delta: float = spec.message.fappy_loss_param.delta
        check_above_zero(spec, self.delta, "fappy_loss_param", "delta")
        count = math.prod(shapes[1])
        if math.prod(shapes[0]) != count * (count - 1) // 2:
            raise spec.refuse(f"wants the cosines of the {count * (count - 1) // 2} pairs of {count} items; "
                              f"`{spec.bottoms[0]}` has shape {shapes[0]}", "bottom", 0)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, cosines: Tensor, labels: Tensor) -> Tensor:
        labels = labels.detach().flatten()
        count = len(labels)
        first, second = torch.triu_indices(count, count, 1, device=labels.device).unbind()
        square = cosines.new_zeros(count, count).index_put((first, second), cosines.flatten())
        square = square + square.t()
        same = labels[first] == labels[second]
        total, width = cosines.new_zeros(()), 2.0
        while width >= self.delta:
            pairs = same & (1 - cosines.detach().flatten() >= width)
            i, j = first[pairs], second[pairs]
            others = labels[i, None] != labels
            terms = _shares_above(square[i, j], torch.stack((square[i], square[j])), width)
            terms = (terms.sum(0) * others).sum(1) / others.sum(1).clamp(min=1)
            total = (total + terms.sum()) / (2 * max(len(i), 1))
            width /= 2
        return total

    def random_bottom(self, index: int, shape: Shape, generator: torch.Generator) -> Tensor | None:
        if index == 0:
            return torch.rand(shape, generator=generator) * 1.6 - 0.8
        return (torch.arange(math.prod(shape)) // 2).float().reshape(shape)


def _shares_above(own: Tensor, others: Tensor, width: float) -> Tensor:
    """The part of each cosine of ``others`` (2, P, N) in the bins of ``own`` (P,) and above, by the shares of the latter."""
    bin_of_own, bin_of_others = (((x.detach() + 1) / width).floor() for x in (own, others))
    right_of_own, right_of_others = (own + 1) / width - bin_of_own, (others + 1) / width - bin_of_others
    ahead = bin_of_others - bin_of_own[:, None]

    def counted(steps: Tensor) -> Tensor:
        """The share of ``own`` at its ends up to one that lies so many ends after its left one."""
        return torch.where(steps > 0, 1, torch.where(steps == 0, 1 - right_of_own[:, None], 0))

    return (1 - right_of_others) * counted(ahead) + right_of_others * counted(ahead + 1)
