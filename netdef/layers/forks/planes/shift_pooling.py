"""ShiftPooling and ShiftStitch: pooling begun at every place of its stride, and the places put together. Of HD-CNN's fork.

As of "shift and stitch" (Long et al. 2015), by stephenyan1231.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable


@register("ShiftPooling")
class ShiftPooling(Layer):
    """(N, C, H, W) to (N * stride^2, C, h, w), the greatest of windows that begin 0 to stride - 1 rows, and columns, further.

    h and w are those of Pooling. Places of an item, row by row, are consecutive items. A window without numbers gives 0. MAX
    without padding is implemented. (The fork computes it on a GPU alone, without a gradient; here it has that of its greatest.)
    """

    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.pooling_param
        check_axes(spec, shapes, 4)
        if param.pool != param.MAX or param.pad or param.pad_h or param.pad_w or param.global_pooling:
            raise spec.refuse("pools by another method than MAX, with padding or whole maps, which is not implemented",
                              "pooling_param")
        self.kernel = _sides(spec, "kernel", "kernel_size", param.kernel_size)
        self.stride = _sides(spec, "stride", "stride", param.stride)
        if any(side < kernel for side, kernel in zip(shapes[0][2:], self.kernel)):
            raise spec.refuse(f"has a window of {self.kernel} and a bottom of {shapes[0][2:]}", "pooling_param")

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        n, channels, *sides = bottoms[0]
        return [(n * math.prod(self.stride), channels, *self._counts(sides))]

    def _counts(self, sides: Sequence[int]) -> list[int]:
        return [-((kernel - side) // stride) + 1 for side, kernel, stride in zip(sides, self.kernel, self.stride)]

    def forward(self, x: Tensor) -> Tensor:
        ends = [(count - 1) * stride + kernel + stride - 1 for count, stride, kernel in zip(
            self._counts(x.shape[2:]), self.stride, self.kernel)]
        lacking = [max(end - side, 0) for end, side in zip(ends, x.shape[2:])]
        padded = F.pad(x, (0, lacking[1], 0, lacking[0]), value=-math.inf)[..., : ends[0], : ends[1]]
        (rows, columns), stride = self.stride, list(self.stride)
        height, width = ends[0] - rows + 1, ends[1] - columns + 1
        found = [F.max_pool2d(padded[..., sy : sy + height, sx : sx + width], list(self.kernel), stride)
                 for sy in range(rows) for sx in range(columns)]
        top = torch.stack(found, 1).flatten(0, 1)
        return top.where(top != -math.inf, 0)


def _sides(spec: LayerDefinition, name: str, both: str, size: int) -> tuple[int, int]:
    param = spec.message.pooling_param
    height, width = (getattr(param, f"{name}_{side}") or size for side in "hw")
    if not height or not width:
        raise spec.refuse(f"needs a `{both}` of at least 1", "pooling_param")
    return height, width


@register("ShiftStitch")
class ShiftStitch(Layer):
    """(N, C, H, W) to maps ``stride`` times as large: items that `ShiftPooling` made of one are its places. ``iter`` times."""

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, field = spec.message.shift_stitch_param, "shift_stitch_param"
        check_axes(spec, shapes, 4)
        heights, widths = (list(values or param.stride) for values in (param.stride_h, param.stride_w))
        if not len(heights) == len(widths) == param.iter or not all((*heights, *widths)) or not param.iter:
            raise spec.refuse("wants `iter` strides of at least 1, `stride` or `stride_h` and `stride_w`", field)
        self.strides = list(zip(heights, widths))
        if shapes[0][0] % (count := math.prod(heights + widths)):
            raise spec.refuse(f"puts together {count} items, of which {shapes[0][0]} are no multiple", field)

    def forward(self, x: Tensor) -> Tensor:
        for height, width in self.strides:
            x = x.unflatten(0, (-1, height, width)).permute(0, 3, 4, 1, 5, 2).flatten(4, 5).flatten(2, 3)
        return x

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        steps = "".join(f".unflatten(0, (-1, {height}, {width})).permute(0, 3, 4, 1, 5, 2).flatten(4, 5).flatten(2, 3)"
                        for height, width in self.strides)
        return TorchCode(f"{bottoms[0]}{steps}")
