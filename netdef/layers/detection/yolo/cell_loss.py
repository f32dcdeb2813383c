"""DetectionLoss of yeahkun's fork and YoloLoss of luolongqiang's: the loss of the first YOLO (Redmon et al. 2016)."""

from __future__ import annotations

import math
from abc import abstractmethod
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
from netdef.layers.detection.yolo.yolo_maps import check_box_classes, corner, overlap

_FAR = 20.0  # boxes this far apart are not compared


class CellLoss(Layer):
    """The base: S x S cells of an image predict the chances p of classes, K boxes, and for each box the chance o of an object.

    The true box of a cell belongs to the predicted box that overlaps it most, or to the nearest if none does. The errors d are

    - ``noobject_scale * o`` of boxes without a true one, ``object_scale * (o - overlap)`` of those with one;
    - ``class_scale * (p - true)`` of the classes of cells with a true box;
    - ``coord_scale`` times the differences of x, y, width and height from the true box: x and y in cells, and with ``sqrt`` the
      roots of width and height.

    Bottoms: predictions (N, ...) and labels (N, ...).
    """

    n_bottoms = exactly(2)
    is_loss = True
    depends_on_data = True
    param: str
    """The layer's message."""
    rescores = True
    unit: float
    """What x and y are over to be parts of the image's sides."""

    def prepare(self, spec: LayerDefinition, shapes: Sequence[Shape], fields: tuple[str, str, str], each: int) -> None:
        """Read the message ``param``, with ``fields`` for S, classes and K; labels have ``each`` numbers a cell."""
        name, param = self.param, getattr(spec.message, self.param)
        for field in fields:
            check_positive(spec, getattr(param, field), name, field)
        self.side, self.classes, self.boxes = (int(getattr(param, field)) for field in fields)
        cells = self.side**2
        for index, count in ((0, cells * (self.classes + 5 * self.boxes)), (1, cells * each)):
            if shapes[index][:1] != shapes[0][:1] or math.prod(shapes[index][1:]) != count:
                raise spec.refuse(f"wants {count} numbers for each of {shapes[0][0]} images in `{spec.bottoms[index]}`, which "
                                  f"has shape {shapes[index]}", "bottom", index)
        self.object, self.no_object = param.object_scale, param.noobject_scale
        self.class_, self.coord, self.roots = param.class_scale, param.coord_scale, param.sqrt

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [()]

    @abstractmethod
    def split(self, parts: Sequence[Tensor]) -> tuple[Tensor, Tensor, Tensor]:
        """Views of the three parts of the first bottom: classes (N, cells, C), objects (N, cells, K), boxes (N, cells, K, 4)."""

    @abstractmethod
    def labels(self, labels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Where a true box is (N, cells), true chances of classes (N, cells, C), boxes (N, cells, 4), x and y as predicted."""

    @abstractmethod
    def value(self, sums: Tensor, nothing: Tensor, overlaps: Tensor, counts: tuple[int, int]) -> Tensor:
        """The loss: ``sums`` of squares at true boxes, ``nothing`` elsewhere, ``overlaps``; numbers of true boxes, of others."""

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        if x.is_meta:
            return x.new_empty(())
        with torch.no_grad():
            cells = self.side**2
            sizes = [cells * self.classes, cells * self.boxes, cells * self.boxes * 4]
            classes, objects, boxes = self.split(x.detach().reshape(len(x), -1).split(sizes, 1))
            missing = torch.zeros(len(x), sum(sizes)).to(x)
            of_classes, of_objects, of_boxes = self.split(missing.split(sizes, 1))
            there, wanted, truths = self.labels(labels.detach().to(x))
            near, best = self._best(boxes, truths)
            chosen = there[..., None] & F.one_hot(best, self.boxes).bool()
            short = self.object * (objects - (near if self.rescores else 1))
            of_objects.copy_(torch.where(chosen, short, self.no_object * objects))
            of_classes.copy_(self.class_ * (classes - wanted) * there[..., None])
            aims = torch.cat((truths[..., :2], truths[..., 2:].sqrt() if self.roots else truths[..., 2:]), -1)
            apart = torch.where(chosen[..., None], boxes - aims[:, :, None], 0)
            of_boxes.copy_(self.coord * apart)
            sums = (self.class_ * ((classes - wanted) * there[..., None]).square().sum() + self.coord * apart.square().sum()
                    + self.object * ((objects - 1) * chosen).square().sum())
            nothing = self.no_object * (objects * ~chosen).square().sum()
            count = int(there.sum())
            value = self.value(sums, nothing, (near * chosen).sum(), (count, chosen.numel() - count))
        return with_gradient(value, x, missing.reshape(x.shape) * self.share(len(x)))

    def share(self, images: int) -> float:
        """The factor that makes the gradient of the errors."""
        return 1 / images

    def _best(self, boxes: Tensor, truths: Tensor) -> tuple[Tensor, Tensor]:
        """The overlap of each box with the true box of its cell (N, cells, K), and the best box of a cell (N, cells)."""
        sizes = boxes[..., 2:].square() if self.roots else boxes[..., 2:]
        whole = torch.cat((boxes[..., :2] / self.unit, sizes), -1)
        true = torch.cat((truths[..., :2] / self.unit, truths[..., 2:]), -1)[:, :, None]
        near, apart = overlap(whole, true), (whole - true).square().sum(-1).sqrt()
        nearest = torch.where(apart < _FAR, apart, math.inf).argmin(-1)
        return near, torch.where((near > 0).any(-1), near.argmax(-1), nearest)


@register("DetectionLoss", when=lambda spec: any(spec.message.detection_loss_param.HasField(field)
                                                 for field in ("side", "num_class", "num_object")))
class CellDetectionLoss(CellLoss):
    """`CellLoss` of yeahkun's fork: the sum of squares at true boxes over their number, and of the other o over theirs.

    The first bottom has a plane of S x S for each class, object and number of a box; labels are those of `GridLoss`, 7 a cell.
    In the loss o of true boxes lacks 1, in the gradient the overlap. The gradient is d / N. Without ``constriant`` x and y are
    predicted in parts of the image's sides. The fork divides by the number of true boxes even if there are none; here then by 1.
    """

    param = "detection_loss_param"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.prepare(spec, shapes, ("side", "num_class", "num_object"), 7)
        self.in_cells: bool = spec.message.detection_loss_param.constriant
        self.unit = self.side if self.in_cells else 1

    def split(self, parts: Sequence[Tensor]) -> tuple[Tensor, Tensor, Tensor]:
        cells = self.side**2
        classes, objects = (part.unflatten(1, (-1, cells)).transpose(1, 2) for part in parts[:2])
        return classes, objects, parts[2].unflatten(1, (self.boxes, 4, cells)).permute(0, 3, 1, 2)

    def labels(self, labels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        _, there, classes, *_ = labels.reshape(len(labels), 7, -1).unbind(1)
        boxes = labels.reshape(len(labels), 7, -1)[:, 3:].reshape(len(labels), -1, 4)
        there = there != 0
        check_box_classes(self, classes[there], self.classes)
        if self.in_cells:
            places = corner(self.side, self.side, boxes).reshape(-1, 2)
            boxes = torch.cat((boxes[..., :2] * self.side - places, boxes[..., 2:]), -1)
        return there, F.one_hot(torch.where(there, classes, 0).long(), self.classes).to(labels), boxes

    def value(self, sums: Tensor, nothing: Tensor, overlaps: Tensor, counts: tuple[int, int]) -> Tensor:
        return sums / max(counts[0], 1) + nothing / max(counts[1], 1)


@register("YoloLoss", when=lambda spec: spec.message.yolo_loss_param.HasField("grid_side"))
class CellYoloLoss(CellLoss):
    """`CellLoss` of luolongqiang's fork: the mean overlap of the true boxes, as there; the gradient is d, not over N.

    The first bottom has the classes of each cell, then its objects, then its boxes of 4 numbers. Labels have 5 + C numbers a
    cell: whether there is a true box, the chances of the classes, x and y from the cell's corner in cells, width and height in
    parts of the sides. Without ``rescore`` o of a true box lacks 1, not the overlap. There a ``loss_weight`` counts nowhere; here
    it does. Without true boxes the loss is NaN there, here 0.
    """

    param = "yolo_loss_param"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.prepare(spec, shapes, ("grid_side", "classes", "bbox_count"), 5 + spec.message.yolo_loss_param.classes)
        self.unit = self.side
        self.rescores = spec.message.yolo_loss_param.rescore

    def split(self, parts: Sequence[Tensor]) -> tuple[Tensor, Tensor, Tensor]:
        cells = self.side**2
        classes, objects = (part.unflatten(1, (cells, -1)) for part in parts[:2])
        return classes, objects, parts[2].unflatten(1, (cells, self.boxes, 4))

    def labels(self, labels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        there, classes, boxes = labels.reshape(len(labels), self.side**2, -1).split((1, self.classes, 4), 2)
        return there[..., 0].trunc() != 0, classes, boxes

    def value(self, sums: Tensor, nothing: Tensor, overlaps: Tensor, counts: tuple[int, int]) -> Tensor:
        return overlaps / max(counts[0], 1)

    def share(self, images: int) -> float:
        return 1.0
