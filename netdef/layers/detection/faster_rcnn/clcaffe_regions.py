"""SimplerNMS and FasterRcnnDetectionOutput: Faster R-CNN in C++, of Intel's pull requests to BVLC/caffe (clCaffe)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_at_least, check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable
from netdef.layers.detection.boxes import decode, listed, survivors
from netdef.layers.detection.faster_rcnn.anchors import make_anchors
from netdef.layers.detection.faster_rcnn.proposal import RegionProposals, Settings

_NMS, _OUTPUT = "simpler_nms_param", "faster_rcnn_detection_output_param"


@register("SimplerNMS")
class SimplerNMS(RegionProposals):
    """`RegionProposals` of one image, with py-faster-rcnn's ratios of anchors and each ``scale``; an image's scale is cut to a
    whole number. Of equal scores the fork takes the last first. ``cls_threshold`` and ``max_num_proposals`` count nowhere.
    """

    n_tops = exactly(1)
    one_image = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.simpler_nms_param
        if param.feat_stride != 16:
            raise spec.refuse(f"has `feat_stride` {param.feat_stride}; the fork takes 16 only", _NMS, "feat_stride")
        if not param.scale:
            raise spec.refuse("needs a `scale`", _NMS)
        for field in ("pre_nms_topn", "post_nms_topn"):
            check_positive(spec, getattr(param, field), _NMS, field)
        anchors = make_anchors(16, (0.5, 1, 2), list(param.scale), halves_up=True)
        self.settings = Settings(anchors, param.feat_stride, param.min_bbox_size, True, param.pre_nms_topn, param.post_nms_topn,
                                 param.iou_threshold)
        self.check(spec, shapes)

    def forward(self, scores: Tensor, offsets: Tensor, info: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        return super().forward(scores, offsets, info.detach().trunc())

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        scores, offsets, info = bottoms
        return super().torch_code(me, [scores, offsets, Variable(f"{info}.trunc()", info.shape)])


@register("FasterRcnnDetectionOutput")
class FasterRcnnDetectionOutput(Layer):
    """Detections (1, 1, D, 7): image 0, class, score, x1, y1, x2, y2 in pixels of the image before it was scaled.

    Bottoms: offsets (R, 4 classes), scores (R, classes), regions (R, 5) of one image, and its height, width and scale. Each
    region is moved and grown by its offsets and clipped to the image. Of each class but ``background_label_id`` those with a
    score above ``confidence_threshold`` go through non-maximum suppression; they stand by class and then score. Without any
    there is one row of 0 and -1s. A scale of 0 is 1. No gradient.
    """

    n_bottoms = exactly(4)
    depends_on_data = True
    onnx_functions = ("survivors",)
    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.faster_rcnn_detection_output_param
        check_positive(spec, param.num_classes, _OUTPUT, "num_classes")
        check_at_least(spec, param.nms_param.nms_threshold, 0, _OUTPUT, "nms_param", "nms_threshold")
        for index, count in enumerate((4 * param.num_classes, param.num_classes, 5)):
            if shapes[index][:1] != shapes[0][:1] or math.prod(shapes[index][1:]) != count:
                raise spec.refuse(f"wants {count} numbers a region in `{spec.bottoms[index]}`, which has shape {shapes[index]}, "
                                  f"and as many regions as `{spec.bottoms[0]}`, {shapes[0]}", "bottom", index)
        if math.prod(shapes[3]) < 3:
            raise spec.refuse(f"wants height, width and scale in `{spec.bottoms[3]}`, which has shape {shapes[3]}", "bottom", 3)
        self.labels = [label for label in range(param.num_classes) if label != param.background_label_id]
        self.least = param.confidence_threshold if param.HasField("confidence_threshold") else -math.inf
        self.threshold: float = param.nms_param.nms_threshold
        self.survivors = survivors

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        """Those without detections."""
        return [(1, 1, 1, 7)]

    def random_bottom(self, index: int, shape: Shape, generator: torch.Generator) -> Tensor | None:
        if index == 3:
            return torch.tensor([30.0, 40.0, 2.0] + [0.0] * (math.prod(shape) - 3)).reshape(shape)
        if index != 2:
            return None
        ends = torch.rand(shape[0], 2, 2, generator=generator).sort(1).values * torch.tensor([40.0, 30.0])
        return torch.cat((torch.zeros(shape[0], 1), ends.flatten(1)), 1).reshape(shape)

    @torch.no_grad()
    def forward(self, offsets: Tensor, scores: Tensor, regions: Tensor, info: Tensor) -> Tensor:
        height, width, scale = info.flatten()[:3]
        boxes = regions.flatten(1)[:, None, 1:] + regions.new_tensor([0, 0, 1, 1])  # the pixels of both corners
        boxes = decode("CENTER_SIZE", boxes, None, offsets.flatten(1).unflatten(1, (-1, 4)))
        boxes = torch.minimum(boxes.clamp(min=0), torch.stack((width, height, width, height)) - 1)
        labels = torch.tensor(self.labels, device=scores.device)
        ranked, order = scores.flatten(1).t()[labels].sort(1, descending=True)
        boxes = boxes.transpose(0, 1)[labels].gather(1, order[..., None].expand(-1, -1, 4))
        kept = self.survivors(boxes, ranked, self.threshold, self.least)
        label, rank = torch.where(kept)
        scale = torch.where(scale.abs() < 1e-5, 1, scale)
        rows = torch.cat((labels[label, None].to(boxes), ranked[label, rank, None], boxes[label, rank] / scale), 1)
        return listed(torch.cat((rows.new_zeros(len(rows), 1), rows), 1), kept[None])
