"""Yolov3: the loss of one map of YOLO v3 (Redmon and Farhadi 2018), from MobileNet-YOLO's fork."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_above_zero
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
    read_anchors,
    size_overlap,
    truths_of_rows,
)

PARAM = "yolov3_param"


@register("Yolov3")
class Yolov3(Layer):
    """The sum of squared errors d of the predictions, over N; the gradient is d / N.

    Bottoms: a map (N, num (5 + classes), H, W), for each anchor x, y, width, height, object, classes, and true boxes
    (N, 1, boxes, 5): class from 0, centre and sizes in parts of the sides, zeros behind the last. The map's anchors are those
    of ``biases`` that ``mask`` names, in pixels; a place is ``anchors_scale`` pixels wide. All but width and height go through
    the sigmoid.

    - Everywhere ``d_o = o``, but 0 where the box overlaps a true one by more than ``thresh``.
    - Each true box goes to the anchor nearest in size of all in ``biases``, if the map has it, and to the map's others that are
      nearer than ``iou_thresh``: d of x, y, width, height is minus ``coord_scale (2 - area)`` times the difference from the
      true number, ``d_o = o - 1``, ``d_c = class_scale (p - true)``, true being smoothed by ``label_smooth_eps``. Where
      another box came before, its classes stay but that of the new one.

    ``use_logic_gradient``: the gradient, not the loss, is times the derivatives of the sigmoids, and d_o of true boxes times
    ``object_scale``. ``use_focal_loss``: d_c by a focal loss (Lin et al. 2017), without smoothing. ``iou_loss`` other than MSE
    is not implemented. ``side`` and ``noobject_scale`` are not read, there nor here.
    """

    n_bottoms = exactly(2)
    is_loss = True
    depends_on_data = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.yolov3_param
        check_map(spec, shapes, param.num, param.num_class, PARAM, "num")
        if not shapes[1] or shapes[1][0] != shapes[0][0] or shapes[1][-1] != 5:
            raise spec.refuse(f"wants true boxes of 5 numbers for each of {shapes[0][0]} images; `{spec.bottoms[1]}` has shape "
                              f"{shapes[1]}", "bottom", 1)
        if param.IouLoss.Name(param.iou_loss) != "MSE":
            raise spec.refuse(f"has `iou_loss` {param.IouLoss.Name(param.iou_loss)}; only MSE is implemented", PARAM, "iou_loss")
        self.sizes = read_anchors(spec, param.biases, PARAM)
        self.mask: list[int] = list(param.mask)
        if len(self.mask) != param.num or max(self.mask) >= len(self.sizes):
            raise spec.refuse(f"wants `mask` to name {param.num} of the {len(self.sizes)} anchors; it is {self.mask}", PARAM,
                              "mask")
        check_above_zero(spec, param.anchors_scale, PARAM, "anchors_scale")
        self.scale: float = param.anchors_scale
        self.classes: int = param.num_class
        self.logic, self.focal = param.use_logic_gradient, param.use_focal_loss
        self.object = param.object_scale if self.logic else 1.0
        self.class_, self.coord = param.class_scale, param.coord_scale
        self.threshold, self.near = param.thresh, param.iou_thresh
        self.smoothing: float = param.label_smooth_eps

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        if x.is_meta:
            return x.new_empty(())
        with torch.no_grad():
            numbers = by_anchor(x, len(self.mask))
            missing = self._missing(numbers, labels)
            loss = missing.square().sum() / len(x)
            if self.logic:
                through = torch.cat((numbers[..., :2], numbers[..., 4:]), -1).sigmoid()
                derivative = through * (1 - through)
                missing[..., :2] *= derivative[..., :2]
                missing[..., 4:] *= derivative[..., 2:]
        return with_gradient(loss, x, as_map(missing) / len(x))

    def _missing(self, x: Tensor, labels: Tensor) -> Tensor:
        """The errors d, of the shape of `by_anchor`'s numbers."""
        height, width = x.shape[2:4]
        sizes = x.new_tensor(self.sizes) / (x.new_tensor((width, height)) * self.scale)
        mine = sizes[self.mask]
        boxes = predicted_boxes(x, mine)
        missing = torch.zeros_like(x)
        missing[..., 4] = x[..., 4].sigmoid()
        for image in range(len(x)):
            truths, classes = truths_of_rows(labels[image])
            check_box_classes(self, classes, self.classes)
            missing[image, ..., 4].masked_fill_(best_overlap(boxes[image], truths) > self.threshold, 0)
            taken: set[tuple[int, int, int]] = set()
            for truth, label in zip(truths, classes.tolist()):
                centre = truth[:2] * x.new_tensor((width, height))
                for place in self._places(truth, sizes, height, width):
                    wanted = torch.cat((centre - x.new_tensor(place[:0:-1]), (truth[2:] / mine[place[0]]).log()))
                    scale = self.coord * (2 - truth[2:].prod())
                    self._assign(missing[image][place], x[image][place], wanted, scale, label, place in taken)
                    taken.add(place)
        return missing

    def _places(self, truth: Tensor, sizes: Tensor, height: int, width: int) -> list[tuple[int, int, int]]:
        """Anchor, row and column of the predictions assigned to true boxes."""
        column, row = (int(truth[0] * width), int(truth[1] * height))
        overlaps = size_overlap(truth[None, 2:], sizes)[0].tolist()
        best = max(range(len(overlaps)), key=overlaps.__getitem__)
        chosen = [n for n, anchor in enumerate(self.mask)
                  if anchor == best or (self.near < 1 and overlaps[anchor] > self.near)]
        return [(n, min(row, height - 1), min(column, width - 1)) for n in chosen]

    def _assign(self, missing: Tensor, x: Tensor, wanted: Tensor, scale: Tensor, label: int, taken: bool) -> None:
        """Write the errors of the prediction ``x`` (5 + K) for a true box into ``missing``; ``taken``: it has a box already."""
        through = x.sigmoid()
        missing[:2] = -scale * (wanted[:2] - through[:2])
        missing[2:4] = -scale * (wanted[2:] - x[2:4])
        missing[4] = -self.object * (1 - through[4])
        classes = self._missing_classes(through[5:], label)
        if taken:
            missing[5 + label] = classes[label]
        else:
            missing[5:] = classes

    def _missing_classes(self, chances: Tensor, label: int) -> Tensor:
        true = F.one_hot(torch.tensor(label, device=chances.device), self.classes).to(chances.dtype)
        if not self.focal:
            return self.class_ * (chances - (true * (1 - self.smoothing) + 0.5 * self.smoothing))
        chance = chances[label] + 1e-15
        factor = -(1 - chance) * (2 * chance * chance.log() + chance - 1)
        return self.class_ * (chances - true) * 0.5 * factor
