"""YoloSeg and SegmentationEvaluate: the segmentation beside MobileNet-YOLO's detector, class by class."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_same_shape, refuse_shapes
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape


@register("YoloSeg")
class YoloSeg(Layer):
    """``sum(d^2) / N`` with ``d = object_scale (sigmoid(x) - label)``; the gradient is d over N, not the derivative.

    Bottoms: x (N, C, H, W), labels of that shape from 0 to 1, and perhaps the number of a class's places in each image, N C
    numbers: then d is multiplied by 2 minus the share of the class in all images, where the label is above 1/2. The other
    fields are not read.
    """

    n_bottoms = between(2, 3)
    is_loss = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        check_same_shape(spec, shapes[:2])
        if len(shapes) == 3 and shapes[2][:2] != shapes[0][:2]:
            raise refuse_shapes(spec, shapes, 2, "the third wants a number for each class of each image")
        self.scale: float = spec.message.yolo_seg_param.object_scale

    def forward(self, x: Tensor, labels: Tensor, counts: Tensor | None = None) -> Tensor:
        with torch.no_grad():
            missing = self.scale * (x.sigmoid() - labels)
            if counts is not None:
                places = counts.reshape(*x.shape[:2], -1).sum(2)
                share = places.sum(0) / (x.shape[2] * x.shape[3] - places).sum(0)
                missing = torch.where(labels > 0.5, missing * (2 - share)[:, None, None], missing)
        return with_gradient(missing.square().sum() / len(x), x, missing / len(x))


@register("SegmentationEvaluate")
class SegmentationEvaluate(Layer):
    """(1, 1, 1, C): the intersection over union of each class in the first image of the batch.

    Bottoms: predictions and labels (N, C, H, W), of one size; both are taken for the class above ``threshold``. 0 where
    nothing is in common. The fork also takes predictions of another size, by way of bytes; that is refused. No gradient.
    """

    n_bottoms = exactly(2)
    is_score = True
    larger_is_better = True
    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        check_same_shape(spec, shapes)
        self.threshold: float = spec.message.segmentation_evaluate_param.threshold

    @torch.no_grad()
    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        found, true = (blob[0].flatten(1) > self.threshold for blob in (x, labels))
        both, whole = (found & true).sum(1), (found | true).sum(1)
        return (both / whole.clamp(min=1)).to(x.dtype).reshape(1, 1, 1, -1)
