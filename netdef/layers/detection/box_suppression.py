"""NonMaxSuppression, NMS and NMSGather: boxes without those that overlap others. ONNX's and TensorFlow's, from Synopsys' fork."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import canonical_axis, check_axes, check_chance, check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.detection.boxes import suppress
from netdef.schema.messages import NMSGatherParameter

PARAM = "non_max_suppression_param"


@register("NonMaxSuppression")
class NonMaxSuppression(Layer):
    """Rows (n, 3) of image, class and number of the boxes that are kept, with zeros behind them. No gradient.

    Bottoms: boxes (N, R, 4) and scores (N, C, R). Of each image and class, the boxes with scores above ``score_threshold`` go
    through by falling score; one that overlaps a kept one by more than ``iou_threshold`` is left out, and at most
    ``max_output_boxes_per_class`` are kept: n is N C times that. With ``center_point_box`` boxes are centre x, y, width and
    height, else two corners y, x.
    """

    n_bottoms = exactly(2)
    depends_on_data = True
    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.non_max_suppression_param
        for index in range(2):
            check_axes(spec, shapes, 3, index)
        if shapes[0] != (shapes[1][0], shapes[1][2], 4):
            raise spec.refuse(f"has boxes of shape {shapes[0]} and scores of shape {shapes[1]}; it wants (N, R, 4) and (N, C, R)",
                              "bottom", 0)
        check_positive(spec, param.max_output_boxes_per_class, PARAM, "max_output_boxes_per_class")
        check_chance(spec, param.iou_threshold, PARAM, "iou_threshold")
        self.count, self.threshold, self.least = param.max_output_boxes_per_class, param.iou_threshold, param.score_threshold
        self.centred = param.center_point_box != 0

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[1][0] * bottoms[1][1] * self.count, 3)]

    @torch.no_grad()
    def forward(self, boxes: Tensor, scores: Tensor) -> Tensor:
        top = boxes.new_zeros(scores.shape[0] * scores.shape[1] * self.count, 3)
        if boxes.is_meta:
            return top
        if self.centred:
            boxes = torch.cat((boxes[..., :2] - boxes[..., 2:] / 2, boxes[..., :2] + boxes[..., 2:] / 2), -1)
        else:
            boxes = _upright(boxes)
        rows = []
        for image, (places, classes) in enumerate(zip(boxes.cpu(), scores.cpu())):
            for label, chances in enumerate(classes):
                (likely,) = torch.where(chances > self.least)
                likely = likely[chances[likely].argsort(descending=True, stable=True)]
                kept = suppress(places[likely], self.threshold, count=self.count)
                rows += [[image, label, number] for number in likely[kept].tolist()]
        if rows:
            top[: len(rows)] = top.new_tensor(rows)
        return top


class _InOrder(Layer):
    """The base of layers whose bottom has boxes along ``axis``, the best first, and two corners y, x along the other.

    A box that overlaps one before that is kept by more than ``iou_threshold`` is left out. If fewer than ``top_k`` are left,
    zeros are behind them, where the fork reads beyond its memory.
    """

    depends_on_data = True
    family = "score"
    param: ClassVar[str]

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param: NMSGatherParameter = getattr(spec.message, self.param)
        check_axes(spec, shapes, 2)
        check_positive(spec, param.top_k, self.param, "top_k")
        self.axis = canonical_axis(spec, param.axis, 2, self.param, "axis")
        if shapes[0][1 - self.axis] != 4 or param.top_k > shapes[0][self.axis]:
            raise spec.refuse(f"takes {param.top_k} boxes of 4 numbers along axis {self.axis} of a bottom of shape {shapes[0]}",
                              "bottom", 0)
        self.count, self.threshold = param.top_k, param.iou_threshold

    def kept(self, boxes: Tensor) -> list[int]:
        """The numbers of the boxes (n, 4) that are kept."""
        return suppress(_upright(boxes.detach()).cpu(), self.threshold, count=self.count)


@register("NMS")
class NMS(_InOrder):
    """The numbers (top_k) of the first boxes, without those that overlap one before, as `_InOrder` says. No gradient."""

    param = "nms_param"

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(self.count,)]

    def forward(self, x: Tensor) -> Tensor:
        top = x.new_zeros(self.count)
        if not x.is_meta:
            kept = self.kept(x if self.axis == 0 else x.T)
            top[: len(kept)] = top.new_tensor(kept)
        return top


@register("NMSGather")
class NMSGather(_InOrder):
    """The first ``top_k`` boxes, without those that overlap one before, as `_InOrder` says, in the form of the bottom.

    The fork has no gradient of it; here the boxes have theirs.
    """

    param = "nms_gather_param"

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(self.count, 4) if self.axis == 0 else (4, self.count)]

    def forward(self, x: Tensor) -> Tensor:
        boxes = x if self.axis == 0 else x.T
        top = boxes.new_zeros(self.count, 4)
        if not x.is_meta:
            kept = self.kept(boxes)
            top = torch.cat((boxes[kept], top[len(kept) :]))
        return top if self.axis == 0 else top.T


def _upright(boxes: Tensor) -> Tensor:
    """Boxes of any two corners as the least and the greatest."""
    return torch.cat((torch.minimum(boxes[..., :2], boxes[..., 2:]), torch.maximum(boxes[..., :2], boxes[..., 2:])), -1)
