"""CropBBox: maps within boxes. Of niuchuangnn's Caffe-TD."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

PARAM = "crop_bbox_param"


@register("CropBBox")
class CropBBox(Layer):
    """Maps (N, C, H, W), 0 outside the boxes of their image; bottom 1 (1, 1, boxes, 8) gets no gradient.

    A box is image, class, number, x1, y1, x2, y2 and whether it is difficult, its corners in shares of the sides; it holds
    the places from floor(x1 W) to below ceil(x2 W). Rows from the first with image -1 on are no boxes. With
    ``is_crop_score_map`` every box counts for all images. In TEST, without this, ``is_crop_all`` and ``is_crop_cls``, the
    top has the first image within each box: (boxes, C, H, W). ``use_difficult_gt: false`` leaves out difficult boxes
    in TRAIN and with ``is_crop_cls``, as in the fork.
    """

    n_bottoms = exactly(2)
    fresh_output = True
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        param = spec.message.crop_bbox_param
        check_boxes(spec, shapes, 1)
        self.of_all: bool = param.is_crop_score_map
        self.each = spec.phase == "TEST" and not (self.of_all or param.is_crop_all or param.is_crop_cls)
        if self.each and shapes[0][0] != 1:
            raise spec.refuse(f"makes an item of each box of one image; `{spec.bottoms[0]}` has shape {shapes[0]}", "bottom", 0)
        self.difficult: bool = param.use_difficult_gt or self.of_all or (spec.phase == "TEST" and not param.is_crop_cls)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        first = bottoms[1][2] if self.each else bottoms[0][0]
        return [(first, *bottoms[0][1:])]

    def forward(self, x: Tensor, boxes: Tensor) -> Tensor:
        boxes = boxes.detach().reshape(-1, 8)
        if self.each:
            return x * within_boxes(boxes, x)[:, None]
        return x * of_images(boxes, x, self.difficult, self.of_all)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        x, boxes = bottoms[0], f"{bottoms[1]}.reshape(-1, 8)"
        if self.each:
            return TorchCode(f"{x} * within_boxes({boxes}, {x})[:, None]", functions=(within_boxes,))
        return TorchCode(f"{x} * of_images({boxes}, {x}, {self.difficult}, {self.of_all})", functions=(within_boxes, of_images))


def check_boxes(spec: LayerDefinition, shapes: Sequence[Shape], index: int) -> None:
    """Refuse bottom ``index`` unless it holds true boxes as AnnotatedData makes them, (1, 1, boxes, 8)."""
    if len(shapes[index]) != 4 or shapes[index][:2] != (1, 1) or shapes[index][3] != 8:
        raise spec.refuse(f"wants boxes (1, 1, count, 8); `{spec.bottoms[index]}` has shape {shapes[index]}", "bottom", index)


def within_boxes(boxes: Tensor, x: Tensor) -> Tensor:
    """Whether each place of maps is in each box (boxes, H, W); rows that are no boxes hold none."""
    sides = torch.tensor([x.shape[3], x.shape[2]], dtype=boxes.dtype, device=boxes.device)
    start, end = (boxes[:, 3:5] * sides).floor(), (boxes[:, 5:7] * sides).ceil()
    across = torch.arange(x.shape[3], device=boxes.device)
    down = torch.arange(x.shape[2], device=boxes.device)
    columns = (start[:, :1] <= across) & (across < end[:, :1])
    rows = (start[:, 1:] <= down) & (down < end[:, 1:])
    there = (boxes[:, 0] != -1).cumprod(0).bool()
    return rows[:, :, None] & columns[:, None] & there[:, None, None]


def of_images(boxes: Tensor, x: Tensor, difficult: bool, of_all: bool) -> Tensor:
    """Whether each place is in any box of its image (N, 1, H, W); with ``of_all``, in any box."""
    inside = within_boxes(boxes, x)
    if not difficult:
        inside = inside & (boxes[:, 7] == 0)[:, None, None]
    images = torch.arange(x.shape[0], device=boxes.device)
    belongs = (boxes[:, 0] == images[:, None]) | of_all
    return (belongs[:, :, None, None] & inside).any(1, keepdim=True)
