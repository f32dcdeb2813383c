"""YoloV3Loss, from Synopsys' fork."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.detection.yolo.grid_loss import GridLoss, boxed, slope
from netdef.layers.detection.yolo.yolo_maps import size_overlap


@register("YoloV3Loss")
class YoloV3Loss(GridLoss):
    """The loss of one map of YOLO v3 (Redmon and Farhadi 2018), see `GridLoss`; classes are sigmoids, all scales 1.

    ``anchors`` are all ``total_object``, in pixels; a true box counts if ``mask`` names the one nearest in size, and else
    belongs to another map. The image has 32, 16 or 8 pixels a place if ``mask`` begins with 6, 3 or 0, else it is of
    ``net_w`` x ``net_h``. The square of o counts everywhere; there is no gradient of it where the box overlaps a true one by more
    than ``ignore_thresh``. A ``truth_thresh`` below 1 is refused.
    """

    param_name = "yolo_v3_loss_param"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.yolo_v3_loss_param
        self.biases = self.anchors_of(spec, param.total_object, "total_object")
        self.mask = list(param.mask)
        if len(self.mask) != self.anchors or not 0 <= min(self.mask) <= max(self.mask) < param.total_object:
            raise spec.refuse(f"wants `mask` to name {self.anchors} (`num_object`) of {param.total_object} anchors; it is "
                              f"{self.mask}", self.param_name)
        if param.truth_thresh < 1:
            raise spec.refuse(f"has `truth_thresh` {param.truth_thresh:g}; only 1 is implemented", self.param_name,
                              "truth_thresh")
        self.pixels = {6: 32, 3: 16, 0: 8}.get(self.mask[0])
        if self.pixels is None and min(param.net_w, param.net_h) < 1:
            raise spec.refuse("needs `net_w` and `net_h`", self.param_name)
        self.image = param.net_w, param.net_h
        self.threshold: float = param.ignore_thresh

    def all_sizes(self, side: int, like: Tensor) -> Tensor:
        """All anchors, in parts of the image's sides."""
        image = (self.pixels * side,) * 2 if self.pixels else self.image
        return like.new_tensor(self.biases) / like.new_tensor(image)

    def sizes(self, numbers: Tensor) -> Tensor:
        return self.all_sizes(numbers.shape[2], numbers)[self.mask]

    def empty(self, missing: Tensor, numbers: Tensor, best: Tensor) -> Tensor:
        chance = numbers[..., 4].sigmoid()
        missing[..., 4] = (chance * slope(chance)).where(best <= self.threshold, 0)
        return chance.square().sum()

    def assign(self, missing: Tensor, numbers: Tensor, boxes: Tensor, truth: Tensor, label: int) -> Tensor | None:
        sizes = self.all_sizes(numbers.shape[1], numbers)
        best = int(size_overlap(truth[None, 2:], sizes)[0].argmax())
        if best not in self.mask:
            return None
        place, apart = self.matched(numbers, truth, sizes[best], self.mask.index(best))
        squares = boxed(missing[place], numbers[place], apart, 2 - truth[2:].prod())
        chance = numbers[place][4].sigmoid()
        missing[place][4] = -(1 - chance) * slope(chance)
        wrong = F.one_hot(torch.tensor(label, device=truth.device), self.classes) - numbers[place][5:].sigmoid()
        missing[place][5:] = -wrong
        return squares + (1 - chance).square() + wrong.square().sum()
