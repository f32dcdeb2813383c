"""YoloV2Loss, from Synopsys' fork."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.fillers import constant
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.detection.yolo.grid_loss import GridLoss, boxed, slope
from netdef.layers.detection.yolo.yolo_maps import overlap, size_overlap

SEEN = 12800
"""For how many images of a run the predictions are drawn to the anchors."""


@register("YoloV2Loss")
class YoloV2Loss(GridLoss):
    """The loss of YOLO 9000 (Redmon and Farhadi 2017), see `GridLoss`; p is the softmax of the classes.

    The scales are ``box_scale``, ``class_scale``, ``object_scale``, and ``noobject_scale`` of o where the box overlaps no true
    one by more than ``thresh``. With ``rescore`` o is drawn to the overlap of the boxes, else to 1. ``anchors`` are in places of
    the map. Until 12800 images have been seen in a run, all predictions without a true box are drawn to their anchors, with
    the scale 0.01; those with one count there, too.
    """

    param_name = "yolo_v2_loss_param"
    seen: Tensor

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.yolo_v2_loss_param
        self.biases = self.anchors_of(spec, self.anchors, "num_object")
        self.scales = param.box_scale, param.class_scale, param.object_scale, param.noobject_scale
        self.rescore, self.threshold = param.rescore, param.thresh
        self.carried = ("seen",)
        self.add_constant("seen", (1, 1), constant(0.0))

    def sizes(self, numbers: Tensor) -> Tensor:
        return numbers.new_tensor(self.biases) / numbers.shape[2]

    def begin(self, missing: Tensor, numbers: Tensor) -> Tensor:
        if self.seen.item() >= SEEN:
            return missing.new_zeros(())
        self.seen = self.seen + len(numbers)
        apart = torch.cat((0.5 - numbers[..., :2].sigmoid(), -numbers[..., 2:4]), -1)
        return boxed(missing, numbers, apart, 0.01)

    def empty(self, missing: Tensor, numbers: Tensor, best: Tensor) -> Tensor:
        chance = numbers[..., 4].sigmoid().where(best <= self.threshold, 0)
        missing[..., 4] = self.scales[3] * chance * slope(chance)
        return self.scales[3] * chance.square().sum()

    def assign(self, missing: Tensor, numbers: Tensor, boxes: Tensor, truth: Tensor, label: int) -> Tensor:
        sizes = self.sizes(numbers[None])
        anchor = int(size_overlap(truth[None, 2:], sizes)[0].argmax())
        place, apart = self.matched(numbers, truth, sizes[anchor], anchor)
        box, class_, object_, _ = self.scales
        squares = boxed(missing[place], numbers[place], apart, box * (2 - truth[2:].prod()))
        chance = numbers[place][4].sigmoid()
        short = (overlap(boxes[place], truth) if self.rescore else 1) - chance
        missing[place][4] = -object_ * short * slope(chance)
        wrong = F.one_hot(torch.tensor(label, device=truth.device), self.classes) - numbers[place][5:].softmax(0)
        missing[place][5:] = -class_ * wrong
        return squares + object_ * short.square() + class_ * wrong.square().sum()
