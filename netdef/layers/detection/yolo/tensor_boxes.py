"""Tensor2Box: the boxes of YOLOv3's maps, all of them. From Synopsys' fork."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_each_above_zero, check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

PARAM = "tensor2box_param"


@register("Tensor2Box")
class Tensor2Box(Layer):
    """Maps (N, anchors * (5 + num_classes), H, W) to boxes (N, anchors * H * W, 5 + num_classes).

    For each anchor a map has x, y, width and height of a box, whether there is one, and the scores of the classes. The box of
    column i and row j has its centre at (sigmoid(x) + i, sigmoid(y) + j) times the strides, ``img_dim_w`` / W and
    ``img_dim_h`` / H in whole pixels; it is exp(w), exp(h) times the anchor, ``anchors_x`` by ``anchors_y``. The rest are
    sigmoids. The fork has no gradient of it; here it has its own.
    """

    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.tensor2box_param
        check_axes(spec, shapes, 4)
        for field in ("num_classes", "img_dim_h", "img_dim_w"):
            check_positive(spec, getattr(param, field), PARAM, field)
        self.anchors = list(zip(param.anchors_x, param.anchors_y))
        if not self.anchors or len(param.anchors_x) != len(param.anchors_y):
            raise spec.refuse(f"has {len(param.anchors_x)} `anchors_x` and {len(param.anchors_y)} `anchors_y`; it wants as many "
                              "of both", PARAM, "anchors_x")
        for field in ("anchors_x", "anchors_y"):
            check_each_above_zero(spec, getattr(param, field), PARAM, field)
        if shapes[0][1] != len(self.anchors) * (5 + param.num_classes):
            raise spec.refuse(f"wants {len(self.anchors)} * (5 + {param.num_classes}) channels; its bottom has shape {shapes[0]}",
                              "bottom", 0)
        self.size = param.img_dim_w, param.img_dim_h
        if self.size[0] < shapes[0][3] or self.size[1] < shapes[0][2]:
            raise spec.refuse(f"has an image of {self.size[1]} x {self.size[0]}, smaller than its maps of shape {shapes[0]}",
                              PARAM)

    def forward(self, x: Tensor) -> Tensor:
        return tensor_boxes(x, self.anchors, self.size)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"tensor_boxes({bottoms[0]}, {self.anchors}, {self.size})", functions=(tensor_boxes,))


def tensor_boxes(x: Tensor, anchors: list, size: tuple) -> Tensor:
    """The boxes of YOLOv3's maps: centre, width and height in pixels of an image of this size, and sigmoids."""
    height, width = x.shape[2:]
    x = x.unflatten(1, (len(anchors), -1)).permute(0, 1, 3, 4, 2)  # N, anchors, H, W, numbers
    columns = torch.arange(width, device=x.device).to(x.dtype).expand(height, width)
    rows = torch.arange(height, device=x.device).to(x.dtype)[:, None].expand(height, width)
    stride = torch.tensor([size[0] // width, size[1] // height], dtype=x.dtype, device=x.device)
    centre = (x[..., :2].sigmoid() + torch.stack((columns, rows), -1)) * stride
    sides = x[..., 2:4].exp() * torch.tensor(anchors, dtype=x.dtype, device=x.device)[:, None, None]
    return torch.cat((centre, sides, x[..., 4:].sigmoid()), -1).flatten(1, 3)
