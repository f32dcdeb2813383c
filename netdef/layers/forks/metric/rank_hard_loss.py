"""RankHardLoss: pairs nearer than hard negatives, of forks of Wang and Gupta 2015 (xiaolonw) and Kim et al. 2017 (hyojinie)."""
"""RankHardLoss: pairs of faces nearer to each other than to others'. Of forks for faces, in its first form of two bottoms."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes, check_positive
from netdef.errors import NetdefError
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_positive, check_same_batch
from netdef.layers.core.labels import check_one_label_each_item
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

PARAM = "rank_param"
_EARTH = 6371.0  # km
_NEAR = 0.225  # km: a picture taken this near is no negative
PARAM = "rank_hard_loss_param"


@register("RankHardLoss")
class RankHardLoss(Layer):
    """``max(0, d(a, p) - d(a, n) + margin) + max(0, d(a, p) - d(p, n) + margin)`` over all negatives n, d minus the dot product.

    Of each ``pair_size`` items that follow one another the first two are a and p. Bottoms: items (N, ...), and labels, where
    items of another label can be negatives; or latitudes and longitudes in radians, where items 3 and 4 of the same ``pair_size``
    and those further away than 225 m can. Only those count whose first term is above 0. Of more than ``neg_num``,
    ``hard_ratio neg_num`` are drawn from the ``neg_num`` with the largest, and ``rand_ratio neg_num`` from all others. The sum
    is divided by ``2 neg_num N / pair_size``.
    """

    n_bottoms = between(2, 3)
    """The mean of ``max(0, margin - a p + a n)`` and ``max(0, margin - a p + p n)`` over chosen negatives n of pairs a, p.

    Bottoms: features (N, ...), products of which are compared, and labels (N,). Items lie in groups of ``pair_size`` with one
    label, of which the first two are the pair. Negatives are items of other labels with a first part above 0: all, if there
    are no more than ``neg_num``; else ``neg_num`` times ``hard_ratio`` of the ``neg_num`` with the greatest parts, drawn, and
    the others, up to ``neg_num`` in all, drawn from the rest. Without any the loss is 0. Three bottoms, as in rainsoulsrx's
    source, are refused.
    """

    n_bottoms = exactly(2)
    is_loss = True
    depends_on_data = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        for index in range(1, len(shapes)):
            check_one_label_each_item(spec, shapes[index], index, shapes[0][0])
        param = spec.message.rank_param
        self.negatives, self.pair, self.margin = param.neg_num, param.pair_size, param.margin
        check_positive(spec, self.negatives, PARAM, "neg_num")
        least = 2 if len(shapes) == 2 else 4
        if self.pair < least or shapes[0][0] % self.pair:
            raise spec.refuse(f"has `pair_size` {self.pair}; it must be at least {least} and divide the {shapes[0][0]} items of "
                              f"`{spec.bottoms[0]}`", PARAM, *(["pair_size"] if param.HasField("pair_size") else []))
        self.hard, self.random = int(self.negatives * param.hard_ratio), int(self.negatives * param.rand_ratio)
        self.divisor = self.negatives * shapes[0][0] // self.pair * 2
        check_same_batch(spec, shapes)
        check_one_label_each_item(spec, shapes[1], 1, shapes[0][0])
        param = spec.message.rank_hard_loss_param
        check_positive(spec, param.neg_num, PARAM, "neg_num")
        self.most: int = param.neg_num
        self.group: int = param.pair_size
        if self.group < 2 or shapes[0][0] % self.group:
            raise spec.refuse(f"has `pair_size` {self.group}; it must be at least 2, and divide a batch of {shapes[0][0]}", PARAM,
                              "pair_size")
        if not 0 <= param.hard_ratio <= 1:
            raise spec.refuse(f"has `hard_ratio` {param.hard_ratio:g}; it must be from 0 to 1", PARAM, "hard_ratio")
        self.hard = int(param.neg_num * param.hard_ratio)
        self.margin: float = param.margin

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
        return ((first + second) * chosen).sum() / self.divisor

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
    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        x, labels = x.flatten(1), labels.detach().flatten()
        if not x.is_meta and (labels.reshape(-1, self.group) != labels[:: self.group, None]).any():
            raise NetdefError(f"layer `{self.name}` (RankHardLoss) has a group of {self.group} items of several labels")
        products = x @ x.t()
        anchors = torch.arange(0, len(x), self.group, device=x.device)
        near = products[anchors, anchors + 1][:, None]
        parts = [(self.margin - near + products[rows]).clamp(min=0) for rows in (anchors, anchors + 1)]
        chosen = self.choose(parts[0].detach(), labels[anchors, None] != labels)
        total = sum((part * chosen).sum() for part in parts)
        return total / (2 * chosen.sum()).clamp(min=1)

    def choose(self, losses: Tensor, others: Tensor) -> Tensor:
        """Which negatives of each pair (pairs, items) count."""
        candidates = others & (losses > 0)
        few = candidates.sum(1, keepdim=True) <= self.most
        hardest = _first(losses.masked_fill(~candidates, -1), self.most)
        hard = _first(torch.rand_like(losses).masked_fill(~hardest, -1), self.hard)
        rest = candidates & ~hard
        drawn = _first(torch.rand_like(losses).masked_fill(~rest, -1), self.most - self.hard)
        return candidates & (few | hard | drawn)


def _first(keys: Tensor, count: int) -> Tensor:
    """Whether each number is among the ``count`` greatest of its row."""
    count = min(count, keys.shape[1])
    return torch.zeros_like(keys, dtype=torch.bool).scatter_(1, keys.topk(count, 1).indices, True)
