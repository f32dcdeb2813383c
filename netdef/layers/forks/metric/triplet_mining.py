"""SampleTriplet, its TripletLoss, Identity2Verify and CosinL2Normalize: losses of faces. Of yuqj1991's caffe_train."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis, check_least_axes, check_positive, refuse_shapes
from netdef.layers.core.fillers import filler
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.labels import check_classes, check_one_label_each_item
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.forks.metric.triplets_with_pairs import has_sets

_MARGIN = 0.2  # the fork's


@register("SampleTriplet")
class SampleTriplet(Layer):
    """Triplets of items, (n, 3, 1, 1): the numbers of an anchor, of another item of its class, and of one of another class.

    Bottoms: items (N, features, ...), class after class, and how many items each class has. Each pair of items of a class is
    taken once, with an item drawn from those of other classes whose squared distance from the anchor is below that of the
    pair plus ``alpha``; a pair without one is left out. n is known only from the numbers: that of the classes in the net's
    table of shapes. No gradient. FaceNet, Schroff et al. 2015.
    """

    n_bottoms = exactly(2)
    depends_on_data = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        self.alpha: float = spec.message.sample_triplet_param.alpha

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(torch.Size(bottoms[1]).numel(), 3, 1, 1)]

    @torch.no_grad()
    def forward(self, items: Tensor, counts: Tensor) -> Tensor:
        if items.is_meta:
            return items.new_empty(counts.numel(), 3, 1, 1)
        rows = items.flatten(1)
        distances = (rows[:, None] - rows).square().sum(2).cpu()
        triplets: list[tuple[int, int, int]] = []
        first = 0
        for count in map(int, counts.flatten().tolist()):
            end, elsewhere = first + count, torch.ones(len(rows), dtype=torch.bool)
            elsewhere[first:end] = False
            for anchor in range(first, end - 1):
                for positive in range(anchor + 1, end):
                    near = elsewhere & (distances[anchor] - distances[anchor, positive] < self.alpha)
                    (candidates,) = torch.where(near)
                    if len(candidates):
                        drawn = int(candidates[torch.randint(len(candidates), ())])
                        triplets.append((anchor, positive, drawn))
            first = end
        return items.new_tensor(triplets).reshape(-1, 3, 1, 1)


def _has_numbers(spec: LayerDefinition) -> bool:
    return len(spec.bottoms) == 2 and not (spec.message.triplet_loss_param.HasField("num_triplets") or has_sets(spec))


@register("TripletLoss", when=_has_numbers)
class TripletLossOfNumbers(Layer):
    """The mean of ``max(0, margin + |a - p|^2 - |a - n|^2)`` over the triplets of `SampleTriplet`, shape (1,); margin 0.2.

    Bottoms: items and triplets, of which as many count as the batch has classes, as in the fork. Its gradient is the fork's,
    not the derivative: of each triplet, its loss above 0 or not, 2 (n - p) at the anchor, 2 (p - a) at the positive and
    2 (a - p) at the negative, over the number of triplets; where an item is in several the last one counts alone.
    """

    n_bottoms = exactly(2)
    is_loss = True
    depends_on_data = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_least_axes(spec, shapes, 2)
        param = spec.message.triplet_loss_param
        self.margin: float = param.margin if param.HasField("margin") else _MARGIN
        if torch.Size(shapes[1]).numel() % 3 or not shapes[1]:
            raise refuse_shapes(spec, shapes, 1, "it wants triplets of numbers of items, (triplets, 3)")
        self.most = torch.Size(shapes[1]).numel() // 3

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(1,)]

    def forward(self, items: Tensor, triplets: Tensor) -> Tensor:
        if items.is_meta:
            return items.new_empty(1)
        chosen = triplets.detach().long().reshape(-1, 3)[: self.most]
        if not len(chosen):
            return 0 * items.sum().reshape(1)
        rows = items.detach().flatten(1)
        anchor, positive, negative = rows[chosen].unbind(1)
        losses = (self.margin + (anchor - positive).square().sum(1) - (anchor - negative).square().sum(1)).clamp(min=0)
        gradient = torch.zeros_like(rows)
        moves = torch.stack((negative - positive, positive - anchor, anchor - positive), 1).flatten(0, 1)
        last = {place: number for number, place in enumerate(chosen.flatten().tolist())}
        gradient[list(last)] = 2 * moves[list(last.values())] / len(chosen)
        return with_gradient(losses.mean().reshape(1), items, gradient.reshape(items.shape))


@register("Identity2Verify")
class Identity2Verify(Layer):
    """The items of even and those of odd number, and whether the labels of a pair are less than 1 apart: 1 or 0, else."""

    n_bottoms = exactly(2)
    n_tops = exactly(3)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        for index, shape in enumerate(shapes):
            if not shape or shape[0] % 2 or shape[0] != shapes[0][0]:
                raise refuse_shapes(spec, shapes, index, "it wants items and labels in pairs")
        check_one_label_each_item(spec, shapes[1], 1, shapes[0][0])

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        half = bottoms[0][0] // 2
        return [(half, *bottoms[0][1:]), (half, *bottoms[0][1:]), (half, *bottoms[1][1:])]

    def forward(self, items: Tensor, labels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        labels = labels.detach()
        return items[::2], items[1::2], ((labels[::2] - labels[1::2]).abs() < 1).to(labels.dtype)


@register("CosinL2Normalize")
class CosinL2Normalize(Layer):
    """``scale`` times the cosines of items with the rows of blob ``weight`` (num_output, features), plus ``margin`` at the label.

    Of CosFace (Wang et al. 2018), in both phases. The gradient is the derivative; the fork adds to that of the weight those of
    all passes before.
    """

    n_bottoms = exactly(2)
    maskable = ("weight",)
    weight: nn.Parameter

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, shape = spec.message.cosin_loss_param, shapes[0]
        check_positive(spec, param.num_output, "cosin_loss_param", "num_output")
        self.axis = canonical_axis(spec, param.axis, len(shape), "cosin_loss_param", "axis")
        check_one_label_each_item(spec, shapes[1], 1, shape[0])
        self.scale, self.margin = param.scale, param.margin
        blob = param.num_output, torch.Size(shape[self.axis :]).numel()
        self.add_blob("weight", blob, filler(spec, "cosin_loss_param", "cosin_filler", shape=blob))

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], len(self.weight))]

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        weight, classes = self.blob("weight"), labels.detach().long().flatten()
        check_classes(self, classes, len(weight))
        cosines = F.normalize(x.flatten(self.axis)) @ F.normalize(weight).t()
        return self.scale * (cosines + self.margin * F.one_hot(classes, len(weight)))

    def multiply_adds(self, bottoms: Sequence[Shape], tops: Sequence[Shape]) -> int:
        return bottoms[0][0] * self.weight.numel()
