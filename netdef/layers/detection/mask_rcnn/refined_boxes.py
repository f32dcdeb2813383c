"""MaskRCNNProposal and MaskRCNNDetection: boxes moved by offsets, without those that overlap. From Synopsys' fork."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.detection.boxes import decode, suppress

PROPOSAL, DETECTION = "maskrcnn_proposal_param", "maskrcnn_detection_param"


class _Refined(Layer):
    """The base of both. Boxes are y1, x1, y2, x2 in parts of the image's sides, offsets dy, dx, log dh, log dw.

    A box is left out if one before it is kept which it overlaps by the threshold or more. Images with fewer boxes have zeros
    behind them. No gradient. Each image is computed by itself; the fork takes numbers of other images in batches of several.
    """

    depends_on_data = True
    family = "score"

    def read(self, spec: LayerDefinition, shapes: Sequence[Shape], field: str, deviations: str, wanted: Sequence[Shape]) -> None:
        """Read what both have from the message ``field``; ``wanted`` are the shapes of the first bottoms."""
        param = getattr(spec.message, field)
        for index, shape in enumerate(wanted):
            if shapes[index] != shape:
                raise spec.refuse(f"wants a bottom of shape {shape}; `{spec.bottoms[index]}` has {shapes[index]}", "bottom",
                                  index)
        if param.batch_size != shapes[0][0]:
            raise spec.refuse(f"has `batch_size` {param.batch_size}, and a bottom of {shapes[0][0]} images", field, "batch_size")
        self.deviations = list(getattr(param, deviations))
        if len(self.deviations) != 4:
            raise spec.refuse(f"has {len(self.deviations)} `{deviations}`; it wants 4", field, deviations)

    def moved(self, boxes: Tensor, offsets: Tensor) -> Tensor:
        """Boxes moved by their offsets, which are in deviations."""
        return decode("CENTER_SIZE", boxes, offsets.new_tensor(self.deviations), offsets)


@register("MaskRCNNProposal")
class MaskRCNNProposal(_Refined):
    """The boxes (N, post_nms_rois_inference, 4) of the ``pre_nms_limit`` best anchors.

    Bottoms: scores (N, R, 2), the second that of an object; offsets (N, R, 4); anchors (N, R, 4). Boxes are cut to the image
    before those that overlap others by ``rpn_nms_threshold`` are left out.
    """

    n_bottoms = exactly(3)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, (images, anchors) = spec.message.maskrcnn_proposal_param, (*shapes[0], 0, 0)[:2]
        self.read(spec, shapes, PROPOSAL, "rpn_bbox_std_dev", [(images, anchors, 2), (images, anchors, 4), (images, anchors, 4)])
        for field in ("pre_nms_limit", "post_nms_rois_inference"):
            check_positive(spec, getattr(param, field), PROPOSAL, field)
        self.most, self.count, self.threshold = param.pre_nms_limit, param.post_nms_rois_inference, param.rpn_nms_threshold

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], self.count, 4)]

    @torch.no_grad()
    def forward(self, scores: Tensor, offsets: Tensor, anchors: Tensor) -> Tensor:
        top = scores.new_zeros(len(scores), self.count, 4)
        if scores.is_meta:
            return top
        order = scores[..., 1].argsort(descending=True, stable=True)[:, : self.most, None].expand(-1, -1, 4)
        boxes = self.moved(anchors.gather(1, order), offsets.gather(1, order)).clamp(0, 1)
        for row, places in zip(top, boxes):
            kept = _apart(places, self.threshold, self.count)
            row[: len(kept)] = places[kept]
        return top


@register("MaskRCNNDetection")
class MaskRCNNDetection(_Refined):
    """The detections (N, detection_max_instances, 6) of each image: its box, class and score, the best first.

    Bottoms: boxes (N, R, 4), scores of classes (N, R, C), offsets for each class (N, R, C, 4), and rows about images (N, 11 or
    more): numbers 4 and 5 of the first are the height and width, 7 to 10 of each are y1, x1, y2, x2 of the window, in pixels, to
    which boxes are cut. A box counts for its best class, if that is not 0 and its score above ``detection_min_confidence``;
    those of a class that overlap by ``detection_nms_threshold`` are left out.
    """

    n_bottoms = exactly(4)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, (images, boxes) = spec.message.maskrcnn_detection_param, (*shapes[0], 0, 0)[:2]
        classes = (*shapes[1], 0, 0, 0)[2]
        self.read(spec, shapes, DETECTION, "bbox_std_dev",
                  [(images, boxes, 4), (images, boxes, classes), (images, boxes, classes, 4)])
        if len(shapes[3]) != 2 or shapes[3][0] != images or shapes[3][1] < 11:
            raise spec.refuse(f"wants a row of 11 or more numbers about each image; `{spec.bottoms[3]}` has shape {shapes[3]}",
                              "bottom", 3)
        check_positive(spec, param.detection_max_instances, DETECTION, "detection_max_instances")
        self.count = param.detection_max_instances
        self.least, self.threshold = param.detection_min_confidence, param.detection_nms_threshold

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][0], self.count, 6)]

    @torch.no_grad()
    def forward(self, boxes: Tensor, scores: Tensor, offsets: Tensor, about: Tensor) -> Tensor:
        top = boxes.new_zeros(len(boxes), self.count, 6)
        if boxes.is_meta:
            return top
        best, labels = scores.max(2)
        offsets = offsets.gather(2, labels[..., None, None].expand(-1, -1, 1, 4)).squeeze(2)
        sides = about[0, [4, 5, 4, 5]].trunc() - 1
        windows = ((about[:, 7:11] - about.new_tensor([0, 0, 1, 1])) / sides)[:, None]
        low, high = windows[..., [0, 1, 0, 1]], windows[..., [2, 3, 2, 3]]
        boxes = torch.maximum(torch.minimum(self.moved(boxes, offsets), high), low)
        for row, places, chances, own in zip(top, boxes, best, labels):
            kept: list[int] = []
            (likely,) = torch.where((own > 0) & (chances > self.least))
            for label in dict.fromkeys(own[likely].tolist()):
                mine = likely[own[likely] == label]
                mine = mine[chances[mine].argsort(descending=True, stable=True)]
                kept += mine[_apart(places[mine], self.threshold, self.count)].tolist()
            order = chances[kept].argsort(descending=True, stable=True)[: self.count].tolist()
            first = [kept[i] for i in order]
            row[: len(first)] = torch.cat((places[first], own[first, None].to(row.dtype), chances[first, None]), 1)
        return top


def _apart(boxes: Tensor, threshold: float, count: int) -> list[int]:
    """`suppress`, where an overlap of the threshold itself is too much; on the CPU, since it goes box by box."""
    return suppress(boxes.cpu(), math.nextafter(threshold, -math.inf), count=count)
