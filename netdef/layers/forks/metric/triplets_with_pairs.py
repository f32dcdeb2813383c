"""TripletLoss with pairs beside the triplets, of six bottoms or of sets. Of pull requests to BVLC/caffe (Wangyida, 2015)."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_least_axes, refuse_shapes
from netdef.layers.core.labels import check_one_label_each_item
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

_PARAM = "triplet_loss_param"
_HINGE, _RATIO, _RATIO_OF_POWERS = range(3)


def _has_pairs(spec: LayerDefinition) -> bool:
    return len(spec.bottoms) == 6


def has_sets(spec: LayerDefinition) -> bool:
    """Whether a TripletLoss of two bottoms is of sets with negatives."""
    param = spec.message.triplet_loss_param
    return len(spec.bottoms) == 2 and any(map(param.HasField, ("losstype", "num_negatives", "use_pair")))


class _TripletsWithPairs(Layer):
    """The base of both: the costs of triplets by ``losstype``, from squared distances to the positive and the negative.

    0: ``max(margin + near - far, 0)``. 1, the default: ``max(1 - far / (near + margin), 0)``. 2, of sets with
    ``num_negatives``: ``max(1 - exp(far) / (exp(near) + margin), 0)``.
    """

    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.triplet_loss_param
        self.margin: float = param.margin
        self.kind: int = param.losstype

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def costs(self, near: Tensor, far: Tensor) -> Tensor:
        """The cost of each triplet."""
        if self.kind == _HINGE:
            return (self.margin + near - far).clamp(min=0)
        if self.kind == _RATIO_OF_POWERS:
            near, far = near.exp(), far.exp()
        return (1 - far / (near + self.margin)).clamp(min=0)


@register("TripletLoss", when=_has_pairs)
class TripletLossWithPairs(_TripletsWithPairs):
    """``sum(cost + |d - e|^2) / (2 N)``: bottoms anchors, positives, negatives, pairs d and e, and labels, which do not count.

    The pull request's first version had no ``losstype`` and computed as by 0.
    """

    n_bottoms = exactly(6)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        for i, shape in enumerate(shapes[:5]):
            if shape != shapes[0]:
                raise refuse_shapes(spec, shapes, i, "it wants five of one shape, (N, features)")
        check_one_label_each_item(spec, shapes[5], 5, shapes[0][0])
        self.kind = min(self.kind, _RATIO)

    def forward(self, anchor: Tensor, positive: Tensor, negative: Tensor, d: Tensor, e: Tensor, labels: Tensor) -> Tensor:
        near, far, pairs = ((a - b).flatten(1).square().sum(1) for a, b in ((anchor, positive), (anchor, negative), (d, e)))
        return (self.costs(near, far) + pairs).sum() / (2 * len(anchor))


@register("TripletLoss", when=has_sets)
class TripletLossOfNegatives(_TripletsWithPairs):
    """The sum of the costs over twice the number of sets: an anchor, a positive and ``num_negatives`` negatives in a row.

    Bottoms: items (N, features), labels, which do not count. ``use_pair: 1`` adds the squared distance of anchor and positive for
    each set. So does the form with ``num_triplets`` instead of ``num_negatives`` and a ``losstype``, of which all but 0 are 1.
    """

    n_bottoms = exactly(2)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        check_one_label_each_item(spec, shapes[1], 1, shapes[0][0])
        param = spec.message.triplet_loss_param
        if param.HasField("num_triplets"):
            field, negatives = "num_triplets", param.num_triplets
            self.with_pairs, self.kind = True, min(self.kind, _RATIO)
        else:
            field, negatives = "num_negatives", param.num_negatives
            self.with_pairs = param.use_pair == 1
        if self.kind > _RATIO_OF_POWERS:
            raise spec.refuse(f"has `losstype` {self.kind}; it is 0, 1 or 2", _PARAM, "losstype")
        self.size: int = 2 + negatives
        if not negatives or shapes[0][0] % self.size:
            raise spec.refuse(f"has `{field}` {negatives}, so sets of {self.size} items, but {shapes[0][0]} items; it wants "
                              "whole sets, with a negative each", _PARAM, *([field] if param.HasField(field) else []))

    def forward(self, items: Tensor, labels: Tensor) -> Tensor:
        sets = items.flatten(1).unflatten(0, (-1, self.size))
        distances = (sets[:, :1] - sets[:, 1:]).square().sum(2)
        near, far = distances[:, :1], distances[:, 1:]
        loss = self.costs(near, far).sum()
        return (loss + near.sum() if self.with_pairs else loss) / (2 * len(sets))
