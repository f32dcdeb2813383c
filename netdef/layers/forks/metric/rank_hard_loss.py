"""RankHardLoss: pairs nearer than hard negatives, of forks of Wang and Gupta 2015 (xiaolonw) and Kim et al. 2017 (hyojinie)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes, check_positive
from netdef.layers.core.labels import check_one_label_each_item
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.schema.messages import RankParameter

PARAM = "rank_param"
_LATER = "rank_hard_loss_param"
_EARTH = 6371.0  # km
_NEAR = 0.225  # km: a picture taken this near is no negative


@register("RankHardLoss")
class RankHardLoss(Layer):
    """``max(0, d(a, p) - d(a, n) + margin) + max(0, d(a, p) - d(p, n) + margin)`` over all negatives n, d minus the dot product.

    Of each ``pair_size`` items that follow one another the first two are a and p. Bottoms: items (N, ...), and labels, where
    items of another label can be negatives; or latitudes and longitudes in radians, where items 3 and 4 of the same ``pair_size``
    and those further away than 225 m can. Only those count whose first term is above 0. Of more than ``neg_num``,
    ``hard_ratio neg_num`` are drawn from the ``neg_num`` with the largest, and ``rand_ratio neg_num`` from all others. The sum
    is divided by ``2 neg_num N / pair_size``, or, with ``rank_hard_loss_param`` of later forks for faces, by twice the number of
    those that count.
    """

    n_bottoms = between(2, 3)
    is_loss = True
    depends_on_data = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        for index in range(1, len(shapes)):
            check_one_label_each_item(spec, shapes[index], index, shapes[0][0])
        self.is_mean = spec.message.HasField(_LATER)
        field = _LATER if self.is_mean else PARAM
        param: RankParameter = getattr(spec.message, field)
        self.negatives, self.pair, self.margin = param.neg_num, param.pair_size, param.margin
        check_positive(spec, self.negatives, field, "neg_num")
        least = 2 if len(shapes) == 2 else 4
        if self.pair < least or shapes[0][0] % self.pair:
            raise spec.refuse(f"has `pair_size` {self.pair}; it must be at least {least} and divide the {shapes[0][0]} items of "
                              f"`{spec.bottoms[0]}`", field, *(["pair_size"] if param.HasField("pair_size") else []))
        self.hard, self.random = int(self.negatives * param.hard_ratio), int(self.negatives * param.rand_ratio)
        self.divisor = self.negatives * shapes[0][0] // self.pair * 2

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, items: Tensor, *marks: Tensor) -> Tensor:
        items = items.flatten(1)
        distances = -(items @ items.t()).fill_diagonal_(0)
        anchors = torch.arange(0, len(items), self.pair, device=items.device)
        own = distances[anchors, anchors + 1, None] + self.margin
        first, second = (own - distances[anchors]).clamp(min=0), (own - distances[anchors + 1]).clamp(min=0)
        with torch.no_grad():
            possible = self._other_labels(*marks) if len(marks) == 1 else self._far_away(*marks)
            chosen = self._chosen(first, possible[anchors] & (first > 0))
        divisor = (2 * chosen.sum()).clamp(min=1) if self.is_mean else self.divisor
        return ((first + second) * chosen).sum() / divisor

    def _other_labels(self, labels: Tensor) -> Tensor:
        labels = labels.flatten()
        return labels[:, None] != labels

    def _far_away(self, latitudes: Tensor, longitudes: Tensor) -> Tensor:
        """Whether a picture can be another's negative, by their distance on the earth (haversine) or their places."""
        down, along = latitudes.double().flatten(), longitudes.double().flatten()
        u, v = ((down - down[:, None]) / 2).sin(), ((along - along[:, None]) / 2).sin()
        distances = 2 * _EARTH * (u.square() + down.cos() * down[:, None].cos() * v.square()).sqrt().clamp(max=1).asin()
        number = torch.arange(len(down), device=down.device)
        steps = number - number[:, None]
        return (distances >= _NEAR) | (steps == 2) | (steps == 3)

    def _chosen(self, losses: Tensor, possible: Tensor) -> Tensor:
        """The negatives of each pair that count, of those that are possible."""
        chosen = possible.clone()
        for row, (loss, those) in enumerate(zip(losses, possible)):
            indices = those.nonzero().flatten()
            if len(indices) <= self.negatives:
                continue
            ranked = indices[loss[indices].argsort(descending=True, stable=True)]
            top, rest = ranked[: self.negatives], ranked[self.negatives :]
            top = top[torch.randperm(len(top)).to(top.device)]
            rest = torch.cat((rest, top[self.hard :]))
            rest = rest[torch.randperm(len(rest)).to(top.device)]
            chosen[row] = False
            chosen[row, torch.cat((top[: self.hard], rest[: self.random]))] = True
        return chosen
