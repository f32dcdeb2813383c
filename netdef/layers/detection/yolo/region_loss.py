"""RegionLoss: YOLO 9000's loss (Redmon and Farhadi 2017), as two forks have it."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.detection.yolo.yolo_maps import (
    as_map,
    best_overlap,
    by_anchor,
    check_box_classes,
    check_map,
    overlap,
    predicted_boxes,
    read_anchors,
    size_overlap,
    truths_of_image,
    truths_of_rows,
)

PARAM = "region_loss_param"


@register("RegionLoss")
class RegionLoss(Layer):
    """The sum of squared errors d of the predictions; the gradient is d / N.

    Bottom 0 is a map (N, num (5 + classes), S, S), for each anchor x, y, width, height, object, classes. With o the sigmoid of
    the object and p the softmax of the classes, o' = o (1 - o):

    - everywhere ``d_o = noobject_scale o o'``, but 0 where the box overlaps a true one by more than ``thresh``;
    - for each true box, at the place of its centre, the anchor nearest in size (``bias_match``; else the predicted box):
      d of x, y, width, height is minus a scale times the difference from the true number, for x and y times the derivative of
      the sigmoid; ``d_o = -object_scale (t - o) o'``; ``d_c = -class_scale (true - p)``. Later boxes overwrite.

    The labels' last axis says whose it is. 5, MobileNet-YOLO's, (N, 1, boxes, 5): class from 0, centre and sizes in parts of
    the sides, zeros behind the last; the scale is ``coord_scale``, without ``rescore`` times 2 - area; t is the overlap,
    without ``rescore`` 1; the loss is the sum over N. 8, intel's, of AnnotatedData: the scale is ``coord_scale``,
    differences are cut to 1, d_o is ``-object_scale 2 (1 - o)^3 o'``, and the loss is the sum.
    ``side``, ``coords``, ``softmax``, ``jitter``, ``absolute`` and ``random`` are not read, there nor here.
    """

    n_bottoms = exactly(2)
    is_loss = True
    depends_on_data = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.region_loss_param
        check_map(spec, shapes, param.num, param.num_class, PARAM, "num")
        if shapes[0][2] != shapes[0][3]:
            raise spec.refuse(f"wants a square map; `{spec.bottoms[0]}` has shape {shapes[0]}", "bottom", 0)
        if not shapes[1] or shapes[1][-1] not in (5, 8) or (shapes[1][-1] == 5 and shapes[1][0] != shapes[0][0]):
            raise spec.refuse(f"wants true boxes of 5 numbers (MobileNet-YOLO: for each image) or of 8 (intel); "
                              f"`{spec.bottoms[1]}` has shape {shapes[1]}", "bottom", 1)
        if param.HasField("softmax_tree"):
            raise spec.refuse("has a `softmax_tree`, the classes of YOLO 9000 as a tree, which is not implemented", PARAM,
                              "softmax_tree")
        self.intel = shapes[1][-1] == 8
        self.anchors = read_anchors(spec, param.biases, PARAM)[: param.num]
        if len(self.anchors) < param.num:
            raise spec.refuse(f"has {len(self.anchors)} anchors in `biases` and `num` {param.num}", PARAM, "biases")
        self.classes: int = param.num_class
        self.match_anchor, self.rescore = bool(param.bias_match), bool(param.rescore) and not self.intel
        self.object, self.class_, self.nothing, self.coord = (
            param.object_scale, param.class_scale, param.noobject_scale, param.coord_scale)
        self.threshold: float = param.thresh
        self.class_map = _class_map(spec) if param.class_map else None

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        if x.is_meta:
            return x.new_empty(())
        with torch.no_grad():
            missing = self._missing(by_anchor(x, len(self.anchors)), labels)
        loss = missing.square().sum() / (1 if self.intel else len(x))
        return with_gradient(loss, x, as_map(missing) / len(x))

    def _missing(self, x: Tensor, labels: Tensor) -> Tensor:
        """The errors d, of the shape of `by_anchor`'s numbers."""
        sizes = x.new_tensor(self.anchors) / x.shape[3]
        boxes, object_ = predicted_boxes(x, sizes), x[..., 4].sigmoid()
        missing = torch.zeros_like(x)
        missing[..., 4] = self.nothing * object_.square() * (1 - object_)
        for image in range(len(x)):
            truths, classes = self._truths(labels, image)
            near = best_overlap(boxes[image], truths) > self.threshold
            missing[image, ..., 4].masked_fill_(near, 0)
            for truth, label in zip(truths, classes.tolist()):
                self._assign(missing[image], x[image], boxes[image], truth, label, sizes)
        return missing

    def _truths(self, labels: Tensor, image: int) -> tuple[Tensor, Tensor]:
        """The true boxes (M, 4), centre and sizes, and classes of an image."""
        boxes, classes = truths_of_image(labels, image) if self.intel else truths_of_rows(labels[image])
        if self.class_map is not None:
            classes = classes.new_tensor(self.class_map)[classes]
        check_box_classes(self, classes, self.classes)
        return boxes, classes

    def _assign(self, missing: Tensor, x: Tensor, boxes: Tensor, truth: Tensor, label: int, sizes: Tensor) -> None:
        """Write the error of a true box, at its place and anchor, into ``missing`` (A, S, S, 5 + K)."""
        side = x.shape[1]
        place = (truth[:2] * side).long().clamp(0, side - 1)
        column, row = place.tolist()
        candidates = sizes if self.match_anchor else boxes[:, row, column, 2:]
        anchor = int(size_overlap(truth[None, 2:], candidates).argmax())
        here, centre = x[anchor, row, column], x[anchor, row, column, :2].sigmoid()
        apart = torch.cat((truth[:2] * side - place - centre, (truth[2:] / sizes[anchor]).log() - here[2:4]))
        if self.intel:
            apart = apart.clamp(-1, 1)
        scale = self.coord * (1 if self.rescore or self.intel else 2 - truth[2:].prod())
        object_ = here[4].sigmoid()
        derivative = object_ * (1 - object_)
        if self.intel:
            object_missing = -self.object * 2 * (1 - object_) ** 3 * derivative
        else:
            wanted = overlap(boxes[anchor, row, column], truth) if self.rescore else 1
            object_missing = -self.object * (wanted - object_) * derivative
        true = torch.nn.functional.one_hot(truth.new_tensor(label).long(), self.classes)
        target = missing[anchor, row, column]
        target[:2] = -scale * apart[:2] * centre * (1 - centre)
        target[2:4] = -scale * apart[2:]
        target[4] = object_missing
        target[5:] = -self.class_ * (true - here[5:].softmax(0))


def _class_map(spec: LayerDefinition) -> list[int]:
    """Read the file that maps each class of the labels to a class: a number a line."""
    file = spec.resolve(spec.message.region_loss_param.class_map, PARAM, "class_map")
    try:
        return [int(line) for line in file.read_text().split()]
    except (OSError, ValueError) as error:
        raise spec.refuse(f"cannot read its class_map {file}, a number a line: {error}", PARAM, "class_map") from error
