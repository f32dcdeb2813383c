"""DetectionAccuracy, DetectionGroupAccuracy and BboxAccuracy: the scores of MS-CNN's and Cascade R-CNN's training."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.detection.mscnn.box_output import box_statistics
from netdef.layers.detection.mscnn.fields import FieldLayer, check_maps, overlaps_of


def _mean(values: Tensor, places: Tensor) -> Tensor:
    """The mean of the values at some places, -1 if there are none."""
    return torch.where(places.any(), (values * places).sum() / places.sum().clamp(min=1), -1)


class _FieldAccuracy(FieldLayer):
    """The base of both: the share of places of which the label is the class of the greatest score, and of those of objects.

    The top (1, 1, 1, 2) has both shares, a second (1, 1, 1, 1) the mean overlap of the boxes of objects with the true ones;
    -1 where there are none. The last bottom and what counts are those of the losses, of background all.
    """

    n_tops = between(1, 2)
    is_score = True
    larger_is_better = True
    family = "score"
    last_wins: bool
    """Of equal scores: which class is the first."""

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape], stride: str):
        super().__init__(spec, shapes, stride)
        self.best, self.with_overlap = 1, len(spec.tops) == 2

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(1, 1, 1, 2), (1, 1, 1, 1)][: 1 + self.with_overlap]

    def parts(self, *bottoms: Tensor) -> tuple[Tensor, ...]:
        """The scores, the offsets and the truth."""
        return bottoms

    @torch.no_grad()
    def forward(self, *bottoms: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        scores, offsets, truth = self.parts(*bottoms)
        raw = truth[:, 0].long()
        labels = raw.clamp(max=1) if self.objectness else raw
        used = ((labels != 0) | (truth[:, 5] < self.threshold)) & self.used(labels)
        boxed = (raw != 0) & self.used(raw)
        own = scores.gather(1, labels.clamp(0, self.classes - 1)[:, None])
        number = torch.arange(self.classes, device=scores.device).view(1, -1, 1, 1)
        earlier = number > labels[:, None] if self.last_wins else number < labels[:, None]
        right = ((scores > own) | ((scores == own) & earlier)).sum(1) < self.best
        top = torch.stack((_mean(right, used), _mean(right, used & (labels != 0)))).view(1, 1, 1, 2).to(scores.dtype)
        if not self.with_overlap:
            return top
        boxes = [box.movedim(1, -1) for box in (self.fields.decode(offsets), truth[:, 1:5])]
        corners = [torch.cat((box[..., :2] - box[..., 2:] / 2, box[..., 2:]), -1) for box in boxes]
        return top, _mean(overlaps_of(*corners), boxed).view(1, 1, 1, 1)


@register("DetectionAccuracy")
class DetectionAccuracy(_FieldAccuracy):
    """`_FieldAccuracy` of DetectionLoss's bottoms; a place counts as right if its label is among ``top_k`` classes."""

    n_bottoms = exactly(2)
    param = "detection_accuracy_param"
    last_wins = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes, "downsample_rate")
        self.check_joined(spec, shapes)
        self.best = spec.message.detection_accuracy_param.top_k
        check_positive(spec, self.best, self.param, "top_k")

    def parts(self, *bottoms: Tensor) -> tuple[Tensor, ...]:
        return (*bottoms[0].split((self.classes, 4), 1), bottoms[1])


@register("DetectionGroupAccuracy")
class DetectionGroupAccuracy(_FieldAccuracy):
    """`_FieldAccuracy` of DetectionGroupLoss's bottoms."""

    n_bottoms = exactly(3)
    param = "detection_group_accuracy_param"
    last_wins = False

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes, "stride")
        check_maps(spec, shapes, (self.classes, 4, 6), len(self.fields.sizes))


@register("BboxAccuracy")
class BboxAccuracy(Layer):
    """The mean overlap of regions with the true boxes, after their offsets and, in a second top, before; -1 without any.

    Bottoms: offsets (R, 4 classes), regions (R, 5), and as ProposalTarget makes them (R, 6), label, x1, y1, x2, y2, overlap.
    Rows with a label above 0 and an overlap up to 0.975 count, with the offsets of their class, or, with ``cls_aware: false``,
    the last four of 8. Boxes have the pixels of both corners.
    """

    n_bottoms = exactly(3)
    n_tops = between(1, 2)
    is_score = True
    larger_is_better = True
    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.by_class = spec.message.bbox_reg_param.cls_aware
        self.means, self.deviations = box_statistics(spec)
        self.with_regions = len(spec.tops) == 2
        for index, (shape, size) in enumerate(zip(shapes, (None if self.by_class else 8, 5, 6))):
            columns = math.prod(shape[1:])
            if not shape or shape[0] != shapes[0][0] or (columns % 4 or not columns if size is None else columns != size):
                raise spec.refuse(f"wants {shapes[0][:1]} rows of {size or '4 for each class'} numbers in "
                                  f"`{spec.bottoms[index]}`, which has shape {shape}", "bottom", index)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(1, 1, 1, 1)] * (1 + self.with_regions)

    @torch.no_grad()
    def forward(self, offsets: Tensor, regions: Tensor, truth: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        rows = offsets.flatten(1).unflatten(1, (-1, 4))
        truth, corners = truth.flatten(1), regions.flatten(1)[:, 1:]
        labels = truth[:, 0].long()
        places = (labels > 0) & (truth[:, 5] <= 0.975)
        chosen = labels.clamp(0, rows.shape[1] - 1) if self.by_class else torch.ones_like(labels)
        parts = rows[torch.arange(len(rows), device=rows.device), chosen]
        parts = parts * parts.new_tensor(self.deviations) + parts.new_tensor(self.means)
        boxes, true = (torch.cat((box[:, :2], box[:, 2:4] - box[:, :2] + 1), 1) for box in (corners, truth[:, 1:5]))
        sides = boxes[:, 2:]
        moved = boxes[:, :2] + sides / 2 + parts[:, :2] * sides
        grown = sides * parts[:, 2:].exp()
        after = _mean(overlaps_of(torch.cat((moved - grown / 2, grown), 1), true), places).view(1, 1, 1, 1)
        return (after, _mean(overlaps_of(boxes, true), places).view(1, 1, 1, 1)) if self.with_regions else after
