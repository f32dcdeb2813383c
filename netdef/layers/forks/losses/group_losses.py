"""VarLoss and SetLoss2, of GGL (liu-xb): how far items of a class lie apart, and how near its mean those of others."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.errors import NetdefError
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.labels import check_one_label_each_item
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


class _GroupLoss(Layer):
    """A loss of items (N, ...) and their labels, in groups of equal size.

    As many items make a group as have the first one's label before another comes. The fork reads beyond its memory where
    they do not divide the batch; here that is an error.
    """

    n_bottoms = exactly(2)
    is_loss = True
    depends_on_data = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_one_label_each_item(spec, shapes[1], 1, shapes[0][0])

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        alike = (labels.detach().flatten() == labels.flatten()[0]).cumprod(0)
        size = int(alike.sum())
        if len(x) % size:
            raise NetdefError(f"layer `{self.name}` ({self.type_name}) got {len(x)} items, of which the first {size} have one "
                              "label; it wants groups of equal size")
        return self.of_groups(x.reshape(len(x) // size, size, -1))

    def of_groups(self, x: Tensor) -> Tensor:
        """The loss of (groups, items of each, values)."""
        raise NotImplementedError


@register("VarLoss")
class VarLoss(_GroupLoss):
    """The squared distances of items to the mean of their group, over twice the number of items."""

    def of_groups(self, x: Tensor) -> Tensor:
        """See the class."""
        return (x - x.mean(1, keepdim=True)).square().sum() / (2 * x.shape[0] * x.shape[1])


@register("SetLoss2")
class SetLoss2(_GroupLoss):
    """The mean over pairs of groups of ``max(alpha - d / 4, 0)``, d the squared distance of their means."""

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.alpha: float = spec.message.set_loss2_param.alpha

    def of_groups(self, x: Tensor) -> Tensor:
        """See the class."""
        means = x.mean(1)
        if len(means) < 2:
            raise NetdefError(f"layer `{self.name}` (SetLoss2) got items of one label; it compares groups")
        first, second = torch.triu_indices(len(means), len(means), 1, device=x.device)
        distance = (means[first] - means[second]).square().sum(1)
        return (self.alpha - distance / 4).clamp(min=0).mean()
