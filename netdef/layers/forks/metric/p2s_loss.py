"""P2SLoss: a point-to-set metric of pairs and triplets. Of Person-Re-ID (sanpingzhou)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.errors import NetdefError
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes
from netdef.layers.core.labels import check_one_label_each_item
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("P2SLoss")
class P2SLoss(Layer):
    """Items 2i and 2i + 1 are a pair, with a squared distance d. Over the number of items comes the sum of two losses.

    Of pairs: ``max(d - margin1, 0)`` of one label, else ``max(margin2 - d, 0)``. And ``weight`` times, of triplets:
    ``max(margin3 + |a - p|^2 - mu |a - n|^2 - nu |p - n|^2, 0)``, where a and p are a pair of one label, and n is the second item
    of a pair drawn from those of another label there and no greater d, or any other d if there is none. ``mu`` and ``nu`` are
    alpha plus and minus ``beta - eta (|a - n|^2 - |p - n|^2)``, and get no gradient. A pair that makes no triplet adds margin3.

    Each ``num_negative + 1`` pairs are a group, the first of them of one label. Where ``num_positive`` is above
    ``choose_positive``, the first pairs of groups ``choose_positive``, ``choose_positive + num_positive``, ... make no triplets,
    after that of greatest d has come to the front of the first ``num_positive``; of them n is 0, and always of another label.
    """

    n_bottoms = exactly(2)
    is_loss = True
    depends_on_data = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        check_one_label_each_item(spec, shapes[1], 1, shapes[0][0])
        param = spec.message.p2s_loss_param
        self.margins = (param.margin1, param.margin2, param.margin3)
        self.weight, self.alpha, self.beta, self.eta = param.weight, param.alpha, param.beta, param.eta
        self.size = param.num_negative + 1
        self.positive, self.chosen = param.num_positive, param.choose_positive
        if self.size < 1 or self.positive < 1 or self.chosen < 0:
            raise spec.refuse("wants `num_positive` above 0, and `num_negative` and `choose_positive` of at least 0",
                              "p2s_loss_param")
        n_items = shapes[0][0]
        if n_items % (2 * self.size) or n_items // (2 * self.size) < self.positive:
            raise spec.refuse(f"has {n_items} items; it wants groups of {2 * self.size}, and at least {self.positive} of them",
                              "p2s_loss_param", "num_negative")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        labels = labels.detach().flatten()
        probe, gallery = x.flatten(1)[0::2], x.flatten(1)[1::2]
        alike = labels[0::2] == labels[1::2]
        d = (probe - gallery).square().sum(1)
        near, far, margin = self.margins
        of_pairs = F.relu(d - near).where(alike, F.relu(far - d)).sum()
        dropped = self.dropped(d.detach(), alike)
        items = (alike & ~dropped).nonzero()[:, 0]
        others = self.others(items, d.detach(), labels, dropped)
        a, p = probe[items], gallery[items]
        n = (gallery - gallery.detach().where(dropped[:, None], 0))[others]
        to_other, from_other = (a - n).square().sum(1), (p - n).square().sum(1)
        shift = self.beta - self.eta * (to_other - from_other).detach()
        triplets = F.relu(margin + (a - p).square().sum(1) - (self.alpha + shift) * to_other - (self.alpha - shift) * from_other)
        of_triplets = triplets.sum() + max(margin, 0.0) * (len(d) - len(items))
        return (of_pairs + self.weight * of_triplets) / len(x)

    def dropped(self, d: Tensor, alike: Tensor) -> Tensor:
        """Which pairs make no triplets."""
        first = list(range(0, len(d), self.size))
        if not bool(alike[first].all()):
            raise NetdefError(f"layer `{self.name}` (P2SLoss) got a group of {2 * self.size} items, the first two of "
                              "which differ in label")
        for index in range(1, self.positive):
            if d[first[0]] < d[first[index]]:
                first[0], first[index] = first[index], first[0]
        found = torch.zeros_like(alike)
        if self.positive > self.chosen:
            found[first[self.chosen :: self.positive]] = True
        return found

    def others(self, items: Tensor, d: Tensor, labels: Tensor, dropped: Tensor) -> Tensor:
        """For each pair of a triplet the pair from which n comes."""
        differ = (labels[0::2][items][:, None] != labels[1::2]) | dropped
        if not bool(differ.any(1).all()):
            raise NetdefError(f"layer `{self.name}` (P2SLoss) got items of one label; it compares labels")
        wanted = differ & ((d <= d[items][:, None]) | dropped)
        allowed = wanted.where(wanted.any(1, keepdim=True), differ)
        return torch.multinomial(allowed.float(), 1)[:, 0] if len(items) else items
