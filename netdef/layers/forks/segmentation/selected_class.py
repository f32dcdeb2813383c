"""SelectBinary and GenerateClsVector: one class of each image's true boxes. Of niuchuangnn's Caffe-TD."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.errors import NetdefError
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.forks.planes.box_crops import check_boxes


@register("SelectBinary")
class SelectBinary(Layer):
    """Draw a class of each image of bottom 0, boxes (1, 1, count, 8); bottom 1 are labels (N, 1, H, W). No gradient.

    Tops: the boxes of these classes, numbered anew in each image (1, 1, chosen, 8); a mask (N, 1, H, W): 1 where a label is the
    drawn class, ``ignore_label`` where it is that, else 0, and 255 all over an image without boxes; the class as a vector
    (N, ``num_class``), 1 at class - 1. A box is image, class, number, four corners in shares of the sides, and whether it
    is difficult; ``use_difficult_gt: false`` leaves out these. With ``random_instance`` some of the boxes are drawn, too, and the
    mask is 1 where a label is the most frequent one of a drawn box that is neither 0 nor ``ignore_label``, else 0.
    """

    n_bottoms = exactly(2)
    n_tops = exactly(3)
    depends_on_data = True
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4, 1)
        check_boxes(spec, shapes, 0)
        if shapes[1][1] != 1:
            raise spec.refuse(f"wants labels of one channel; `{spec.bottoms[1]}` has shape {shapes[1]}", "bottom", 1)
        param = spec.message.select_binary_param
        check_positive(spec, param.num_class, "select_binary_param", "num_class")
        self.classes: int = param.num_class
        self.difficult: bool = param.use_difficult_gt
        self.ignored: int = param.ignore_label
        self.instances: bool = param.random_instance

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(1, 1, 1, 8), bottoms[1], (bottoms[1][0], self.classes)]

    def forward(self, boxes: Tensor, labels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        mask = torch.full_like(labels, 0 if self.instances else 255)
        vectors = labels.new_zeros(len(labels), self.classes)
        chosen = []
        rows = true_boxes(boxes, self.difficult)
        for image in rows[:, 0].unique().long().tolist():
            if not 0 <= image < len(labels):
                raise NetdefError(f"layer `{self.name}` (SelectBinary) has boxes of image {image} of a batch of {len(labels)}")
            own = rows[rows[:, 0] == image]
            found = own[:, 1].unique()
            label = int(found[torch.randint(len(found), ())])
            own = own[own[:, 1] == label].clone()
            if self.instances:
                own = own[torch.randperm(len(own))[int(torch.randint(len(own), ())) :]]
            own[:, 2] = torch.arange(len(own))
            chosen.append(own)
            vectors[image, index_of(self, label, self.classes)] = 1
            seen = labels[image, 0]
            mask[image, 0] = self.instance_mask(seen, own) if self.instances else self.class_mask(seen, label)
        top = torch.cat(chosen) if chosen else rows[:0]
        return top[None, None], mask, vectors

    def class_mask(self, labels: Tensor, label: int) -> Tensor:
        """1 for a class, ``ignore_label`` where labels are that, else 0."""
        return torch.where(labels == self.ignored, labels, (labels == label).to(labels.dtype))

    def instance_mask(self, labels: Tensor, boxes: Tensor) -> Tensor:
        """1 for the most frequent label of each box, within it; a later box overwrites an earlier one."""
        mask = torch.zeros_like(labels)
        height, width = labels.shape
        sides = boxes.new_tensor([width, height])
        starts, ends = (boxes[:, 3:5] * sides).floor().long().tolist(), (boxes[:, 5:7] * sides).ceil().long().tolist()
        for (left, top), (right, bottom) in zip(starts, ends):
            window = slice(max(top, 0), bottom), slice(max(left, 0), right)
            part = labels[window]
            known = part[(part > 0) & (part != self.ignored)]
            if known.numel():
                values, counts = known.unique(return_counts=True)
                mask[window] = (part == values[counts.argmax()]).to(labels.dtype)
        return mask


@register("GenerateClsVector")
class GenerateClsVector(Layer):
    """The class of each image's boxes (1, 1, count, 8) as a vector (``batch_size``, ``num_class``), 1 at class - 1. No gradient.

    Images without boxes have zeros; boxes of several classes in one image are an error.
    """

    depends_on_data = True
    family = "join"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_boxes(spec, shapes, 0)
        param = spec.message.generate_cls_vector_param
        for field in ("num_class", "batch_size"):
            check_positive(spec, getattr(param, field), "generate_cls_vector_param", field)
        self.images: int = param.batch_size
        self.classes: int = param.num_class

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(self.images, self.classes)]

    def forward(self, boxes: Tensor) -> Tensor:
        vectors = boxes.new_zeros(self.images, self.classes)
        for image, label in true_boxes(boxes, True)[:, :2].unique(dim=0).long().tolist():
            if not 0 <= image < self.images:
                raise NetdefError(f"layer `{self.name}` (GenerateClsVector) has boxes of image {image} of {self.images}")
            if vectors[image].any():
                raise NetdefError(f"layer `{self.name}` (GenerateClsVector) has boxes of several classes in image {image}")
            vectors[image, index_of(self, label, self.classes)] = 1
        return vectors


def true_boxes(boxes: Tensor, difficult: bool) -> Tensor:
    """The rows (count, 8) before the first of image -1, without difficult ones if these are not wanted."""
    rows = boxes.detach().reshape(-1, 8)
    rows = rows[(rows[:, 0] != -1).cumprod(0).bool()]
    return rows if difficult else rows[rows[:, 7] == 0]


def index_of(layer: Layer, label: int, classes: int) -> int:
    """The place of a class, counted from 1. Raises NetdefError for others."""
    if not 1 <= label <= classes:
        raise NetdefError(f"layer `{layer.name}` ({layer.type_name}) has a box of class {label}; classes are 1 to {classes}")
    return label - 1
