"""YoloLoss: the loss of one map of YOLO v3 (Redmon and Farhadi 2018), of MaskYolo (leon-liangwu)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_positive
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.detection.yolo.yolo_maps import (
    as_map,
    best_overlap,
    by_anchor,
    check_box_classes,
    check_map,
    predicted_boxes,
    size_overlap,
    truths_of_rows,
)

PARAM = "yolo_loss_param"
_SURE, _SOME = 0.01, 0.01


@register("YoloLoss")
class YoloLoss(Layer):
    """Mean squared errors: of objects, boxes and classes over the true boxes, of o over the places that have no object.

    Bottoms: a map (N, anchors (5 + classes), H, W), for each anchor x, y, width, height, object, classes, and true boxes, 5
    numbers each: centre and sizes in parts of the sides, class from 0; they end at a centre of 0. The map's anchors are those
    of ``anchor_x`` and ``anchor_y``, in pixels of an image of ``net_w`` x ``net_h``, that ``mask`` names. All but width and
    height go through the sigmoid. Each mean is over 0.01 more than there are. The gradient is d / N:

    - ``d_o = noobject_scale o`` where o is at least 0.01 and the box overlaps no true one by more than ``ignore_thresh``;
    - each true box goes to the anchor nearest in size of all, if the map has it: d of x, y, width, height is minus
      ``coord_scale + 2 (1 - area)`` times the difference from the true number, ``d_o = object_scale (o - 1)``, and
      ``d_c = class_scale (p - true)``. Of a box centred left of ``ignore_w`` and above ``ignore_h`` ``d_o`` is 0, and it is
      not counted.

    A ``truth_thresh`` below 1 is refused: the fork then takes objectness for a box's place.
    """

    n_bottoms = exactly(2)
    is_loss = True
    depends_on_data = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.yolo_loss_param
        self.mask: list[int] = list(param.mask)
        check_positive(spec, param.num_object, PARAM, "num_object")
        if not len(param.anchor_x) == len(param.anchor_y) == param.num_object or min((*param.anchor_x, *param.anchor_y)) <= 0:
            raise spec.refuse(f"wants {param.num_object} `anchor_x` and `anchor_y` above 0, as many as `num_object`", PARAM)
        if not self.mask or max(self.mask) >= param.num_object:
            raise spec.refuse(f"wants `mask` to name some of {param.num_object} anchors; it is {self.mask}", PARAM)
        check_map(spec, shapes, len(self.mask), param.num_class, PARAM, "mask")
        if shapes[1][:1] != shapes[0][:1] or math.prod(shapes[1][1:]) % 5:
            raise spec.refuse(f"wants true boxes of 5 numbers for each of {shapes[0][0]} images; `{spec.bottoms[1]}` has shape "
                              f"{shapes[1]}", "bottom", 1)
        if param.truth_thresh < 1:
            raise spec.refuse(f"has `truth_thresh` {param.truth_thresh:g}; only 1 is implemented", PARAM, "truth_thresh")
        self.sizes = [(x / param.net_w, y / param.net_h) for x, y in zip(param.anchor_x, param.anchor_y)]
        self.classes: int = param.num_class
        self.object, self.no_object = param.object_scale, param.noobject_scale
        self.class_, self.coord = param.class_scale, param.coord_scale
        self.threshold, self.ignored = param.ignore_thresh, (param.ignore_w, param.ignore_h)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        with torch.no_grad():
            numbers = by_anchor(x, len(self.mask))
            sizes = x.new_tensor(self.sizes)
            boxes = predicted_boxes(numbers, sizes[self.mask])
            through = numbers.sigmoid()
            through[..., 2:4] = numbers[..., 2:4]
            missing = torch.zeros_like(numbers)
            sums = x.new_zeros(4)  # squares of true boxes and their number, of other places and theirs
            for image in range(len(x)):
                truths, classes = truths_of_rows(labels[image].detach().reshape(-1, 5)[:, [4, 0, 1, 2, 3]])
                check_box_classes(self, classes, self.classes)
                chance = through[image, ..., 4]
                empty = (best_overlap(boxes[image], truths) <= self.threshold) & (chance >= _SURE)
                missing[image, ..., 4] = (self.no_object * chance).where(empty, 0)
                sums[2:] += torch.stack((chance.square().where(empty, 0).sum(), empty.sum().to(x.dtype)))
                for truth, label in zip(truths, classes.tolist()):
                    sums[:2] += self._assign(missing[image], through[image], truth, label, sizes)
        return with_gradient(sums[0] / (sums[1] + _SOME) + sums[2] / (sums[3] + _SOME), x, as_map(missing) / len(x))

    def _assign(self, missing: Tensor, through: Tensor, truth: Tensor, label: int, sizes: Tensor) -> Tensor:
        """Write the errors of the prediction for a true box into those of an image; its sum of squares, and 1 if it counts."""
        best = int(size_overlap(truth[None, 2:], sizes)[0].argmax())
        if best not in self.mask:
            return truth.new_zeros(2)
        height, width = missing.shape[1:3]
        scaled = truth[:2] * truth.new_tensor((width, height))
        column, row = (min(int(value), size - 1) for value, size in zip(scaled.tolist(), (width, height)))
        place = self.mask.index(best), row, column
        wanted = torch.cat((scaled - truth.new_tensor((column, row)), (truth[2:] / sizes[best]).log(), truth.new_ones(1),
                            F.one_hot(torch.tensor(label, device=truth.device), self.classes).to(truth.dtype)))
        error = through[place] - wanted
        scale = torch.full_like(error, self.class_)
        scale[:4], scale[4] = self.coord + 2 * (1 - truth[2:].prod()), self.object
        counts = not (truth[0] < self.ignored[0] and truth[1] < self.ignored[1])
        missing[place] = error * scale
        if not counts:
            missing[place][4] = 0
        return torch.stack((error.square().sum(), truth.new_tensor(float(counts))))
