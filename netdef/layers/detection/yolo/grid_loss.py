"""The base of YoloV2Loss and YoloV3Loss, YOLO's losses by maps of true boxes, from Synopsys' fork."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_positive
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.shapes import Shape
from netdef.layers.detection.yolo.yolo_maps import (
    as_map,
    best_overlap,
    by_anchor,
    check_box_classes,
    check_map,
    predicted_boxes,
)


class GridLoss(Layer):
    """Means of squared errors over the true boxes, and of objectness o over the predictions less the true boxes.

    Bottoms: a map (N, anchors (5 + classes), S, S), which with ``side`` may be flat, (N, anchors (5 + classes) S^2), for each
    anchor x, y, width, height, object, classes, and true boxes (N, 7 S^2): for each of S^2 places whether it is difficult,
    whether it has a box, the class, then the four numbers of the box, centre and sizes in parts of the sides, as
    AnnotatedData with ``caffe_yolo`` makes them. x, y and o are sigmoids.

    A true box belongs to the place of its centre and to the anchor nearest in size. The gradient is d / N. d of x, y, width,
    height is minus a scale times 2 - area times the difference from the true number, for x and y times the derivative of the
    sigmoid; d_o likewise. d of the classes is the difference, without a derivative. The fork divides by the number of true
    boxes even if there are none; here then by 1. There the bottom is overwritten by o and the probabilities; here it is not.
    """

    n_bottoms = exactly(2)
    is_loss = True
    depends_on_data = True
    param_name: str

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = getattr(spec.message, self.param_name)
        self.anchors, self.classes = int(param.num_object), int(param.num_classes)
        for field in ("num_classes", "num_object"):
            check_positive(spec, getattr(param, field), self.param_name, field)
        self.flat: int = param.side if len(shapes[0]) == 2 else 0
        if self.flat > 0 and shapes[0][1] % self.flat**2 == 0:
            shapes = [(shapes[0][0], shapes[0][1] // self.flat**2, self.flat, self.flat), *shapes[1:]]
        check_map(spec, shapes, self.anchors, self.classes, self.param_name, "num_object")
        side = shapes[0][2]
        if shapes[0][3] != side or param.side not in (0, side):
            raise spec.refuse(f"wants a map of {param.side or side} x {param.side or side}; `{spec.bottoms[0]}` has shape "
                              f"{shapes[0]}", "bottom", 0)
        if shapes[1][:1] != shapes[0][:1] or math.prod(shapes[1][1:]) != 7 * side * side:
            raise spec.refuse(f"wants 7 numbers for each of {side} x {side} places of {shapes[0][0]} images; "
                              f"`{spec.bottoms[1]}` has shape {shapes[1]}", "bottom", 1)

    def anchors_of(self, spec: LayerDefinition, count: int, counted_by: str) -> list[tuple[float, float]]:
        """Width and height of each of ``anchors``, of which the field ``counted_by`` says that there are ``count``."""
        numbers = getattr(spec.message, self.param_name).anchors
        if len(numbers) != 2 * count or min(numbers, default=0) <= 0:
            raise spec.refuse(f"wants {2 * count} `anchors` above 0, two for each of `{counted_by}`; it has {len(numbers)}",
                              self.param_name, "anchors")
        return list(zip(numbers[::2], numbers[1::2]))

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        if x.is_meta:
            return x.new_empty(())
        with torch.no_grad():
            maps = x.unflatten(1, (-1, self.flat, self.flat)) if self.flat else x
            numbers = by_anchor(maps, self.anchors)
            missing, squares, nothing, count = torch.zeros_like(numbers), x.new_zeros(()), x.new_zeros(()), 0
            boxes = predicted_boxes(numbers, self.sizes(numbers))
            squares = squares + self.begin(missing, numbers)
            for image in range(len(x)):
                truths, classes = self.truths(labels[image].detach())
                nothing = nothing + self.empty(missing[image], numbers[image], best_overlap(boxes[image], truths))
                for truth, label in zip(truths, classes.tolist()):
                    found = self.assign(missing[image], numbers[image], boxes[image], truth, label)
                    if found is not None:
                        squares, count = squares + found, count + 1
        value = squares / max(count, 1) + nothing / (missing[..., 0].numel() - count)
        return with_gradient(value, x, as_map(missing).reshape(x.shape) / len(x))

    def truths(self, labels: Tensor) -> tuple[Tensor, Tensor]:
        """The true boxes (M, 4) and classes of an image."""
        _, there, classes = labels.reshape(7, -1)[:3]
        places = there != 0
        found = classes[places].long()
        check_box_classes(self, found, self.classes)
        return labels.reshape(7, -1)[3:].reshape(-1, 4)[places], found

    def matched(self, numbers: Tensor, truth: Tensor, size: Tensor, anchor: int) -> tuple[tuple[int, int, int], Tensor]:
        """The place of a true box, and the differences of x, y, width, height of the prediction there from its own."""
        side = numbers.shape[1]
        column, row = (truth[:2] * side).long().clamp(max=side - 1).tolist()
        here = numbers[anchor, row, column]
        centre = truth[:2] * side - truth.new_tensor((column, row)) - here[:2].sigmoid()
        return (anchor, row, column), torch.cat((centre, (truth[2:] / size).log() - here[2:4]))

    @abstractmethod
    def sizes(self, numbers: Tensor) -> Tensor:
        """The anchors of the map (A, 2), in parts of the image's sides."""

    def begin(self, missing: Tensor, numbers: Tensor) -> Tensor:
        """Write the errors that all predictions have into ``missing``; their sum of squares."""
        return missing.new_zeros(())

    @abstractmethod
    def empty(self, missing: Tensor, numbers: Tensor, best: Tensor) -> Tensor:
        """Write the errors of objectness where there is no object, by the best overlaps; their sum of squares."""

    @abstractmethod
    def assign(self, missing: Tensor, numbers: Tensor, boxes: Tensor, truth: Tensor, label: int) -> Tensor | None:
        """Write the errors of the prediction for a true box; their sum of squares, None if it belongs to another map."""


def slope(chance: Tensor) -> Tensor:
    """The derivative of the sigmoid, from its value."""
    return chance * (1 - chance)


def boxed(missing: Tensor, here: Tensor, apart: Tensor, scale: Tensor | float) -> Tensor:
    """Write the errors of x, y, width, height; their sum of squares times ``scale``."""
    missing[..., :2] = -scale * apart[..., :2] * slope(here[..., :2].sigmoid())
    missing[..., 2:4] = -scale * apart[..., 2:]
    return (scale * apart.square()).sum()
